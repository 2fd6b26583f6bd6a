/** Confidence intervals, 95 % unless said. All take sufficient statistics, so any slice costs one aggregate query. */

export const Z95 = 1.959963984540054;
export const Z90 = 1.6448536269514722;

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Wilson score interval of a proportion (E. B. Wilson 1927). Null without observations. */
export function wilson(hits: number, n: number, z = Z95): Interval | null {
  if (n <= 0) return null;
  const share = hits / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  // At the ends the formula is exact but for rounding.
  return { lower: hits === 0 ? 0 : Math.max(0, centre - half), upper: hits === n ? 1 : Math.min(1, centre + half) };
}

/** Student's t quantile for 97.5 %: exact for 1 and 2 degrees, else the Cornish–Fisher expansion (error below 0.2 % from 3 degrees on). */
export function t975(degrees: number): number {
  if (degrees <= 1) return 12.706204736;
  if (degrees < 3) return 4.30265273;
  const z = Z95;
  const v = degrees;
  return (
    z +
    (z ** 3 + z) / (4 * v) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * v ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * v ** 3) +
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / (92160 * v ** 4)
  );
}

/** Variance of the observations (n − 1) from sum and sum of squares; 0 when rounding would make it negative. */
export const variance = (n: number, sum: number, squares: number): number => (n < 2 ? 0 : Math.max(0, (squares - (sum * sum) / n) / (n - 1)));

/** t interval of a mean. Null below two observations. */
export function meanInterval(n: number, sum: number, squares: number): Interval | null {
  if (n < 2) return null;
  const half = t975(n - 1) * Math.sqrt(variance(n, sum, squares) / n);
  return { lower: sum / n - half, upper: sum / n + half };
}

/**
 * Net promoter score over answers coded −1, 0, 1, as a share (−1…1): normal interval from the multinomial variance
 * (p + d − (p − d)²)/n, which a bootstrap of the same answers approaches. Null below two answers.
 */
export function npsInterval(n: number, sum: number, squares: number, z = Z95): Interval | null {
  if (n < 2) return null;
  const net = sum / n;
  const half = z * Math.sqrt(Math.max(0, squares / n - net * net) / n);
  return { lower: Math.max(-1, net - half), upper: Math.min(1, net + half) };
}

/** Poisson interval of a count by Byar's approximation; lower is 0 for 0. */
export function poissonInterval(count: number, z = Z95): Interval {
  const above = count + 1;
  return {
    lower: count <= 0 ? 0 : Math.max(0, count * (1 - 1 / (9 * count) - z / (3 * Math.sqrt(count))) ** 3),
    upper: above * (1 - 1 / (9 * above) + z / (3 * Math.sqrt(above))) ** 3,
  };
}
