import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS, STARTED, TOOK_PLACE } from '../fragments.ts';

export const checkupVisits = metric({
  id: 'checkup-visits',
  name: { zh: '体检人次', en: 'Check-up visits' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '健康体检就诊记录数，不含已取消的', en: 'Health check-up encounters that took place' },
  origin: { clause: '常用工作量口径 · DOMAIN C2', standing: 'general' },
  owner: OWNERS.service,
  dimensions: [...PLACES, ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: `f.class = 'checkup' and ${TOOK_PLACE}`, numerator: '1' }],
});
