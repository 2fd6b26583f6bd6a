import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OVERALL_OF_FIVE, OWNERS } from '../fragments.ts';

export const satisfactionPercent = metric({
  id: 'satisfaction-percent',
  name: { zh: '满意度百分制', en: 'Satisfaction on the percent scale' },
  kind: 'mean',
  unit: 'percent-score',
  direction: 'up',
  scale: 100,
  neverMix: 'mode',
  formula: { zh: '（总体满意度均值 ÷ 5）× 100', en: '(mean overall score ÷ 5) × 100' },
  origin: { clause: '国家卫生健康委满意度调查平台口径 · DOMAIN C4', standing: 'general' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'mode', 'survey', ...PEOPLE],
  sides: [{ fact: 'survey_answer', where: OVERALL_OF_FIVE, numerator: 'f.score / 5', denominator: '1' }],
});
