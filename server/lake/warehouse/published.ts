/** Small relations whose truth is in PostgreSQL, loaded into tables of the engine when a query asks for them and they changed. */
import {
  BOOLEAN,
  DATE,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDateValue,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBUUIDValue,
  type DuckDBValue,
  INTEGER,
  TIMESTAMP,
  UUID,
  VARCHAR,
} from '@duckdb/node-api';
import { identifier } from '../engine/duckdb.ts';
import type { Warehouse } from '../types.ts';

export type PublishedColumn = Parameters<Warehouse['publish']>[1][number];
/** DuckDB's vector size: one chunk is one append. */
const CHUNK_ROWS = 2048;

/** Appends rows through typed chunks; they never touch the disk in plain text. Returns how many. */
export async function loadTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly PublishedColumn[],
  rows: AsyncIterable<readonly unknown[]>,
): Promise<number> {
  await connection.run(`create table ${identifier(table)} (${columns.map(({ name, type }) => `${identifier(name)} ${type}`).join(', ')})`);
  const types = columns.map(({ type }) => TYPES[type]);
  const appender = await connection.createAppender(table);
  let chunk: (readonly unknown[])[] = [];
  let count = 0;
  const append = (): void => {
    const data = DuckDBDataChunk.create(types, chunk.length);
    columns.forEach(({ type }, at) => {
      data.setColumnValues(
        at,
        chunk.map((row) => toColumn(type, row[at])),
      );
    });
    appender.appendDataChunk(data);
    count += chunk.length;
    chunk = [];
  };
  for await (const row of rows) {
    chunk.push(row);
    if (chunk.length === CHUNK_ROWS) append();
  }
  if (chunk.length > 0) append();
  appender.closeSync();
  return count;
}

const TYPES: Record<PublishedColumn['type'], DuckDBType> = {
  uuid: UUID,
  varchar: VARCHAR,
  integer: INTEGER,
  timestamp: TIMESTAMP,
  date: DATE,
  boolean: BOOLEAN,
  double: DOUBLE,
};

function toColumn(type: PublishedColumn['type'], value: unknown): DuckDBValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'uuid':
      return DuckDBUUIDValue.fromUint128(BigInt(`0x${String(value).replaceAll('-', '')}`));
    case 'timestamp':
      return new DuckDBTimestampValue(value instanceof Date ? BigInt(value.getTime()) * 1000n : BigInt(value as bigint | number));
    case 'date':
      return new DuckDBDateValue(Math.round(Date.parse(`${String(value)}T00:00:00Z`) / 86_400_000));
    case 'varchar':
      return String(value);
    default:
      return value as number | boolean;
  }
}
