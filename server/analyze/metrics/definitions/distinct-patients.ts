import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { OWNERS, PERSON, STARTED, TOOK_PLACE } from '../fragments.ts';

export const distinctPatients = metric({
  id: 'distinct-patients',
  name: { zh: '就诊患者数', en: 'Patients seen' },
  kind: 'count',
  unit: 'count',
  direction: 'up',
  formula: { zh: '期内有就诊的不同患者数（按主索引去重）', en: 'Different people with an encounter, after identity links' },
  origin: { clause: '自有口径 · DOMAIN C6', standing: 'own' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'class', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: STARTED, where: TOOK_PLACE, numerator: '1', unit: PERSON }],
});
