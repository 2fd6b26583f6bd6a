import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestPlatform, testPlatform } from '../testing.ts';
import type { Db } from '../types.ts';
import { DatabaseError } from './database-error.ts';

let t: TestPlatform;
let db: Db;
beforeAll(async () => {
  t = await testPlatform();
  db = t.platform.db;
  await db.query('create table lake.thing (id int primary key, name text unique, at timestamptz, bytes bytea, tags text[], extra jsonb)');
});
afterAll(() => t.close());

describe('values', () => {
  test('arrive in the promised types', async () => {
    const row = await db.one(
      `select 9007199254740991::int8 as big, date '2026-02-03' as day, timestamptz '2026-02-03T04:05:06.789Z' as at, '\\x01ff'::bytea as bytes,
        array['2026-01-01'::date, null] as days, array[1, 2]::int8[] as numbers, 1.50::numeric as exact, '{"a":[1]}'::jsonb as doc`,
    );
    expect(row).toEqual({
      big: 9007199254740991,
      day: '2026-02-03',
      at: new Date('2026-02-03T04:05:06.789Z'),
      bytes: Buffer.from([1, 255]),
      days: ['2026-01-01', null],
      numbers: [1, 2],
      exact: '1.50',
      doc: { a: [1] },
    });
    await expect(db.query('select 9007199254740993::int8 as big')).rejects.toThrow('2^53');
  });

  test('copied in come back unchanged, whatever characters they hold', async () => {
    const nasty = 'tab\t newline\n return\r back\\slash \\N \\. 杏林 "quoted" {brace}, comma';
    const rows = [
      [1, nasty, new Date('2026-01-01T00:00:00.123Z'), Buffer.from([0, 9, 10, 92]), [nasty, null, ''], { a: nasty }],
      [2, null, null, null, [], null],
      [3, '', null, null, null, []],
    ];
    // An array in a json column is written as JSON text by the caller: COPY cannot know the column's type.
    (rows[2] as unknown[])[5] = '[]';
    expect(await db.copyIn('lake.thing', ['id', 'name', 'at', 'bytes', 'tags', 'extra'], rows)).toBe(3);
    expect(await db.query('select * from lake.thing order by id')).toEqual([
      { id: 1, name: nasty, at: rows[0]?.[2], bytes: rows[0]?.[3], tags: [nasty, null, ''], extra: { a: nasty } },
      { id: 2, name: null, at: null, bytes: null, tags: [], extra: null },
      { id: 3, name: '', at: null, bytes: null, tags: null, extra: [] },
    ]);
    await db.query('delete from lake.thing');
  });

  test('a large copy streams from an async source', async () => {
    async function* source() {
      for (let id = 0; id < 50_000; id++) yield [id, `name ${id}`];
    }
    expect(await db.copyIn('lake.thing', ['id', 'name'], source())).toBe(50_000);
    await db.query('delete from lake.thing');
  });
});

describe('errors', () => {
  test('of the database carry a code and schema names, never the value', async () => {
    await db.query(`insert into lake.thing (id, name) values (1, '欧阳小明')`);
    const attempts = [
      () => db.query(`insert into lake.thing (id, name) values (2, $1)`, ['欧阳小明']),
      () => db.copyIn('lake.thing', ['id', 'name'], [[2, '欧阳小明']]),
      () => db.tx((tx) => tx.query(`insert into lake.thing (id, name) values (2, $1)`, ['欧阳小明'])),
      () => db.query('select $1::uuid', ['欧阳小明']),
    ];
    for (const attempt of attempts) {
      const error = await attempt().then(
        () => null,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(DatabaseError);
      expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('欧阳');
      expect((error as Error).cause).toBeUndefined();
    }
    await expect(attempts[0]?.()).rejects.toMatchObject({ code: '23505', constraint: 'thing_name_key', table: 'thing' });
    await db.query('delete from lake.thing');
  });

  test('thrown by the work itself stay themselves', async () => {
    await expect(
      db.tx(() => {
        throw new RangeError('mine');
      }),
    ).rejects.toThrow(RangeError);
  });
});

describe('transactions', () => {
  test('roll back on an error and run afterCommit only when durable', async () => {
    const ran: string[] = [];
    await db.tx(async (tx) => {
      await tx.query('insert into lake.thing (id) values (10)');
      tx.afterCommit(() => ran.push('committed'));
    });
    await expect(
      db.tx(async (tx) => {
        await tx.query('insert into lake.thing (id) values (11)');
        tx.afterCommit(() => ran.push('rolled back'));
        throw new Error('stop');
      }),
    ).rejects.toThrow('stop');
    expect(ran).toEqual(['committed']);
    expect(await db.query('select id from lake.thing')).toEqual([{ id: 10 }]);
  });

  test('that deadlock are run again until both are done', async () => {
    await db.query('insert into lake.thing (id) values (20), (21)');
    let arrived = 0;
    let meet: () => void = () => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const swap = (first: number, second: number) =>
      db.tx(async (tx) => {
        await tx.query('update lake.thing set name = coalesce(name, $2::text) where id = $1', [first, `n${first}`]);
        if (++arrived === 2) meet();
        await both;
        await tx.query('update lake.thing set name = coalesce(name, $2::text) where id = $1', [second, `n${second}`]);
      });
    await Promise.all([swap(20, 21), swap(21, 20)]);
    expect(arrived).toBeGreaterThan(2);
  });

  test('that swallowed a failed statement are not called committed', async () => {
    const work = db.tx(async (tx) => {
      await tx.query('select 1/0').catch(() => {});
    });
    await expect(work).rejects.toThrow('not committed');
  });

  test('whose connection is killed before the commit are run again', async () => {
    let attempts = 0;
    await db.tx(async (tx) => {
      attempts++;
      await tx.query('insert into lake.thing (id) values (30)');
      if (attempts > 1) return;
      const { pid } = await tx.one<{ pid: number }>('select pg_backend_pid() as pid');
      await db.query('select pg_terminate_backend($1)', [pid]);
      await tx.query('select 1');
    });
    expect(attempts).toBe(2);
    expect(await db.query('select id from lake.thing where id = 30')).toHaveLength(1);
  });
});
