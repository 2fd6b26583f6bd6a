import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const complaints = metric({
  id: 'complaints',
  name: { zh: '投诉件数', en: 'Complaints' },
  kind: 'count',
  unit: 'count',
  direction: 'down',
  formula: { zh: '受理的投诉件数', en: 'Complaints received' },
  origin: { clause: '投诉管理口径 · DOMAIN C4', standing: 'general' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'staff', 'channel', 'topic', 'severity', 'shift'],
  sides: [{ fact: 'complaint', where: `f.kind = 'complaint'`, numerator: '1' }],
});
