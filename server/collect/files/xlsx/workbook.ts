/**
 * A workbook as rows of text: dates by their number format, whole and decimal numbers without exponent, shared and inline strings, formulas by the value
 * last calculated. The archive is held in memory as it came (compressed); sheets are read row by row.
 */
import { attribute, readXml, XmlBroken, type XmlHandler } from './xml.ts';
import { ZipBroken, type ZipEntry, zipEntries } from './zip.ts';

export interface SheetName {
  readonly name: string;
  readonly path: string;
  readonly isHidden: boolean;
}
export interface Workbook {
  readonly sheets: readonly SheetName[];
  /** Rows as they are read, so that a sheet of a million rows is never held. */
  rows(sheet: SheetName): AsyncGenerator<SheetRow>;
}
export interface SheetRow {
  /** From 1, as the sheet counts. */
  readonly number: number;
  /** Up to the last that is filled; empty ones before it are ''. */
  readonly cells: readonly string[];
}

/** Inflated bytes read of one part at most. */
const SHEET_BYTES_MAX = 2 * 1024 * 1024 * 1024;
const SHARED_BYTES_MAX = 256 * 1024 * 1024;
const SMALL_BYTES_MAX = 16 * 1024 * 1024;
/** Columns a worksheet may have. */
const COLUMNS_MAX = 16_384;

export async function openWorkbook(archive: Buffer): Promise<Workbook> {
  const entries = zipEntries(archive);
  const main = entries.get('xl/workbook.xml');
  if (main === undefined) throw new ZipBroken('broken');
  const { sheets, isFrom1904 } = await namesOf(main, await targetsOf(entries.get('xl/_rels/workbook.xml.rels')));
  const dates = await dateStylesOf(entries.get('xl/styles.xml'));
  const shared = await sharedOf(entries.get('xl/sharedstrings.xml'));
  return {
    sheets: sheets.filter(({ path }) => entries.has(path)),
    async *rows(sheet) {
      const entry = entries.get(sheet.path);
      if (entry === undefined) return;
      const waiting: SheetRow[] = [];
      const reader = new SheetReader(shared, dates, isFrom1904, (row) => void waiting.push(row));
      for await (const _ of readXml(entry.bytes(SHEET_BYTES_MAX), reader)) yield* waiting.splice(0);
    },
  };
}

const ignore = (): void => undefined;
async function readPart(entry: ZipEntry | undefined, limit: number, handler: Partial<XmlHandler>): Promise<void> {
  if (entry === undefined) return;
  for await (const _ of readXml(entry.bytes(limit), { open: ignore, text: ignore, close: ignore, ...handler }));
}

async function targetsOf(entry: ZipEntry | undefined): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  await readPart(entry, SMALL_BYTES_MAX, {
    open: (name, attributes) => {
      const [id, target] = [attribute(attributes, 'Id'), attribute(attributes, 'Target')];
      if (name !== 'Relationship' || id === null || target === null) return;
      targets.set(id, (target.startsWith('/') ? target.slice(1) : `xl/${target.replace(/^\.\//, '')}`).toLowerCase());
    },
  });
  return targets;
}

async function namesOf(entry: ZipEntry, targets: ReadonlyMap<string, string>): Promise<{ sheets: SheetName[]; isFrom1904: boolean }> {
  const sheets: SheetName[] = [];
  let isFrom1904 = false;
  await readPart(entry, SMALL_BYTES_MAX, {
    open: (name, attributes) => {
      if (name === 'workbookPr') isFrom1904 = /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '');
      if (name !== 'sheet') return;
      const id = /(?:^|\s)\w+:id\s*=\s*["']([^"']*)["']/.exec(attributes)?.[1] ?? '';
      const path = targets.get(id) ?? `xl/worksheets/sheet${sheets.length + 1}.xml`;
      sheets.push({ name: attribute(attributes, 'name') ?? '', path, isHidden: /^(?:hidden|veryHidden)$/.test(attribute(attributes, 'state') ?? '') });
    },
  });
  return { sheets, isFrom1904 };
}

/** Rich text is the text of its runs; readings above Chinese or Japanese characters (`rPh`) are left out. */
async function sharedOf(entry: ZipEntry | undefined): Promise<readonly string[]> {
  const shared: string[] = [];
  let [current, isText, isReading] = ['', false, false];
  await readPart(entry, SHARED_BYTES_MAX, {
    open: (name) => {
      if (name === 'si') current = '';
      if (name === 'rPh') isReading = true;
      isText = name === 't' && !isReading;
    },
    text: (text) => {
      if (isText) current += text;
    },
    close: (name) => {
      if (name === 't') isText = false;
      if (name === 'rPh') isReading = false;
      if (name === 'si') shared.push(current);
    },
  });
  return shared;
}

/** Built-in number formats that show a date or a time; 27–36 and 50–58 are those of Chinese and Japanese Excel. */
const isBuiltInDate = (id: number): boolean => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);
/** Letters of dates outside quotes, brackets and escapes. */
const isDateFormat = (code: string): boolean => /[ymdhs年月日时分秒]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\.|_./g, '').replace(/general|e[+-]/gi, ''));

/** Which cell styles show dates. */
async function dateStylesOf(entry: ZipEntry | undefined): Promise<ReadonlySet<number>> {
  const dates = new Set<number>();
  const custom = new Map<number, boolean>();
  let [isCells, style] = [false, 0];
  await readPart(entry, SMALL_BYTES_MAX, {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(Number(attribute(attributes, 'numFmtId')), isDateFormat(attribute(attributes, 'formatCode') ?? ''));
      if (name === 'cellXfs') isCells = true;
      if (name !== 'xf' || !isCells) return;
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      if (custom.get(id) ?? isBuiltInDate(id)) dates.add(style);
      style++;
    },
    close: (name) => {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return dates;
}

class SheetReader {
  readonly #shared: readonly string[];
  readonly #dates: ReadonlySet<number>;
  readonly #isFrom1904: boolean;
  readonly #onRow: (row: SheetRow) => void;
  #number = 0;
  #cells: string[] = [];
  #column = 0;
  #type = '';
  #style = 0;
  #value = '';
  #isValue = false;
  #isReading = false;

  constructor(shared: readonly string[], dates: ReadonlySet<number>, isFrom1904: boolean, onRow: (row: SheetRow) => void) {
    this.#shared = shared;
    this.#dates = dates;
    this.#isFrom1904 = isFrom1904;
    this.#onRow = onRow;
  }

  open(name: string, attributes: string): void {
    if (name === 'row') {
      this.#number = Number(attribute(attributes, 'r') ?? this.#number + 1);
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') {
      const reference = attribute(attributes, 'r');
      this.#column = reference === null ? this.#column + 1 : columnOf(reference);
      this.#type = attribute(attributes, 't') ?? 'n';
      this.#style = Number(attribute(attributes, 's') ?? 0);
      this.#value = '';
    } else if (name === 'rPh') this.#isReading = true;
    else this.#isValue = (name === 'v' || name === 't') && !this.#isReading;
  }

  text(text: string): void {
    if (this.#isValue) this.#value += text;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#isValue = false;
    if (name === 'rPh') this.#isReading = false;
    if (name === 'row') this.#onRow({ number: this.#number, cells: this.#cells });
    if (name !== 'c' || this.#value === '') return;
    if (this.#column < 0 || this.#column >= COLUMNS_MAX) throw new XmlBroken();
    while (this.#cells.length < this.#column) this.#cells.push('');
    this.#cells[this.#column] = this.#shown();
  }

  #shown(): string {
    const value = this.#value;
    switch (this.#type) {
      case 's':
        return this.#shared[Number(value)] ?? '';
      case 'b':
        return value === '1' ? '是' : '否';
      case 'e':
        return '';
      case 'n':
        return this.#dates.has(this.#style) ? dateText(Number(value), this.#isFrom1904) : numberText(value);
      default:
        return value;
    }
  }
}

const columnOf = (reference: string): number => {
  let column = 0;
  for (let i = 0; i < reference.length; i++) {
    const code = reference.charCodeAt(i);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  return column - 1;
};

/** Whole numbers a double holds exactly. What is larger was an id whose digits are lost, and keeps its exponent, so that it is refused as such. */
const EXACT_MAX = 1e15;
function numberText(value: string): string {
  if (!/e|\.\d{10,}/i.test(value)) return value;
  const number = Number(value);
  if (!Number.isFinite(number) || Math.abs(number) >= EXACT_MAX) return value;
  // Binary fractions are written with sixteen digits; fifteen is what the sheet shows.
  return Number(number.toPrecision(15)).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 15 });
}

const DAY_MS = 86_400_000;
const EPOCH_1900 = Date.UTC(1899, 11, 30);
const EPOCH_1904 = Date.UTC(1904, 0, 1);
/** `2026-10-01`, `2026-10-01 08:30:00`, or `08:30:00` for a time without a day. */
function dateText(serial: number, isFrom1904: boolean): string {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return String(serial);
  // Excel counts a 29 February 1900 that never was: serials up to 60 are one day earlier.
  const shift = !isFrom1904 && serial >= 1 && serial < 61 ? 1 : 0;
  const at = new Date((isFrom1904 ? EPOCH_1904 : EPOCH_1900) + Math.round(((serial + shift) * DAY_MS) / 1000) * 1000);
  const [day, clock] = [at.toISOString().slice(0, 10), at.toISOString().slice(11, 19)];
  if (serial < 1) return clock;
  return clock === '00:00:00' ? day : `${day} ${clock}`;
}
