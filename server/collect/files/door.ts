/**
 * Files and uploads of CSV: rows are checked one by one with the function that reads them later, or seen to fit by their bytes, and stored in
 * chunks with the header line. A chunk ends where its rows say, not at a fixed count, so an edited file differs from its former self only in the chunks around
 * the edit, and only those are taken in again.
 */
import { type Noted, noted } from '../errors.ts';
import type { Door, DoorItem } from '../inbox/item.ts';
import { authorityMeta } from '../statement.ts';
import { type CsvRecord, CsvSplitter, cellsOf, delimiterOf, RECORD_MAX, type RecordTaker } from './csv.ts';
import { CsvDecoder } from './decode.ts';
import { FittingRows } from './fitting-rows.ts';
import { chooseMapping, fitHeader, fits, type HeaderFit, plainName } from './header.ts';
import { type Mapping, mappingName } from './mapping.ts';
import { RowReader } from './row.ts';
import { RowsHeld } from './rows-held.ts';

const NOTHING = Buffer.alloc(0);

export class CsvDoor implements Door {
  readonly type = 'csv';
  mapping: string | null = null;
  readonly #mappings: readonly Mapping[];
  readonly #isChosen: boolean;
  readonly #source: string;
  readonly #authority: string | null;
  readonly #decoder = new CsvDecoder();
  #splitter: CsvSplitter | null = null;
  #head: Buffer = NOTHING;
  #headerText = '';
  #meta: Readonly<Record<string, string>> = {};
  #delimiter = ',';
  #reader: RowReader | null = null;
  #fitting: FittingRows | null = null;
  #isRefused = false;
  readonly #rows = new RowsHeld();

  /** `mappings`: the one that was named (`isChosen`), or all that may be recognised by the header. */
  constructor(mappings: readonly Mapping[], isChosen: boolean, source: string, authority: string | null = null) {
    this.#authority = authority;
    this.#mappings = mappings;
    this.#isChosen = isChosen;
    this.#source = source;
  }

  push(chunk: Uint8Array): DoorItem[] {
    return this.#text(this.#decoder.push(chunk), false);
  }

  end(): DoorItem[] {
    const items = this.#text(this.#decoder.end(), true);
    this.#close(items);
    return items;
  }

  #text(text: Buffer, isEnd: boolean): DoorItem[] {
    const items: DoorItem[] = [];
    if (this.#isRefused) return items;
    let rest = text;
    if (this.#splitter === null) {
      this.#head = Buffer.concat([this.#head, text]);
      const head = this.#head.toString('utf8');
      const start = head.search(/\S/);
      const end = start < 0 ? -1 : head.indexOf('\n', start);
      if (end < 0 && !isEnd && head.length <= RECORD_MAX) return items;
      this.#delimiter = delimiterOf(head.slice(Math.max(start, 0), end < 0 ? undefined : end));
      this.#splitter = new CsvSplitter(this.#delimiter);
      rest = this.#head;
      this.#head = NOTHING;
    }
    const taker: RecordTaker = {
      record: (record, bytes, from, end) => this.#record(record, bytes.subarray(from, end), items),
      row: (bytes, from, until, line) => this.#fittingRow(bytes, from, until, line, items),
    };
    this.#splitter.push(rest, taker);
    if (isEnd) this.#splitter.end(taker);
    this.#rows.settle();
    return items;
  }

  #fittingRow(bytes: Uint8Array, from: number, until: number, line: number, items: DoorItem[]): number {
    const end = this.#fitting?.endOf(bytes, from, until) ?? -1;
    if (end >= 0 && this.#rows.add(bytes, from, end, line)) this.#close(items);
    return end;
  }

  #record(record: CsvRecord, bytes: Uint8Array, items: DoorItem[]): void {
    if (this.#isRefused) return;
    const { line } = record;
    if (record.kind !== 'record') {
      const why = record.kind === 'open-quote' ? noted('csv-quote') : noted('line-too-long', { line, limitMb: RECORD_MAX / 1024 / 1024 });
      items.push({ kind: 'refused', line, ...why });
      if (this.#reader === null) this.#isRefused = true;
      return;
    }
    if (this.#reader === null) {
      const wrong = this.#header(record.text, record.cells);
      if (wrong !== null) {
        items.push({ kind: 'refused', line, ...wrong });
        this.#isRefused = true;
      }
      return;
    }
    const wrong = this.#row(bytes, record.text, record.cells, line, items);
    if (wrong === null) return;
    // A quote that was opened by mistake may have swallowed good rows up to the next one.
    const lines = record.text.split('\n');
    if (lines.length === 1 || wrong.code !== 'collect.csv-columns') items.push({ kind: 'refused', line, ...wrong });
    else
      for (const [at, each] of lines.entries()) {
        const text = each.endsWith('\r') ? each.slice(0, -1) : each;
        const alone = text.trim() === '' ? null : this.#row(Buffer.from(text), text, cellsOf(text, this.#delimiter), line + at, items);
        if (alone !== null) items.push({ kind: 'refused', line: line + at, ...alone });
      }
  }

  #header(text: string, header: readonly string[]): Noted | null {
    const plain = header.map(plainName);
    const repeated = plain.findIndex((name, at) => name !== '' && plain.indexOf(name) !== at);
    if (repeated >= 0) return noted('csv-repeated-column', { position: repeated + 1 });
    const { chosen, nearest, fit } = this.#choose(header);
    if (chosen === null) return this.#explain(header, nearest, fit);
    this.mapping = mappingName(chosen);
    this.#reader = new RowReader(chosen, header, this.#source);
    this.#fitting = FittingRows.of(this.#reader, this.#delimiter);
    this.#headerText = text;
    this.#meta = { mapping: this.mapping, ...authorityMeta(this.#authority), ...(this.#delimiter === ',' ? {} : { delimiter: this.#delimiter }) };
    return null;
  }

  #choose(header: readonly string[]): { chosen: Mapping | null; nearest: Mapping | null; fit: HeaderFit | null } {
    const [named] = this.#mappings;
    if (!this.#isChosen || named === undefined) return chooseMapping(this.#mappings, header);
    const fit = fitHeader(named, header);
    return { chosen: fits(fit) ? named : null, nearest: named, fit };
  }

  /** Names of unknown columns are only given when the line is plainly a header; otherwise they might be somebody's data. */
  #explain(header: readonly string[], nearest: Mapping | null, fit: HeaderFit | null): Noted {
    if (nearest === null || fit === null || fit.known * 2 < header.length) return noted('csv-no-header', { known: fit?.known ?? 0, all: header.length });
    const listed = (names: readonly string[]): string => (names.length === 0 ? '–' : names.slice(0, 8).join('、') + (names.length > 8 ? ' …' : ''));
    const details = { missing: listed(fit.missing), unknown: listed(fit.unknown.map((at) => (header[at] ?? '').trim().slice(0, 40))) };
    if (this.#isChosen) return noted('csv-mapping-header', { mapping: mappingName(nearest), ...details });
    return noted('csv-header', { mapping: nearest.titleZh ?? nearest.titleEn ?? mappingName(nearest), ...details });
  }

  #row(bytes: Uint8Array, text: string, cells: readonly string[], line: number, items: DoorItem[]): Noted | null {
    if (text.includes('\ufffd')) return noted('encoding', { charset: this.#decoder.charset === 'gb18030' ? 'GB18030' : 'UTF-8' });
    const wrong = this.#reader?.check(cells) ?? null;
    if (wrong === null && this.#rows.add(bytes, 0, bytes.length, line)) this.#close(items);
    return wrong;
  }

  #close(items: DoorItem[]): void {
    if (this.#rows.count === 0) return;
    const { count, line } = this.#rows;
    items.push({ kind: 'delivery', body: this.#rows.take(this.#headerText), items: count, meta: this.#meta, line });
  }
}
