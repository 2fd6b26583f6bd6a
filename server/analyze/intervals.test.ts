import { describe, expect, test } from 'vitest';
import { meanInterval, npsInterval, poissonInterval, t975, variance, wilson } from './intervals.ts';

/** Mulberry32: a small generator with a seed, so that a bootstrap is the same every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('Wilson interval of a share', () => {
  // Newcombe 1998, table I.
  test.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i is %f to %f', (hits, n, lower, upper) => {
    const interval = wilson(hits, n);
    expect(interval?.lower).toBeCloseTo(lower, 4);
    expect(interval?.upper).toBeCloseTo(upper, 4);
  });
  test('stays within 0 and 1 and is not there without observations', () => {
    expect(wilson(28, 28)?.upper).toBe(1);
    expect(wilson(0, 28)?.lower).toBe(0);
    expect(wilson(0, 0)).toBeNull();
  });
});

test.each([
  [1, 12.7062],
  [2, 4.3027],
  [3, 3.1824],
  [5, 2.5706],
  [10, 2.2281],
  [30, 2.0423],
  [1000, 1.9623],
])('the t quantile for %i degrees is %f', (degrees, quantile) => {
  expect(Math.abs(t975(degrees) / quantile - 1)).toBeLessThan(0.002);
});

test('a mean of 2, 4, 4, 4, 5, 5, 7, 9 has the textbook interval', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];
  const sum = values.reduce((a, b) => a + b);
  const squares = values.reduce((a, b) => a + b * b, 0);
  expect(variance(8, sum, squares)).toBeCloseTo(4.571428, 5);
  const interval = meanInterval(8, sum, squares);
  expect(interval?.lower).toBeCloseTo(3.2125, 3);
  expect(interval?.upper).toBeCloseTo(6.7875, 3);
  expect(meanInterval(1, 5, 25)).toBeNull();
});

test('the analytic interval of NPS agrees with a bootstrap of the same answers', () => {
  const answers = [...Array(120).fill(1), ...Array(50).fill(0), ...Array(30).fill(-1)] as number[];
  const analytic = npsInterval(200, 90, 150);
  const random = seeded(7);
  const nets = Array.from({ length: 4000 }, () => {
    let sum = 0;
    for (let i = 0; i < 200; i += 1) sum += answers[Math.floor(random() * 200)] ?? 0;
    return sum / 200;
  }).sort((a, b) => a - b);
  expect(analytic?.lower).toBeCloseTo(nets[100] ?? 0, 1);
  expect(analytic?.upper).toBeCloseTo(nets[3900] ?? 0, 1);
});

test('NPS never leaves −1 to 1', () => {
  expect(npsInterval(3, 3, 3)).toEqual({ lower: 1, upper: 1 });
  expect(npsInterval(4, -3, 3)?.lower).toBeGreaterThanOrEqual(-1);
});

// Exact Poisson limits: 0 → 0, 3.689; 5 → 1.623, 11.668; 50 → 37.11, 65.92.
test.each([
  [0, 0, 3.689],
  [5, 1.623, 11.668],
  [50, 37.11, 65.92],
])('a count of %i is between %f and %f', (count, lower, upper) => {
  const interval = poissonInterval(count);
  expect(Math.abs(interval.lower - lower)).toBeLessThan(0.05 + lower * 0.01);
  expect(Math.abs(interval.upper - upper)).toBeLessThan(0.05 + upper * 0.01);
});
