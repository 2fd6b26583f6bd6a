/**
 * Follows one stream: sleeping → (appended) → chunk after chunk → sleeping. No polling: it sleeps until woken.
 *
 * A step that fails for a passing reason (database away, disk full) is tried again from the cursor with growing pauses. One that fails for its
 * content is halved until the single record is found; that record goes to quarantine and the others go on.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type StreamName, streamText } from '@xinglin/contracts';
import { Refusal } from '../../kernel/index.ts';
import { Chunk } from './chunk.ts';
import { type Filed, fileChunk, type PipelineParts } from './file-chunk.ts';
import { isPassing } from './passing.ts';
import { fastChunk, gatherFast, readChunk } from './read-chunk.ts';
import type { BulkRoom } from './room.ts';

const RETRY_DELAY_MS = 200;
const RETRY_DELAY_MAX_MS = 5_000;
/** Bulk waits this long after the first append, so that a file arriving in pieces becomes few Parquet files. */
const BULK_LINGER_MS = 150;
const RECORDS_UNLIMITED = Number.MAX_SAFE_INTEGER;
/** So many records in a row that cannot be filed are not bad records but a fault of ours: the loop waits instead of emptying the stream into quarantine. */
const UNFILED_IN_ROW_MAX = 20;

/** A live message waits for at most one bulk chunk being filed; with its own work that stays within the promised second. */
const HELD_MS = 400;
/** Where nobody came live for a minute, a hospital is being loaded: larger chunks, and the first message may wait once. */
const HELD_QUIET_MS = 2_000;
const QUIET_MS = 60_000;
const SHARE_FIRST = 0.2;
const SHARE_MIN = 0.01;

/** Chunks grow and shrink towards the time they may hold others up, at a step to twice at most, or a fifth. */
export const nextShare = (share: number, heldMs: number, mayHoldMs = HELD_MS): number =>
  Math.min(1, Math.max(SHARE_MIN, share * Math.min(2, Math.max(0.2, mayHoldMs / Math.max(heldMs, 1)))));

export interface LoopOptions {
  readonly parts: PipelineParts;
  readonly stream: StreamName;
  /** Shared by all bulk streams. */
  readonly bulkRoom: BulkRoom;
  readonly isDraining: () => boolean;
  readonly onProgress: (filed: Filed) => void;
}

/** Chunks under way behind the one being filed: while DuckDB works on one, the next is fetched from raw. */
const AHEAD_MAX = 2;

/** A chunk read, with its place in the room. */
interface Taken {
  readonly chunk: Chunk | null;
  readonly giveBack: () => void;
}
/** A chunk on its way. `extent`: where it ends, once that is known and if the next may be read beside it. */
interface Reading {
  readonly from: number;
  readonly taken: Promise<Taken>;
  readonly extent: Promise<number | null>;
  /** Nobody will take it: nothing more is read behind it. */
  isDropped: boolean;
}

export class StreamLoop {
  readonly stream: StreamName;
  /** Known after the first step; what is before it is filed. */
  cursor: number | null = null;
  isAsleep = false;
  readonly #options: LoopOptions;
  readonly #stop = new AbortController();
  #wake: (() => void) | null = null;
  #isWoken = true;
  #recordsMax = RECORDS_UNLIMITED;
  /** Up to here the fast lane has given up. */
  #slowUntil = 0;
  /** The fast lane took the last run whole: the next one may be worked on beside it. Null: none so far. */
  #isFast: boolean | null = null;
  #share: number;
  #unfiledInRow = 0;
  /** The next chunks in their order, read while the one before is filed. */
  readonly #ahead: Reading[] = [];
  #running: Promise<void> | null = null;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.stream = options.stream;
    this.#share = options.parts.pen.isQuiet(QUIET_MS) ? 1 : SHARE_FIRST;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#isWoken = true;
    this.#wake?.();
  }

  /** Resolves when the step under way is finished. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake?.();
    await this.#running;
    await this.#dropAhead();
  }

  get #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #run(): Promise<void> {
    let delay = RETRY_DELAY_MS;
    while (!this.#isStopped) {
      try {
        const isAtEnd = await this.#step();
        delay = RETRY_DELAY_MS;
        if (isAtEnd) await this.#sleep();
      } catch (error) {
        this.#options.parts.platform.log.warn('govern.step-retry', { source: this.stream.source, lane: this.stream.lane, error });
        this.cursor = null;
        await pause(delay, undefined, { signal: this.#stop.signal }).catch(() => {});
        delay = Math.min(delay * 2, RETRY_DELAY_MAX_MS);
      }
    }
  }

  async #sleep(): Promise<void> {
    if (this.#isWoken || this.#isStopped) return;
    this.isAsleep = true;
    this.#options.onProgress({ records: 0, facts: 0, heldMs: 0 });
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = null;
    this.isAsleep = false;
    if (this.stream.lane === 'bulk' && !this.#options.isDraining()) await pause(BULK_LINGER_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
  }

  /** True when nothing was left to do. */
  async #step(): Promise<boolean> {
    const { parts, onProgress } = this.#options;
    this.#isWoken = false;
    const from = this.cursor ?? (await parts.lake.cursor(this.stream));
    this.cursor = from;
    const done = await this.#file(from);
    if (done === 'at-end') return true;
    if (done !== 'narrowed') {
      this.cursor = done.to;
      onProgress(done.filed);
    }
    return false;
  }

  /** `narrowed`: the chunk failed for its content and holds too many records to tell which is bad. */
  async #file(from: number): Promise<{ to: number; filed: Filed } | 'at-end' | 'narrowed'> {
    const { parts } = this.#options;
    let taken: Taken | null = null;
    try {
      taken = await this.#take(from);
      const { chunk } = taken;
      if (chunk === null) return 'at-end';
      if (chunk.isFull && this.#recordsMax === RECORDS_UNLIMITED) this.#readAhead(chunk.to);
      const filed = await fileChunk(parts, chunk);
      this.#recordsMax = Math.min(this.#recordsMax * 4, RECORDS_UNLIMITED);
      this.#unfiledInRow = 0;
      this.#share = nextShare(this.#share, filed.heldMs, parts.pen.isQuiet(QUIET_MS) ? HELD_QUIET_MS : HELD_MS);
      return { to: chunk.to, filed };
    } catch (error) {
      // Two streams that failed together would each wait for the room the other holds.
      taken?.giveBack();
      await this.#dropAhead();
      if (isPassing(error)) throw error;
      return await this.#narrow(from, taken?.chunk ?? null, error);
    } finally {
      taken?.giveBack();
    }
  }

  async #narrow(from: number, chunk: Chunk | null, error: unknown): Promise<{ to: number; filed: Filed } | 'narrowed'> {
    const code = codeOf(error);
    this.#options.parts.platform.log.error('govern.chunk-failed', { stream: streamText(this.stream), from, to: chunk?.to ?? null, code, error });
    if (this.#recordsMax > 1) {
      this.#recordsMax = chunk === null ? 1 : Math.ceil((chunk.to - from) / 2);
      return 'narrowed';
    }
    this.#unfiledInRow += 1;
    if (this.#unfiledInRow > UNFILED_IN_ROW_MAX) throw error;
    return { to: from + 1, filed: await this.#setAside(from, code) };
  }

  /** The chunk after `from`: read ahead already, or read now. */
  async #take(from: number): Promise<Taken> {
    const ahead = this.#ahead[0]?.from === from ? this.#ahead.shift() : undefined;
    if (ahead === undefined) await this.#dropAhead();
    const reading = ahead ?? this.#read(from);
    this.#readOn(this.#ahead.at(-1) ?? reading);
    const taken = await reading.taken;
    // What was read when nothing more was there may have been read too early.
    if (taken.chunk !== null || ahead === undefined) return taken;
    taken.giveBack();
    await this.#dropAhead();
    return await this.#read(from).taken;
  }

  #read(from: number): Reading {
    let tell: (until: number | null) => void = () => {};
    const extent = new Promise<number | null>((resolve) => {
      tell = resolve;
    });
    const taken = this.#readInRoom(from, tell).finally(() => tell(null));
    // Whoever takes it sees the error; nobody may.
    taken.catch(() => {});
    return { from, taken, extent, isDropped: false };
  }

  async #readInRoom(from: number, tell: (until: number) => void): Promise<Taken> {
    const { parts, bulkRoom } = this.#options;
    const slow = () => {
      const slowUntil = this.#recordsMax === RECORDS_UNLIMITED ? this.#slowUntil : Number.POSITIVE_INFINITY;
      return readChunk(parts, this.stream, from, { recordsMax: this.#recordsMax, share: this.#share, slowUntil });
    };
    if (this.stream.lane !== 'bulk') return { chunk: await slow(), giveBack: () => {} };
    const giveBack = await bulkRoom.take();
    try {
      const read = await bulkRoom.read(async () => {
        const run = this.#mayBeFast(from) ? await gatherFast(parts, this.stream, from, this.#share) : null;
        if (run !== null && 'records' in run) return run;
        if (run !== null) this.#slowUntil = run.until;
        return await slow();
      });
      if (read === null || read instanceof Chunk) return { chunk: read, giveBack };
      if (this.#isFast ?? !read.namesPeople) tell(read.until);
      const chunk = await fastChunk(parts, this.stream, read, this.#share);
      this.#isFast = chunk?.to === read.until;
      if (chunk !== null) return { chunk, giveBack };
      this.#slowUntil = read.until;
      return { chunk: await bulkRoom.read(slow), giveBack };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  #mayBeFast(from: number): boolean {
    return from >= this.#slowUntil && this.#recordsMax === RECORDS_UNLIMITED;
  }

  /** Where a run ends is known before it is read: what follows is read beside it. */
  #readOn(reading: Reading): void {
    void reading.extent.then((until) => {
      if (until !== null && !reading.isDropped) this.#readAhead(until);
    });
  }

  #readAhead(from: number): void {
    if (this.stream.lane !== 'bulk' || this.#isStopped || this.#ahead.length >= AHEAD_MAX || from <= (this.#ahead.at(-1)?.from ?? -1)) return;
    const reading = this.#read(from);
    this.#ahead.push(reading);
    this.#readOn(reading);
  }

  async #dropAhead(): Promise<void> {
    const dropped = this.#ahead.splice(0);
    for (const reading of dropped) reading.isDropped = true;
    for (const reading of dropped) await this.#drop(reading);
  }

  /** Nobody tried to file it. */
  async #drop(reading: Reading): Promise<void> {
    const taken = await reading.taken.catch(() => null);
    taken?.giveBack();
    await taken?.chunk?.spool?.end();
    await taken?.chunk?.dropFiles();
  }

  async #setAside(from: number, code: string): Promise<Filed> {
    const { parts } = this.#options;
    const [record] = await parts.lake.raw.read(this.stream, from, { records: 1, bytes: 1 });
    const empty = new Chunk(this.stream, from);
    empty.to = from + 1;
    if (record !== undefined) parts.preparer.quarantine(empty, record, 0, 'unfiled', { code });
    return fileChunk(parts, empty);
  }
}

const codeOf = (error: unknown): string => {
  const code = error instanceof Refusal ? error.code : (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[\w.-]{1,40}$/.test(code) ? code : 'internal';
};
