import { metric } from '../definition.ts';
import { PLACES } from '../dimensions.ts';
import { OWNERS } from '../fragments.ts';

export const casesOpened = metric({
  id: 'cases-opened',
  name: { zh: '新建回访工单数', en: 'Cases opened' },
  kind: 'count',
  unit: 'count',
  direction: 'none',
  formula: { zh: '期内新建的闭环工单数', en: 'Call-back cases opened' },
  origin: { clause: '满意度闭环 · DOMAIN C4', standing: 'own' },
  owner: OWNERS.service,
  dimensions: [...PLACES, 'origin'],
  sides: [{ fact: 'case_event', where: `f.step = 'opened'`, numerator: '1', unit: 'f.case_key' }],
});
