import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { invariant } from '../../kernel/index.ts';

/** Large enough that the socket is never waiting, small enough to stay out of the way of the garbage collector. */
const CHUNK_CHARS = 64 * 1024;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const IDENTIFIER = /^[a-z_][a-z0-9_]*$/;

export const identifier = (name: string): string => {
  invariant(IDENTIFIER.test(name), 'a copied table or column has a plain lower-case name');
  return `"${name}"`;
};
export const tableName = (name: string): string => name.split('.').map(identifier).join('.');

/** One value in COPY's text format. Objects become JSON, arrays PostgreSQL arrays (of text, numbers, dates or bytes). */
export function copyText(value: unknown): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (c) => ESCAPES[c] ?? c) : value;
  return copyText(plainText(value));
}

function plainText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(arrayElement).join(',')}}`;
  return JSON.stringify(value);
}

function arrayElement(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value)) return plainText(value);
  return `"${(typeof value === 'string' ? value : plainText(value)).replace(/["\\]/g, '\\$&')}"`;
}

async function* chunks(rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>, count: { rows: number }, width: number) {
  let text = '';
  for await (const row of rows) {
    invariant(row.length === width, 'a copied row has one value for each column');
    text += `${row.map(copyText).join('\t')}\n`;
    count.rows++;
    if (text.length >= CHUNK_CHARS) {
      yield Buffer.from(text, 'utf8');
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text, 'utf8');
}

/** `COPY … FROM STDIN` in text format; resolves to the number of rows. */
export async function copyRows(
  client: pg.ClientBase,
  table: string,
  columns: readonly string[],
  rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>,
): Promise<number> {
  const count = { rows: 0 };
  const stream = client.query(copyFrom(`copy ${tableName(table)} (${columns.map(identifier).join(', ')}) from stdin`));
  await pipeline(Readable.from(chunks(rows, count, columns.length), { objectMode: true, highWaterMark: 2 }), stream);
  return count.rows;
}
