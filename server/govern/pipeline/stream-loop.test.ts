import { describe, expect, it } from 'vitest';
import { nextShare } from './stream-loop.ts';

/** Filing that takes so long per whole chunk; what the share comes to after some chunks. */
const settle = (msPerWhole: number, share: number, chunks: number): number => {
  let now = share;
  for (let i = 0; i < chunks; i++) now = nextShare(now, msPerWhole * now);
  return now;
};

describe('how much of a bulk chunk is taken at once', () => {
  it('settles where filing holds others up for four tenths of a second', () => {
    expect(settle(4_000, 0.2, 10)).toBeCloseTo(0.1);
    expect(settle(800, 0.01, 10)).toBeCloseTo(0.5);
  });
  it('is everything when filing is quick, and never nothing when it is slow', () => {
    expect(settle(1, 0.2, 10)).toBe(1);
    expect(settle(10_000_000, 1, 20)).toBe(0.01);
  });
  it('is at most doubled, or cut to a fifth, by one chunk, whatever that one took', () => {
    expect(nextShare(0.2, 0)).toBe(0.4);
    expect(nextShare(0.2, 60_000)).toBeCloseTo(0.04);
  });
  it('may hold longer where nobody comes live', () => {
    expect(nextShare(0.5, 2_000, 2_000)).toBe(0.5);
    expect(nextShare(0.5, 2_000)).toBeCloseTo(0.1);
  });
});
