import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

/** The limit is 24 hours of the calendar, across midnight and days off. */
export const caseContact24h = metric({
  id: 'case-contact-24h',
  name: { zh: '24 小时首联率', en: 'First contact within 24 hours' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: {
    zh: '新建后 24 小时内联系到患者的工单 ÷ 新建工单（未满 24 小时且未联系的不计）',
    en: 'Cases whose patient was reached within 24 hours ÷ cases opened; cases younger than 24 hours and not yet contacted are left out',
  },
  origin: { clause: '满意度闭环 · DOMAIN C4', standing: 'own' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'origin'],
  sides: [
    {
      fact: 'case_event',
      where: `f.step = 'opened' and (contacted.at is not null or f.occurred_at + interval '24' hour <= {now})`,
      numerator: hit(`contacted.at <= f.occurred_at + interval '24' hour`),
      denominator: '1',
      unit: 'f.case_key',
      joins: [
        {
          name: 'contacted',
          sql: `select s.case_key, min(s.occurred_at) as at from {case_event} s where s.step = 'contacted' group by s.case_key`,
          on: 'contacted.case_key = f.case_key',
        },
      ],
    },
  ],
});
