import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Kept } from './kept.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is kept', () => {
  it('is never more than may be, and what was used last is there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.integer({ min: 0, max: 20 })), (half, uses) => {
        const kept = new Kept<number>(half * 2);
        for (const [at, use] of uses.entries()) {
          if (at % 3 === 0 && kept.get(String(use)) !== undefined) expect(kept.get(String(use))).toBe(use);
          else kept.set(String(use), use);
          expect(kept.size).toBeLessThanOrEqual(half * 2);
        }
        // Oldest first: asking makes it the one used last.
        for (const use of [...new Set(uses.toReversed())].slice(0, half).toReversed()) expect(kept.get(String(use))).toBe(use);
      }),
    );
  });

  it('is gone when nobody used it for a while, and when that was much, says so', () => {
    let rests = 0;
    const kept = new Kept<string>(4_000, () => {
      rests += 1;
    });
    kept.set('used', 'a');
    for (let at = 0; at < 1_500; at += 1) kept.set(`unused ${at}`, 'b');
    for (let seconds = 0; seconds < 60; seconds += 10) {
      vi.advanceTimersByTime(10_000);
      expect(kept.get('used')).toBe('a');
    }
    expect([kept.size, rests]).toEqual([1, 1]);
    vi.advanceTimersByTime(41_000);
    expect([kept.size, rests]).toEqual([0, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not come back once it was let go by name, however long ago it was used', () => {
    const kept = new Kept<string>(4);
    for (const name of ['old', 'b', 'c']) kept.set(name, 'x');
    kept.delete('old');
    kept.delete('c');
    expect([kept.get('old'), kept.get('b'), kept.get('c'), kept.size]).toEqual([undefined, 'x', undefined, 1]);
  });
});
