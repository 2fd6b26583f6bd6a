import { addDays, daysBetween } from '../business-days.ts';
import { Z95 } from '../intervals.ts';
import { combined, type IndexValue, type PartValue } from './combine.ts';
import { HEAT, HEAT_DECAY_DAYS, HEAT_LOOKBACK_DAYS, HEAT_RANK_DAYS, HEAT_RANK_DAYS_MIN } from './definition.ts';
import type { Evidence } from './rolling.ts';

/** Days of mentions needed before `from`. */
export const HEAT_HISTORY_DAYS = HEAT_RANK_DAYS + HEAT_LOOKBACK_DAYS;

/** `mentions`: per channel (stratum) and day, how many (n). */
export function heat(mentions: readonly Evidence[], from: string, to: string): IndexValue[] {
  const start = addDays(from, -HEAT_HISTORY_DAYS);
  const days = daysBetween(from, to) + 1;
  const places = new Map(Array.from({ length: HEAT_HISTORY_DAYS + days }, (_, at) => [addDays(start, at), at]));
  const channels = new Map<string, PartValue[]>();
  for (const part of HEAT.parts) {
    const counts = new Float64Array(HEAT_HISTORY_DAYS + days);
    let first = counts.length;
    for (const each of mentions) {
      if (each.stratum !== part.id) continue;
      const at = places.get(each.day);
      if (at === undefined) continue;
      counts[at] = (counts[at] ?? 0) + each.n;
      if (each.n > 0) first = Math.min(first, at);
    }
    channels.set(part.id, channel(counts, first));
  }
  return Array.from({ length: days }, (_, at) =>
    combined(HEAT, addDays(from, at), new Map([...channels].map(([id, values]) => [id, values[at] ?? { value: null, variance: 0, n: 0 }]))),
  );
}

/** The days asked are those after the history; `first` is the first day with a mention. */
function channel(counts: Float64Array, first: number): PartValue[] {
  const levels = new Float64Array(counts.length);
  const variances = new Float64Array(counts.length);
  const held = new Float64Array(counts.length);
  for (let day = 0; day < counts.length; day += 1) {
    for (let back = 0; back < HEAT_LOOKBACK_DAYS && back <= day; back += 1) {
      const weight = Math.exp(-back / HEAT_DECAY_DAYS);
      const count = counts[day - back] ?? 0;
      levels[day] = (levels[day] ?? 0) + count * weight;
      variances[day] = (variances[day] ?? 0) + count * weight * weight;
      held[day] = (held[day] ?? 0) + count;
    }
  }
  const values: PartValue[] = [];
  for (let day = HEAT_HISTORY_DAYS; day < counts.length; day += 1) {
    const since = Math.max(first, day - HEAT_RANK_DAYS + 1);
    if (day - since + 1 < HEAT_RANK_DAYS_MIN) {
      values.push({ value: null, variance: 0, n: 0 });
      continue;
    }
    const year = levels.subarray(since, day + 1);
    const level = levels[day] ?? 0;
    const half = Z95 * Math.sqrt(variances[day] ?? 0);
    const width = rank(year, level + half) - rank(year, Math.max(0, level - half));
    values.push({ value: rank(year, level), variance: (width / (2 * Z95)) ** 2, n: Math.round(held[day] ?? 0) });
  }
  return values;
}

/** Mid-rank percentile, 0–1. ln(1 + x) rises with x, so ranking the level is ranking its logarithm. */
export function rank(among: Float64Array, level: number): number {
  let [below, equal] = [0, 0];
  // Levels come from the same sums in the same order, so equal days are equal to the last bit; the tolerance is for shifted ends.
  for (const each of among) {
    if (Math.abs(each - level) <= 1e-9) equal += 1;
    else if (each < level) below += 1;
  }
  return (below + equal / 2) / among.length;
}
