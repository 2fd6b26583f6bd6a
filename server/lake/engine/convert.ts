/** Values into DuckDB and out of it. */
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBUUIDValue,
  type DuckDBValue,
  INTEGER,
  LIST,
  SQLNULL,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import { invariant } from '../../kernel/index.ts';

export type QueryValue = string | number | bigint | boolean | Date | null | readonly (string | number | null)[];

/** A whole number is an INTEGER or BIGINT, any other a DOUBLE; a Date is a TIMESTAMP in UTC; a list holds texts or numbers. */
export function toDuckDb(value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return typeOf(value) === BIGINT ? BigInt(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Date) return new DuckDBTimestampValue(BigInt(value.getTime()) * 1000n);
  invariant(Array.isArray(value), 'a query parameter is a text, number, flag, time or a list of texts or numbers');
  const isText = listIsText(value);
  return new DuckDBListValue(value.map((each) => (each === null ? null : isText ? String(each) : Number(each))));
}

export function typeOf(value: unknown): DuckDBType {
  if (value === null || value === undefined) return SQLNULL;
  if (typeof value === 'number') return !Number.isSafeInteger(value) ? DOUBLE : (value | 0) === value ? INTEGER : BIGINT;
  if (typeof value === 'bigint') return BIGINT;
  if (typeof value === 'boolean') return BOOLEAN;
  if (value instanceof Date) return TIMESTAMP;
  if (Array.isArray(value)) return LIST(listIsText(value) ? VARCHAR : DOUBLE);
  return VARCHAR;
}
const listIsText = (list: readonly unknown[]): boolean => !list.every((each) => each === null || typeof each === 'number') || list.length === 0;

export function convertRow(names: readonly string[], row: readonly DuckDBValue[]): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [i, name] of names.entries()) out[name] = fromDuckDb(row[i] ?? null);
  return out;
}

/** bigint → number, decimal → number, timestamp → Date, date → `YYYY-MM-DD`, uuid → text; lists as arrays, maps as objects, anything else as its text. */
export function fromDuckDb(value: DuckDBValue): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof DuckDBTimestampValue) return new Date(Number(value.micros / 1000n));
  if (value instanceof DuckDBDateValue || value instanceof DuckDBUUIDValue) return value.toString();
  if (value instanceof DuckDBDecimalValue) return value.toDouble();
  if (value instanceof DuckDBListValue) return value.items.map(fromDuckDb);
  if (value instanceof DuckDBMapValue) return Object.fromEntries(value.entries.map((entry) => [String(entry.key), fromDuckDb(entry.value)]));
  return String(value);
}
