import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OVERALL_OF_FIVE, OWNERS } from '../fragments.ts';

/** Re-ratings after a handled complaint are left out: service recovery is no measure of the visit. Word of mouth takes them in. */
export const satisfactionMean = metric({
  id: 'satisfaction-mean',
  name: { zh: '满意度均值', en: 'Mean satisfaction' },
  kind: 'mean',
  unit: 'score',
  direction: 'up',
  neverMix: 'mode',
  formula: { zh: 'Σ 总体满意度得分（1–5）÷ 应答数', en: 'Σ overall score (1–5) ÷ answers' },
  origin: { clause: '国家卫生健康委满意度调查平台口径 · DOMAIN C4', standing: 'read' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'mode', 'survey', ...PEOPLE],
  sides: [{ fact: 'survey_answer', where: OVERALL_OF_FIVE, numerator: 'f.score', denominator: '1' }],
});
