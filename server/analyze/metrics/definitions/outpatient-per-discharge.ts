import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, OUTPATIENT, OWNERS, STARTED } from '../fragments.ts';

export const outpatientPerDischarge = metric({
  id: 'outpatient-per-discharge',
  name: { zh: '门诊人次与出院人次比', en: 'Outpatient visits per discharge' },
  kind: 'ratio',
  unit: 'ratio',
  direction: 'none',
  formula: { zh: '门诊人次 ÷ 同期出院人次', en: 'Outpatient visits ÷ discharges of the same period' },
  origin: { clause: '三级公立医院绩效监测 2025 1 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, ...PEOPLE],
  sides: [
    { fact: 'encounter', at: STARTED, where: OUTPATIENT, numerator: '1' },
    { fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, denominator: '1' },
  ],
});
