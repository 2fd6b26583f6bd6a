/**
 * What leaves the hospital is gathered door by door and month by month into parts of a few megabytes, each a file or an upload of its own.
 * Memory is one open part per door, whatever the size of the hospital.
 */
import { sheetOf } from './desk-headers.ts';
import { DOORS, type Door, FORMS, type Folder, type Form, type PartKind } from './forms.ts';
import { writeGb18030 } from './gb18030.ts';
import { workbookOf } from './xlsx.ts';

export type { Door, Folder, PartKind } from './forms.ts';
export { ALL_FOLDERS, DOORS, isTaken, TAKEN_FOLDERS } from './forms.ts';
/** `source` is the registered source the part belongs to; `items` counts messages, resources, rows or events. */
export interface Part {
  readonly door: Door;
  readonly kind: PartKind;
  readonly folder: Folder;
  readonly source: string;
  readonly fileName: string;
  readonly month: string;
  readonly body: Buffer;
  readonly items: number;
}
/** Bytes of one part. The events door is bounded lower, by what `/v1/batch` takes in one body. */
export const PART_BYTES = 4 * 1024 * 1024;
const EVENTS_PART_BYTES = 400_000;
const EVENTS_PART_ITEMS = 1_000;
/** First room of a part; it doubles up to the part's bound. */
const ROOM_FIRST = 64 * 1024;

interface Open {
  buffer: Buffer;
  bytes: number;
  items: number;
  number: number;
}

export class Parts {
  readonly ready: Part[] = [];
  private readonly month: string;
  private readonly partBytes: number;
  private readonly folders: ReadonlySet<Folder> | null;
  private readonly open = new Map<Door, Open>();

  /** `folders`: those kept; null keeps all. */
  constructor(month: string, partBytes = PART_BYTES, folders: ReadonlySet<Folder> | null = null) {
    this.month = month;
    this.partBytes = partBytes;
    this.folders = folders;
  }

  /** Whether anything said through the door is kept; what is dear to make and not kept is not made. */
  wants(door: Door): boolean {
    return this.folders === null || this.folders.has(FORMS[door].folder);
  }

  /** `text` is whole: messages end with CR, lines with LF, an event is one JSON object. Encoded at once, so that no string outlives the call. */
  add(door: Door, text: string, items = 1): void {
    const form = FORMS[door];
    if (this.folders !== null && !this.folders.has(form.folder)) return;
    let part = this.open.get(door);
    if (part === undefined) {
      part = { buffer: Buffer.allocUnsafe(ROOM_FIRST), bytes: 0, items: 0, number: 0 };
      this.open.set(door, part);
    }
    this.write(part, form, part.items === 0 ? form.head : form.separator);
    this.write(part, form, text);
    part.items += items;
    const isFull = door === 'web' ? part.bytes >= EVENTS_PART_BYTES || part.items >= EVENTS_PART_ITEMS : part.bytes >= this.partBytes;
    if (isFull) this.flush(door, part);
  }

  private write(part: Open, form: Form, text: string): void {
    if (text === '') return;
    const needed = part.bytes + text.length * 4;
    if (needed > part.buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, part.buffer.length * 2));
      part.buffer.copy(larger, 0, 0, part.bytes);
      part.buffer = larger;
    }
    part.bytes += form.charset === 'utf-8' ? part.buffer.write(text, part.bytes, 'utf8') : writeGb18030(part.buffer, text, part.bytes);
  }

  /** What is full so far; call `close` for the rest. */
  take(): Part[] {
    return this.ready.splice(0);
  }

  close(): Part[] {
    for (const door of DOORS) {
      const part = this.open.get(door);
      if (part !== undefined && part.items > 0) this.flush(door, part);
    }
    return this.take();
  }

  private flush(door: Door, part: Open): void {
    const form = FORMS[door];
    this.write(part, form, form.tail);
    part.number++;
    const written = part.buffer.subarray(0, part.bytes);
    this.ready.push({
      door,
      kind: form.kind,
      folder: form.folder,
      source: form.source,
      fileName: `${form.fileName}-${this.month}-${String(part.number).padStart(4, '0')}.${form.extension}`,
      month: this.month,
      body: form.workbook === undefined ? Buffer.from(written) : workbookOf(sheetOf(form.workbook, this.month), written.toString('utf8')),
      items: part.items,
    });
    part.bytes = 0;
    part.items = 0;
  }
}

/** One CSV field: quoted when it must be. Ids stay text. */
export const csvField = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'number' ? String(value) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csvLine = (fields: readonly (string | number | null | undefined)[]): string => `${fields.map(csvField).join(',')}\r\n`;
