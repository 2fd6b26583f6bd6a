import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, OWNERS, visitCost } from '../fragments.ts';

export const inpatientChargeAverage = metric({
  id: 'inpatient-charge-average',
  name: { zh: '住院次均费用', en: 'Average charge of a stay' },
  kind: 'mean',
  unit: 'yuan',
  direction: 'down',
  scale: 0.01,
  formula: { zh: '出院者住院期间的费用合计 ÷ 出院人次，元', en: 'Charges of discharged stays ÷ discharges, yuan' },
  origin: { clause: '三级公立医院绩效监测 2025 40 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, numerator: 'coalesce(cost.fen, 0)', denominator: '1', joins: [visitCost] }],
});
