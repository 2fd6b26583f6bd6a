import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OUTPATIENT, OWNERS, STARTED, visitCost } from '../fragments.ts';

export const outpatientChargeAverage = metric({
  id: 'outpatient-charge-average',
  name: { zh: '门诊次均费用', en: 'Average charge of an outpatient visit' },
  kind: 'mean',
  unit: 'yuan',
  direction: 'down',
  scale: 0.01,
  formula: { zh: '门诊就诊的费用合计 ÷ 门诊人次，元', en: 'Charges that name an outpatient visit ÷ outpatient visits, yuan' },
  origin: { clause: '三级公立医院绩效监测 2025 38 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: OUTPATIENT, numerator: 'coalesce(cost.fen, 0)', denominator: '1', joins: [visitCost] }],
});
