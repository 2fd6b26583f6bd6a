import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { columnsOf, type FactRow } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tx } from '../platform/index.ts';
import { type TestPlatform, testPlatform } from '../platform/testing.ts';
import { Engine } from './engine/duckdb.ts';
import { filesSql } from './facts/fact-folder.ts';
import { createLake, type OpenLake } from './lake.ts';
import { delivery } from './raw/testing.ts';
import { commitRows, factRow, keyFor, micros, TEST_STREAM } from './testing.ts';

let t: TestPlatform;
let lake: OpenLake;
beforeAll(async () => {
  t = await testPlatform();
  lake = await createLake({ platform: t.platform, graceSeconds: 0 });
});
afterAll(async () => {
  await lake.close();
  await t.close();
});
const reopen = async (): Promise<void> => {
  await lake.close();
  lake = await createLake({ platform: t.platform, graceSeconds: 0 });
};
const parquetFiles = (): string[] =>
  readdirSync(join(t.dataDir, 'facts'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.parquet'));
const charge = (name: string, more: Parameters<typeof factRow>[1] = {}): ['charge', FactRow] => [
  'charge',
  factRow('charge', { fact_key: keyFor(name), ...more }),
];

/** Rewrites the files of `message` as they were before it had the column `reason`. */
async function makeOlder(tx: Tx): Promise<void> {
  const engine = await Engine.open({ memoryMb: 64, threads: 1, spillFolder: null, folders: [t.dataDir] });
  for (const { path } of await tx.query<{ path: string }>(`select path from lake.fact_file where fact = 'message' and generation_removed is null`)) {
    const full = join(t.dataDir, 'facts', path);
    await engine.write(async (run) => {
      await run(`create or replace table earlier as select * exclude (reason) from read_parquet('${full}', hive_partitioning = false)`);
      await run(`copy earlier to '${full}' (format parquet)`);
    });
  }
  await tx.query(`update lake.fact_file set columns_print = 'earlier' where fact = 'message'`);
  await engine.close();
}

describe('raw zone with PostgreSQL', () => {
  it('finds content of earlier runs in the index, and what a crash kept out of it in the segments', async () => {
    const stream = { ...TEST_STREAM, source: 'crash' };
    await lake.raw.append([delivery('a', { stream }), delivery('b', { stream })]);
    await lake.close();
    await t.platform.db.query('delete from lake.raw_content');
    await t.platform.db.query('update lake.raw_indexed set position = 0');
    lake = await createLake({ platform: t.platform, graceSeconds: 0 });
    expect(await t.platform.db.one('select count(*) as n from lake.raw_content')).toEqual({ n: 2 });
    expect(await lake.raw.append([delivery('b', { stream }), delivery('c', { stream })])).toEqual([
      { outcome: 'duplicate' },
      { outcome: 'accepted', position: 3 },
    ]);
  });

  it('takes thousands of deliveries in one call', async () => {
    const stream = { ...TEST_STREAM, source: 'many' };
    const all = Array.from({ length: 12_000 }, (_, i) => delivery(`n ${i}`, { stream }));
    expect((await lake.raw.append(all)).every((each) => each.outcome === 'accepted')).toBe(true);
    expect((await lake.raw.append(all)).every((each) => each.outcome === 'duplicate')).toBe(true);
  });
});

describe('facts', () => {
  it('every fact can be asked before there is one', async () => {
    expect(await lake.warehouse.query('select count(*) as n from fact_review r join fact_review_history h on h.fact_key = r.fact_key')).toEqual([{ n: 0 }]);
    expect(await lake.warehouse.query('select * from fact_encounter where person_id is null')).toEqual([]);
  });

  it('come back with the types written down', async () => {
    const row = factRow('charge', {
      ...{ fact_key: keyFor('typed'), record_key: keyFor('p'), occurred_at: micros('2026-01-31T23:30:00.123Z'), version: 1_769_902_200_123_456 },
      ...{ quantity: 2.5, unit_price: 12.3456, amount_fen: -3086, code: '250301001', category: 'laboratory', department_code: 'D01' },
    });
    await commitRows(lake, t.platform.db, [['charge', row]]);
    const [found] = await lake.warehouse.query(`select * from fact_charge where fact_key = $1`, [keyFor('typed')]);
    expect(found).toMatchObject({
      ...{ fact_key: keyFor('typed'), record_key: keyFor('p'), version: 1_769_902_200_123_456, is_deleted: false, day: '2026-02-01' },
      ...{ occurred_at: new Date('2026-01-31T23:30:00.123Z'), quantity: 2.5, unit_price: 12.3456, amount_fen: -3086, code: '250301001' },
      ...{ payment_type: null, department_code: 'D01', department: null, staff: null, person_id: null },
    });
    expect(Object.keys(found ?? {}).slice(0, columnsOf('charge').length)).toEqual(columnsOf('charge').map((column) => column.name));
  });

  it('are filed by fact and month of the event, sorted by record key', async () => {
    const rows = Array.from({ length: 500 }, (_, i) =>
      charge(`m${i}`, { record_key: keyFor(`p${i % 50}`), occurred_at: micros(i % 2 === 0 ? '2025-03-31T23:59:59Z' : '2025-04-01T00:00:00Z') }),
    );
    const batch = lake.beginFacts();
    await batch.add(
      'charge',
      rows.map(([, row]) => row),
    );
    const files = await batch.close();
    expect(files.map(({ fact, month, rows: n }) => [fact, month, n]).sort()).toEqual([
      ['charge', '2025-03', 250],
      ['charge', '2025-04', 250],
    ]);
    for (const file of files) {
      expect(file.path).toMatch(/^fact=charge\/month=2025-0[34]\/[0-9a-f-]{36}\.parquet$/);
      expect(existsSync(join(t.dataDir, 'facts', file.path))).toBe(true);
    }
    await batch.abort();
  });

  it('written before a column was added have it empty, beside newer ones and alone', async () => {
    const stream = { ...TEST_STREAM, source: 'grown' };
    const rows = ['old 1', 'old 2'].map((name) => ['message', factRow('message', { fact_key: keyFor(name), status: 'sent', reason: 'none' })] as const);
    await commitRows(lake, t.platform.db, rows, stream);
    await t.platform.db.tx((tx) => makeOlder(tx));
    await reopen();
    const ask = () => lake.warehouse.query('select status, reason from fact_message order by reason nulls first');
    expect(await ask()).toEqual([
      { status: 'sent', reason: null },
      { status: 'sent', reason: null },
    ]);
    await commitRows(lake, t.platform.db, [['message', factRow('message', { fact_key: keyFor('new'), status: 'read', reason: 'budget' })]], stream);
    const all = [
      { status: 'sent', reason: null },
      { status: 'sent', reason: null },
      { status: 'read', reason: 'budget' },
    ];
    expect(await ask()).toEqual(all);
    await lake.compact({ minFiles: 1 });
    expect(await ask()).toEqual(all);
    expect(await lake.warehouse.query('select count(*) as n from fact_message_history where reason is null')).toEqual([{ n: 2 }]);
  });

  it('that no transaction took are not seen, and are swept at the next start', async () => {
    await lake.sweep();
    const before = parquetFiles().length;
    const batch = lake.beginFacts();
    await batch.add('charge', [charge('never committed')[1]]);
    await batch.close();
    expect(parquetFiles()).toHaveLength(before + 1);
    expect(await lake.sweep()).toBe(0);
    await reopen();
    expect(parquetFiles()).toHaveLength(before);
  });

  it('leave nothing behind when given up', async () => {
    const before = parquetFiles().length;
    const batch = lake.beginFacts();
    await batch.add('charge', [charge('given up')[1]]);
    await batch.abort();
    expect(parquetFiles()).toHaveLength(before);
    expect(readdirSync(join(t.dataDir, 'tmp/lake')).filter((name) => name.startsWith('facts-'))).toEqual([]);
  });

  for (const [what, given, column] of [
    ['a name', { code: '张三' }, 'code'],
    ['a sentence', { code: 'x'.repeat(65) }, 'code'],
    ['a line break', { payment_type: 'a\tb\nc' }, 'payment_type'],
    ['a value out of its list', { category: 'gift' }, 'category'],
    ['a key that is none', { record_key: '110101199003070000' }, 'record_key'],
    ['a missing version', { version: null }, 'version'],
    ['a number that is none', { quantity: Number.NaN }, 'quantity'],
  ] as const) {
    it(`refuse ${what}, and name the column but not the value`, async () => {
      const batch = lake.beginFacts();
      const refused = batch.add('charge', [charge('fine')[1], charge('unsafe', given)[1]]);
      await expect(refused).rejects.toMatchObject({ code: 'lake.unsafe-value', details: { fact: 'charge', column, row: 1 } });
      await refused.catch((error: Error) => expect(error.message).not.toMatch(/张三|xxx|gift|1101/));
      await batch.abort();
    });
  }

  it('come set-based from a SELECT over parameters, through the same gate, with keys made inside', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `${i},MRN${i % 100},${i * 10}`).join('\n');
    const batch = lake.beginFacts();
    const select = `
      select cast(pseudonym('demo', 'his', 'charge', p[1]) as uuid) as fact_key, pseudonym('demo', 'his', 'mrn', p[2]) as record_key, 5 as version, 1 as position, false as is_deleted,
        'demo' as org_id, 'main' as campus_id, 'his' as source, null as encounter_key, timestamp '2024-05-05 01:00:00' + cast(p[1] as int) * interval 1 hour as occurred_at,
        timestamp '2026-01-01' as received_at, date '2024-05-05' as day, 'second' as time_precision, 'bulk@1' as edition,
        'C' || p[1] as code, null as department_code, null as staff_code, 'drug' as category, 1 as quantity, 0.5 as unit_price, cast(p[3] as bigint) as amount_fen, null as payment_type
      from (select string_split(line, ',') as p from (select unnest(string_split($1, chr(10))) as line))`;
    await batch.addFrom('charge', select, [lines]);
    await batch.add('charge', [charge('beside', { occurred_at: micros('2024-05-06T00:00:00Z') })[1]]);
    const files = await batch.close();
    expect(files.map((file) => file.month).sort()).toEqual(['2024-05', '2024-06', '2024-07', '2024-08', '2024-09']);
    await t.platform.db.tx((tx) => lake.commit(tx, { stream: { ...TEST_STREAM, lane: 'bulk' }, from: 0, to: 7, files, edition: 'bulk@1' }));
    expect(
      await lake.warehouse.query(
        `select count(*) as n, sum(amount_fen) as fen, count(distinct record_key) as people from fact_charge where edition = 'bulk@1'`,
      ),
    ).toEqual([{ n: 3000, fen: 44_985_000, people: 100 }]);
    const [{ key } = {}] = await lake.warehouse.query<{ key: string }>(`select record_key as key from fact_charge where code = 'C7' limit 1`);
    expect(key).toBe(t.platform.keys.pseudonym('demo', 'his', 'mrn', 'MRN7'));
    const unsafe = lake.beginFacts();
    await expect(unsafe.addFrom('charge', select.replace(`'C' || p[1]`, `'张' || p[1]`), ['1,MRN1,3'])).rejects.toMatchObject({
      code: 'lake.unsafe-value',
      details: { column: 'code' },
    });
    await unsafe.abort();
  });

  it('come as a file made elsewhere, through the same gate, when it is of the fact and of one month', async () => {
    const engine = await Engine.open({ memoryMb: 64, threads: 1, spillFolder: null, folders: [t.dataDir] });
    const path = join(t.dataDir, 'tmp', 'lake', 'made.parquet');
    const make = (code: string, hours: number, category = 'drug') =>
      engine.write((run) =>
        run(`copy (select md5('made' || i)::uuid as fact_key, 5::bigint as version, i::bigint as position, false as is_deleted, 'demo' as org_id, 'main' as campus_id,
               'his' as source, md5('r' || i % 7)::uuid as record_key, null::uuid as encounter_key, timestamp '2023-05-05 01:00:00' + i * interval ${hours} hour as occurred_at,
               timestamp '2026-01-01' as received_at, date '2023-05-05' as day, 'second' as time_precision, 'made@1' as edition, '${code}' || i as code,
               null::varchar as department_code, null::varchar as staff_code, '${category}' as category, 1::double as quantity, 0.5::decimal(12,4) as unit_price,
               i::bigint as amount_fen, null::varchar as payment_type from range(500) t(i) order by record_key, occurred_at) to '${path}' (format parquet)`),
      );
    await make('C', 1);
    const batch = lake.beginFacts();
    await batch.adopt('charge', [path]);
    const files = await batch.close();
    expect(files).toMatchObject([{ fact: 'charge', month: '2023-05', rows: 500 }]);
    expect(existsSync(path)).toBe(false);
    await t.platform.db.tx((tx) => lake.commit(tx, { stream: { ...TEST_STREAM, lane: 'bulk' }, from: 7, to: 8, files, edition: 'made@1' }));
    expect(await lake.warehouse.query(`select count(*) as n, sum(amount_fen) as fen from fact_charge where edition = 'made@1'`)).toEqual([
      { n: 500, fen: 124_750 },
    ]);

    const refusing = lake.beginFacts();
    await make('张', 1);
    await expect(refusing.adopt('charge', [path])).rejects.toMatchObject({ code: 'lake.unsafe-value', details: { column: 'code' } });
    await make('C'.repeat(64), 1);
    await expect(refusing.adopt('charge', [path])).rejects.toMatchObject({ code: 'lake.unsafe-value', details: { column: 'code' } });
    await make('C', 1, 'drugs');
    await expect(refusing.adopt('charge', [path])).rejects.toMatchObject({ code: 'lake.unsafe-value', details: { column: 'category' } });
    await make('C', 10);
    await expect(refusing.adopt('charge', [path])).rejects.toThrow('one month');
    await expect(refusing.adopt('event', [path])).rejects.toThrow('has its columns');
    await refusing.abort();

    const from = `select * from read_parquet('${path}')`;
    const few = new Map([['category', ['drug', 'exam']]]);
    await make('C', 1, 'exam');
    const enumerated = join(t.dataDir, 'tmp', 'lake', 'few.parquet');
    await engine.write((run) => run(filesSql('charge', from, enumerated, { few, isOneMonth: true })));
    expect(await engine.write((run) => run(`select distinct typeof(category) as type, category from read_parquet('${enumerated}')`))).toEqual([
      { type: 'VARCHAR', category: 'exam' },
    ]);
    await make('C', 1, 'bed');
    await expect(engine.write((run) => run(filesSql('charge', from, enumerated, { few, isOneMonth: true })))).rejects.toThrow();
    await engine.close();
    expect(parquetFiles().filter((name) => name.includes('2023-05'))).toHaveLength(1);
  });

  it('that were merged lie in order of their records, whatever order they came in', async () => {
    const names = ['m', 'x', 'b', 'q', 'a', 'z', 'k', 'c'];
    for (const name of names)
      await commitRows(lake, t.platform.db, [charge(`merged ${name}`, { record_key: keyFor(name), occurred_at: micros('2022-02-02T02:00:00Z') })]);
    await lake.compactBy((files) => ({ fold: [], merge: files.some((file) => file.month === '2022-02') ? ['2022-02'] : [] }));
    const live = await t.platform.db.query<{ path: string; kind: string }>(
      `select path, kind from lake.fact_file where month = '2022-02' and generation_removed is null`,
    );
    expect(live).toMatchObject([{ kind: 'fresh' }]);
    const engine = await Engine.open({ memoryMb: 64, threads: 1, spillFolder: null, folders: [t.dataDir] });
    const rows = await engine.read<{ key: string }>(`select record_key as key from read_parquet('${join(t.dataDir, 'facts', live[0]?.path ?? '')}')`);
    expect(rows.map(({ key }) => key)).toEqual(names.map(keyFor).sort());
    await engine.close();
  });
});

describe('commit', () => {
  it('moves the cursor, and refuses whoever is not where it is', async () => {
    const stream = { ...TEST_STREAM, source: 'fenced' };
    const commit = (from: number, to: number) => t.platform.db.tx((tx) => lake.commit(tx, { stream, from, to, files: [], edition: 'e' }));
    await commit(0, 5);
    await expect(commit(0, 7)).rejects.toMatchObject({ code: 'lake.cursor-moved' });
    await commit(5, 6);
    expect(await lake.cursor(stream)).toBe(6);
  });

  it('rolled back leaves no file visible', async () => {
    const generation = lake.warehouse.generation();
    const batch = lake.beginFacts();
    await batch.add('charge', [charge('rolled back')[1]]);
    const files = await batch.close();
    const failing = t.platform.db.tx(async (tx) => {
      await lake.commit(tx, { stream: { ...TEST_STREAM, source: 'rolled' }, from: 0, to: 1, files, edition: 'e' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(lake.warehouse.generation()).toBe(generation);
    expect(await lake.warehouse.query('select 1 from fact_charge where fact_key = $1', [keyFor('rolled back')])).toEqual([]);
    await batch.abort();
  });

  it('moves the generation on at once', async () => {
    const generation = lake.warehouse.generation();
    await commitRows(lake, t.platform.db, [charge('generation')]);
    expect(lake.warehouse.generation()).not.toBe(generation);
    expect(await lake.warehouse.query('select 1 as x from fact_charge where fact_key = $1', [keyFor('generation')])).toHaveLength(1);
  });

  it('forgetting the facts empties them and sets every cursor to the start', async () => {
    await t.platform.db.tx((tx) => lake.forgetFacts(tx));
    expect(await lake.warehouse.query('select count(*) as n from fact_charge_history')).toEqual([{ n: 0 }]);
    expect(await lake.cursor(TEST_STREAM)).toBe(0);
    expect(await lake.sweep()).toBeGreaterThan(0);
    expect(parquetFiles()).toEqual([]);
  });
});

describe('the warehouse', () => {
  it('joins people and the hospital’s own codes from what rooms publish, as of their last change', async () => {
    const people = [[keyFor('r1'), keyFor('person')]];
    const codes = [['department', 'his', 'D01', 'CARD']];
    await commitRows(lake, t.platform.db, [
      charge('one', { record_key: keyFor('r1'), department_code: 'D01' }),
      charge('two', { record_key: keyFor('r2'), department_code: 'D99' }),
    ]);
    lake.warehouse.publish(
      'link',
      [
        { name: 'record_key', type: 'uuid' },
        { name: 'person_id', type: 'uuid' },
      ],
      async function* () {
        yield* people;
      },
    );
    lake.warehouse.publish(
      'dimension_map',
      ['dimension', 'source', 'source_code', 'code'].map((name) => ({ name, type: 'varchar' as const })),
      async function* () {
        yield* codes;
      },
    );
    const ask = () => lake.warehouse.query('select person_id, department, department_code from fact_charge order by department_code');
    expect(await ask()).toEqual([
      { person_id: keyFor('person'), department: 'CARD', department_code: 'D01' },
      { person_id: null, department: null, department_code: 'D99' },
    ]);
    people.push([keyFor('r2'), keyFor('person')]);
    expect((await ask())[1]?.['person_id']).toBeNull();
    const generation = lake.warehouse.generation();
    lake.warehouse.changed('link');
    expect(lake.warehouse.generation()).not.toBe(generation);
    expect((await ask())[1]?.['person_id']).toBe(keyFor('person'));
    expect(await lake.warehouse.query(`select count(distinct person_id) as people from fact_charge`)).toEqual([{ people: 1 }]);
    expect(await lake.warehouse.query(`with mine as (select * from link) select count(*) as n from mine`)).toEqual([{ n: 2 }]);
  });

  it('publishes every column type', async () => {
    const row = [keyFor('u'), '张医生', 7, new Date('2026-01-02T03:04:05Z'), '2026-02-03', true, 1.5];
    lake.warehouse.publish(
      'every_type',
      (['uuid', 'varchar', 'integer', 'timestamp', 'date', 'boolean', 'double'] as const).map((type) => ({ name: `c_${type}`, type })),
      async function* () {
        yield row;
        yield row.map(() => null);
      },
    );
    const rows = await lake.warehouse.query('select * from every_type');
    expect(rows.map((each) => Object.values(each))).toEqual([row, row.map(() => null)]);
  });

  it('binds parameters, also where a value looks like SQL', async () => {
    expect(
      await lake.warehouse.query('select $1 as a, $2 + 1 as b, $3 as c, $4 as d, cast($5 as date) as e', ["'; drop table x; --", 41, null, true, '2026-01-05']),
    ).toEqual([{ a: "'; drop table x; --", b: 42, c: null, d: true, e: '2026-01-05' }]);
    expect(
      await lake.warehouse.query('select count(*) as n from fact_charge where record_key in (select cast(unnest($1) as uuid)) and occurred_at < $2', [
        [keyFor('r1')],
        new Date('2030-01-01'),
      ]),
    ).toEqual([{ n: 1 }]);
  });

  it('names failures by code and never quotes a value', async () => {
    const value = await lake.warehouse.query('select cast($1 as int)', ['13800001111']).catch((error: Error) => error);
    const converted = await lake.warehouse.query('select cast($1 as int)', ['欧阳小明']).catch((error: Error) => error);
    expect(value).toMatchObject({ code: 'lake.query-value' });
    expect(converted).toMatchObject({ code: 'lake.query-value' });
    expect(JSON.stringify([value, converted, (converted as Error).message, (converted as Error).cause ?? null])).not.toMatch(/欧阳|1380/);
    await expect(lake.warehouse.query('selec 1')).rejects.toMatchObject({ code: 'lake.query-invalid' });
    await expect(lake.warehouse.query('select nothing from fact_charge')).rejects.toMatchObject({ code: 'lake.query-invalid' });
    await expect(lake.warehouse.query(`select * from read_csv('/etc/passwd')`)).rejects.toMatchObject({ code: 'lake.engine-failed' });
    await expect(lake.warehouse.query('select range from range(300000)')).rejects.toMatchObject({ code: 'lake.query-too-many-rows' });
    expect(await lake.warehouse.query('select 1 as still_works')).toEqual([{ still_works: 1 }]);
  });

  it('answers while another query is still at work', async () => {
    let isSlowDone = false;
    const slow = lake.warehouse.query('select count(*) as n from range(200000000) t(a) where hash(a) % 7 = 3').then(() => (isSlowDone = true));
    expect(await lake.warehouse.query('select 1 as quick')).toEqual([{ quick: 1 }]);
    expect(isSlowDone).toBe(false);
    await slow;
  });
});

describe('metrics', () => {
  it('show what waits in each stream, and how many segments and files there are', async () => {
    const stream = { ...TEST_STREAM, source: 'measured' };
    await lake.raw.append([delivery('m1', { stream }), delivery('m2', { stream }), delivery('m2', { stream })]);
    await t.platform.db.tx((tx) => lake.commit(tx, { stream, from: 0, to: 1, files: [], edition: 'e' }));
    const text = await t.platform.metrics.metrics();
    expect(text).toContain('xinglin_raw_lag{stream="demo/main/measured/live"} 1');
    expect(text).toMatch(/xinglin_raw_segments [1-9]/);
    expect(text).toMatch(/xinglin_raw_accepted_total [1-9]/);
    expect(text).toMatch(/xinglin_raw_duplicate_total [1-9]/);
    expect(text).toContain('xinglin_raw_corrupt_total 0');
    expect(text).toMatch(/xinglin_fact_files\{kind="fresh"\} [0-9]/);
  });
});
