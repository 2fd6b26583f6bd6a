import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../business-days.ts';
import { type Evidence, rolling, rollingOne } from './rolling.ts';

const FROM = '2026-02-01';
const DAYS = 40;

const anyEvidence = fc.array(
  fc.record({
    stratum: fc.constantFrom('phone', 'wechat', null),
    begins: fc.integer({ min: -60, max: DAYS + 5 }),
    lasts: fc.option(fc.integer({ min: 0, max: 50 })),
    n: fc.integer({ min: 1, max: 5 }),
    mean: fc.integer({ min: 0, max: 5 }),
  }),
  { maxLength: 40 },
);

test('one pass over the evidence gives what looking at every day gives', () => {
  fc.assert(
    fc.property(anyEvidence, fc.integer({ min: 1, max: 45 }), (given, window) => {
      const evidence: Evidence[] = given.map(({ stratum, begins, lasts, n, mean }) => ({
        ...{ stratum, n, total: n * mean, squares: n * mean * mean, day: addDays(FROM, begins) },
        until: lasts === null ? null : addDays(FROM, begins + lasts),
      }));
      const quick = rolling(evidence, FROM, addDays(FROM, DAYS - 1), window);
      for (const stratum of ['phone', 'wechat', '']) {
        for (let at = 0; at < DAYS; at += 1) {
          const day = addDays(FROM, at);
          const held = evidence.filter(
            (each) => (each.stratum ?? '') === stratum && each.day <= day && each.day > addDays(day, -window) && (each.until === null || day < each.until),
          );
          const sums = quick.get(stratum)?.[at] ?? { n: 0, total: 0, squares: 0 };
          expect(sums.n).toBe(held.reduce((sum, each) => sum + each.n, 0));
          if (sums.n > 0)
            expect(sums.total).toBeCloseTo(
              held.reduce((sum, each) => sum + each.total, 0),
              6,
            );
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('without evidence every day is empty', () => {
  expect(rollingOne([], FROM, addDays(FROM, 2), 90)).toEqual(Array(3).fill({ n: 0, total: 0, squares: 0 }));
});
