import { nps, overall, type SurveyDefinition, scale, why } from './types.ts';

/** Five questions: four of the nine dimensions of the national inpatient questionnaire and the overall one (DOMAIN C4). */
export const inpatient: SurveyDefinition = {
  id: 'inpatient',
  edition: 1,
  title: { zh: '这次住院，您感觉怎么样？', en: 'How was your stay?' },
  source: {
    zh: '全国医院满意度监测平台住院问卷的维度（护士沟通、医生沟通、疼痛管理、出入院手续和信息），题目为本院措辞',
    en: 'Dimensions of the national inpatient questionnaire (communication with nurses and doctors, pain, admission and discharge information); wording our own',
  },
  questions: [
    scale('nurse-communication', { zh: '护士的解释和态度让您满意吗？', en: 'Were you satisfied with how the nurses explained things and treated you?' }),
    scale('doctor-communication', { zh: '医生把病情和治疗讲清楚了吗？', en: 'Did the doctors explain your condition and treatment clearly?' }),
    scale('pain', { zh: '疼痛时，得到及时处理了吗？（没有疼痛请选 5 分）', en: 'When you were in pain, was it dealt with in good time? (5 if you had none)' }),
    scale('discharge-information', { zh: '出院时，手续和注意事项交代清楚了吗？', en: 'At discharge, were the formalities and instructions clear?' }),
    overall({ zh: '总的来说，您对这次住院满意吗？', en: 'Overall, how satisfied are you with this stay?' }),
    nps,
    why,
  ],
};
