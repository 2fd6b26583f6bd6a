/**
 * Arrays as PostgreSQL's binary format. Set-based statements send whole columns; as text each element would be quoted, escaped and (bytes) doubled
 * in hexadecimal here, and parsed again there: half of the time of a large statement. What an array holds is read from its cast in the
 * statement (`$3::uuid[]`); anything not plainly of that type travels as text, as before.
 */

export interface ElementType {
  readonly oid: number;
  /** Of types whose elements are all of one length, in bytes. */
  readonly size?: number;
  /** Length in bytes of one element; -1 when the value is not of the type. */
  readonly length: (value: unknown) => number;
  readonly write: (value: never, into: Buffer, at: number) => void;
}

/** 2000-01-01, from which PostgreSQL counts microseconds. */
const EPOCH_MS = 946_684_800_000;
const DAY_MS = 86_400_000;

/** What a hexadecimal digit stands for; negative for every other character. */
const DIGIT = Int8Array.from({ length: 256 }, (_, code) => (/[0-9a-f]/i.test(String.fromCharCode(code)) ? Number.parseInt(String.fromCharCode(code), 16) : -1));
const DASH = 45;
/** The last UUID read, with its bytes: columns repeat the record of a row in the next. */
let uuidRead = '';
const uuidBytes = Buffer.alloc(16);
function readUuid(text: string): boolean {
  if (text === uuidRead) return true;
  if (text.length !== 36) return false;
  uuidRead = '';
  for (let byte = 0, at = 0; byte < 16; byte += 1) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) {
      if (text.charCodeAt(at) !== DASH) return false;
      at += 1;
    }
    const value = ((DIGIT[text.charCodeAt(at)] ?? -1) << 4) | (DIGIT[text.charCodeAt(at + 1)] ?? -1);
    if (value < 0) return false;
    uuidBytes[byte] = value;
    at += 2;
  }
  uuidRead = text;
  return true;
}

/** Days since 2000-01-01 of `YYYY-MM-DD`; NaN when it is none. */
function daysOf(text: string): number {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text)) return Number.NaN;
  const ms = Date.parse(text);
  return new Date(ms).getUTCDate() === Number(text.slice(8)) ? (ms - EPOCH_MS) / DAY_MS : Number.NaN;
}

export const TYPES = {
  uuid: {
    oid: 2950,
    size: 16,
    length: (value) => (typeof value === 'string' && readUuid(value) ? 16 : -1),
    write: (value: string, into, at) => void (readUuid(value) && into.set(uuidBytes, at)),
  },
  bytea: {
    oid: 17,
    length: (value) => (value instanceof Uint8Array ? value.length : -1),
    write: (value: Uint8Array, into, at) => into.set(value, at),
  },
  text: {
    oid: 25,
    // A zero byte has no place in a text; the server says so.
    length: (value) => (typeof value === 'string' ? Buffer.byteLength(value) : -1),
    write: (value: string, into, at) => void into.write(value, at, 'utf8'),
  },
  integer: {
    oid: 23,
    size: 4,
    length: (value) => (Number.isInteger(value) && Math.abs(value as number) < 2 ** 31 ? 4 : -1),
    write: (value: number, into, at) => void into.writeInt32BE(value, at),
  },
  bigint: {
    oid: 20,
    size: 8,
    length: (value) => (Number.isSafeInteger(value) || typeof value === 'bigint' ? 8 : -1),
    write: (value: number | bigint, into, at) => void into.writeBigInt64BE(BigInt(value), at),
  },
  float8: {
    oid: 701,
    size: 8,
    length: (value) => (typeof value === 'number' ? 8 : -1),
    write: (value: number, into, at) => void into.writeDoubleBE(value, at),
  },
  boolean: {
    oid: 16,
    size: 1,
    length: (value) => (typeof value === 'boolean' ? 1 : -1),
    write: (value: boolean, into, at) => void into.writeUInt8(value ? 1 : 0, at),
  },
  date: {
    oid: 1082,
    size: 4,
    // Days that are none (30 February) travel as text, and the server says so.
    length: (value) => (typeof value === 'string' && Number.isInteger(daysOf(value)) ? 4 : -1),
    write: (value: string, into, at) => void into.writeInt32BE(daysOf(value), at),
  },
  timestamptz: {
    oid: 1184,
    size: 8,
    length: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? 8 : -1),
    write: (value: Date, into, at) => void into.writeBigInt64BE(BigInt(value.getTime() - EPOCH_MS) * 1000n, at),
  },
  jsonb: {
    oid: 3802,
    // Given as JSON text; its format begins with a version.
    length: (value) => (typeof value === 'string' ? Buffer.byteLength(value) + 1 : -1),
    write: (value: string, into, at) => void into.write(value, into.writeUInt8(1, at), 'utf8'),
  },
} as const satisfies Readonly<Record<string, ElementType>>;

/** Short arrays gain nothing. */
const ELEMENTS_MIN = 8;
const CAST = new RegExp(`\\$(\\d+)::(${Object.keys(TYPES).join('|')})\\[\\]`, 'g');
/** Statements are few; those composed anew each time must not fill the memory. */
const STATEMENTS_MAX = 2_000;
const casts = new Map<string, ReadonlyMap<number, ElementType>>();

/** The parameters, with arrays of a known type as bytes. */
export function withBinaryArrays(statement: string, values: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (values === undefined || !values.some((each) => Array.isArray(each) && each.length >= ELEMENTS_MIN)) return values;
  const types = castsOf(statement);
  return values.map((value, at) => {
    const type = types.get(at + 1);
    return type !== undefined && Array.isArray(value) && value.length >= ELEMENTS_MIN ? (encode(value, type) ?? value) : value;
  });
}

function castsOf(statement: string): ReadonlyMap<number, ElementType> {
  const known = casts.get(statement);
  if (known !== undefined) return known;
  const found = new Map<number, ElementType>();
  const unclear = new Set<number>();
  for (const [, place = '', name = ''] of statement.matchAll(CAST)) {
    const type: ElementType | undefined = TYPES[name as keyof typeof TYPES];
    const before = found.get(Number(place));
    if (before !== undefined && before !== type) unclear.add(Number(place));
    if (type !== undefined) found.set(Number(place), type);
  }
  for (const place of unclear) found.delete(place);
  if (casts.size >= STATEMENTS_MAX) casts.clear();
  casts.set(statement, found);
  return found;
}

/** What stands before the elements: one dimension from 1. */
const HEAD_BYTES = 20;
const writeHead = (out: Buffer, oid: number, count: number, hasNull: boolean): number => {
  for (const [at, word] of [1, hasNull ? 1 : 0, oid, count, 1].entries()) out.writeInt32BE(word, at * 4);
  return HEAD_BYTES;
};

/** Null when an element is not of the type. */
function encode(values: readonly unknown[], type: ElementType): Buffer | null {
  if (type.size !== undefined) return encodeEven(values, type, type.size);
  const lengths: number[] = [];
  let bytes = HEAD_BYTES;
  let hasNull = false;
  for (const value of values) {
    const own = value === null || value === undefined ? null : type.length(value);
    if (own === -1) return null;
    if (own === null) hasNull = true;
    lengths.push(own ?? -1);
    bytes += 4 + (own ?? 0);
  }
  const out = Buffer.allocUnsafe(bytes);
  let at = writeHead(out, type.oid, values.length, hasNull);
  for (const [i, own] of lengths.entries()) {
    at = out.writeInt32BE(own, at);
    if (own < 0) continue;
    type.write(values[i] as never, out, at);
    at += own;
  }
  return out;
}

/** Elements of one length: each is looked at and written in one go, so that what looking found out of it is still at hand. */
function encodeEven(values: readonly unknown[], { oid, length, write }: ElementType, size: number): Buffer | null {
  const out = Buffer.allocUnsafe(HEAD_BYTES + values.length * (4 + size));
  let at = HEAD_BYTES;
  let hasNull = false;
  for (const value of values) {
    if (value === null || value === undefined) {
      hasNull = true;
      at = out.writeInt32BE(-1, at);
      continue;
    }
    if (length(value) < 0) return null;
    at = out.writeInt32BE(size, at);
    write(value as never, out, at);
    at += size;
  }
  writeHead(out, oid, values.length, hasNull);
  return out.subarray(0, at);
}
