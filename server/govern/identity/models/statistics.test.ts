import { expect, test } from 'vitest';
import { rareCount, wilson } from './statistics.ts';

test.each([
  // Exact Poisson limits (Garwood 1936), as printed in every table of them.
  [0, 0, 3.689],
  [1, 0.0253, 5.572],
  [3, 0.619, 8.767],
  [10, 4.795, 18.39],
])('%d rare events: between %d and %d', (events, lower, upper) => {
  const found = rareCount(events);
  expect(Math.abs(found.lower - lower)).toBeLessThan(0.02 + lower * 0.02);
  expect(Math.abs(found.upper - upper)).toBeLessThan(upper * 0.02);
});

test('a share has its Wilson interval, and none without observations', () => {
  expect(wilson(8, 10)).toEqual({ lower: expect.closeTo(0.4902, 4), upper: expect.closeTo(0.9433, 4) });
  expect(wilson(0, 20)?.lower).toBe(0);
  expect(wilson(0, 0)).toBeNull();
});
