import { metric } from '../definition.ts';
import { PEOPLE, PLACES } from '../dimensions.ts';
import { DISCHARGED, OWNERS, STAY_DAYS } from '../fragments.ts';

/** Not the occupied bed days of bed occupancy: those need the 24:00 census of every day, and opened beds, which no source gives yet. */
export const dischargedBedDays = metric({
  id: 'discharged-bed-days',
  name: { zh: '出院者占用总床日数', en: 'Bed days of discharged patients' },
  kind: 'sum',
  unit: 'days',
  direction: 'none',
  formula: { zh: 'Σ max(1, 出院日 − 入院日)，按出院日计', en: 'Σ max(1, discharge day − admission day), by the day of discharge' },
  origin: { clause: '出院者占用总床日数 · DOMAIN C1', standing: 'read' },
  owner: OWNERS.medical,
  dimensions: [...PLACES, 'ward', 'staff', 'disease', ...PEOPLE],
  sides: [{ fact: 'encounter', at: 'f.ended_at', where: DISCHARGED, numerator: STAY_DAYS }],
});
