/**
 * A workbook as the CSV its first filled sheet would be, so that one machinery of mappings, checks, chunks and keys reads both. Chinese exports begin
 * with a title in merged cells and a line of period and maker, and end with totals and signatures: those are passed over. Line numbers stay the sheet's.
 */
import { type Noted, noted } from '../../errors.ts';
import type { DoorItem } from '../../inbox/item.ts';
import { openWorkbook, type SheetName, type SheetRow, type Workbook } from './workbook.ts';
import { XmlBroken } from './xml.ts';
import { ZipBroken } from './zip.ts';

/** Bytes of one workbook, compressed: about five million cells. */
export const WORKBOOK_BYTES_MAX = 128 * 1024 * 1024;
/** The header is among so many first filled rows. */
const HEADER_WITHIN = 20;
/** Share of the widest of these rows a header fills; titles fill one cell. */
const HEADER_SHARE = 0.6;
const TOTALS = /^(?:合\s*计|总\s*计|小\s*计)/;
const SIGNATURE = /^(?:制\s*表|审\s*核|复\s*核|打印|统计|填报|备\s*注|说\s*明|注)\s*(?:[人者时日单部][^，,]{0,8})?[:：]/;
const PIECE = 64 * 1024;

export interface WorkbookCsv {
  readonly csv: () => AsyncGenerator<Uint8Array>;
  /** What could not be read, known once `csv` has ended. */
  readonly notes: () => readonly DoorItem[];
}

/** Null when the bytes are more than a workbook may have. */
export async function archiveOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer | null> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    if (size <= WORKBOOK_BYTES_MAX) pieces.push(piece);
  }
  return size > WORKBOOK_BYTES_MAX ? null : Buffer.concat(pieces);
}

/** A refusal of the whole workbook, or its rows. */
export async function workbookCsv(archive: Buffer | null): Promise<WorkbookCsv | Noted> {
  if (archive === null) return noted('xlsx-too-large', { limitMb: WORKBOOK_BYTES_MAX / 1024 / 1024 });
  try {
    const workbook = await openWorkbook(archive);
    const [first, ...others] = await filledSheets(workbook);
    if (first === undefined) return noted('xlsx-empty');
    const found: { broken: Noted | null } = { broken: null };
    const unread = others.length === 0 ? [] : [noted('xlsx-sheets', { sheets: others.length + 1 })];
    const notes = (): DoorItem[] => [...unread, ...(found.broken === null ? [] : [found.broken])].map((each) => ({ kind: 'refused', line: null, ...each }));
    return { csv: () => linesOf(workbook, first, found), notes };
  } catch (error) {
    return brokenBy(error);
  }
}

/** The sentence for a workbook that cannot be read; throws what is no fault of the workbook. */
function brokenBy(error: unknown): Noted {
  if (error instanceof ZipBroken && error.why === 'encrypted') return noted('xlsx-encrypted');
  if (error instanceof ZipBroken && error.why === 'too-large') return noted('xlsx-too-large', { limitMb: WORKBOOK_BYTES_MAX / 1024 / 1024 });
  if (error instanceof ZipBroken || error instanceof XmlBroken || error instanceof RangeError) return noted('xlsx-broken');
  throw error;
}

async function filledSheets(workbook: Workbook): Promise<SheetName[]> {
  const filled: SheetName[] = [];
  for (const sheet of workbook.sheets.filter((each) => !each.isHidden)) {
    for await (const { cells } of workbook.rows(sheet)) {
      if (!cells.some((each) => each.trim() !== '')) continue;
      filled.push(sheet);
      break;
    }
  }
  return filled;
}

async function* linesOf(workbook: Workbook, sheet: SheetName, found: { broken: Noted | null }): AsyncGenerator<Uint8Array> {
  const lines = new Lines();
  try {
    for await (const row of workbook.rows(sheet)) {
      lines.add(row);
      if (lines.length > PIECE) yield lines.take();
    }
  } catch (error) {
    found.broken = brokenBy(error);
  }
  lines.end();
  yield lines.take();
}

const filledIn = (cells: readonly string[]): number => cells.reduce((count, each) => (each.trim() === '' ? count : count + 1), 0);

class Lines {
  #text = '';
  #line = 0;
  #width = 0;
  #first: SheetRow[] | null = [];

  get length(): number {
    return this.#text.length;
  }

  add(row: SheetRow): void {
    if (filledIn(row.cells) === 0) return;
    if (this.#first === null) this.#row(row);
    else if (this.#first.push(row) === HEADER_WITHIN) this.#begin(this.#first);
  }

  end(): void {
    if (this.#first !== null) this.#begin(this.#first);
  }

  take(): Buffer {
    const text = this.#text;
    this.#text = '';
    return Buffer.from(text);
  }

  /** The header is the first row nearly as wide as the widest. */
  #begin(rows: readonly SheetRow[]): void {
    this.#first = null;
    const widest = Math.max(1, ...rows.map((each) => filledIn(each.cells)));
    const at = Math.max(
      0,
      rows.findIndex((each) => filledIn(each.cells) >= widest * HEADER_SHARE),
    );
    const header = rows[at];
    if (header === undefined) return;
    this.#width = header.cells.findLastIndex((each) => each.trim() !== '') + 1;
    this.#write(header);
    for (const row of rows.slice(at + 1)) this.#row(row);
  }

  #row(row: SheetRow): void {
    const first = row.cells.find((each) => each.trim() !== '')?.trim() ?? '';
    if (TOTALS.test(first) || (SIGNATURE.test(first) && filledIn(row.cells) * 2 <= this.#width)) return;
    this.#write(row);
  }

  #write({ number, cells }: SheetRow): void {
    // Rows left out become blank lines, which are passed over, so that a refusal names the row the sheet shows.
    if (number > this.#line + 1) this.#text += '\r\n'.repeat(number - this.#line - 1);
    this.#line = Math.max(number, this.#line + 1);
    const width = Math.max(this.#width, cells.findLastIndex((each) => each !== '') + 1);
    this.#text += `${Array.from({ length: width }, (_, i) => field(cells[i] ?? '')).join(',')}\r\n`;
  }
}

/** Line ends inside a cell become blanks: a row is a line. */
const field = (cell: string): string => {
  const text = cell.replace(/[\r\n]+/g, ' ');
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
