import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { hit, OWNERS } from '../fragments.ts';

/** Here a re-rating counts, and only here and in word of mouth. */
export const caseReratingImproved = metric({
  id: 'case-rerating-improved',
  name: { zh: '复评改善率', en: 'Re-ratings better than before' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '复评分高于建单时评分的工单 ÷ 有复评的工单', en: 'Cases re-rated higher than the score that opened them ÷ cases re-rated' },
  origin: { clause: '满意度闭环 · DOMAIN C4', standing: 'own' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'origin'],
  sides: [
    {
      fact: 'case_event',
      where: `f.step = 'rerated' and f.score is not null and opened.score is not null`,
      numerator: hit('f.score > opened.score'),
      denominator: '1',
      unit: 'f.case_key',
      joins: [
        {
          name: 'opened',
          sql: `select s.case_key, max(s.score) as score from {case_event} s where s.step = 'opened' group by s.case_key`,
          on: 'opened.case_key = f.case_key',
        },
      ],
    },
  ],
});
