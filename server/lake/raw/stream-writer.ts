/**
 * Appends to one stream: deliveries that arrive while a group is being synced share the next write and sync.
 *
 * idle → sealing (deflated, positions given, encrypted) → storing (write, fdatasync, folder when the file is new) → answered.
 * While one group is stored the next is sealed. When storing fails, the file is cut back to its last good byte and left closed, the
 * group and whatever was sealed after it are refused, and the next append begins a new segment at the same position.
 */
import { join } from 'node:path';
import type { RawDelivery } from '@xinglin/contracts';
import type { Logger, Refusal } from '../../kernel/index.ts';
import { refuse } from '../errors.ts';
import type { RawFile, RawFiles } from './files.ts';
import { isLarge, pack } from './payload.ts';
import type { RawStream, Segment } from './raw-stream.ts';
import { encodeFooter, encodeHeader, MarkKeeper, segmentName } from './segment.ts';

/** A group this large keeps the disk busy; a larger one would only make its first delivery wait. */
const GROUP_RECORDS_MAX = 512;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;
/** Sealing takes about 35 µs a kilobyte; after this much others get their turn. */
const SLICE_RECORDS = 32;
const SLICE_BYTES = 256 * 1024;
/** Packed on the thread pool beside the one that is sealed: enough for the cores, few enough that syncs of others do not queue behind them. */
const PACKED_AHEAD = 2;

export interface Waiting {
  readonly delivery: RawDelivery;
  readonly hash: Buffer;
  stored(position: number): void;
  failed(error: Error): void;
}
export interface WriterOptions {
  readonly files: RawFiles;
  readonly log: Logger;
  /** Microseconds, greater at every call. */
  readonly stamp: () => number;
  readonly segmentBytes: number;
  readonly segmentSeconds: number;
  /** Once a group is on disk, before it is answered. */
  readonly onStored: (stream: RawStream, entries: readonly { position: number; hash: Buffer }[]) => void;
}
interface Sealed {
  readonly waiting: Waiting;
  readonly position: number;
  readonly parts: readonly Buffer[];
  readonly bytes: number;
}
interface OpenSegment {
  readonly segment: Segment;
  readonly file: RawFile;
  readonly live: { keeper: MarkKeeper; records: number; last: number; end: number };
  timer: NodeJS.Timeout | null;
}

export class StreamWriter {
  readonly #stream: RawStream;
  readonly #options: WriterOptions;
  #queue: Waiting[] = [];
  #next: number;
  #open: OpenSegment | null = null;
  #running: Promise<void> | null = null;
  #isRollAsked = false;
  #failure: Refusal | null = null;

  constructor(stream: RawStream, options: WriterOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#next = stream.end + 1;
  }

  append(waiting: readonly Waiting[]): void {
    for (const each of waiting) this.#queue.push(each);
    this.#run();
  }

  /** Closes the open segment, after everything waiting is stored. */
  async roll(): Promise<void> {
    if (this.#open === null && this.#running === null) return;
    this.#isRollAsked = true;
    this.#run();
    await this.#running;
  }

  #run(): void {
    this.#running ??= this.#work().finally(() => {
      this.#running = null;
      if (this.#queue.length > 0) this.#run();
    });
  }

  async #work(): Promise<void> {
    let storing = GOOD;
    while (this.#queue.length > 0 || this.#isRollAsked) {
      const sealed = await this.#seal(this.#take());
      const isGood = await storing;
      storing = GOOD;
      if (!isGood) this.#refuse(sealed);
      else if (sealed.length > 0) storing = this.#store(sealed);
      else {
        this.#isRollAsked = false;
        await this.#close();
      }
      if (this.#queue.length === 0) {
        if (!(await storing)) this.#refuse([]);
        storing = GOOD;
      }
    }
  }

  /** Positions given out after a group that failed are void. */
  #refuse(sealed: readonly Sealed[]): void {
    for (const each of sealed) each.waiting.failed(this.#failure ?? refuse('raw-closed'));
    this.#next = this.#stream.end + 1;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && count < GROUP_RECORDS_MAX && bytes < GROUP_BYTES_MAX) {
      bytes += this.#queue[count]?.delivery.body.length ?? 0;
      count += 1;
    }
    if (count === this.#queue.length) {
      const all = this.#queue;
      this.#queue = [];
      return all;
    }
    return this.#queue.splice(0, count);
  }

  async #seal(group: readonly Waiting[]): Promise<Sealed[]> {
    const sealed: Sealed[] = [];
    const ahead: (Promise<Buffer> | null)[] = [];
    let slice = 0;
    for (const [at, waiting] of group.entries()) {
      const { type, items, body } = waiting.delivery;
      for (const next of group.slice(ahead.length, at + 1 + PACKED_AHEAD)) ahead.push(packedAhead(next));
      try {
        const payload = await (ahead[at] ?? pack(waiting.delivery));
        const position = this.#next;
        const parts = this.#stream.codec.encode({ position, type, items, receivedAt: this.#options.stamp(), sha256: waiting.hash, payload });
        sealed.push({ waiting, position, parts, bytes: parts.reduce((sum, part) => sum + part.length, 0) });
        this.#next += 1;
      } catch (error) {
        waiting.failed(error as Error);
      }
      slice += body.length;
      if ((sealed.length % SLICE_RECORDS === 0 || slice > SLICE_BYTES) && sealed.length < group.length) {
        slice = 0;
        await new Promise(setImmediate);
      }
    }
    return sealed;
  }

  async #store(sealed: readonly Sealed[]): Promise<boolean> {
    let open = this.#open;
    try {
      open ??= await this.#begin(sealed[0]?.position ?? this.#next);
      const start = open.live.end;
      const bytes = Buffer.concat(sealed.flatMap((each) => each.parts));
      await open.file.write(bytes, start);
      await open.file.sync();
      if (this.#open === null) {
        await this.#options.files.syncFolder(this.#stream.folder);
        this.#adopt(open);
      }
      this.#record(open, sealed, start);
    } catch (error) {
      await this.#fail(error, open);
      for (const each of sealed) each.waiting.failed(this.#failure ?? refuse('raw-closed'));
      return false;
    }
    this.#options.onStored(
      this.#stream,
      sealed.map(({ position, waiting }) => ({ position, hash: waiting.hash })),
    );
    for (const { waiting, position } of sealed) waiting.stored(position);
    if (open.live.end >= this.#options.segmentBytes) await this.#close();
    return true;
  }

  /** A new file with its header; it joins the stream once its first group is on disk. */
  async #begin(first: number): Promise<OpenSegment> {
    const { files, stamp } = this.#options;
    await files.makeFolder(this.#stream.folder);
    const path = join(this.#stream.folder, segmentName(first));
    const live = { keeper: new MarkKeeper(), records: 0, last: first - 1, end: 0 };
    const segment: Segment = { path, first, live };
    const file = await files.create(path);
    const open: OpenSegment = { segment, file, live, timer: null };
    try {
      const header = encodeHeader(this.#stream.name, first, stamp());
      await file.write(header, 0);
      live.end = header.length;
      return open;
    } catch (error) {
      await this.#discard(open);
      throw error;
    }
  }

  #adopt(open: OpenSegment): void {
    this.#open = open;
    this.#stream.segments.push(open.segment);
    open.timer = setTimeout(() => void this.roll().catch(() => {}), this.#options.segmentSeconds * 1000);
    open.timer.unref();
  }

  #record(open: OpenSegment, sealed: readonly Sealed[], start: number): void {
    let offset = start;
    for (const { position, bytes } of sealed) {
      open.live.keeper.add(position, offset);
      offset += bytes;
      open.live.last = position;
      open.live.records += 1;
    }
    open.live.end = offset;
    this.#stream.end = open.live.last;
  }

  /** The segment stays readable from memory and by a scan; a footer lets later reads seek. */
  async #close(): Promise<void> {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    if (open.timer !== null) clearTimeout(open.timer);
    try {
      await open.file.write(encodeFooter(await this.#stream.indexOf(open.segment)), open.live.end);
      await open.file.sync();
      open.segment.live = null;
    } catch (error) {
      this.#options.log.warn('lake.raw-footer-failed', { stream: this.#stream.text, error });
      await open.file.truncate(open.live.end).catch(() => {});
    } finally {
      await open.file.close().catch(() => {});
    }
  }

  async #fail(error: unknown, open: OpenSegment | null): Promise<void> {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    this.#failure = FULL.has(code) ? refuse('disk-full', { stream: this.#stream.text }) : refuse('disk-failed', { stream: this.#stream.text, reason: code });
    this.#options.log.error('lake.raw-write-failed', { stream: this.#stream.text, reason: code });
    if (open === null) return;
    if (open !== this.#open) return this.#discard(open);
    // After a failed sync the kernel may have dropped pages, so this file is not written again.
    this.#open = null;
    if (open.timer !== null) clearTimeout(open.timer);
    await open.file.truncate(open.live.end).catch(() => {});
    await open.file.sync().catch(() => {});
    await open.file.close().catch(() => {});
  }

  async #discard(open: OpenSegment): Promise<void> {
    await open.file.close().catch(() => {});
    await this.#options.files.remove(open.segment.path).catch(() => {});
  }
}

/** Begun before its turn where it is large; what goes wrong is heard when its turn comes. */
function packedAhead({ delivery }: Waiting): Promise<Buffer> | null {
  if (!isLarge(delivery)) return null;
  const packing = Promise.resolve(pack(delivery));
  packing.catch(() => undefined);
  return packing;
}
const GOOD = Promise.resolve(true);
/** Too large for a limit set on the process or the user is the same to the sender: no room. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
