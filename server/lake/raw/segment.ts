/** Header and footer of a segment file, byte for byte as in docs/reference/raw-format.md. */
import type { Lane, StreamName } from '@xinglin/contracts';
import { LANES } from '@xinglin/contracts';
import { crc32c } from './crc32c.ts';
import { readUInt53, writeUInt53 } from './record.ts';

const HEADER_MAGIC = Buffer.from('XLSG', 'latin1');
export const FOOTER_MAGIC = Buffer.from('XLIX', 'latin1');
const END_MAGIC = Buffer.from('XLEN', 'latin1');
const SEGMENT_FORMAT = 1;
const HEADER_FIXED = 24;
const FOOTER_FIXED = 24;
const MARK_BYTES = 16;
export const TRAILER_BYTES = 12;
export const SEGMENT_SUFFIX = '.seg';
/** One mark in the index for about this many bytes: a read skips at most that much, and 64 MB have a thousand marks. */
export const MARK_EVERY_BYTES = 64 * 1024;

export interface SegmentHeader {
  readonly stream: StreamName;
  readonly first: number;
  /** Microseconds since 1970. */
  readonly createdAt: number;
  readonly bytes: number;
}
/** Where the record at `position` begins. */
export interface Mark {
  readonly position: number;
  readonly offset: number;
}
export interface SegmentIndex {
  readonly records: number;
  readonly last: number;
  /** In order; the first is that of the first record. */
  readonly marks: readonly Mark[];
  /** Offset after the last record. */
  readonly end: number;
}

/** Sixteen digits, so that names sort as numbers do. */
export const segmentName = (first: number): string => String(first).padStart(16, '0') + SEGMENT_SUFFIX;

export function encodeHeader(stream: StreamName, first: number, createdAt: number): Buffer {
  const names = [stream.orgId, stream.campusId, stream.source, stream.lane].map((name) =>
    Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')]),
  );
  const fixed = Buffer.alloc(HEADER_FIXED);
  const bytes = HEADER_FIXED + names.reduce((sum, name) => sum + name.length, 0) + 4;
  HEADER_MAGIC.copy(fixed, 0);
  fixed[4] = SEGMENT_FORMAT;
  fixed.writeUInt16LE(bytes, 6);
  writeUInt53(fixed, first, 8);
  writeUInt53(fixed, createdAt, 16);
  return withChecksum(Buffer.concat([fixed, ...names]));
}

/** Null when it is torn or damaged. Records can be found without it; the path names the stream too. */
export function decodeHeader(bytes: Buffer): SegmentHeader | null {
  if (bytes.length < HEADER_FIXED || bytes.compare(HEADER_MAGIC, 0, 4, 0, 4) !== 0 || bytes[4] !== SEGMENT_FORMAT) return null;
  const length = bytes.readUInt16LE(6);
  if (length > bytes.length || length < HEADER_FIXED + 8 || !hasChecksum(bytes.subarray(0, length))) return null;
  const names: string[] = [];
  for (let at = HEADER_FIXED; at < length - 4; ) {
    const size = bytes[at] ?? 0;
    names.push(bytes.toString('latin1', at + 1, at + 1 + size));
    at += 1 + size;
  }
  const [orgId, campusId, source, lane] = names;
  if (orgId === undefined || campusId === undefined || source === undefined || !LANES.includes(lane as Lane)) return null;
  return { stream: { orgId, campusId, source, lane: lane as Lane }, first: readUInt53(bytes, 8), createdAt: readUInt53(bytes, 16), bytes: length };
}

export function encodeFooter(index: SegmentIndex): Buffer {
  const body = Buffer.alloc(FOOTER_FIXED + index.marks.length * MARK_BYTES);
  FOOTER_MAGIC.copy(body, 0);
  body[4] = SEGMENT_FORMAT;
  body.writeUInt32LE(index.records, 8);
  writeUInt53(body, index.last, 12);
  body.writeUInt32LE(index.marks.length, 20);
  index.marks.forEach((mark, i) => {
    writeUInt53(body, mark.position, FOOTER_FIXED + i * MARK_BYTES);
    writeUInt53(body, mark.offset, FOOTER_FIXED + i * MARK_BYTES + 8);
  });
  const summed = withChecksum(body);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(summed.length + 8, 0);
  END_MAGIC.copy(trailer, 4);
  return Buffer.concat([summed, trailer]);
}

/** Length of the footer its last twelve bytes tell of, or null when the segment was not closed. */
export function footerBytes(trailer: Buffer): number | null {
  if (trailer.length < TRAILER_BYTES || trailer.compare(END_MAGIC, 0, 4, TRAILER_BYTES - 4) !== 0) return null;
  const bytes = trailer.readUInt32LE(4);
  return bytes >= FOOTER_FIXED + TRAILER_BYTES ? bytes : null;
}

/** `footer` is the whole footer, which begins at `offset` of the file. */
export function decodeFooter(footer: Buffer, offset: number): SegmentIndex | null {
  const body = footer.subarray(0, footer.length - 8);
  if (body.compare(FOOTER_MAGIC, 0, 4, 0, 4) !== 0 || body[4] !== SEGMENT_FORMAT || !hasChecksum(body)) return null;
  const count = body.readUInt32LE(20);
  if (FOOTER_FIXED + count * MARK_BYTES + 4 !== body.length) return null;
  const marks = Array.from({ length: count }, (_, i) => ({
    position: readUInt53(body, FOOTER_FIXED + i * MARK_BYTES),
    offset: readUInt53(body, FOOTER_FIXED + i * MARK_BYTES + 8),
  }));
  return { records: body.readUInt32LE(8), last: readUInt53(body, 12), marks, end: offset };
}

/** Collects marks while records are written or scanned in order. */
export class MarkKeeper {
  readonly marks: Mark[] = [];

  add(position: number, offset: number): void {
    const last = this.marks.at(-1);
    if (last === undefined || offset - last.offset >= MARK_EVERY_BYTES) this.marks.push({ position, offset });
  }
}

/** The last mark at or before the position; the scan begins there. */
export function markFor(marks: readonly Mark[], position: number): Mark | undefined {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.position ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1] ?? marks[0];
}

function withChecksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(bytes));
  return Buffer.concat([bytes, sum]);
}
const hasChecksum = (bytes: Buffer): boolean => bytes.readUInt32LE(bytes.length - 4) === crc32c(bytes.subarray(0, bytes.length - 4));
