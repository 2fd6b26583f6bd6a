import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, hit, OWNERS } from '../fragments.ts';

export const surgeryShare = metric({
  id: 'surgery-share',
  name: { zh: '出院患者手术占比', en: 'Share of discharges with surgery' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '手术出院人次 ÷ 出院人次；一次住院多次手术只计一次', en: 'Discharges with surgery ÷ discharges; several operations in one stay count once' },
  origin: { clause: '三级公立医院绩效监测 2025 4 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: 'f.ended_at',
      where: DISCHARGED,
      numerator: hit('f.surgery_code is not null or operated.encounter_key is not null'),
      denominator: '1',
      joins: [
        {
          name: 'operated',
          sql: `select distinct p.encounter_key from {procedure} p
            where p.category = 'surgery' and p.encounter_key is not null and coalesce(p.status, 'unknown') not in ('planned', 'cancelled')`,
          on: 'operated.encounter_key = f.encounter_key',
        },
      ],
    },
  ],
});
