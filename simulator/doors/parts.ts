/**
 * What leaves the hospital is gathered door by door and month by month into parts of a few megabytes, each a file or an upload of its own.
 * Memory is one open part per door, whatever the size of the hospital.
 */
import { CSV_FILES, CSV_HEADERS, type CsvDoor } from './csv-headers.ts';
import { writeGb18030 } from './gb18030.ts';

/** `truth` is the answer sheet: written beside the deliveries, never delivered. */
export type PartKind = 'hl7' | 'fhir' | 'csv' | 'events' | 'truth';
/** `source` is the registered source the part belongs to; `items` counts messages, resources, rows or events. */
export interface Part {
  readonly kind: PartKind;
  readonly source: string;
  readonly fileName: string;
  readonly month: string;
  readonly body: Buffer;
  readonly items: number;
}
export const DOORS = [
  'his',
  'lis',
  'ris',
  'doc',
  'emr',
  'device',
  'booking',
  'survey',
  'complaint',
  'review',
  'web',
  'truth-visit',
  'truth-lab',
  'truth-voice',
] as const;
export type Door = (typeof DOORS)[number];

interface Form {
  readonly kind: PartKind;
  readonly charset: 'utf-8' | 'gb18030';
  readonly extension: string;
  readonly head: string;
  readonly tail: string;
  readonly separator: string;
}
const csv = (door: CsvDoor): Form => ({
  kind: 'csv',
  charset: CSV_FILES[door].charset,
  extension: 'csv',
  head: `${CSV_FILES[door].charset === 'utf-8' ? '\ufeff' : ''}${CSV_HEADERS[door].join(',')}\r\n`,
  tail: '',
  separator: '',
});
const truth = (head: string): Form => ({ kind: 'truth', charset: 'utf-8', extension: 'csv', head: `${head}\n`, tail: '', separator: '' });
const FORMS: Record<Door, Form> = {
  // The HIS writes batch files with file and batch headers, in GB18030; the laboratory plain messages in UTF-8.
  his: { kind: 'hl7', charset: 'gb18030', extension: 'hl7', head: 'FHS|^~\\&|HIS|XC1\rBHS|^~\\&|HIS|XC1\r', tail: 'BTS|\rFTS|1\r', separator: '' },
  lis: { kind: 'hl7', charset: 'utf-8', extension: 'hl7', head: '', tail: '', separator: '' },
  ris: { kind: 'hl7', charset: 'gb18030', extension: 'hl7', head: '', tail: '', separator: '' },
  doc: { kind: 'hl7', charset: 'utf-8', extension: 'hl7', head: '', tail: '', separator: '' },
  emr: { kind: 'fhir', charset: 'utf-8', extension: 'ndjson', head: '', tail: '', separator: '' },
  device: { kind: 'fhir', charset: 'utf-8', extension: 'ndjson', head: '', tail: '', separator: '' },
  booking: csv('booking'),
  survey: csv('survey'),
  complaint: csv('complaint'),
  review: csv('review'),
  web: { kind: 'events', charset: 'utf-8', extension: 'json', head: '{"batch":[', tail: ']}', separator: ',' },
  'truth-visit': truth(
    'visit,person,class,department,doctor,ward,disease,day,attendance,wait_minutes,ahead,is_named_shift,is_slow_night,overall,response,complained',
  ),
  'truth-lab': truth('visit,bench,minutes'),
  'truth-voice': truth('id,door,person,kind,overall,aspects'),
};
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
  private readonly isTruthKept: boolean;
  private readonly open = new Map<Door, Open>();

  constructor(month: string, partBytes = PART_BYTES, isTruthKept = true) {
    this.month = month;
    this.partBytes = partBytes;
    this.isTruthKept = isTruthKept;
  }

  /** `text` is whole: messages end with CR, lines with LF, an event is one JSON object. Encoded at once, so that no string outlives the call. */
  add(door: Door, text: string, items = 1): void {
    const form = FORMS[door];
    if (!this.isTruthKept && form.kind === 'truth') return;
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
    this.ready.push({
      kind: form.kind,
      source: door,
      fileName: `${fileStem(door)}-${this.month}-${String(part.number).padStart(4, '0')}.${form.extension}`,
      month: this.month,
      body: Buffer.from(part.buffer.subarray(0, part.bytes)),
      items: part.items,
    });
    part.bytes = 0;
    part.items = 0;
  }
}

const fileStem = (door: Door): string => (door in CSV_FILES ? CSV_FILES[door as CsvDoor].name : door.replace(/^truth-/, ''));

/** One CSV field: quoted when it must be. Ids stay text. */
export const csvField = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'number' ? String(value) : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
export const csvLine = (fields: readonly (string | number | null | undefined)[]): string => `${fields.map(csvField).join(',')}\r\n`;
