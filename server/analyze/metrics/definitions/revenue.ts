import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

/** Fen are summed, so no cent is lost; the value is in yuan, the numerator in fen. */
export const revenue = metric({
  id: 'revenue',
  name: { zh: '科室医疗收入', en: 'Department revenue' },
  kind: 'sum',
  unit: 'yuan',
  direction: 'none',
  scale: 0.01,
  formula: { zh: 'Σ 费用金额（退费为负），元', en: 'Σ charge amounts in yuan, refunds negative' },
  origin: { clause: '医院财务收费口径 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.finance,
  dimensions: [...PLACES, 'staff', 'category', 'payment_type', ...PEOPLE],
  sides: [{ fact: 'charge', where: 'f.amount_fen is not null', numerator: 'f.amount_fen' }],
});
