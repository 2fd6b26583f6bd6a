import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS, STARTED, TOOK_PLACE } from '../fragments.ts';

export const emergencyVisits = metric({
  id: 'emergency-visits',
  name: { zh: '急诊人次', en: 'Emergency visits' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '急诊就诊记录数，不含已取消的', en: 'Emergency encounters that took place' },
  origin: { clause: '常用工作量口径 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: `f.class = 'emergency' and ${TOOK_PLACE}`, numerator: '1' }],
});
