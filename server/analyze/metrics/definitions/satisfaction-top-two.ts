import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OVERALL_OF_FIVE, OWNERS } from '../fragments.ts';

export const satisfactionTopTwo = metric({
  id: 'satisfaction-top-two',
  name: { zh: '满意率（前两档）', en: 'Top-two-box satisfaction' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  neverMix: 'mode',
  formula: { zh: '总体满意度 4 分和 5 分的应答 ÷ 应答数', en: 'Answers of 4 or 5 ÷ answers to the overall question' },
  origin: { clause: '满意度三种报告法之一 · DOMAIN C4', standing: 'read' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'mode', 'survey', ...PEOPLE],
  sides: [{ fact: 'survey_answer', where: OVERALL_OF_FIVE, numerator: hit('f.score >= 4'), denominator: '1' }],
});
