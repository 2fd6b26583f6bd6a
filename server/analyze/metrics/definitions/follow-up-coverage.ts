import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, hit, LEFT_ALIVE_FOR_HOME, OWNERS, PERSON } from '../fragments.ts';

export const followUpCoverage = metric({
  id: 'follow-up-coverage',
  name: { zh: '出院患者随访率', en: 'Follow-up coverage after discharge' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: {
    zh: '出院后 30 天内完成 ≥ 1 次有效随访的患者 ÷ 出院满 30 天的应随访患者（不含死亡、转院、有记录的拒访）',
    en: 'People with at least one follow-up done within 30 days of discharge ÷ people discharged at least 30 days ago (not died, transferred or on record as refusing)',
  },
  origin: { clause: '改善就医感受 21 · DOMAIN C7', standing: 'read' },
  owner: OWNERS.nursing,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [
    {
      fact: 'encounter',
      at: 'f.ended_at',
      where: `${DISCHARGED} and ${LEFT_ALIVE_FOR_HOME} and date_diff('day', {day f.ended_at}, {today}) >= 30
        and (coalesce(followed.refused, 0) = 0 or followed.done_at is not null)`,
      numerator: hit(`date_diff('day', {day f.ended_at}, {day followed.done_at}) between 0 and 30`),
      denominator: '1',
      unit: PERSON,
      joins: [
        {
          name: 'followed',
          sql: `select u.encounter_key, min(case when u.status = 'done' then coalesce(u.done_at, u.occurred_at) end) as done_at,
              max(case when u.status = 'refused' then 1 else 0 end) as refused
            from {followup} u where u.encounter_key is not null group by u.encounter_key`,
          on: 'followed.encounter_key = f.encounter_key',
        },
      ],
    },
  ],
});
