import type { ModelDetail } from '@xinglin/contracts/api.ts';
import { expect, test } from 'vitest';
import { atThreshold, extremesOf, gradesOf, trimmed } from './findings.ts';

const model = (weights: Readonly<Record<string, number>>): ModelDetail =>
  ({ fields: [{ field: 'sex', grades: Object.entries(weights).map(([grade, weight]) => ({ grade, m: 0.5, u: 0.5, weight })) }] }) as unknown as ModelDetail; // only what is read

test('the title names what speaks most for and most against', () => {
  const graded = gradesOf(model({ same: 1, slip: 3, different: -6 }), model({ same: 2, different: -5 }));
  expect(graded.map((each) => each.other)).toEqual([2, null, -5]);
  expect(extremesOf(graded)).toMatchObject({ best: { grade: 'slip' }, worst: { grade: 'different' } });
  expect(extremesOf([])).toBeNull();
});

test('a curve is read at the threshold in force, or at the nearest below', () => {
  const curve = [0.5, 0.9, 0.99].map((threshold) => ({ threshold }));
  expect(atThreshold(curve, 0.99)?.threshold).toBe(0.99);
  expect(atThreshold(curve, 0.95)?.threshold).toBe(0.9);
  expect(atThreshold(curve, 0.2)).toBeUndefined();
});

test('steps nobody scored are drawn as empty, not left out', () => {
  const bin = { match: 1, review: 0, no: 0 };
  expect(
    trimmed([
      { from: -4, to: 0, ...bin },
      { from: 8, to: 12, ...bin },
    ]).map((each) => each.from),
  ).toEqual([-4, 0, 4, 8]);
  expect(trimmed([])).toEqual([]);
});
