import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { FIRST_SURVEY, OWNERS } from '../fragments.ts';

export const surveyResponses = metric({
  id: 'survey-responses',
  name: { zh: '问卷应答数', en: 'Survey responses' },
  kind: 'count',
  unit: 'count',
  direction: 'up',
  formula: { zh: '收到的有效答卷份数（同一邀请重复提交只计最新一份）', en: 'Answered surveys; an invitation answered again counts once' },
  origin: { clause: '满意度调查口径 · DOMAIN C4', standing: 'read' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'mode', 'survey', ...PEOPLE],
  sides: [{ fact: 'survey_answer', where: FIRST_SURVEY, numerator: '1', unit: 'f.invitation_key' }],
});
