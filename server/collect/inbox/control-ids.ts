/**
 * Notices a control id (MSH-3, MSH-4, MSH-10) that comes again with another body. Such a message is a new delivery – some senders count from 1
 * after each restart – and a note on the page about its source, because it may also be a message changed on the way.
 * Looked up a moment after the answer, many at once: a crash in between costs a note, never a message.
 */
import type { StreamName } from '@xinglin/contracts';
import { Counter } from 'prom-client';
import type { Platform } from '../../platform/index.ts';
import { noted } from '../errors.ts';
import type { LiveLog } from './live-log.ts';

const FLUSH_AFTER_MS = 1000;
const METRIC = 'xinglin_collect_repeated_ids_total';
const REMEMBERED_MS = 7 * 24 * 3_600_000;

interface Seen {
  readonly stream: StreamName;
  readonly key: Buffer;
  readonly hash: Buffer;
  readonly at: Date;
}

export class ControlIds {
  readonly #platform: Platform;
  readonly #live: LiveLog;
  readonly #repeated: Counter<'source'>;
  #waiting: Seen[] = [];
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();
  #forgottenDay = '';

  constructor(platform: Platform, live: LiveLog) {
    this.#platform = platform;
    this.#live = live;
    this.#repeated =
      (platform.metrics.getSingleMetric(METRIC) as Counter<'source'> | undefined) ??
      new Counter({
        ...{ name: METRIC, help: 'Live messages whose control id came before with another body', labelNames: ['source'] as const },
        registers: [platform.metrics],
      });
  }

  /** `id` and the hash of a message that was accepted. */
  saw(stream: StreamName, id: string, hash: Buffer): void {
    const key = this.#platform.keys.blindIndex('control-id', `${stream.source} ${id}`);
    this.#waiting.push({ stream, key, hash, at: this.#platform.clock.now() });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
  }

  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#flushing
      .then(() => this.#compare(this.#waiting.splice(0)))
      .catch((error: unknown) => this.#platform.log.warn('collect.control-ids-not-compared', { error }));
    return this.#flushing;
  }

  async #compare(seen: readonly Seen[]): Promise<void> {
    const [first] = seen;
    if (first === undefined) return;
    await this.#forget(first.at);
    const last = await this.#stored(seen);
    const newest = new Map<string, Seen>();
    for (const each of seen) {
      const name = nameOf(each.stream.source, each.key);
      const before = newest.get(name)?.hash ?? last.get(name);
      if (before !== undefined && !before.equals(each.hash)) {
        this.#repeated.inc({ source: each.stream.source });
        await this.#live.append(each.stream, 'hl7v2', [], { notes: [noted('hl7-id-again')] });
      }
      newest.set(name, each);
    }
    await this.#store([...newest.values()]);
  }

  async #stored(seen: readonly Seen[]): Promise<Map<string, Buffer>> {
    const rows = await this.#platform.db.query<{ source: string; id_key: Buffer; body_hash: Buffer }>(
      'select source, id_key, body_hash from collect.control_id_seen where org_id = $1 and id_key = any($2::bytea[])',
      [this.#platform.config.orgId, seen.map((each) => each.key)],
    );
    return new Map(rows.map((row) => [nameOf(row.source, row.id_key), row.body_hash]));
  }

  async #store(seen: readonly Seen[]): Promise<void> {
    await this.#platform.db.query(
      `insert into collect.control_id_seen (org_id, campus_id, source, id_key, body_hash, seen_at)
       select $1, campus_id, source, id_key, body_hash, seen_at
       from unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::timestamptz[]) as new(campus_id, source, id_key, body_hash, seen_at)
       on conflict (org_id, source, id_key) do update set body_hash = excluded.body_hash, seen_at = excluded.seen_at`,
      [
        this.#platform.config.orgId,
        seen.map((each) => each.stream.campusId),
        seen.map((each) => each.stream.source),
        seen.map((each) => each.key),
        seen.map((each) => each.hash),
        seen.map((each) => each.at),
      ],
    );
  }

  /** Once a day what is older than seven days goes. */
  async #forget(now: Date): Promise<void> {
    const day = now.toISOString().slice(0, 10);
    if (day === this.#forgottenDay) return;
    this.#forgottenDay = day;
    await this.#platform.db.query('delete from collect.control_id_seen where org_id = $1 and seen_at <= $2', [
      this.#platform.config.orgId,
      new Date(now.getTime() - REMEMBERED_MS),
    ]);
  }
}
const nameOf = (source: string, key: Buffer): string => `${source} ${key.toString('hex')}`;
