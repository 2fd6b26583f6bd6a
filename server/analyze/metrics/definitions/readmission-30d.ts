import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, hit, LEFT_ALIVE_FOR_HOME, OWNERS } from '../fragments.ts';

/** Younger discharges are left out: their 30 days are not over, so they could only lower the rate. */
export const readmission30d = metric({
  id: 'readmission-30d',
  name: { zh: '出院 30 天内再入院率', en: 'Readmission within 30 days' },
  kind: 'share',
  unit: '%',
  direction: 'down',
  formula: {
    zh: '出院后 30 天内再次住院的出院人次 ÷ 出院满 30 天的出院人次（不含死亡、转院）',
    en: 'Discharges followed by another admission of the same person within 30 days ÷ discharges at least 30 days old (not died, not transferred)',
  },
  origin: { clause: '医疗质量监测常用口径 · SPEC D4', standing: 'general' },
  owner: OWNERS.quality,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: 'f.ended_at',
      where: `${DISCHARGED} and ${LEFT_ALIVE_FOR_HOME} and date_diff('day', {day f.ended_at}, {today}) >= 30`,
      numerator: hit(`date_diff('day', {day f.ended_at}, {day later.next_at}) between 0 and 30`),
      denominator: '1',
      joins: [
        {
          name: 'later',
          sql: `select e.fact_key, lead(coalesce(e.started_at, e.occurred_at)) over (
              partition by coalesce(e.person_id, e.record_key) order by coalesce(e.started_at, e.occurred_at), e.fact_key) as next_at
            from {encounter} e where e.class = 'inpatient' and coalesce(e.status, 'unknown') not in ('planned', 'cancelled')`,
          on: 'later.fact_key = f.fact_key',
        },
      ],
    },
  ],
});
