import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Dialect, duckdb, trino } from './dialect.ts';
import { Engine } from './engine/duckdb.ts';

const pieces = (d: Dialect): Record<string, string> => ({
  addDays: d.addDays('day', -30),
  approxDistinct: d.approxDistinct('person_id'),
  quantile: d.quantile('waiting', 0.9),
  month: d.month('occurred_at'),
  epochMicros: d.epochMicros('occurred_at'),
  joinText: d.joinText('code', ', ', 'code'),
  inlined: d.inlined('fact_charge', 'select 1 as x'),
  parquet: d.parquet(["/data/facts/fact=charge/month=2025-01/a'b.parquet"]),
});

describe('the two engines', () => {
  it('DuckDB is spoken to in these words', () => {
    expect(pieces(duckdb)).toEqual({
      addDays: "cast(day + interval '-30' day as date)",
      approxDistinct: 'approx_count_distinct(person_id)',
      quantile: 'quantile_cont(waiting, 0.9)',
      month: "strftime(occurred_at, '%Y-%m')",
      epochMicros: 'epoch_us(occurred_at)',
      joinText: "string_agg(code, ', ' order by code)",
      inlined: 'fact_charge as not materialized (select 1 as x)',
      parquet: "read_parquet(['/data/facts/fact=charge/month=2025-01/a''b.parquet'], hive_partitioning = false)",
    });
  });

  it('Trino in these', () => {
    expect(pieces(trino)).toEqual({
      addDays: "date_add('day', -30, day)",
      approxDistinct: 'approx_distinct(person_id)',
      quantile: 'approx_percentile(waiting, 0.9)',
      month: "date_format(occurred_at, '%Y-%m')",
      epochMicros: 'cast(to_unixtime(occurred_at) * 1000000 as bigint)',
      joinText: "listagg(code, ', ') within group (order by code)",
      inlined: 'fact_charge as (select 1 as x)',
      parquet: `(select * from lake.charge where "$path" in ('/data/facts/fact=charge/month=2025-01/a''b.parquet'))`,
    });
  });
});

describe('DuckDB', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.open({ memoryMb: 64, threads: 1, spillFolder: null, folders: [] });
  });
  afterAll(() => engine.close());

  it('understands its words, and the portable ones, as meant', async () => {
    const [row] = await engine.read(
      `with given as (select date '2025-03-31' as day, timestamp '2025-03-31 23:59:59.5' as occurred_at, 3 as waiting, 'a' as code
         union all select date '2025-03-01', timestamp '2025-03-01 00:00:00', 1, 'b'),
       ${duckdb.inlined('step', 'select * from given')}
       select max(${duckdb.addDays('day', 1)}) as next_day, ${duckdb.approxDistinct('code')} as codes, ${duckdb.quantile('waiting', 0.5)} as median,
         max(${duckdb.month('occurred_at')}) as month, max(${duckdb.epochMicros('occurred_at')}) as micros, ${duckdb.joinText('code', '+', 'code desc')} as text,
         date_diff('day', min(day), max(day)) as days, max_by(code, day) as last_code, bool_or(waiting > 2) as some, count_if(waiting > 2) as how_many
       from step`,
    );
    expect(row).toEqual({
      ...{ next_day: '2025-04-01', codes: 2, median: 2, month: '2025-03', micros: Date.parse('2025-03-31T23:59:59.500Z') * 1000, text: 'b+a' },
      ...{ days: 30, last_code: 'a', some: true, how_many: 1 },
    });
  });

  it('has nothing from outside its folders and the machine’s own time zone has no say', async () => {
    await expect(engine.read(`copy (select 1) to '/tmp/xinglin-outside.csv'`)).rejects.toMatchObject({ code: 'lake.engine-failed' });
    await expect(engine.read(`set timezone = 'Asia/Tokyo'`)).rejects.toMatchObject({ code: 'lake.query-value' });
    expect(await engine.read(`select cast(timestamptz '2025-01-01 00:00:00+00' as varchar) as t`)).toEqual([{ t: '2025-01-01 00:00:00+00' }]);
  });
});
