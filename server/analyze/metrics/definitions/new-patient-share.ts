import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { hit, OWNERS, PERSON, STARTED, TOOK_PLACE } from '../fragments.ts';

export const newPatientShare = metric({
  id: 'new-patient-share',
  name: { zh: '新患者占比', en: 'Share of new patients' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '期内首次来院的患者数 ÷ 期内就诊患者数', en: 'People whose first encounter ever lies in the period ÷ people seen' },
  origin: { clause: '自有口径 · DOMAIN C6', standing: 'own' },
  owner: OWNERS.brand,
  dimensions: [...PLACES, 'class', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: STARTED,
      where: TOOK_PLACE,
      numerator: hit(`${STARTED} = first_seen.first_at`),
      denominator: '1',
      unit: PERSON,
      joins: [
        {
          name: 'first_seen',
          sql: `select coalesce(e.person_id, e.record_key) as person, min(coalesce(e.started_at, e.occurred_at)) as first_at
            from {encounter} e where coalesce(e.status, 'unknown') not in ('planned', 'cancelled') group by 1`,
          on: `first_seen.person = ${PERSON}`,
        },
      ],
    },
  ],
});
