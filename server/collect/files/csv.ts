/** Cuts CSV in UTF-8 into records: quoted newlines stay inside, a broken quote costs one line, an endless line is passed over. */

/** The longest record taken, in characters; consultation texts stay far below it. */
export const RECORD_MAX = 1024 * 1024;
export const DELIMITERS = [',', '\t', ';', '|'] as const;

export type CsvRecord =
  | { readonly kind: 'record'; readonly text: string; readonly cells: string[]; readonly line: number }
  | { readonly kind: 'too-long' | 'open-quote'; readonly line: number };

/** What is done with the records, in the order of the file. */
export interface RecordTaker {
  /** A record lies in `bytes` from `from` up to `end`, its line end not included. */
  record(record: CsvRecord, bytes: Uint8Array, from: number, end: number): void;
  /**
   * May take the row that begins at `from` by its bytes, when it ends and holds no quotation mark before `until`: then the index of its newline.
   * -1 gives it to `record`, as does a taker without it.
   */
  row?(bytes: Uint8Array, from: number, until: number, line: number): number;
}

/** Cells of one record. Quotes count only around a whole cell, so a stray one in the middle of a text is text. */
export function cellsOf(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const end = closingQuote(text, at);
      const next = end < 0 ? -1 : text.indexOf(delimiter, end + 1);
      const inside = text.slice(at + 1, end < 0 ? text.length : end).replaceAll('""', '"');
      cells.push(end < 0 ? inside : inside + text.slice(end + 1, next < 0 ? text.length : next));
      if (next < 0) return cells;
      at = next + 1;
    } else {
      const next = text.indexOf(delimiter, at);
      cells.push(text.slice(at, next < 0 ? text.length : next));
      if (next < 0) return cells;
      at = next + 1;
    }
  }
}

/** Index of the quote that closes the cell opening at `at`; -1 when there is none yet. */
function closingQuote(text: string, at: number): number {
  for (let next = text.indexOf('"', at + 1); next >= 0; next = text.indexOf('"', next + 2)) {
    if (text[next + 1] !== '"') return next;
  }
  return -1;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const QUOTE = 0x22;
const NOTHING = Buffer.alloc(0);
const LINE_END = Buffer.from([NEWLINE]);

export class CsvSplitter {
  #held: Buffer = NOTHING;
  #line = 1;
  #isSkipping = false;
  /** Where the next quotation mark of `#held` is; its length when there is none; -1: not looked for. */
  #quote = -1;
  readonly #delimiter: number;
  readonly #cellsOf: (text: string) => string[];
  readonly #max: number;

  constructor(delimiter: string, max: number = RECORD_MAX) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#cellsOf = (text) => cellsOf(text, delimiter);
    this.#max = max;
  }

  /** The bytes are held as long as the records are; they must not change. */
  push(bytes: Uint8Array, taker: RecordTaker): void {
    this.#held = this.#held.length === 0 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.concat([this.#held, bytes]);
    this.#drain(false, taker);
  }

  end(taker: RecordTaker): void {
    if (this.#held.length === 0 || this.#isSkipping) return;
    this.#held = Buffer.concat([this.#held, LINE_END]);
    this.#drain(true, taker);
  }

  #drain(isEnd: boolean, taker: RecordTaker): void {
    let from = 0;
    this.#quote = -1;
    for (;;) {
      if (this.#isSkipping) {
        const end = this.#held.indexOf(NEWLINE, from);
        if (end < 0) {
          from = this.#held.length;
          break;
        }
        from = end + 1;
        this.#line += 1;
        this.#isSkipping = false;
      }
      from = this.#takeRows(from, taker);
      const end = this.#recordEnd(from);
      if (end >= 0 && this.#isWithin(from, end)) {
        this.#give(taker, from, end);
        from = end + 1;
        continue;
      }
      const isOpen = end < 0 && this.#held.indexOf(NEWLINE, from) >= 0;
      if (end < 0 && !isEnd && this.#isWithin(from, this.#held.length)) break;
      if (from >= this.#held.length) break;
      // Too long, or a quote that never closes: give up this line only, and go on with the next.
      taker.record({ kind: isOpen ? 'open-quote' : 'too-long', line: this.#line }, this.#held, from, from);
      this.#isSkipping = true;
    }
    if (from > 0) this.#held = from === this.#held.length ? NOTHING : this.#held.subarray(from);
  }

  /** Rows that are taken by their bytes, one after the other; where the first begins that is not. */
  #takeRows(first: number, taker: RecordTaker): number {
    if (taker.row === undefined) return first;
    this.#findQuote(first);
    let from = first;
    for (;;) {
      const end = taker.row(this.#held, from, this.#quote, this.#line);
      if (end < 0) return from;
      from = end + 1;
      this.#line += 1;
    }
  }

  #give(taker: RecordTaker, from: number, end: number): void {
    const last = end > from && this.#held[end - 1] === RETURN ? end - 1 : end;
    const text = this.#held.toString('utf8', from, last);
    if (text.trim() !== '') taker.record({ kind: 'record', text, cells: this.#cellsOf(text), line: this.#line }, this.#held, from, last);
    this.#line += 1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line += 1;
  }

  /** Looked for once, not for every record: most files have few quotes or none. */
  #findQuote(from: number): void {
    if (this.#quote >= from) return;
    const quote = this.#held.indexOf(QUOTE, from);
    this.#quote = quote < 0 ? this.#held.length : quote;
  }

  /** Index of the newline that ends the record beginning at `from`; -1 when more text is needed. */
  #recordEnd(from: number): number {
    const held = this.#held;
    const newline = held.indexOf(NEWLINE, from);
    this.#findQuote(from);
    if (newline < this.#quote && newline >= 0) return newline;
    if (this.#quote === held.length) return -1;
    let at = from;
    for (;;) {
      if (held[at] === QUOTE) {
        const end = closingQuoteIn(held, at);
        if (end < 0 || end === held.length - 1) return -1;
        at = end + 1;
      }
      const nextLine = held.indexOf(NEWLINE, at);
      if (nextLine < 0) return -1;
      const nextCell = held.indexOf(this.#delimiter, at);
      if (nextCell < 0 || nextCell > nextLine) return nextLine;
      at = nextCell + 1;
    }
  }

  #isWithin(from: number, end: number): boolean {
    return end - from <= this.#max || charactersOf(this.#held, from, end) <= this.#max;
  }
}

/** The same for bytes. */
function closingQuoteIn(bytes: Buffer, at: number): number {
  for (let next = bytes.indexOf(QUOTE, at + 1); next >= 0; next = bytes.indexOf(QUOTE, next + 2)) {
    if (bytes[next + 1] !== QUOTE) return next;
  }
  return -1;
}

/** How long the text is that these bytes of UTF-8 make: what goes on with a character adds nothing, a character beyond U+FFFF counts twice. */
export function charactersOf(bytes: Uint8Array, from: number, end: number): number {
  let characters = 0;
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if ((byte & 0xc0) !== 0x80) characters += byte >= 0xf0 ? 2 : 1;
  }
  return characters;
}

/** The separator that occurs most in the header line, outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  return DELIMITERS.reduce((best, each) => (bare.split(each).length > bare.split(best).length ? each : best), ',' as string);
}
