import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const consumableShare = metric({
  id: 'consumable-share',
  name: { zh: '耗占比', en: 'Consumable share of revenue' },
  kind: 'ratio',
  unit: '%',
  direction: 'down',
  formula: { zh: '卫生材料收入 ÷ 医疗收入', en: 'Consumable charges ÷ all charges' },
  origin: { clause: '耗占比 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'staff', 'payment_type', ...PEOPLE],
  sides: [
    {
      fact: 'charge',
      where: 'f.amount_fen is not null',
      numerator: `case when f.category = 'consumable' then f.amount_fen else 0 end`,
      denominator: 'f.amount_fen',
    },
  ],
});
