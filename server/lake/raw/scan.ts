/** Goes through the records of a segment file in order, steps over damage, and says where it was. */
import type { RawFile } from './files.ts';
import { isWhole, RECORD_MAGIC, type RecordHeader, readHeader } from './record.ts';
import { decodeFooter, decodeHeader, FOOTER_MAGIC, footerBytes, MarkKeeper, type SegmentIndex, TRAILER_BYTES } from './segment.ts';

const CHUNK_BYTES = 1024 * 1024;
/** What holds most single records. */
const CHUNK_BYTES_MIN = 64 * 1024;
const HEADER_BYTES_MAX = 256;

export interface FoundRecord {
  readonly header: RecordHeader;
  readonly offset: number;
  /** The whole record, checksum verified. Valid until the next step. */
  readonly record: Buffer;
}

export class SegmentScanner {
  readonly #file: RawFile;
  readonly #limit: number;
  #offset: number;
  #buffer = Buffer.alloc(0);

  /** Reads `[offset, limit)`. A footer ends the scan too. */
  constructor(file: RawFile, offset: number, limit: number) {
    this.#file = file;
    this.#offset = offset;
    this.#limit = limit;
  }

  /** Where the next record would begin: after the last good one. */
  get offset(): number {
    return this.#offset;
  }

  /** The next whole records, a chunk of about so many bytes at a time, within limits; null at the end. */
  async next(bytes: number = CHUNK_BYTES): Promise<FoundRecord[] | null> {
    for (let wanted = Math.round(Math.min(CHUNK_BYTES, Math.max(CHUNK_BYTES_MIN, bytes))); this.#offset < this.#limit; ) {
      await this.#fill(wanted);
      const found = this.#parse();
      if (found.length > 0) return found;
      if (this.#buffer.subarray(0, 4).equals(FOOTER_MAGIC)) return null;
      const header = readHeader(this.#buffer, 0);
      const isCut = typeof header === 'object' && header.bytes > wanted && this.#offset + header.bytes <= this.#limit;
      if (isCut) wanted = header.bytes;
      else if (await this.#resume()) wanted = CHUNK_BYTES;
      else return null;
    }
    return null;
  }

  #parse(): FoundRecord[] {
    const found: FoundRecord[] = [];
    for (let at = 0; ; ) {
      const header = readHeader(this.#buffer, at);
      if (typeof header !== 'object' || at + header.bytes > this.#buffer.length) return found;
      const record = this.#buffer.subarray(at, at + header.bytes);
      if (!isWhole(record)) return found;
      found.push({ header, offset: this.#offset, record });
      this.#offset += header.bytes;
      at += header.bytes;
    }
  }

  /** After damage: the next place where a whole record begins. Reads the rest of the segment, which is at most its 64 MB. */
  async #resume(): Promise<boolean> {
    const from = this.#offset;
    await this.#fill(this.#limit - from);
    const rest = this.#buffer;
    for (let at = rest.indexOf(RECORD_MAGIC, 1); at !== -1; at = rest.indexOf(RECORD_MAGIC, at + 1)) {
      const header = readHeader(rest, at);
      if (typeof header === 'object' && at + header.bytes <= rest.length && isWhole(rest.subarray(at, at + header.bytes))) {
        this.#offset = from + at;
        return true;
      }
    }
    return false;
  }

  /** Holds `bytes` from the present offset, or as many as there are. */
  async #fill(bytes: number): Promise<void> {
    const buffer = Buffer.allocUnsafe(Math.min(bytes, this.#limit - this.#offset));
    const read = await this.#file.read(buffer, this.#offset);
    this.#buffer = buffer.subarray(0, read);
  }
}

/** The index of a closed segment from its footer; null when there is none or it is damaged. */
export async function readFooter(file: RawFile): Promise<SegmentIndex | null> {
  const size = await file.size();
  const trailer = Buffer.alloc(TRAILER_BYTES);
  if (size < TRAILER_BYTES || (await file.read(trailer, size - TRAILER_BYTES)) < TRAILER_BYTES) return null;
  const bytes = footerBytes(trailer);
  if (bytes === null || bytes > size) return null;
  const footer = Buffer.alloc(bytes);
  await file.read(footer, size - bytes);
  return decodeFooter(footer, size - bytes);
}

/** Offset of the first record. When the header is damaged the scan steps over it. */
export async function recordsOffset(file: RawFile): Promise<number> {
  const bytes = Buffer.alloc(HEADER_BYTES_MAX);
  const read = await file.read(bytes, 0);
  return decodeHeader(bytes.subarray(0, read))?.bytes ?? 0;
}

/** Makes the index by reading every record. `isTorn`: bytes that are no record follow the last whole one. */
export async function scanIndex(file: RawFile, before: number): Promise<SegmentIndex & { isTorn: boolean }> {
  const size = await file.size();
  const scanner = new SegmentScanner(file, await recordsOffset(file), size);
  const keeper = new MarkKeeper();
  let records = 0;
  let last = 0;
  let end = scanner.offset;
  for (let found = await scanner.next(); found !== null; found = await scanner.next()) {
    for (const { header, offset } of found) {
      if (header.position >= before) continue;
      keeper.add(header.position, offset);
      records += 1;
      last = header.position;
      end = offset + header.bytes;
    }
  }
  return { records, last, marks: keeper.marks, end, isTorn: end < size };
}
