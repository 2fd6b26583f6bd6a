import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const drugShare = metric({
  id: 'drug-share',
  name: { zh: '药占比', en: 'Drug share of revenue' },
  kind: 'ratio',
  unit: '%',
  direction: 'down',
  formula: {
    zh: '药品收入 ÷ 医疗收入；来源不区分饮片时饮片也计入药品',
    en: 'Drug charges ÷ all charges; herbal slices are among the drugs where a source does not tell them apart',
  },
  origin: { clause: '药占比 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'staff', 'payment_type', ...PEOPLE],
  sides: [
    {
      fact: 'charge',
      where: 'f.amount_fen is not null',
      numerator: `case when f.category = 'drug' then f.amount_fen else 0 end`,
      denominator: 'f.amount_fen',
    },
  ],
});
