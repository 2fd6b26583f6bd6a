import { daysBetween } from '../business-days.ts';

/**
 * Evidence as it comes from the warehouse: so many observations (n, their total and squares) that count from `day` on,
 * until `until` (exclusive) at the latest. Signed rows take something back.
 */
export interface Evidence {
  readonly stratum: string | null;
  readonly day: string;
  readonly until: string | null;
  readonly n: number;
  readonly total: number;
  readonly squares: number;
}

/** What a window holds on one day. */
export interface Held {
  readonly n: number;
  readonly total: number;
  readonly squares: number;
}
const NOTHING: Held = { n: 0, total: 0, squares: 0 };
export const mean = (held: Held): number => held.total / held.n;

/**
 * For every day from `from` to `to`, the sum of the evidence of the last `window` days (that day included), per stratum.
 * One pass over the evidence and one over the days, whatever the window: work grows with the data, not with data × window.
 */
export function rolling(evidence: readonly Evidence[], from: string, to: string, window: number): Map<string, Held[]> {
  const days = daysBetween(from, to) + 1;
  const deltas = new Map<string, Float64Array>();
  for (const each of evidence) {
    const stratum = each.stratum ?? '';
    let sums = deltas.get(stratum);
    if (sums === undefined) deltas.set(stratum, (sums = new Float64Array(3 * (days + 1))));
    const begins = daysBetween(from, each.day);
    const ends = Math.min(begins + window, each.until === null ? Number.POSITIVE_INFINITY : daysBetween(from, each.until));
    if (ends <= begins) continue;
    add(sums, begins, days, each, 1);
    add(sums, ends, days, each, -1);
  }
  return new Map([...deltas].map(([stratum, sums]) => [stratum, cumulated(sums, days)]));
}

function add(sums: Float64Array, day: number, days: number, each: Evidence, sign: 1 | -1): void {
  if (day >= days) return;
  const at = 3 * Math.max(0, day);
  sums[at] = (sums[at] ?? 0) + sign * each.n;
  sums[at + 1] = (sums[at + 1] ?? 0) + sign * each.total;
  sums[at + 2] = (sums[at + 2] ?? 0) + sign * each.squares;
}

function cumulated(sums: Float64Array, days: number): Held[] {
  const held: Held[] = [];
  let [n, total, squares] = [0, 0, 0];
  for (let day = 0; day < days; day += 1) {
    n += sums[3 * day] ?? 0;
    total += sums[3 * day + 1] ?? 0;
    squares += sums[3 * day + 2] ?? 0;
    // What is left of sums that came and went is rounding dust.
    held.push(Math.round(n) <= 0 ? NOTHING : { n: Math.round(n), total, squares });
  }
  return held;
}

/** Without strata. */
export function rollingOne(evidence: readonly Evidence[], from: string, to: string, window: number): Held[] {
  const days = daysBetween(from, to) + 1;
  return (
    rolling(
      evidence.map((each) => ({ ...each, stratum: null })),
      from,
      to,
      window,
    ).get('') ?? Array.from({ length: days }, () => NOTHING)
  );
}
