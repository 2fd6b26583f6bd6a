import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { INPATIENT, OWNERS, STARTED } from '../fragments.ts';

export const admissions = metric({
  id: 'admissions',
  name: { zh: '入院人次', en: 'Admissions' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '住院记录数，按入院日计', en: 'Inpatient stays that began, by the day of admission' },
  origin: { clause: '常用工作量口径 · DOMAIN C1', standing: 'general' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: INPATIENT, numerator: '1' }],
});
