import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { EARNED, hit, OWNERS } from '../fragments.ts';

export const reviewPositiveShare = metric({
  id: 'review-positive-share',
  name: { zh: '网络好评率', en: 'Share of positive reviews' },
  kind: 'share',
  unit: '%',
  direction: 'up',
  formula: { zh: '正面评价 ÷（正面 + 负面评价），不含自有投放', en: 'Positive ÷ (positive + negative) reviews and mentions, without own paid posts' },
  origin: { clause: '口碑指数 posShare · DOMAIN C5', standing: 'own' },
  owner: OWNERS.brand,
  dimensions: [...PLACES, 'staff', 'platform', 'kind'],
  sides: [
    {
      fact: 'review',
      where: `${EARNED} and f.sentiment in ('positive', 'negative')`,
      numerator: hit(`f.sentiment = 'positive'`),
      denominator: '1',
    },
  ],
});
