/** From the fact schemas of `contracts`: the types in Parquet, and the last check before a value is written. */
import { createHash } from 'node:crypto';
import { type Column, type ColumnKind, columnsOf, enumOf, type FactName, type FactValue } from '@xinglin/contracts';
import { literal } from '../engine/duckdb.ts';
import { refuse } from '../errors.ts';

const CODE_LENGTH_MAX = 64;
/** Editions and templates name several parts; nothing longer is a token. */
const TOKEN_LENGTH_MAX = 128;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const PRINTABLE = /^[\x20-\x7e]+$/;

export function sqlType(kind: ColumnKind): string {
  switch (kind) {
    case 'key':
      return 'uuid';
    case 'time':
      return 'timestamp';
    case 'day':
      return 'date';
    case 'integer':
    case 'fen':
      return 'bigint';
    case 'number':
      return 'double';
    case 'price':
      return 'decimal(12,4)';
    case 'flag':
      return 'boolean';
    default:
      return 'varchar';
  }
}

export const dimensionOf = (column: Column): string | null => (column.kind.startsWith('dimension:') ? column.kind.slice('dimension:'.length) : null);

/** Columns by name with all the texts that occur in them, where those are few. */
export type FewTexts = ReadonlyMap<string, readonly string[]>;

/**
 * The columns of the fact, by name and typed, from a SELECT that gives at least those. `few` are written as an enumeration, which takes a fifth off the
 * writing; read again they are texts. Another text than those fails the statement.
 */
export const typedSelect = (fact: FactName, select: string, few?: FewTexts): string =>
  `select ${columnsOf(fact)
    .map(({ name, kind }) => {
      const texts = few?.get(name);
      return `cast("${name}" as ${texts === undefined ? sqlType(kind) : enumType(texts)}) as "${name}"`;
    })
    .join(', ')} from (${select}) given`;

/** In DuckDB. */
export const enumType = (texts: readonly string[]): string => `enum(${texts.map(literal).join(', ')})`;

/** Names a list of columns: files with the same print are read together. */
export const columnsPrint = (fact: FactName): string =>
  createHash('sha256')
    .update(
      columnsOf(fact)
        .map((column) => `${column.name} ${sqlType(column.kind)}\n`)
        .join(''),
    )
    .digest('hex')
    .slice(0, 16);

export const NEVER_NULL: ReadonlySet<string> = new Set([
  ...['fact_key', 'version', 'position', 'is_deleted', 'org_id', 'campus_id', 'source'],
  ...['occurred_at', 'received_at', 'day', 'time_precision', 'edition'],
]);

/** Tab-separated text of one value; refuses what a fact may not hold. */
export type WriteValue = (value: FactValue, row: number) => string;

/**
 * The last gate before facts: keys are UUIDs, enums are of their list, codes and tokens are short printable ASCII. `govern` has decided
 * what a code is; here a name, a sentence or an unknown type has no way in.
 */
export function writersOf(fact: FactName): WriteValue[] {
  return columnsOf(fact).map((column) => {
    const check = checkOf(column.kind);
    const mayBeNull = !NEVER_NULL.has(column.name);
    // Many rows in a row are of one source, one visit, one day.
    let last: FactValue = null;
    let lastText = '';
    return (value, row) => {
      if (value === null && mayBeNull) return '';
      if (value !== null && value === last) return lastText;
      const text = value === null ? null : check(value);
      if (text === null) throw refuse('unsafe-value', { fact, column: column.name, row });
      last = value;
      lastText = text;
      return text;
    };
  });
}

function checkOf(kind: ColumnKind): (value: Exclude<FactValue, null>) => string | null {
  switch (kind) {
    case 'key':
      return (value) => (typeof value === 'string' && UUID.test(value) ? value : null);
    case 'time':
      return (value) => (typeof value === 'bigint' ? String(value) : null);
    case 'day':
      return (value) => (typeof value === 'string' && DAY.test(value) ? value : null);
    case 'integer':
    case 'fen':
      return (value) => (typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : null);
    case 'number':
      return (value) => (typeof value === 'number' && Number.isFinite(value) ? String(value) : null);
    case 'price':
      return (value) => (typeof value === 'number' && Math.abs(value) < 1e8 ? value.toFixed(4) : null);
    case 'flag':
      return (value) => (typeof value === 'boolean' ? String(value) : null);
    default: {
      const list = enumOf(kind);
      if (list !== null) {
        const allowed = new Set<unknown>(list);
        return (value) => (allowed.has(value) ? (value as string) : null);
      }
      const max = kind === 'token' ? TOKEN_LENGTH_MAX : CODE_LENGTH_MAX;
      return (value) => (typeof value === 'string' && value.length <= max && PRINTABLE.test(value) ? value : null);
    }
  }
}

/** The same gate for rows that come as SQL: one boolean per column, true where some row of the relation breaks it; beside `more`, for each of its groups. */
export function unsafeColumnsSql(fact: FactName, relation: string, more?: string): string {
  const checks = columnsOf(fact).flatMap((column) => {
    const name = `"${column.name}"`;
    const max = column.kind === 'token' ? TOKEN_LENGTH_MAX : CODE_LENGTH_MAX;
    const isText = sqlType(column.kind) === 'varchar';
    // One function of one column is worked out for the entries of its dictionary only.
    const pattern = enumOf(column.kind)?.join('|') ?? `[\\x20-\\x7e]{1,${max}}`;
    const unsafe = [
      ...(NEVER_NULL.has(column.name) ? [`${name} is null`] : []),
      ...(isText ? [`not regexp_full_match(${name}, ${literal(pattern)})`] : []),
      ...(column.kind === 'number' ? [`not isfinite(${name})`] : []),
    ];
    return unsafe.length === 0 ? [] : [`coalesce(bool_or(${unsafe.join(' or ')}), false) as ${name}`];
  });
  return `select ${[...(more === undefined ? [] : [more]), ...checks].join(', ')} from ${relation}${more === undefined ? '' : ' group by all'}`;
}
