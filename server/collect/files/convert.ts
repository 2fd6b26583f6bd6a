/**
 * From a cell to a value: one conversion per column kind, each in two forms that agree row for row: `read` for TypeScript and `sql` for
 * DuckDB over varchar columns (the fast lane of big files). A test runs both over the same rows.
 */
import type { ColumnKind } from '@xinglin/contracts';
import { twoDigits } from '../../kernel/index.ts';
import type { CollectRefusal } from '../errors.ts';
import { fenOf } from '../money.ts';
import { instantOf, milliseconds, offsetMinutes, type ReadTime, wallTime, ZONE } from '../time.ts';

/** `undefined`: the cell does not fit; the refusal names why. */
export interface Conversion<T> {
  read(cell: string): T | undefined;
  /** Whether `read` would take the cell, without making the value: the door asks only this. */
  fits(cell: string): boolean;
  /** `x` is a cleaned, non-empty varchar expression; gives NULL for what `read` does not take. */
  sql(x: string): string;
  readonly refusal: CollectRefusal;
  /** Cells of this shape fit. */
  readonly shape: CellShape | null;
}
/** What can be seen by the bytes of a cell alone (fitting-rows.ts); `id`: not a number a spreadsheet has written. */
export type CellShape = 'id' | 'time' | 'number' | 'integer' | 'money';

/** Cells as spreadsheets leave them: blanks and tabs around, `="0012"`, a leading apostrophe. */
export function cleanCell(cell: string): string {
  const first = cell.charCodeAt(0);
  if (isPlainEnd(first) && isPlainEnd(cell.charCodeAt(cell.length - 1)) && first !== EQUALS && first !== APOSTROPHE) return cell;
  const plain = cell.trim();
  if (plain.startsWith('="') && plain.endsWith('"') && plain.length >= 3) return plain.slice(2, -1).trim();
  return plain.startsWith("'") ? plain.slice(1).trim() : plain;
}
const EQUALS = 0x3d;
const APOSTROPHE = 0x27;
/** Plainly no blank: ASCII and hanzi, which is what most cells begin and end with. */
const isPlainEnd = (code: number): boolean => (code > 0x20 && code < 0x7f) || (code >= 0x4e00 && code <= 0x9fff);
/** What `trim` takes off in JavaScript, spelt out for SQL. */
const BLANKS = '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
const trimmedSql = (x: string): string => `trim(${x}, '${BLANKS}')`;
/** What most cells are: nothing to take off at either end. Seen by one expression, where the whole cleaning takes ten. */
const PLAIN_CELL = '[0-9A-Za-z\\x{4e00}-\\x{9fff}](.*[0-9A-Za-z\\x{4e00}-\\x{9fff}])?';
export const cleanSql = (column: string): string => {
  const plain = trimmedSql(column);
  return `case when regexp_full_match(${column}, '${PLAIN_CELL}') then ${column} else nullif(${trimmedSql(`case when starts_with(${plain}, '="') and ends_with(${plain}, '"') and length(${plain}) >= 3 then substr(${plain}, 3, length(${plain}) - 3) when starts_with(${plain}, '''') then substr(${plain}, 2) else ${plain} end`)}, '') end`;
};

/** Bytes that cleaning may take off, or that begin a character it may take off. */
const ODD = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte <= 0x20 || byte === 0x22 || byte === 0x27 || byte === 0xc2 || byte === 0xe1 || byte === 0xe2 || byte === 0xe3 || byte === 0xef ? 1 : 0,
);
const NEWLINE = 0x0a;
const SPACE = 0x20;

/** By delimiter: for each two bytes whether one of them is odd, neither being a line's end nor the delimiter. */
const oddPairs = new Map<number, Uint8Array>();
function oddPairsOf(delimiter: number): Uint8Array {
  const known = oddPairs.get(delimiter);
  if (known !== undefined) return known;
  const isOdd = (byte: number): boolean => ODD[byte] === 1 && byte !== NEWLINE && byte !== delimiter;
  const made = Uint8Array.from({ length: 0x1_0000 }, (_, pair) => (isOdd(pair & 0xff) || isOdd(pair >> 8) ? 1 : 0));
  oddPairs.set(delimiter, made);
  return made;
}

/**
 * Whether no cell of these UTF-8 lines needs cleaning (`cleanCell` gives it back, but for empty ones): then the cells can be used as they stand.
 * Looks at each byte once, two at a time; true for most files. Unsure is false.
 */
export function isPlainText(lines: Uint8Array, delimiter: string): boolean {
  const end = delimiter.charCodeAt(0);
  const odd = oddPairsOf(end);
  const isEdge = (byte: number | undefined): boolean => byte === undefined || byte === end || byte === NEWLINE;
  const isPlainAt = (at: number): boolean => {
    const byte = lines[at];
    if (byte === undefined || ODD[byte] === 0 || isEdge(byte)) return true;
    if (byte === SPACE) return !isEdge(lines[at - 1]) && !isEdge(lines[at + 1]);
    return byte >= 0x80 && !isBlankAt(lines, at);
  };
  // Pairs begin at even addresses; a byte before the first or behind the last is looked at by itself.
  const first = lines.byteOffset % 2;
  const pairs = new Uint16Array(lines.buffer, lines.byteOffset + first, Math.max(0, lines.length - first) >> 1);
  if (!isPlainAt(0) || !isPlainAt(lines.length - 1)) return false;
  for (let at = 0; at < pairs.length; at += 1) {
    if (odd[pairs[at] as number] === 0) continue;
    const place = first + at * 2;
    if (!isPlainAt(place) || !isPlainAt(place + 1)) return false;
  }
  return true;
}

/** Characters `trim` takes off, by their bytes: U+00A0, U+1680, U+2000–200A, 2028, 2029, 202F, 205F, 3000, FEFF. */
function isBlankAt(bytes: Uint8Array, at: number): boolean {
  const [first, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (first === 0xc2) return second === 0xa0;
  if (first === 0xe1) return second === 0x9a && third === 0x80;
  if (first === 0xe2) return (second === 0x80 && (third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf)) || (second === 0x81 && third === 0x9f);
  if (first === 0xe3) return second === 0x80 && third === 0x80;
  return second === 0xbb && third === 0xbf;
}

export type DateOrder = 'YMD' | 'DMY' | 'MDY';
const CLOCK = '(?:[T ]+(\\d{1,2})[:时](\\d{1,2})(?:分|[:分](\\d{1,2})(?:[.](\\d{1,9}))?秒?)?)?\\s*(Z|[+-]\\d{2}:?\\d{2})?';
const PATTERNS: Readonly<Record<DateOrder, string>> = {
  YMD: `(\\d{4})[-/.年](\\d{1,2})[-/.月](\\d{1,2})日?${CLOCK}`,
  DMY: `(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})${CLOCK}`,
  MDY: `(\\d{1,2})[-/.](\\d{1,2})[-/.](\\d{4})${CLOCK}`,
};
/** Ends in two empty groups, so that every pattern has eight. */
const COMPACT = '(\\d{4})(\\d{2})(\\d{2})(?:(\\d{2})(\\d{2})(?:(\\d{2}))?)?()()';
/** `YYYY-MM-DD HH:MM:SS` by its shape, from 1900 on; whether it is a time, a cast must tell. A fifth of what a regular expression takes. */
const isPlainTimeSql = (x: string): string =>
  `(strlen(${x}) = 19 and ${x} like '____-__-__ __:__:__' and ${x} between '1900' and '22' and not (ends_with(${x}, 'Z') or ends_with(${x}, 'z')))`;
/** Days since 1899-12-30, as Excel saves dates in cells that are not text; 1954–2119. */
const SERIAL = '([2-7]\\d{4})(\\.\\d+)?';
const DAY_MS = 86_400_000;
const EXCEL_ZERO = Date.UTC(1899, 11, 30);

const expressions = new Map<string, RegExp>();
const whole = (pattern: string): RegExp => {
  let found = expressions.get(pattern);
  if (found === undefined) {
    found = new RegExp(`^${pattern}$`);
    expressions.set(pattern, found);
  }
  return found;
};

/** `2025-03-01 08:30:00`, `2025/3/1 8:30`, `2025年3月1日`, `20250301083000`, Excel's day numbers; local to the zone unless an offset is given. */
export function readCellTime(cell: string, zone: string, order: DateOrder = 'YMD'): ReadTime | undefined {
  if (isPlainTime(cell)) return readPlainTime(cell, zone);
  const found = whole(PATTERNS[order]).exec(cell) ?? (order === 'YMD' ? null : whole(PATTERNS.YMD).exec(cell));
  if (found !== null) {
    const isYearFirst = (found[1] ?? '').length === 4;
    const [year, month, day] = isYearFirst ? [found[1], found[2], found[3]] : order === 'DMY' ? [found[3], found[2], found[1]] : [found[3], found[1], found[2]];
    const [, , , , hour, minute, second, fraction, offset] = found;
    const precision = hour === undefined ? 'day' : second === undefined ? 'minute' : fraction === undefined ? 'second' : 'millisecond';
    return (
      instantOf(
        {
          year: Number(year),
          month: Number(month),
          day: Number(day),
          hour: Number(hour ?? 0),
          minute: Number(minute ?? 0),
          second: Number(second ?? 0),
          millisecond: milliseconds(fraction),
        },
        precision,
        offset === undefined ? null : offsetMinutes(offset),
        zone,
      ) ?? undefined
    );
  }
  const compact = whole(COMPACT).exec(cell);
  if (compact !== null) {
    const [, year, month, day, hour, minute, second] = compact;
    const precision = hour === undefined ? 'day' : second === undefined ? 'minute' : 'second';
    const parts = {
      year: Number(year),
      month: Number(month),
      day: Number(day),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
    };
    return instantOf(parts, precision, null, zone) ?? undefined;
  }
  const serial = whole(SERIAL).exec(cell);
  if (serial === null) return undefined;
  // A cell of a spreadsheet is exact to the second at best; its fraction is a rounded binary number.
  const wall = new Date(EXCEL_ZERO + Number(serial[1]) * DAY_MS + Math.round((Number(`0${serial[2] ?? ''}`) * DAY_MS) / 1000) * 1000);
  const parts = {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
  };
  return instantOf(parts, serial[2] === undefined ? 'day' : 'second', null, zone) ?? undefined;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Whether `readCellTime` would read it. The common form is seen without an expression: doors look at every cell of big files. */
export function fitsCellTime(cell: string, zone: string, order: DateOrder = 'YMD'): boolean {
  return isPlainTime(cell) || readCellTime(cell, zone, order) !== undefined;
}

/** `YYYY-MM-DD HH:MM:SS` with a day every month has. */
function isPlainTime(cell: string): boolean {
  if (cell.length !== 19 || cell[4] !== '-' || cell[7] !== '-' || cell[10] !== ' ' || cell[13] !== ':' || cell[16] !== ':') return false;
  const year = twoDigits(cell, 0) * 100 + twoDigits(cell, 2);
  const month = twoDigits(cell, 5);
  const day = twoDigits(cell, 8);
  return (
    year >= 1900 &&
    year <= 2100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    within(twoDigits(cell, 11), 23) &&
    within(twoDigits(cell, 14), 59) &&
    within(twoDigits(cell, 17), 59)
  );
}
function readPlainTime(cell: string, zone: string): ReadTime {
  const year = twoDigits(cell, 0) * 100 + twoDigits(cell, 2);
  return wallTime(Date.UTC(year, twoDigits(cell, 5) - 1, twoDigits(cell, 8), twoDigits(cell, 11), twoDigits(cell, 14), twoDigits(cell, 17)), 'second', zone);
}
const within = (value: number, max: number): boolean => value >= 0 && value <= max;

/**
 * What `make` says of the parts `g` of a cell, in their order in its pattern (`a` to `c` the date, `h`, `i`, `s`, `f` the clock, `z` the offset; ''
 * where there is none); null where no pattern fits. The list is there to give the parts a name: written out wherever they are used, the
 * expression has sixty regular expressions, and compiling those took longer than reading a thousand rows.
 */
function partsSql(x: string, order: DateOrder, make: string): string {
  const patterns = [...(order === 'YMD' ? [] : [PATTERNS[order]]), PATTERNS.YMD, COMPACT];
  const read = patterns.map((pattern) => `regexp_extract(${x}, '^${pattern}$', ['a', 'b', 'c', 'h', 'i', 's', 'f', 'z'])`);
  return `list_transform(list_filter([${read.join(', ')}], lambda g: g.a <> ''), lambda g: ${make})[1]`;
}

/** UTC timestamp of a cell. Text is first brought to one form, then parsed once. */
export function timeSql(x: string, zone: string, order: DateOrder = 'YMD'): string {
  const two = (text: string): string => `lpad(coalesce(nullif(${text}, ''), '0'), 2, '0')`;
  const given = ['a', 'b', 'c'];
  const yearLast = order === 'DMY' ? ['c', 'b', 'a'] : ['c', 'a', 'b'];
  const [year, month, day] = given.map((part, at) => (order === 'YMD' ? `g.${part}` : `if(length(g.a) = 4, g.${part}, g.${yearLast[at]})`)) as [
    string,
    string,
    string,
  ];
  const wall = `try_cast(${year} || '-' || ${two(month)} || '-' || ${two(day)} || ' ' || ${two('g.h')} || ':' || ${two('g.i')} || ':' || ${two('g.s')} || '.' || substr(rpad(g.f, 3, '0'), 1, 3) as timestamp)`;
  const minutes = `if(g.z = 'Z', 0, if(starts_with(g.z, '-'), -1, 1) * (cast(substr(g.z, 2, 2) as integer) * 60 + cast(right(g.z, 2) as integer)))`;
  const inZone = (local: string): string => `timezone('UTC', timezone(${quoted(zone)}, ${local}))`;
  const written = partsSql(x, order, `case when g.z <> '' then ${wall} - to_minutes(${minutes}) else ${inZone(wall)} end`);
  const serial = `case when regexp_full_match(${x}, '${SERIAL}') then ${inZone(`timestamp '1899-12-30' + to_seconds(cast(round(cast(${x} as double) * 86400) as bigint))`)} end`;
  const common = zone === ZONE ? `make_timestamp(epoch_us(try_cast(${x} as timestamp)) - ${8 * 3_600_000_000})` : inZone(`try_cast(${x} as timestamp)`);
  // The common form needs none of this; China's one unchanging zone (see time.ts) needs no calendar either. Not one `coalesce`: what stands in it and in
  // `precisionSql` too would be worked out for every row beforehand, because DuckDB takes common expressions out of everything but a `case`.
  return `case when ${isPlainTimeSql(x)} and ${x} >= '1992' then ${common} else coalesce(${written}, ${serial}) end`;
}

/** The precision of the same cell. */
export function precisionSql(x: string, order: DateOrder = 'YMD'): string {
  const written = partsSql(
    x,
    order,
    `case when g.h = '' then 'day' when g.s = '' then 'minute' when g.f = '' then 'second' when g.f <> '' then 'millisecond' end`,
  );
  return `case when ${isPlainTimeSql(x)} then 'second' else coalesce(${written}, case when contains(${x}, '.') then 'second' else 'day' end) end`;
}

const NUMBER = '[+-]?(\\d{1,3}(,\\d{3})+|\\d+)?(\\.\\d+)?';
const hasDigit = /\d/;
const fitsNumber = (cell: string): boolean => whole(NUMBER).test(cell) && hasDigit.test(cell);
const number: Conversion<number> = {
  ...{ refusal: 'csv-number', shape: 'number' },
  fits: (cell) => fitsNumber(cell) && Number.isFinite(Number(cell.replaceAll(',', ''))),
  read: (cell) => {
    if (!fitsNumber(cell)) return undefined;
    const value = Number(cell.replaceAll(',', ''));
    return Number.isFinite(value) ? value : undefined;
  },
  // Most have neither sign nor commas, and a simpler pattern is sooner matched.
  sql: (x) =>
    `case when regexp_full_match(${x}, '\\d+(?:\\.\\d+)?') then try_cast(${x} as double) when regexp_full_match(${x}, '${NUMBER}') then try_cast(replace(${x}, ',', '') as double) end`,
};
const integer: Conversion<number> = {
  ...{ refusal: 'csv-number', shape: 'integer' },
  fits: (cell) => integer.read(cell) !== undefined,
  read: (cell) => {
    const value = number.read(cell);
    return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
  },
  sql: (x) => `cast(${number.sql(x)} as bigint)`,
};
const PLAIN_MONEY = /^-?\d{1,12}(?:\.\d{1,2})?$/;
const fen: Conversion<number> = {
  ...{ refusal: 'csv-money', shape: 'money' },
  fits: (cell) => PLAIN_MONEY.test(cell) || fenOf(cell) !== null,
  read: (cell) => fenOf(cell) ?? undefined,
  sql: (x) =>
    `case when regexp_full_match(${x}, '-?\\d{1,12}(\\.\\d{1,2})?') then cast(cast(${x} as decimal(14, 2)) * 100 as bigint) else cast(round(try_cast(regexp_replace(regexp_replace(${x}, '\\s*(元|CNY|RMB)$', '', 'i'), '[￥¥,]', '', 'g') as decimal(22, 4)) * 100) as bigint) end`,
};
const YES = ['是', '1', 'true', 'y', 'yes', 't', '√'];
const NO = ['否', '0', 'false', 'n', 'no', 'f', '×'];
const flag: Conversion<boolean> = {
  ...{ refusal: 'csv-flag', shape: null },
  fits: (cell) => flag.read(cell) !== undefined,
  read: (cell) => (YES.includes(cell.toLowerCase()) ? true : NO.includes(cell.toLowerCase()) ? false : undefined),
  sql: (x) => `case when lower(${x}) in (${YES.map(quoted).join(', ')}) then true when lower(${x}) in (${NO.map(quoted).join(', ')}) then false end`,
};
const text: Conversion<string> = { ...{ refusal: 'csv-choice', shape: null }, fits: () => true, read: (cell) => cell, sql: (x) => x };

/** Full-width letters, digits and signs as half-width: the same folding `sourceCode` and `token` do. */
const WIDE = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0xff01 + at)).join('');
const NARROW = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join('');
const foldSql = (x: string): string => trimmedSql(`translate(${x}, ${quoted(`${WIDE}\u3000`)}, ${quoted(`${NARROW} `)})`);
/** The code made from a name. */
export const derivedSql = (x: string): string => `'x' || substr(sha256(${foldSql(x)}), 1, 12)`;
/** What `sourceCode` and `token` make of a text. */
export const codeSql = (x: string, max: number): string => {
  const plain = `regexp_replace(${foldSql(x)}, '\\s+', '_', 'g')`;
  return `case when regexp_full_match(${x}, '[!-~]{1,${max}}') then ${x} when regexp_full_match(${plain}, '[!-~]{1,${max}}') then ${plain} else ${derivedSql(x)} end`;
};

/** Conversions of the kinds that do not need the mapping's own map. */
export function conversionOf(kind: ColumnKind, zone: string, order: DateOrder): Conversion<string | number | boolean> {
  switch (kind) {
    case 'number':
    case 'price':
      return number;
    case 'integer':
      return integer;
    case 'fen':
      return fen;
    case 'flag':
      return flag;
    case 'time':
    case 'day':
      return {
        ...{ refusal: 'csv-time', shape: 'time' },
        fits: (cell) => fitsCellTime(cell, zone, order),
        read: (cell) => readCellTime(cell, zone, order)?.iso,
        sql: (x) => timeSql(x, zone, order),
      };
    default:
      return text;
  }
}
export { quoted };
