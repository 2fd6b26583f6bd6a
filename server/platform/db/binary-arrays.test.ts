import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '../testing.ts';
import { withBinaryArrays } from './binary-arrays.ts';

type Test = Awaited<ReturnType<typeof testPlatform>>;
let t: Test;
beforeAll(async () => {
  t = await testPlatform();
});
afterAll(() => t.close());

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const many = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<(T | null)[]> => fc.array(orNull(arbitrary), { minLength: 8, maxLength: 40 });
const days = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }).map((at) => at.toISOString().slice(0, 10));
const plain = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));

describe('arrays sent as bytes', () => {
  it('arrive as they were, nulls and any writing included', async () => {
    const arrays = fc.record({
      uuid: many(fc.uuid()),
      bytea: many(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
      text: many(fc.oneof(plain, fc.constantFrom('', 'NULL', '{}', '"', '\\', '张三', '𠅤', 'a,b'))),
      bigint: many(fc.maxSafeInteger()),
      float8: many(fc.double({ noNaN: true }).map((value) => value || 0)),
      boolean: many(fc.boolean()),
      date: many(days),
      timestamptz: many(fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
    });
    await fc.assert(
      fc.asyncProperty(arrays, async (given) => {
        for (const [type, values] of Object.entries(given)) {
          expect(Buffer.isBuffer(withBinaryArrays(`select $1::${type}[]`, [values])?.[0])).toBe(true);
          const rows = await t.platform.db.query<{ v: unknown }>(`select v from unnest($1::${type}[]) with ordinality as given(v, at) order by at`, [values]);
          expect(rows.map((row) => row.v)).toEqual(values);
        }
      }),
      { numRuns: 30 },
    );
  });
  it('of JSON arrive as JSON', async () => {
    const values = Array.from({ length: 10 }, (_, at) => ({ at, name: '张三"\\' }));
    const rows = await t.platform.db.query<{ v: unknown }>('select v from unnest($1::jsonb[]) as v', [values.map((each) => JSON.stringify(each))]);
    expect(rows.map((row) => row.v)).toEqual(values);
  });
  it('with something that is not of the type travel as text, and the server says what is wrong', async () => {
    const mixed = [...Array.from({ length: 10 }, () => '018f0000-0000-7000-8000-000000000000'), 'no uuid'];
    expect(withBinaryArrays('select $1::uuid[]', [mixed])?.[0]).toBe(mixed);
    await expect(t.platform.db.query('select $1::uuid[]', [mixed])).rejects.toMatchObject({ code: '22P02' });
    for (const day of ['2026-02-30', '2026-13-01', '0000-01-01', '26-01-01']) {
      const given = [...Array.from({ length: 10 }, () => '2028-02-29'), day];
      expect(withBinaryArrays('select $1::date[]', [given])?.[0]).toBe(given);
    }
  });
  it('of an unclear cast, few elements or no cast are left alone', () => {
    const numbers = Array.from({ length: 10 }, (_, at) => at);
    const same = (statement: string, values: unknown[]): void => expect(withBinaryArrays(statement, values)?.[0]).toBe(values[0]);
    same('select $1::bigint[], $1::text[]', [numbers]);
    same('select $1::bigint[]', [[1, 2]]);
    same('select any($1)', [numbers]);
  });
});
