/** The raw zone: every delivery as received, once, on disk before it is answered. */
import { join } from 'node:path';
import type { AppendOutcome, Lane, RawDelivery, StreamName } from '@xinglin/contracts';
import { isCode, LANES, RAW_TYPES, streamText } from '@xinglin/contracts';
import type { Clock, Logger } from '../../kernel/index.ts';
import { refuse } from '../errors.ts';
import type { RawZone } from '../types.ts';
import { contentHash } from './content-hash.ts';
import type { ContentIndex } from './content-index.ts';
import { Deduplication } from './deduplication.ts';
import { eraseRecords } from './erase.ts';
import { diskFiles, type RawFiles } from './files.ts';
import { mergeSmall } from './merge.ts';
import { BODY_BYTES_MAX, META_BYTES_MAX } from './payload.ts';
import { RawStream, type StreamDeps } from './raw-stream.ts';
import type { SegmentKeys } from './record.ts';
import { SegmentScanner } from './scan.ts';
import { markFor } from './segment.ts';
import { StreamWriter } from './stream-writer.ts';

export interface RawZoneOptions {
  /** `DATA/raw`. */
  readonly folder: string;
  readonly keys: SegmentKeys;
  readonly index: ContentIndex;
  readonly clock: Clock;
  readonly log: Logger;
  readonly files?: RawFiles;
  /** 64 MB and 60 s unless a test says otherwise. */
  readonly segmentBytes?: number;
  readonly segmentSeconds?: number;
}
const SEGMENT_BYTES = 64 * 1024 * 1024;
const SEGMENT_SECONDS = 60;
/** Records re-indexed after a crash, per round trip. */
const REINDEX_BATCH = 5000;

export interface OpenRawZone extends RawZone {
  /** Takes deliveries away for good; each leaves a tombstone with its hash at its position. Returns how many were there. */
  erase(stream: StreamName, positions: readonly number[]): Promise<number>;
  /** Makes large segments of small closed ones. Returns how many files went. */
  tidy(): Promise<number>;
  readonly counts: { accepted: number; duplicate: number; corrupt: number };
  segmentCount(): number;
  /** Stores what waits, closes the segments with an index, and brings the content index up to date. */
  close(): Promise<void>;
}

export async function openRawZone(options: RawZoneOptions): Promise<OpenRawZone> {
  const zone = new Zone(options);
  await zone.open();
  return zone;
}

class Zone implements OpenRawZone {
  readonly counts = { accepted: 0, duplicate: 0, corrupt: 0 };
  readonly #options: RawZoneOptions;
  readonly #deps: StreamDeps;
  readonly #streams = new Map<string, { stream: RawStream; writer: StreamWriter }>();
  readonly #making = new Map<string, Promise<{ stream: RawStream; writer: StreamWriter }>>();
  readonly #listeners: ((stream: StreamName) => void)[] = [];
  readonly #deduplication: Deduplication;
  #stamped = 0;
  #isClosed = false;
  #rewriting: Promise<unknown> = Promise.resolve();

  constructor(options: RawZoneOptions) {
    const { files = diskFiles, keys, log, folder } = options;
    this.#options = options;
    this.#deps = { files, keys, log, folder, onCorrupt: () => (this.counts.corrupt += 1) };
    this.#deduplication = new Deduplication(options.index, log);
  }

  async open(): Promise<void> {
    const marks = await this.#options.index.marks();
    const names = new Map((await this.#folders()).map((name) => [streamText(name), name]));
    for (const [text, { stream }] of marks) names.set(text, stream);
    for (const [text, name] of names) {
      const { indexed = 0, cursor = 0 } = marks.get(text) ?? {};
      const { stream } = await this.#add(name, Math.max(indexed, cursor));
      await this.#reindex(stream, indexed);
    }
  }

  async append(deliveries: readonly RawDelivery[]): Promise<AppendOutcome[]> {
    for (const delivery of deliveries) check(delivery);
    if (this.#isClosed) throw refuse('raw-closed');
    return await this.#deduplication.append(deliveries, (delivery) => this.#writer(delivery.stream), this.counts);
  }

  async read(name: StreamName, after: number, limit: { records: number; bytes: number }) {
    return (await this.#streams.get(streamText(name))?.stream.read(after, limit)) ?? [];
  }

  async streams() {
    return [...this.#streams.values()].map(({ stream }) => ({ stream: stream.name, end: stream.end }));
  }

  onAppend(listener: (stream: StreamName) => void): void {
    this.#listeners.push(listener);
  }

  hashOf(delivery: RawDelivery): string {
    return contentHash(delivery).toString('hex');
  }

  async erase(name: StreamName, positions: readonly number[]): Promise<number> {
    const found = this.#streams.get(streamText(name));
    if (found === undefined) return 0;
    await found.writer.roll();
    return await this.#alone(() => eraseRecords(found.stream, positions, this.#deps.files));
  }

  async tidy(): Promise<number> {
    let gone = 0;
    for (const { stream } of this.#streams.values()) {
      if (this.#isClosed) break;
      gone += await this.#alone(() => mergeSmall(stream, this.#deps.files, this.#options.segmentBytes ?? SEGMENT_BYTES));
    }
    return gone;
  }

  /** Segments are written anew by one piece of work at a time. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#rewriting.then(work);
    this.#rewriting = mine.catch(() => {});
    return await mine;
  }

  segmentCount(): number {
    return [...this.#streams.values()].reduce((sum, { stream }) => sum + stream.segments.length, 0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#rewriting;
    await this.#deduplication.idle();
    for (const { writer } of this.#streams.values()) await writer.roll();
    await this.#deduplication.flush();
  }

  async #writer(name: StreamName): Promise<StreamWriter> {
    const text = streamText(name);
    const known = this.#streams.get(text);
    if (known !== undefined) return known.writer;
    // Many may meet a new stream at once; it is made once.
    const making = this.#making.get(text) ?? this.#add(name, 0).finally(() => this.#making.delete(text));
    this.#making.set(text, making);
    return (await making).writer;
  }

  async #add(name: StreamName, acknowledged: number) {
    const { log, segmentBytes = SEGMENT_BYTES, segmentSeconds = SEGMENT_SECONDS } = this.#options;
    const stream = new RawStream(name, this.#deps);
    await stream.open(acknowledged);
    const writer = new StreamWriter(stream, {
      ...{ files: this.#deps.files, log, segmentBytes, segmentSeconds, stamp: () => this.#stamp() },
      onStored: (of, entries) => {
        this.#deduplication.stored(of.name, entries);
        for (const listener of this.#listeners) listener(of.name);
      },
    });
    const added = { stream, writer };
    this.#streams.set(stream.text, added);
    return added;
  }

  /** Business time in microseconds, always later than the one before: the order of arrival over all streams. */
  #stamp(): number {
    this.#stamped = Math.max(this.#stamped + 1, this.#options.clock.now().getTime() * 1000);
    return this.#stamped;
  }

  /** Streams by their folders. */
  async #folders(): Promise<StreamName[]> {
    const { files, folder } = this.#deps;
    const found: StreamName[] = [];
    for (const orgId of await files.list(folder)) {
      for (const campusId of await files.list(join(folder, orgId))) {
        for (const source of await files.list(join(folder, orgId, campusId))) {
          const lanes = await files.list(join(folder, orgId, campusId, source));
          for (const lane of lanes) if (LANES.includes(lane as Lane)) found.push({ orgId, campusId, source, lane: lane as Lane });
        }
      }
    }
    return found;
  }

  /** Hashes stored after the index was last written come from the record headers. */
  async #reindex(stream: RawStream, indexed: number): Promise<void> {
    let entries: { stream: StreamName; position: number; hash: Buffer }[] = [];
    const from = stream.segments.filter((segment, i) => segment.first > indexed || (stream.segments[i + 1]?.first ?? Number.POSITIVE_INFINITY) > indexed + 1);
    for (const segment of from) {
      if (stream.end <= indexed) return;
      const index = await stream.indexOf(segment);
      const file = await this.#deps.files.open(segment.path, 'read');
      try {
        const scanner = new SegmentScanner(file, markFor(index.marks, indexed + 1)?.offset ?? 0, index.end);
        for (let found = await scanner.next(); found !== null; found = await scanner.next()) {
          for (const { header } of found) if (header.position > indexed) entries.push({ stream: stream.name, position: header.position, hash: header.sha256 });
          if (entries.length >= REINDEX_BATCH) {
            await this.#options.index.add(entries);
            entries = [];
          }
        }
      } finally {
        await file.close();
      }
    }
    if (entries.length > 0) await this.#options.index.add(entries);
  }
}

function check(delivery: RawDelivery): void {
  const { stream, type, body, meta, items } = delivery;
  for (const field of ['orgId', 'campusId', 'source'] as const) {
    if (!isCode(stream[field]))
      throw refuse('delivery-invalid', { field, expected: 'a code of letters, digits, dots, dashes and underscores, at most 40 long' });
  }
  if (!LANES.includes(stream.lane)) throw refuse('delivery-invalid', { field: 'lane', expected: LANES.join(', ') });
  if (!RAW_TYPES.includes(type)) throw refuse('delivery-invalid', { field: 'type', expected: RAW_TYPES.join(', ') });
  if (!Number.isInteger(items) || items < 0 || items >= 2 ** 32) throw refuse('delivery-invalid', { field: 'items', expected: 'a count' });
  if (body.length > BODY_BYTES_MAX) throw refuse('delivery-too-large', { bytes: body.length, bytesMax: BODY_BYTES_MAX });
  if (JSON.stringify(meta).length > META_BYTES_MAX / 4)
    throw refuse('delivery-invalid', { field: 'meta', expected: `at most ${META_BYTES_MAX / 4} characters` });
}
