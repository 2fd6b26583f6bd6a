import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, OWNERS } from '../fragments.ts';

export const discharges = metric({
  id: 'discharges',
  name: { zh: '出院人次', en: 'Discharges' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '已结束的住院记录数，按出院日计', en: 'Inpatient stays that ended, by the day of discharge' },
  origin: { clause: '病案首页统计口径 · DOMAIN C1', standing: 'read' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', 'discharge_disposition', ...PEOPLE],
  sides: [{ fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, numerator: '1' }],
});
