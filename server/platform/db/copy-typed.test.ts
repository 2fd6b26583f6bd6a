import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPlatform } from '../testing.ts';

type Test = Awaited<ReturnType<typeof testPlatform>>;
let t: Test;
beforeAll(async () => {
  t = await testPlatform();
  await t.platform.db.query(
    'create table lake.thing (place integer, id uuid, name text, blind bytea, is_on boolean, count bigint, share float8, at timestamptz, day date, extra jsonb)',
  );
});
afterAll(() => t.close());

const orNull = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const rowsGiven = fc.array(
  fc.record({
    id: orNull(fc.uuid()),
    name: orNull(
      fc.oneof(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        fc.constantFrom('', '\\N', '\t', '张三', '𠅤'),
      ),
    ),
    blind: orNull(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
    isOn: orNull(fc.boolean()),
    count: orNull(fc.maxSafeInteger()),
    share: orNull(fc.double({ noNaN: true }).map((value) => value || 0)),
    at: orNull(fc.date({ min: new Date('1800-01-01'), max: new Date('2200-01-01'), noInvalidDate: true })),
    day: orNull(fc.constantFrom('0001-01-01', '1999-12-31', '2000-01-01', '2028-02-29', '9999-12-31')),
  }),
  { maxLength: 60 },
);

describe('rows copied as bytes', () => {
  it('arrive as they were, nulls and any writing included', async () => {
    const { db } = t.platform;
    await fc.assert(
      fc.asyncProperty(rowsGiven, async (given) => {
        await db.query('truncate lake.thing');
        const rows = given.map((row, place) => ({ ...row, place, extra: JSON.stringify({ place }) }));
        await db.copyTyped(
          'lake.thing',
          [
            ['place', 'integer', (row) => row.place],
            ['id', 'uuid', (row) => row.id],
            ['name', 'text', (row) => row.name],
            ['blind', 'bytea', (row) => row.blind],
            ['is_on', 'boolean', (row) => row.isOn],
            ['count', 'bigint', (row) => row.count],
            ['share', 'float8', (row) => row.share],
            ['at', 'timestamptz', (row) => row.at],
            ['day', 'date', (row) => row.day],
            ['extra', 'jsonb', (row) => row.extra],
          ],
          rows,
        );
        const found = await db.query('select place, id, name, blind, is_on as "isOn", count, share, at, day, extra from lake.thing order by place');
        expect(found).toEqual(rows.map((row) => ({ ...row, extra: { place: row.place } })));
      }),
      { numRuns: 30 },
    );
  });

  it('more than a piece holds, and one row longer than a piece, arrive whole', async () => {
    const { db } = t.platform;
    await db.query('truncate lake.thing');
    const rows = Array.from({ length: 10_000 }, (_, place) => ({ place, name: place === 5_000 ? '长'.repeat(100_000) : `name ${place}` }));
    await db.copyTyped('lake.thing', [['place', 'integer', (row) => row.place], ['name', 'text', (row) => row.name]], rows); // biome-ignore format: one call
    expect(await db.query('select place, name from lake.thing order by place')).toEqual(rows);
  });

  it('with something that is not of its type are refused whole, and the connection is good for more', async () => {
    const { db } = t.platform;
    await db.query('truncate lake.thing');
    const ids = ['018f0000-0000-7000-8000-000000000000', 'no uuid'];
    await expect(db.tx((tx) => tx.copyTyped('lake.thing', [['id', 'uuid', (id) => id]], ids))).rejects.toThrow();
    expect(await db.one('select count(*)::int as n from lake.thing')).toEqual({ n: 0 });
  });
});
