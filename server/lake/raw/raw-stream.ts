/** The segments of one stream: what is there, and reading it. Writing is in stream-writer.ts. */
import { basename, join } from 'node:path';
import type { RawRecord, StreamName } from '@xinglin/contracts';
import { streamText } from '@xinglin/contracts';
import type { Logger } from '../../kernel/index.ts';
import { refuse } from '../errors.ts';
import type { RawFile, RawFiles } from './files.ts';
import { finishMerges } from './merge.ts';
import { RecordCodec, type RecordHeader, type SegmentKeys } from './record.ts';
import { type FoundRecord, readFooter, recordsOffset, SegmentScanner, scanIndex } from './scan.ts';
import { encodeFooter, type MarkKeeper, markFor, SEGMENT_SUFFIX, type SegmentIndex } from './segment.ts';

/** Indexes of closed segments kept at hand per stream: 16 kB each at most. */
const INDEXES_KEPT_MAX = 32;
/** Opening records this long at a stretch takes about 2 ms; then others get their turn. */
const SLICE_BYTES = 256 * 1024;
const SLICE_RECORDS = 64;
/** Opened at once: while one is unpacked on the thread pool the next is deciphered here. */
const OPENED_AT_ONCE = 2;

export interface Segment {
  readonly path: string;
  readonly first: number;
  /** While it is written, or when it was closed without a footer. Else the footer is read when needed. */
  live: { keeper: MarkKeeper; records: number; last: number; end: number } | null;
}
export interface StreamDeps {
  readonly files: RawFiles;
  readonly keys: SegmentKeys;
  readonly log: Logger;
  /** `DATA/raw`. */
  readonly folder: string;
  onCorrupt(stream: StreamName): void;
}

export class RawStream {
  readonly name: StreamName;
  readonly text: string;
  readonly folder: string;
  readonly codec: RecordCodec;
  /** By first position. The last one may be open for writing. */
  readonly segments: Segment[] = [];
  /** Greatest position that is on disk; 0 when the stream is empty. */
  end = 0;
  readonly #deps: StreamDeps;
  readonly #indexes = new Map<Segment, SegmentIndex>();
  readonly #reported = new Set<number>();

  constructor(name: StreamName, deps: StreamDeps) {
    this.name = name;
    this.text = streamText(name);
    this.folder = join(deps.folder, name.orgId, name.campusId, name.source, name.lane);
    this.codec = new RecordCodec(name, deps.keys);
    this.#deps = deps;
  }

  /**
   * Finds the segments and mends the last one after a crash. `acknowledged` is a position known to have been answered for: what is
   * torn beyond it is dropped, what is missing before it is kept as it lies and reported, and no position is given out twice.
   */
  async open(acknowledged: number): Promise<void> {
    await finishMerges(this.folder, this.#deps.files);
    const names = await this.#deps.files.list(this.folder);
    for (const name of names.filter((each) => !each.endsWith(SEGMENT_SUFFIX))) await this.#deps.files.remove(join(this.folder, name));
    for (const name of names.filter((each) => each.endsWith(SEGMENT_SUFFIX))) {
      this.segments.push({ path: join(this.folder, name), first: Number(name.slice(0, -SEGMENT_SUFFIX.length)), live: null });
    }
    const last = this.segments.at(-1);
    const found = last === undefined ? 0 : await this.#mend(last, acknowledged);
    if (found < acknowledged) this.#deps.log.error('lake.raw-lost', { stream: this.text, after: found, acknowledged });
    this.end = Math.max(found, acknowledged);
  }

  /** Returns the last position it holds. */
  async #mend(segment: Segment, acknowledged: number): Promise<number> {
    const file = await this.#deps.files.open(segment.path, 'write');
    try {
      if ((await readFooter(file)) !== null) return (await this.indexOf(segment)).last;
      const index = await scanIndex(file, Number.POSITIVE_INFINITY);
      const last = index.records === 0 ? segment.first - 1 : index.last;
      if (last < acknowledged) return last;
      if (index.records === 0) {
        this.segments.pop();
        await this.#deps.files.remove(segment.path);
        return last;
      }
      if (index.isTorn) {
        this.#deps.log.info('lake.raw-tail-dropped', { stream: this.text, after: last });
        await file.truncate(index.end);
      }
      // Without room for a footer the segment is scanned again when it is read.
      await file.write(encodeFooter(index), index.end).then(
        () => file.sync(),
        () => file.truncate(index.end),
      );
      return last;
    } finally {
      await file.close();
    }
  }

  async indexOf(segment: Segment): Promise<SegmentIndex> {
    const { live } = segment;
    if (live !== null) return { records: live.records, last: live.last, marks: live.keeper.marks, end: live.end };
    const known = this.#indexes.get(segment);
    if (known !== undefined) return known;
    const file = await this.#openToRead(segment);
    try {
      const index = (await readFooter(file)) ?? (await scanIndex(file, this.#nextFirst(segment)));
      if (this.#indexes.size >= INDEXES_KEPT_MAX) this.#indexes.delete(this.#indexes.keys().next().value as Segment);
      this.#indexes.set(segment, index);
      return index;
    } finally {
      await file.close();
    }
  }

  /** After a segment was written anew. */
  forgetIndex(segment: Segment): void {
    this.#indexes.delete(segment);
  }

  /** Segments whose records lie in another one now. */
  drop(segments: readonly Segment[]): void {
    for (const each of segments) {
      this.segments.splice(this.segments.indexOf(each), 1);
      this.#indexes.delete(each);
    }
  }

  /** Dense: a position whose record is damaged or gone comes back with `gap`. */
  async read(after: number, limit: { records: number; bytes: number }): Promise<RawRecord[]> {
    const out = new Page(this.name, after, limit);
    while (!out.isFull && out.next <= this.end) {
      const segment = this.segmentOf(out.next);
      const until = Math.min(segment === undefined ? (this.segments[0]?.first ?? this.end + 1) : this.#nextFirst(segment), this.end + 1);
      try {
        if (segment !== undefined) await this.#readSegment(segment, until, out);
      } catch (error) {
        // Merged into another one in this moment: its records are read from there.
        if (segment !== undefined && !this.segments.includes(segment)) continue;
        throw error;
      }
      if (!out.isFull && out.next < until) this.#gaps(out, until, segment);
    }
    return out.records;
  }

  async #readSegment(segment: Segment, until: number, out: Page): Promise<void> {
    const index = await this.indexOf(segment);
    const file = await this.#openToRead(segment);
    try {
      const mark = markFor(index.marks, out.next);
      const scanner = new SegmentScanner(file, mark?.offset ?? (await recordsOffset(file)), index.end);
      for (let found = await scanner.next(out.bytesWanted); found !== null; found = await scanner.next(out.bytesWanted)) {
        await this.#takeFound(found, segment, until, out);
        if (out.isFull || out.next >= until) return;
      }
    } finally {
      await file.close();
    }
  }

  async #takeFound(found: readonly FoundRecord[], segment: Segment, until: number, out: Page): Promise<void> {
    const opening: Opening[] = [];
    const takeFirst = async (): Promise<void> => {
      const [first] = opening.splice(0, 1);
      if (first !== undefined) this.#take(first.header, await first.record, segment, out);
    };
    let slice = 0;
    let count = 0;
    for (const { header, record } of found) {
      if (header.position < (opening.at(-1)?.header.position ?? out.next - 1) + 1) continue;
      while (opening.length >= OPENED_AT_ONCE || (opening.length > 0 && out.isFullWith(opening))) await takeFirst();
      if (out.isFull || header.position >= until) break;
      opening.push({ header, record: this.codec.decode(header, record) });
      slice += record.length;
      count += 1;
      if (slice > SLICE_BYTES || count >= SLICE_RECORDS) {
        await new Promise(setImmediate);
        slice = 0;
        count = 0;
      }
    }
    while (opening.length > 0) await takeFirst();
  }

  /** Nothing beyond what the page has room for. */
  #take(header: RecordHeader, opened: RawRecord | null, segment: Segment, out: Page): void {
    if (header.position > out.next) this.#gaps(out, header.position, segment);
    if (out.isFull) return;
    if (opened === null) this.#gaps(out, header.position + 1, segment);
    else out.add(opened, header.payloadBytes);
  }

  async #openToRead(segment: Segment): Promise<RawFile> {
    try {
      return await this.#deps.files.open(segment.path, 'read');
    } catch (error) {
      throw refuse('segment-unreadable', { file: `${this.text}/${basename(segment.path)}`, reason: (error as NodeJS.ErrnoException).code ?? 'unknown' }, error);
    }
  }

  #gaps(out: Page, until: number, segment: Segment | undefined): void {
    while (!out.isFull && out.next < until) {
      const position = out.next;
      if (!this.#reported.has(position)) {
        this.#reported.add(position);
        this.#deps.onCorrupt(this.name);
        this.#deps.log.error('lake.raw-corrupt', { stream: this.text, position, segment: segment?.first ?? null });
      }
      out.addGap();
    }
  }

  segmentOf(position: number): Segment | undefined {
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.segments[middle]?.first ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return this.segments[low - 1];
  }

  #nextFirst(segment: Segment): number {
    return this.segments[this.segments.indexOf(segment) + 1]?.first ?? Number.POSITIVE_INFINITY;
  }
}

interface Opening {
  readonly header: RecordHeader;
  readonly record: RawRecord | null | Promise<RawRecord | null>;
}

/** What one read gives, up to its limits; at least one record. */
class Page {
  readonly records: RawRecord[] = [];
  next: number;
  #bytes = 0;
  /** Of those that make up `#bytes`, as they lie on disk. */
  #bytesPacked = 0;
  readonly #stream: StreamName;
  readonly #limit: { records: number; bytes: number };

  constructor(stream: StreamName, after: number, limit: { records: number; bytes: number }) {
    this.#stream = stream;
    this.next = after + 1;
    this.#limit = limit;
  }
  get isFull(): boolean {
    return this.records.length > 0 && (this.records.length >= this.#limit.records || this.#bytes >= this.#limit.bytes);
  }
  /** Whether it will be, as far as one can tell, with what is being opened: bodies pack about as well as those before. */
  isFullWith(opening: readonly Opening[]): boolean {
    const packed = opening.reduce((sum, { header }) => sum + header.payloadBytes, 0);
    return this.records.length + opening.length >= this.#limit.records || this.#bytes + packed * this.#ratio >= this.#limit.bytes;
  }
  /** Bytes on disk of what there is room for; a guess. */
  get bytesWanted(): number {
    return (this.#limit.bytes - this.#bytes) / this.#ratio;
  }
  get #ratio(): number {
    return this.#bytesPacked === 0 ? 1 : Math.max(1, this.#bytes / this.#bytesPacked);
  }
  add(record: RawRecord, bytesPacked = 0): void {
    this.records.push(record);
    this.#bytes += record.body.length;
    this.#bytesPacked += bytesPacked;
    this.next += 1;
  }
  addGap(): void {
    this.add({
      ...{ stream: this.#stream, position: this.next, receivedAt: new Date(0), sha256: '', type: 'loop', items: 0, meta: {} },
      ...{ body: NOTHING, gap: 'corrupt' },
    } as RawRecord);
  }
}
const NOTHING = new Uint8Array(0);
