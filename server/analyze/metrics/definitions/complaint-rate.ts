import { metric } from '../definition.ts';
import { DISCHARGED, OWNERS, STARTED, TOOK_PLACE } from '../fragments.ts';

export const complaintRate = metric({
  id: 'complaint-rate',
  name: { zh: '千人次投诉率', en: 'Complaints per 1,000 visits' },
  kind: 'rate',
  unit: 'per-1000',
  direction: 'down',
  scale: 1000,
  formula: { zh: '投诉件数 ÷（门诊 + 急诊 + 出院人次）× 1000', en: 'Complaints ÷ (outpatient + emergency visits + discharges) × 1,000' },
  origin: { clause: '投诉管理口径 · DOMAIN C5', standing: 'own' },
  owner: OWNERS.service,
  dimensions: ['department', 'campus_id', 'staff'],
  sides: [
    { fact: 'complaint', where: `f.kind = 'complaint'`, numerator: '1' },
    { fact: 'encounter', at: STARTED, where: `f.class in ('outpatient', 'emergency') and ${TOOK_PLACE}`, denominator: '1' },
    { fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, denominator: '1' },
  ],
});
