import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { EARNED, OWNERS } from '../fragments.ts';

export const mentions = metric({
  id: 'mentions',
  name: { zh: '网络提及量', en: 'Mentions' },
  kind: 'sum',
  unit: 'count',
  direction: 'up',
  formula: { zh: 'Σ 提及数，不含自有投放', en: "Σ mentions, without the hospital's own paid posts" },
  origin: { clause: '品牌热度口径 · DOMAIN C5', standing: 'own' },
  owner: OWNERS.brand,
  dimensions: [...PLACES, 'staff', 'platform', 'kind'],
  sides: [{ fact: 'review', where: EARNED, numerator: 'coalesce(f.mentions, 1)' }],
});
