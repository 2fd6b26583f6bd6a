import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, OWNERS, STAY_DAYS } from '../fragments.ts';

/** A stay within one day counts one day, as the 24:00 census counts whoever was admitted and left before midnight. */
export const alos = metric({
  id: 'alos',
  name: { zh: '出院者平均住院日', en: 'Average length of stay' },
  kind: 'mean',
  unit: 'days',
  direction: 'down',
  formula: { zh: 'Σ max(1, 出院日 − 入院日) ÷ 出院人次', en: 'Σ max(1, discharge day − admission day) ÷ discharges' },
  origin: { clause: '出院者平均住院日 · DOMAIN C1', standing: 'read' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, numerator: STAY_DAYS, denominator: '1' }],
});
