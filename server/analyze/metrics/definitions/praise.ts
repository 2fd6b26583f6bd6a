import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const praise = metric({
  id: 'praise',
  name: { zh: '表扬件数', en: 'Praise' },
  kind: 'count',
  unit: 'count',
  direction: 'up',
  formula: { zh: '受理的表扬件数', en: 'Praise received' },
  origin: { clause: '投诉表扬登记口径 · DOMAIN C4', standing: 'general' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'channel', 'topic', 'shift'],
  sides: [{ fact: 'complaint', where: `f.kind = 'praise'`, numerator: '1' }],
});
