/**
 * The few places where DuckDB and Trino say the same thing in different words. Statements over facts are written in what both share
 * (ANSI joins, `with`, windows, `cast`, `interval '1' day`, `date_diff('day', a, b)`, `max_by`, `bool_or`, `count_if`) and take these
 * pieces from here. `test` holds the text of both, so a statement that runs here is one that runs there.
 */
export interface Dialect {
  readonly name: 'duckdb' | 'trino';
  /** `days` may be negative; gives a date. */
  addDays(day: string, days: number): string;
  /** Distinct values within about 2 %; twenty times cheaper than exact over tens of millions of rows. */
  approxDistinct(value: string): string;
  /** `p` from 0 to 1. DuckDB's is exact, Trino's within about 1 %. */
  quantile(value: string, p: number): string;
  /** `YYYY-MM` of a date or timestamp. */
  month(value: string): string;
  /** Microseconds since 1970 of a UTC timestamp, as bigint. */
  epochMicros(timestamp: string): string;
  /** Values of a group as one text, in order. */
  joinText(value: string, separator: string, order: string): string;
  /** A step of a `with` that should be read into the statement where it is used. */
  inlined(name: string, sql: string): string;
  /** Rows of Parquet files, by column name. */
  parquet(paths: readonly string[]): string;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const duckdb: Dialect = {
  name: 'duckdb',
  addDays: (day, days) => `cast(${day} + interval '${days}' day as date)`,
  approxDistinct: (value) => `approx_count_distinct(${value})`,
  quantile: (value, p) => `quantile_cont(${value}, ${p})`,
  month: (value) => `strftime(${value}, '%Y-%m')`,
  epochMicros: (timestamp) => `epoch_us(${timestamp})`,
  joinText: (value, separator, order) => `string_agg(${value}, ${quoted(separator)} order by ${order})`,
  inlined: (name, sql) => `${name} as not materialized (${sql})`,
  parquet: (paths) => `read_parquet([${paths.map(quoted).join(', ')}], hive_partitioning = false)`,
};

/** Trino reads the same files as tables of a Hive catalogue, one per fact; it inlines every `with` by itself. */
export const trino: Dialect = {
  name: 'trino',
  addDays: (day, days) => `date_add('day', ${days}, ${day})`,
  approxDistinct: (value) => `approx_distinct(${value})`,
  quantile: (value, p) => `approx_percentile(${value}, ${p})`,
  month: (value) => `date_format(${value}, '%Y-%m')`,
  epochMicros: (timestamp) => `cast(to_unixtime(${timestamp}) * 1000000 as bigint)`,
  joinText: (value, separator, order) => `listagg(${value}, ${quoted(separator)}) within group (order by ${order})`,
  inlined: (name, sql) => `${name} as (${sql})`,
  parquet: (paths) => {
    const fact = /fact=([a-z_]+)\//.exec(paths[0] ?? '')?.[1] ?? 'unknown';
    return `(select * from lake.${fact} where "$path" in (${paths.map(quoted).join(', ')}))`;
  },
};
