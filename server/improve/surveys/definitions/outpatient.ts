import { nps, overall, type SurveyDefinition, scale, why } from './types.ts';

/** Five questions: four of the six dimensions of the national outpatient questionnaire and the overall one (DOMAIN C4). */
export const outpatient: SurveyDefinition = {
  id: 'outpatient',
  edition: 1,
  title: { zh: '这次看病，您感觉怎么样？', en: 'How was your visit?' },
  source: {
    zh: '全国医院满意度监测平台门诊问卷的维度（挂号体验、医生沟通、医务人员回应、隐私保护），题目为本院措辞',
    en: 'Dimensions of the national outpatient questionnaire (registration, communication with the doctor, response of staff, privacy); wording our own',
  },
  questions: [
    scale('registration', { zh: '挂号、报到和候诊方便吗？', en: 'Were booking, check-in and waiting easy?' }),
    scale('doctor-communication', { zh: '医生把病情和处理讲清楚了吗？', en: 'Did the doctor explain your condition and what to do clearly?' }),
    scale('response', { zh: '需要帮助时，医务人员回应及时吗？', en: 'When you needed help, did staff respond in good time?' }),
    scale('privacy', { zh: '看病过程中，您的隐私得到保护了吗？', en: 'Was your privacy protected during the visit?' }),
    overall({ zh: '总的来说，您对这次看病满意吗？', en: 'Overall, how satisfied are you with this visit?' }),
    nps,
    why,
  ],
};
