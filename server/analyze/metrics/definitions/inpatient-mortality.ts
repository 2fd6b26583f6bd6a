import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, hit, OWNERS } from '../fragments.ts';

export const inpatientMortality = metric({
  id: 'inpatient-mortality',
  name: { zh: '住院死亡率', en: 'Inpatient mortality' },
  kind: 'share',
  unit: '%',
  direction: 'down',
  formula: { zh: '离院方式为死亡的出院人次 ÷ 出院人次', en: 'Discharges with disposition died ÷ discharges' },
  origin: { clause: '医疗质量监测常用口径 · SPEC D4', standing: 'general' },
  owner: OWNERS.quality,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, numerator: hit(`f.discharge_disposition = 'died'`), denominator: '1' }],
});
