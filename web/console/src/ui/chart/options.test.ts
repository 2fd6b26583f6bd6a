import { expect, test } from 'vitest';
import { placeMarks } from './options.ts';

const days = Array.from({ length: 90 }, (_, at) => new Date(Date.UTC(2026, 7, 25 + at)).toISOString().slice(0, 10));

test('names of marks near one another stand in rows, far ones on the chart', () => {
  const near = placeMarks([{ day: '2026-09-25', name: 'Mid-Autumn' }, { day: '2026-10-01', name: 'National Day' }, { day: '2026-11-15', name: 'with reviews' }], days); // biome-ignore format: one line
  expect(near.map(({ row }) => row)).toEqual([0, 1, 0]);
  const chinese = placeMarks([{ day: '2026-09-25', name: '中秋' }, { day: '2026-10-01', name: '国庆' }], days); // biome-ignore format: one line
  expect(chinese.map(({ row }) => row)).toEqual([0, 0]);
});

test('a name at the edge is moved into the picture', () => {
  const [first, last] = placeMarks([{ day: days[0] ?? '', name: '国庆' }, { day: days.at(-1) ?? '', name: '计入随访依从' }], days); // biome-ignore format: one line
  expect(first?.shift).toBeGreaterThan(0);
  expect(last?.shift).toBeLessThan(0);
});
