import { describe, expect, test } from 'vitest';
import { movementOf, spreadOf, toneOf, trendOf } from './findings.ts';

describe('a title claims a movement', () => {
  test('only when the change is larger than half the interval', () => {
    expect(movementOf({ value: 72, lower: 70, upper: 74, change: 3 })).toBe('up');
    expect(movementOf({ value: 72, lower: 70, upper: 74, change: -3 })).toBe('down');
    expect(movementOf({ value: 72, lower: 68, upper: 76, change: 3 })).toBe('flat');
  });
  test('never without a value then and now', () => {
    expect(movementOf({ value: null, lower: null, upper: null, change: 3 })).toBe('none');
    expect(movementOf({ value: 72, lower: 70, upper: 74, change: null })).toBe('none');
  });
  test('over a series only beyond its own wobble', () => {
    expect(trendOf([50, 53, 50, 53, 51])?.movement).toBe('flat');
    expect(trendOf([50, null, 52, 54, 57])).toEqual({ movement: 'up', from: 50, to: 57 });
    expect(trendOf([50])).toBeNull();
  });
});

describe('a comparison of groups', () => {
  const group = (name: string, value: number | null, n: number) => ({ name, value, n });
  test('leaves small groups aside', () => {
    const spread = spreadOf([group('a', 4, 200), group('tiny', 9, 2), group('b', 2, 100)], 30);
    expect([spread?.highest.name, spread?.lowest.name, spread?.times]).toEqual(['a', 'b', 2]);
  });
  test('gives no ratio when the lowest is zero or the two are alike', () => {
    expect(spreadOf([group('a', 4, 200), group('b', 0, 100)], 30)?.times).toBeNull();
    expect(spreadOf([group('a', 4.1, 200), group('b', 4, 100)], 30)?.times).toBeNull();
  });
});

test('a fall is good news for a metric that should fall', () => {
  expect(toneOf('down', 'down')).toBe('good');
  expect(toneOf('up', 'down')).toBe('bad');
  expect(toneOf('up', 'none')).toBe('none');
});
