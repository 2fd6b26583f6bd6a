/**
 * Rows seen to fit by their bytes: most rows of an export need no reading at the door. Sure or not; what is not sure is read and checked by
 * `RowReader.check`, which alone refuses. A test holds that nothing is taken here which that would refuse.
 */
import type { CellShape } from './convert.ts';
import { RECORD_MAX } from './csv.ts';
import type { RowReader } from './row.ts';

export interface ColumnAsk {
  /** Place in the row, from 0. */
  readonly at: number;
  /** Cells of this shape fit. */
  readonly shape: CellShape | null;
  /** Whether a cleaned cell with something in it fits. */
  readonly fits: (cell: string) => boolean;
}
/** All that `check` asks of a row. */
export interface RowAsks {
  readonly width: number;
  /** Places one of which must be filled, for each list. */
  readonly filled: readonly (readonly number[])[];
  readonly columns: readonly ColumnAsk[];
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
/** What a byte is to a row; all others are just part of a cell. */
const DELIMITER = 1;
const LINE_END = 2;
/** May begin U+FFFD, which stands for what was no character. */
const DOUBTFUL = 3;

export class FittingRows {
  readonly #kinds = new Uint8Array(256);
  readonly #asks: RowAsks;
  readonly #columns: readonly { readonly at: number; readonly shape: CellShape | null; readonly known: KnownCells }[];
  /** Where each cell of the row at hand ends. */
  readonly #ends: Int32Array;

  private constructor(asks: RowAsks, delimiter: string) {
    this.#asks = asks;
    this.#columns = asks.columns.map(({ at, shape, fits }) => ({ at, shape, known: new KnownCells(fits) }));
    this.#ends = new Int32Array(asks.width);
    this.#kinds[delimiter.charCodeAt(0)] = DELIMITER;
    this.#kinds[NEWLINE] = LINE_END;
    this.#kinds[0xef] = DOUBTFUL;
  }

  /** Null where a row is more than its columns. */
  static of(reader: RowReader, delimiter: string): FittingRows | null {
    const { asks } = reader;
    return asks === null ? null : new FittingRows(asks, delimiter);
  }

  /** Index of the newline that ends the row beginning at `from`, when it comes before `until` and the row fits for sure; else -1. */
  endOf(bytes: Uint8Array, from: number, until: number): number {
    const kinds = this.#kinds;
    const ends = this.#ends;
    const last = ends.length - 1;
    let cell = 0;
    let at = from;
    for (; at < until; at += 1) {
      const kind = kinds[bytes[at] as number];
      if (kind === 0) continue;
      if (kind === DELIMITER) {
        if (cell === last) return -1;
        ends[cell] = at;
        cell += 1;
      } else if (kind === LINE_END) break;
      else if (bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) return -1;
    }
    if (at >= until || cell !== last || at - from > RECORD_MAX) return -1;
    ends[last] = at > from && bytes[at - 1] === RETURN ? at - 1 : at;
    return this.#isFilled(bytes, from) && this.#fits(bytes, from) ? at : -1;
  }

  #startOf(cell: number, row: number): number {
    return cell === 0 ? row : (this.#ends[cell - 1] as number) + 1;
  }

  #isFilled(bytes: Uint8Array, row: number): boolean {
    for (const places of this.#asks.filled) {
      let isFilled = false;
      for (const at of places) isFilled ||= isClean(bytes, this.#startOf(at, row), this.#ends[at] as number);
      if (!isFilled) return false;
    }
    return true;
  }

  #fits(bytes: Uint8Array, row: number): boolean {
    for (const { at, shape, known } of this.#columns) {
      const start = this.#startOf(at, row);
      const end = this.#ends[at] as number;
      if (start === end) continue;
      if (!isClean(bytes, start, end)) return false;
      if (!(shape !== null && SHAPES[shape](bytes, start, end)) && !known.has(bytes, start, end)) return false;
    }
    return true;
  }
}

/**
 * Whether `cleanCell` would give the cell back, with something in it, and for sure: neither end is a blank, and the first character no apostrophe. Of characters
 * beyond ASCII only U+4000–9FFF, the hanzi, are known to be none.
 */
function isClean(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  const first = bytes[start] as number;
  const last = bytes[end - 1] as number;
  if (first <= 0x20 || first === 0x27 || (first >= 0x80 && !isHanziLead(first))) return false;
  return last < 0x80 ? last > 0x20 : end - start >= 3 && isHanziLead(bytes[end - 3] as number);
}
const isHanziLead = (byte: number): boolean => byte >= 0xe4 && byte <= 0xe9;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** At most `whole` digits, then, if `part` is not 0, perhaps a point and up to `part` digits. */
function isDecimal(bytes: Uint8Array, start: number, end: number, whole: number, part: number): boolean {
  let at = start;
  while (at < end && isDigit(bytes[at])) at += 1;
  if (at === start || at - start > whole) return false;
  if (at === end) return true;
  if (bytes[at] !== 0x2e || at + 1 === end || end - at - 1 > part) return false;
  for (at += 1; at < end; at += 1) if (!isDigit(bytes[at])) return false;
  return true;
}

/** `YYYY-MM-DD` or `YYYY-MM-DD HH:MM:SS`, with a day every month has. */
function isPlainTime(bytes: Uint8Array, start: number, end: number): boolean {
  const length = end - start;
  if ((length !== 19 && length !== 10) || bytes[start + 4] !== 0x2d || bytes[start + 7] !== 0x2d) return false;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  if (!within(year, 1900, 2100) || !within(two(bytes, start + 5), 1, 12) || !within(two(bytes, start + 8), 1, 28)) return false;
  if (length === 10) return true;
  if (bytes[start + 10] !== 0x20 || bytes[start + 13] !== 0x3a || bytes[start + 16] !== 0x3a) return false;
  return within(two(bytes, start + 11), 0, 23) && within(two(bytes, start + 14), 0, 59) && within(two(bytes, start + 17), 0, 59);
}
/** Two digits as a number; a large negative one when they are none. */
const two = (bytes: Uint8Array, at: number): number =>
  isDigit(bytes[at]) && isDigit(bytes[at + 1]) ? (bytes[at] as number) * 10 + (bytes[at + 1] as number) - 528 : -1_000_000;
const within = (value: number, min: number, max: number): boolean => value >= min && value <= max;

const SHAPES: Readonly<Record<CellShape, (bytes: Uint8Array, start: number, end: number) => boolean>> = {
  // Nothing a spreadsheet has taken for a number begins like this.
  id: (bytes, start) => !isDigit(bytes[start]) || (bytes[start + 1] !== 0x2e && ((bytes[start + 1] as number) | 0x20) !== 0x65),
  time: isPlainTime,
  number: (bytes, start, end) => isDecimal(bytes, start, end, 15, 15),
  integer: (bytes, start, end) => isDecimal(bytes, start, end, 15, 0),
  money: (bytes, start, end) => isDecimal(bytes, start, end, 12, 2),
};

/** Cells found to fit, by their bytes: words of a list, some thousands of dates. A newcomer takes the place of the one whose place it shares. */
const PLACES = 1024;
const CELL_BYTES_MAX = 64;
class KnownCells {
  readonly #cells: (Uint8Array | null)[] = new Array(PLACES).fill(null);
  readonly #fits: (cell: string) => boolean;

  constructor(fits: (cell: string) => boolean) {
    this.#fits = fits;
  }

  has(bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length > CELL_BYTES_MAX) return false;
    let hash = length;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193);
    const place = (hash ^ (hash >>> 15)) & (PLACES - 1);
    const known = this.#cells[place] ?? null;
    if (known !== null && known.length === length && isSame(known, bytes, start)) return true;
    const cell = Buffer.from(bytes.subarray(start, end));
    if (!this.#fits(cell.toString('utf8'))) return false;
    this.#cells[place] = cell;
    return true;
  }
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < known.length; at += 1) if (known[at] !== bytes[start + at]) return false;
  return true;
}
