import { describe, expect, test } from 'vitest';
import { loudest, waterfallBars } from './waterfall.ts';

const steps = [
  { field: 'surname', grade: 'same', weight: 5 },
  { field: 'given-name', grade: 'same', weight: 9 },
  { field: 'birth-date', grade: 'slip', weight: -0.5 },
  { field: 'phone', grade: 'different', weight: -3 },
];

describe('the waterfall', () => {
  test('goes from the prior over every step to the total without a gap', () => {
    const bars = waterfallBars({ steps, prior: -20, weight: -9.5 }, (step) => step.field, { prior: 'start', total: 'end' });
    expect(bars.map((bar) => [bar.name, bar.from, bar.to])).toEqual([
      ['start', 0, -20],
      ['surname', -20, -15],
      ['given-name', -15, -6],
      ['birth-date', -6, -6.5],
      ['phone', -6.5, -9.5],
      ['end', 0, -9.5],
    ]);
    expect(bars.map((bar) => bar.kind)).toEqual(['prior', 'for', 'for', 'against', 'against', 'total']);
  });
  test('names what speaks loudest, and nothing that only whispers', () => {
    expect(loudest(steps)).toEqual({ for: ['given-name', 'surname'], against: 'phone' });
    expect(loudest([{ field: 'sex', grade: 'same', weight: 0.9 }])).toEqual({ for: [], against: null });
  });
});
