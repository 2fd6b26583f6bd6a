import { describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';

const at = (number: number, generation = 0) => ({ number, generation });
const keys = (...each: string[]): ReadonlySet<string> => new Set(each);

describe('what was decided ahead of the pen', () => {
  it('holds when nobody changed anything, or only what it does not rest on', () => {
    const journal = new Journal();
    expect(journal.holds(at(7), at(7), keys('a'))).toBe(true);
    journal.record(8, keys('x', 'y'));
    expect(journal.holds(at(7), at(8), keys('a', 'b', 'c'))).toBe(true);
  });
  it('does not when one of its records was changed meanwhile', () => {
    const journal = new Journal();
    journal.record(8, keys('x'));
    journal.record(9, keys('b'));
    expect(journal.holds(at(7), at(9), keys('a', 'b'))).toBe(false);
    expect(journal.holds(at(9), at(9), keys('a', 'b'))).toBe(true);
  });
  it('does not when a turn is unknown or a rebuild began', () => {
    const journal = new Journal();
    journal.record(9, keys('x'));
    expect(journal.holds(at(7), at(9), keys('a'))).toBe(false);
    expect(journal.holds(at(9, 1), at(9, 2), keys('a'))).toBe(false);
  });
  it('forgets what is long ago', () => {
    const journal = new Journal();
    for (let turn = 1; turn <= 1_000; turn += 1) journal.record(turn, keys());
    expect(journal.holds(at(0), at(1_000), keys('a'))).toBe(false);
    expect(journal.holds(at(900), at(1_000), keys('a'))).toBe(true);
  });
  it('does not when the server rested meanwhile', () => {
    const journal = new Journal();
    journal.record(8, keys('x'));
    journal.clear();
    expect(journal.holds(at(7), at(8), keys('a'))).toBe(false);
    expect(journal.holds(at(8), at(8), keys('a'))).toBe(true);
  });
});
