import { expect, test } from 'vitest';
import { changeBetween, combined, type IndexValue } from './combine.ts';
import { LOYALTY } from './definition.ts';
import { brandIndex } from './indices.ts';

const part = (value: number | undefined) => ({ value: value ?? null, variance: 0, n: value === undefined ? 0 : 100 });
const day = (date: string, back?: number, adherence?: number): IndexValue =>
  combined(LOYALTY, date, new Map([['return', part(back)], ['adherence', part(adherence)]])); // biome-ignore format: one line

test('a part that begins to count is no movement of the index', () => {
  const [before, after] = [day('2026-03-01', 0.9), day('2026-03-29', 0.91, 0.6)];
  expect(after.value).toBeLessThan((before.value ?? 0) - 10);
  expect(changeBetween(LOYALTY, before, after)).toBeCloseTo(1, 9);
  expect(changeBetween(LOYALTY, after, before)).toBeCloseTo(-1, 9);
});

test('over the same parts the change is the difference of the values', () => {
  const [before, after] = [day('2026-03-01', 0.9, 0.8), day('2026-03-29', 0.8, 0.7)];
  expect(changeBetween(LOYALTY, before, after)).toBe((after.value ?? 0) - (before.value ?? 0));
});

test('without a part in common, or a day without a value, there is no change to tell', () => {
  expect(changeBetween(LOYALTY, day('2026-03-01', 0.9), day('2026-03-29', undefined, 0.9))).toBeNull();
  expect(changeBetween(LOYALTY, undefined, day('2026-03-29', 0.9))).toBeNull();
  expect(changeBetween(LOYALTY, day('2026-03-01'), day('2026-03-29', 0.9))).toBeNull();
});

test('the series says when a part was counted for the first time', () => {
  const values = [day('2026-03-01'), day('2026-03-02', 0.9), day('2026-03-03', 0.9, 0.7), day('2026-03-04', 0.9, 0.7)];
  const adherence = LOYALTY.parts.find(({ id }) => id === 'adherence')?.name;
  expect(brandIndex(LOYALTY, values, '2026-03-01', '2026-03-04').joined).toEqual([{ day: '2026-03-03', name: adherence }]);
  expect(brandIndex(LOYALTY, values, '2026-03-03', '2026-03-04').joined).toEqual([]);
});
