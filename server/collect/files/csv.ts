/** Cuts decoded CSV text into records: quoted newlines stay inside, a broken quote costs one line, an endless line is passed over. */

/** The longest record taken; consultation texts stay far below it. */
export const RECORD_MAX = 1024 * 1024;
export const DELIMITERS = [',', '\t', ';', '|'] as const;

export type CsvRecord =
  | { readonly kind: 'record'; readonly text: string; readonly cells: string[]; readonly line: number }
  | { readonly kind: 'too-long' | 'open-quote'; readonly line: number };

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

export class CsvSplitter {
  #held = '';
  #line = 1;
  #isSkipping = false;
  /** Where the next quotation mark of `#held` is; its length when there is none; -1: not looked for. */
  #quote = -1;
  readonly #delimiter: string;
  readonly #max: number;

  constructor(delimiter: string, max: number = RECORD_MAX) {
    this.#delimiter = delimiter;
    this.#max = max;
  }

  push(text: string): CsvRecord[] {
    this.#held = this.#held === '' ? text : this.#held + text;
    return this.#drain(false);
  }

  end(): CsvRecord[] {
    if (this.#held === '' || this.#isSkipping) return [];
    this.#held += '\n';
    return this.#drain(true);
  }

  #drain(isEnd: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let from = 0;
    this.#quote = -1;
    for (;;) {
      if (this.#isSkipping) {
        const end = this.#held.indexOf('\n', from);
        if (end < 0) {
          from = this.#held.length;
          break;
        }
        from = end + 1;
        this.#line += 1;
        this.#isSkipping = false;
      }
      const end = this.#recordEnd(from);
      if (end >= 0 && end - from <= this.#max) {
        this.#give(records, from, end);
        from = end + 1;
        continue;
      }
      const isOpen = end < 0 && this.#held.indexOf('\n', from) >= 0;
      if (end < 0 && !isEnd && this.#held.length - from <= this.#max) break;
      if (from >= this.#held.length) break;
      // Too long, or a quote that never closes: give up this line only, and go on with the next.
      records.push({ kind: isOpen ? 'open-quote' : 'too-long', line: this.#line });
      this.#isSkipping = true;
    }
    this.#held = from === 0 ? this.#held : this.#held.slice(from);
    return records;
  }

  #give(records: CsvRecord[], from: number, end: number): void {
    const text = this.#held.slice(from, end > from && this.#held.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
    if (text.trim() !== '') records.push({ kind: 'record', text, cells: cellsOf(text, this.#delimiter), line: this.#line });
    this.#line += 1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#line += 1;
  }

  /** Index of the newline that ends the record beginning at `from`; -1 when more text is needed. */
  #recordEnd(from: number): number {
    const held = this.#held;
    const newline = held.indexOf('\n', from);
    // Looked for once, not for every record: most files have few quotes or none.
    if (this.#quote < from) {
      const quote = held.indexOf('"', from);
      this.#quote = quote < 0 ? held.length : quote;
    }
    if (newline < this.#quote && newline >= 0) return newline;
    if (this.#quote === held.length) return -1;
    let at = from;
    for (;;) {
      if (held[at] === '"') {
        const end = closingQuote(held, at);
        if (end < 0 || end === held.length - 1) return -1;
        at = end + 1;
      }
      const nextLine = held.indexOf('\n', at);
      if (nextLine < 0) return -1;
      const nextCell = held.indexOf(this.#delimiter, at);
      if (nextCell < 0 || nextCell > nextLine) return nextLine;
      at = nextCell + 1;
    }
  }
}

/** The separator that occurs most in the header line, outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  return DELIMITERS.reduce((best, each) => (bare.split(each).length > bare.split(best).length ? each : best), ',' as string);
}
