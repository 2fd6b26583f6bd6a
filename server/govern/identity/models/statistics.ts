/** Intervals for shares and rare counts, 95 %. */
export const Z95 = 1.959963984540054;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Wilson score interval of a share (E. B. Wilson 1927). Null without observations. */
export function wilson(hits: number, n: number): Interval | null {
  if (n <= 0) return null;
  const share = hits / n;
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { lower: hits === 0 ? 0 : Math.max(0, centre - half), upper: hits === n ? 1 : Math.min(1, centre + half) };
}

/**
 * Interval of a rare count of which `events` were seen or are expected: Byar's approximation of the exact Poisson limits (Breslow and Day 1987,
 * p. 69); `events` need not be whole. Within 2 % of the exact limits from one event on; for none the upper limit is 3.7, as exactly.
 */
export function rareCount(events: number): Interval {
  const upper = (events + 1) * (1 - 1 / (9 * (events + 1)) + Z95 / (3 * Math.sqrt(events + 1))) ** 3;
  const lower = events <= 0 ? 0 : events * Math.max(0, 1 - 1 / (9 * events) - Z95 / (3 * Math.sqrt(events))) ** 3;
  return { lower, upper };
}
