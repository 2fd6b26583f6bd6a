import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

export const caseOnTimeClose = metric({
  id: 'case-on-time-close',
  name: { zh: '工单按时关闭率', en: 'Cases closed in time' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '在时限前关闭的工单 ÷ 已关闭或已到时限的工单', en: 'Cases closed by their limit ÷ cases closed or past their limit' },
  origin: { clause: '满意度闭环 · DOMAIN C4', standing: 'own' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'origin'],
  sides: [
    {
      fact: 'case_event',
      where: `f.step = 'opened' and f.due_at is not null and (closed.at is not null or f.due_at <= {now})`,
      numerator: hit('closed.at <= f.due_at'),
      denominator: '1',
      unit: 'f.case_key',
      joins: [
        {
          name: 'closed',
          sql: `select s.case_key, min(s.occurred_at) as at from {case_event} s where s.step = 'closed' group by s.case_key`,
          on: 'closed.case_key = f.case_key',
        },
      ],
    },
  ],
});
