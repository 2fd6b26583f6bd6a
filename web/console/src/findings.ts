/** Decides what a chart's title may claim. Pure: numbers in, a claim out; the words are the page's. */

export type Movement = 'up' | 'down' | 'flat' | 'none';

/** A change counts when it is larger than the half-width of today's interval: smaller ones may be chance. */
export function movementOf(figure: { value: number | null; lower: number | null; upper: number | null; change: number | null }): Movement {
  const { value, lower, upper, change } = figure;
  if (value === null || change === null) return 'none';
  const halfWidth = lower === null || upper === null ? 0 : (upper - lower) / 2;
  if (change === 0 || Math.abs(change) <= halfWidth) return 'flat';
  return change > 0 ? 'up' : 'down';
}

/** First and last known value of a series, and whether they differ by more than the wobble between neighbours. */
export function trendOf(values: readonly (number | null)[]): { movement: Movement; from: number; to: number } | null {
  const known = values.filter((value) => value !== null);
  const from = known[0];
  const to = known.at(-1);
  if (from === undefined || to === undefined || known.length < 2) return null;
  const steps = known.slice(1).map((value, i) => Math.abs(value - (known[i] ?? value)));
  const wobble = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const isMove = known.length === 2 ? to !== from : Math.abs(to - from) > wobble;
  return { movement: isMove ? (to > from ? 'up' : 'down') : 'flat', from, to };
}

/** Highest and lowest group, leaving aside groups too small to compare unless all are. */
export function spreadOf<G extends { value: number | null; n: number }>(
  groups: readonly G[],
  smallN: number,
): { highest: G; lowest: G; times: number | null } | null {
  const known = groups.filter((group) => group.value !== null);
  const large = known.filter((group) => group.n >= smallN);
  const ordered = [...(large.length >= 2 ? large : known)].sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const highest = ordered[0];
  const lowest = ordered.at(-1);
  if (highest === undefined || lowest === undefined) return null;
  const low = lowest.value ?? 0;
  const times = low > 0 ? (highest.value ?? 0) / low : null;
  // “1.0 times” says nothing.
  return { highest, lowest, times: times !== null && times >= 1.15 ? times : null };
}

/** Whether a movement is welcome, for a metric that should rise or fall. */
export const toneOf = (movement: Movement, direction: 'up' | 'down' | 'none'): 'good' | 'bad' | 'none' =>
  direction === 'none' || movement === 'flat' || movement === 'none' ? 'none' : movement === direction ? 'good' : 'bad';
