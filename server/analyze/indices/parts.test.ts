import { describe, expect, test } from 'vitest';
import { addDays } from '../business-days.ts';
import { combined, shrunk } from './combine.ts';
import { HEAT, INDICES, LOYALTY, WORD_OF_MOUTH } from './definition.ts';
import { heat, rank } from './heat.ts';
import { loyalty } from './loyalty.ts';
import type { Evidence } from './rolling.ts';
import { wordOfMouth } from './word-of-mouth.ts';

const DAY = '2026-03-31';
const said = (day: string, n: number, mean: number, stratum: string | null = null, until: string | null = null): Evidence => ({
  ...{ stratum, day, until, n, total: n * mean, squares: n * mean * mean },
});
const NO_VOICES = { satisfaction: [], nps: [], positive: [], complaints: [], visits: [] };
const only = <T>(values: readonly T[]): T => {
  expect(values).toHaveLength(1);
  return values[0] as T;
};

test('weights of every index sum to one', () => {
  for (const index of INDICES) expect(index.parts.reduce((sum, part) => sum + part.weight, 0)).toBeCloseTo(1, 12);
});

test('few answers are drawn towards the usual level, many are not', () => {
  expect(shrunk(30, 1, 0, 0.5).value).toBeCloseTo(0.75, 12);
  expect(shrunk(2970, 1, 0, 0.5).value).toBeCloseTo(0.995, 12);
  expect(shrunk(0, 0, 0, 0.5).value).toBeNull();
});

test('a missing part gives its weight to the others, and without any part there is no index', () => {
  const value = combined(LOYALTY, DAY, new Map([['return', { value: 0.5, variance: 0.01, n: 10 }]]));
  expect(value).toMatchObject({ value: 50, n: 10 });
  expect(value.lower).toBeCloseTo(100 * (0.5 - 1.959964 * 0.1), 3);
  expect(combined(LOYALTY, DAY, new Map())).toMatchObject({ value: null, lower: null, n: 0 });
});

test('an index always lies within 0 and 100, and within its interval', () => {
  const value = combined(WORD_OF_MOUTH, DAY, new Map([['nps', { value: 0.99, variance: 4, n: 1 }]]));
  expect(value.upper).toBe(100);
  expect(value.lower).toBe(0);
});

describe('word of mouth', () => {
  test('is 0.4 satisfaction + 0.25 NPS + 0.2 positive + 0.15 complaints, each drawn to its usual level', () => {
    const value = only(
      wordOfMouth(
        {
          satisfaction: [said(DAY, 30, 0.9, 'wechat')],
          nps: [said(DAY, 30, 0.7, 'wechat')],
          positive: [said(DAY, 30, 0.8)],
          complaints: [said(DAY, 2, 1)],
          visits: [said(DAY, 1000, 1)],
        },
        DAY,
        DAY,
      ),
    );
    // μ = (30·x + 30·0.5)/60, x̂ = (30·x + 30·μ)/60 = 0.75·x + 0.125; two complaints in 1,000 visits of at most ten make 0.8.
    const pulled = (x: number) => 0.75 * x + 0.125;
    const mu = (1000 * 0.8 + 30 * 0.5) / 1030;
    const complaints = (1000 * 0.8 + 30 * mu) / 1030;
    expect(value.value).toBeCloseTo(100 * (0.4 * pulled(0.9) + 0.25 * pulled(0.7) + 0.2 * pulled(0.8) + 0.15 * complaints), 9);
    expect(value.n).toBe(30 + 30 + 30 + 1000);
    expect(value.lower ?? 0).toBeLessThan(value.value ?? 0);
  });

  test('falls with a low score and rises when the same person rates again', () => {
    const before = [said(addDays(DAY, -10), 20, 0.9, 'wechat')];
    const low = said(addDays(DAY, -5), 1, 0.4, 'wechat', addDays(DAY, -1));
    const again = said(addDays(DAY, -1), 1, 1, 'wechat');
    const days = wordOfMouth({ ...NO_VOICES, satisfaction: [...before, low, again] }, addDays(DAY, -6), DAY).map((each) => each.value ?? 0);
    const [calm = 0, fallen = 0] = days;
    expect(fallen).toBeLessThan(calm);
    expect(days.at(-1)).toBeGreaterThan(fallen);
    expect(days.at(-1)).toBeGreaterThan(calm);
  });

  test('does not move when only the mode of asking changes', () => {
    const asked = (day: string, phone: number, wechat: number) => [said(day, phone, 0.6, 'phone'), said(day, wechat, 0.9, 'wechat')];
    // Half and half a hundred days ago, nearly only by telephone now: both modes answer as they always did.
    const value = only(wordOfMouth({ ...NO_VOICES, satisfaction: [...asked(addDays(DAY, -100), 5000, 5000), ...asked(DAY, 900, 100)] }, DAY, DAY));
    const satisfaction = value.parts.find((part) => part.id === 'satisfaction')?.value ?? 0;
    const share = 5900 / 11000;
    expect(satisfaction).toBeCloseTo(share * 0.6 + (1 - share) * 0.9, 2);
    expect(satisfaction).toBeGreaterThan(0.9 * 0.6 + 0.1 * 0.9 + 0.1);
  });

  test('a flood of complaints costs its whole part and no more', () => {
    const value = only(wordOfMouth({ ...NO_VOICES, complaints: [said(DAY, 1900, 1)], visits: [said(DAY, 100_000, 1)] }, DAY, DAY));
    expect(value.value).toBeLessThan(0.1);
    expect(value.value).toBeGreaterThanOrEqual(0);
  });
});

describe('heat', () => {
  const year = (level: (daysAgo: number) => number): Evidence[] => Array.from({ length: 449 }, (_, ago) => said(addDays(DAY, -ago), level(ago), 1, 'news'));

  test('is at the middle when nothing changes, high in a burst, low in a lull', () => {
    expect(
      only(
        heat(
          year(() => 10),
          DAY,
          DAY,
        ),
      ).value,
    ).toBeCloseTo(50, 0);
    expect(
      only(
        heat(
          year((ago) => (ago < 5 ? 100 : 10)),
          DAY,
          DAY,
        ),
      ).value,
    ).toBeGreaterThan(98);
    expect(
      only(
        heat(
          year((ago) => (ago < 30 ? 0 : 10)),
          DAY,
          DAY,
        ),
      ).value,
    ).toBeLessThan(1);
  });

  test('keeps e⁻¹ of a mention after two weeks', () => {
    const burst = (ago: number) => heat([said(addDays(DAY, -ago), 1000, 1, 'news')], DAY, DAY);
    // A single burst: later days rank below the day itself, in order of age.
    expect(only(burst(27)).parts.find((part) => part.id === 'news')?.value).toBeCloseTo(0.5 / 28, 6);
  });

  test('says nothing about a channel known for less than four weeks', () => {
    const value = only(heat([said(addDays(DAY, -3), 5, 1, 'video')], DAY, DAY));
    expect(value.value).toBeNull();
    expect(value.parts.map((part) => part.id)).toEqual(HEAT.parts.map((part) => part.id));
  });

  test('a few mentions have a wide interval, many a narrow one', () => {
    const width = (level: number) => {
      const { lower, upper } = only(
        heat(
          year((ago) => level * (1 + (ago % 7) / 7)),
          DAY,
          DAY,
        ),
      );
      return (upper ?? 0) - (lower ?? 0);
    };
    expect(width(1000)).toBeLessThan(width(1));
  });

  test('ranks by the middle of ties', () => {
    expect(rank(Float64Array.from([1, 2, 2, 3]), 2)).toBe(0.5);
    expect(rank(Float64Array.from([1, 2, 2, 3]), 4)).toBe(1);
  });
});

test('loyalty shares its weights between return and adherence while nothing else is known', () => {
  const value = only(loyalty({ returning: [said(DAY, 60, 0.5)], adherence: [said(DAY, 60, 0.8, null, addDays(DAY, 180))] }, DAY, DAY));
  const pulled = (x: number) => (60 * x + 30 * 0.5) / 90;
  expect(value.value).toBeCloseTo((100 * (0.35 * pulled(0.5) + 0.25 * pulled(0.8))) / 0.6, 9);
});
