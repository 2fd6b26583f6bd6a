import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlindTable } from './blind-table.ts';

describe('blinded values', () => {
  it('get one number each, in the order in which they first come, however many more come than were expected', () => {
    // Few different first bytes, so that many fall on the same place of the table.
    const value = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })).map(([first, last]) => {
      const bytes = Buffer.alloc(16);
      bytes[0] = first;
      bytes[15] = last;
      return bytes;
    });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 400 }), fc.integer({ min: 0, max: 50 }), (values, expected) => {
        const table = new BlindTable(expected);
        const plain = new Map<string, number>();
        for (const each of values) {
          const name = each.toString('hex');
          if (!plain.has(name)) plain.set(name, plain.size);
          expect(table.numberOf(each)).toBe(plain.get(name));
        }
        expect(table.size).toBe(plain.size);
      }),
    );
  });
});
