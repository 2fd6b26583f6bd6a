import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OUTPATIENT, OWNERS, STARTED } from '../fragments.ts';

export const outpatientVisits = metric({
  id: 'outpatient-visits',
  name: { zh: '门诊人次', en: 'Outpatient visits' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: {
    zh: '门诊就诊记录数，不含急诊、体检、已取消和尚未发生的',
    en: 'Outpatient encounters that took place; emergency, check-up, cancelled and planned ones are not counted',
  },
  origin: { clause: '三级公立医院绩效监测 2025 1（分子）· DOMAIN C2', standing: 'general' },
  owner: OWNERS.outpatient,
  dimensions: [...PLACES, 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: OUTPATIENT, numerator: '1' }],
});
