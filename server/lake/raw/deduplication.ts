/**
 * Every content once. A hash is looked for in memory (on its way to disk, or stored and not indexed yet), then in the index, many at a
 * time. What is stored is indexed behind the answer; a crash in between costs nothing, because the index is made up from the segments.
 */
import type { AppendOutcome, RawDelivery, StreamName } from '@xinglin/contracts';
import type { Logger } from '../../kernel/index.ts';
import { contentHash } from './content-hash.ts';
import type { ContentIndex, IndexedContent } from './content-index.ts';
import type { StreamWriter, Waiting } from './stream-writer.ts';

/** Hashes per look-up: one round trip for many, and none waits long for the others. */
const LOOKUP_MAX = 5000;
/** Hashing takes about 3 µs a kilobyte; after this many bytes others get their turn. */
const SLICE_BYTES = 1024 * 1024;
const FLUSH_MAX = 5000;
/** Lets entries gather, so that a busy stream costs a few transactions a second. */
const FLUSH_AFTER_MS = 50;
/** Stored and not yet indexed; beyond this appends wait, so that memory and the work after a crash stay small. */
const UNINDEXED_MAX = 100_000;
const RETRY_AFTER_MS = 1000;

type Counts = { accepted: number; duplicate: number };
interface Asked {
  readonly deliveries: readonly RawDelivery[];
  readonly writerOf: (delivery: RawDelivery) => Promise<StreamWriter>;
  readonly resolve: (outcomes: AppendOutcome[]) => void;
  readonly reject: (error: unknown) => void;
  readonly counts: Counts;
}

export class Deduplication {
  readonly #index: ContentIndex;
  readonly #log: Logger;
  /** By hash: resolves with the position once stored. Stays until the index has it. */
  readonly #recent = new Map<string, Promise<number>>();
  #asked: Asked[] = [];
  #unindexed: IndexedContent[] = [];
  #running: Promise<void> | null = null;
  #flushing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(index: ContentIndex, log: Logger) {
    this.#index = index;
    this.#log = log;
  }

  append(deliveries: readonly RawDelivery[], writerOf: Asked['writerOf'], counts: Counts): Promise<AppendOutcome[]> {
    if (deliveries.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      this.#asked.push({ deliveries, writerOf, resolve, reject, counts });
      this.#running ??= this.#work().finally(() => (this.#running = null));
    });
  }

  stored(stream: StreamName, entries: readonly { position: number; hash: Buffer }[]): void {
    for (const { position, hash } of entries) this.#unindexed.push({ stream, position, hash });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS);
    this.#timer.unref();
  }

  /** Resolves when nothing asked is still being looked up. */
  async idle(): Promise<void> {
    while (this.#running !== null) await this.#running;
  }

  /** Writes the index for everything stored so far. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#unindexed.length > 0 && (await this.#flushSome()));
  }

  async #work(): Promise<void> {
    while (this.#asked.length > 0) {
      const group = this.#take();
      try {
        await this.#admit(group);
      } catch (error) {
        for (const each of group) each.reject(error);
      }
    }
  }

  #take(): Asked[] {
    let count = 0;
    let hashes = 0;
    while (count < this.#asked.length && (count === 0 || hashes < LOOKUP_MAX)) {
      hashes += this.#asked[count]?.deliveries.length ?? 0;
      count += 1;
    }
    return this.#asked.splice(0, count);
  }

  async #admit(group: readonly Asked[]): Promise<void> {
    if (this.#unindexed.length > UNINDEXED_MAX) await this.flush();
    const hashes = await hashAll(group);
    const writers = await Promise.all(group.map((asked) => Promise.all(asked.deliveries.map(asked.writerOf))));
    // From here an entry may leave `#recent` for the index at any moment, so what is seen there now is held.
    const held = new Map<string, Promise<number>>();
    const unsure: Buffer[] = [];
    for (const hash of hashes.flat()) {
      const recent = this.#recent.get(hash.toString('hex'));
      if (recent === undefined) unsure.push(hash);
      else held.set(hash.toString('hex'), recent);
    }
    const known = new Set<string>();
    for (let at = 0; at < unsure.length; at += LOOKUP_MAX) {
      for (const hash of await this.#index.known(unsure.slice(at, at + LOOKUP_MAX))) known.add(hash);
    }
    const waiting = new Map<StreamWriter, Waiting[]>();
    for (const [i, asked] of group.entries()) {
      const outcomes = asked.deliveries.map((delivery, j) => {
        // Both lists were made from these deliveries, one for one.
        const hash = hashes[i]![j]!;
        const text = hash.toString('hex');
        if (known.has(text)) return DUPLICATE;
        const before = held.get(text);
        // A duplicate is an acknowledgement too: it waits until the first one is on disk, and fails with it.
        if (before !== undefined) return before.then(() => DUPLICATE);
        const stored = this.#enqueue(delivery, hash, writers[i]![j]!, waiting);
        held.set(text, stored);
        return stored.then((position): AppendOutcome => ({ outcome: 'accepted', position }));
      });
      void answer(asked, outcomes);
    }
    for (const [writer, group] of waiting) writer.append(group);
  }

  #enqueue(delivery: RawDelivery, hash: Buffer, writer: StreamWriter, waiting: Map<StreamWriter, Waiting[]>): Promise<number> {
    const stored = new Promise<number>((resolve, reject) => {
      const group = waiting.get(writer) ?? [];
      waiting.set(writer, group);
      group.push({ delivery, hash, stored: resolve, failed: reject });
    });
    const text = hash.toString('hex');
    this.#recent.set(text, stored);
    stored.catch(() => this.#recent.delete(text));
    return stored;
  }

  /** False when the database could not be reached; it is tried again later. */
  #flushSome(): Promise<boolean> {
    const before = this.#flushing ?? Promise.resolve();
    const work = before.then(async () => {
      const entries = this.#unindexed.slice(0, FLUSH_MAX);
      if (entries.length === 0) return true;
      try {
        await this.#index.add(entries);
      } catch (error) {
        this.#log.warn('lake.content-index-behind', { waiting: this.#unindexed.length, error });
        this.#timer ??= setTimeout(() => void this.flush(), RETRY_AFTER_MS);
        this.#timer.unref();
        return false;
      }
      this.#unindexed.splice(0, entries.length);
      for (const { hash } of entries) this.#recent.delete(hash.toString('hex'));
      return true;
    });
    this.#flushing = work.then(() => {});
    return work;
  }
}
const DUPLICATE: AppendOutcome = { outcome: 'duplicate' };

async function hashAll(group: readonly Asked[]): Promise<Buffer[][]> {
  const all: Buffer[][] = [];
  let slice = 0;
  for (const { deliveries } of group) {
    const hashes: Buffer[] = [];
    for (const delivery of deliveries) {
      hashes.push(contentHash(delivery));
      slice += delivery.body.length + 256;
      if (slice > SLICE_BYTES) {
        slice = 0;
        await new Promise(setImmediate);
      }
    }
    all.push(hashes);
  }
  return all;
}

async function answer(asked: Asked, outcomes: readonly (AppendOutcome | Promise<AppendOutcome>)[]): Promise<void> {
  // Settled, not raced: nothing is answered while a part of it is still on its way.
  const settled = await Promise.allSettled(outcomes);
  const failed = settled.find((each) => each.status === 'rejected');
  if (failed !== undefined) return asked.reject(failed.reason);
  const done = settled.map((each) => (each as PromiseFulfilledResult<AppendOutcome>).value);
  for (const each of done) asked.counts[each.outcome] += 1;
  asked.resolve(done);
}
