/**
 * Events at the door: many requests at once are looked up, appended and remembered together. A message id seen within seven days is a
 * repetition. Ids are remembered after the append; when a crash falls between, they are read back from the stream at the next start.
 */
import type { RawDelivery, RawRecord, StreamName } from '@xinglin/contracts';
import type { Platform } from '../../platform/index.ts';
import type { Noted } from '../errors.ts';
import type { LiveLog } from '../inbox/live-log.ts';
import { authorityMeta } from '../statement.ts';
import { textOfBytes } from '../text.ts';
import type { EventBatch, EventsAnswer, WriteKey } from '../types.ts';
import { type AcceptedEvent, acceptEvent } from './accept.ts';

const REMEMBERED_MS = 7 * 24 * 3_600_000;
/** Requests handled as one group: enough to share the round trips, few enough to answer soon. */
const GROUP_MAX = 200;
const REFUSALS_ANSWERED_MAX = 100;

interface Waiting {
  readonly key: WriteKey;
  readonly batch: EventBatch;
  readonly events: readonly { readonly event: AcceptedEvent; readonly id: Buffer }[];
  readonly refused: readonly ({ readonly index: number } & Noted)[];
  readonly resolve: (answer: EventsAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export class EventDoor {
  readonly #platform: Platform;
  readonly #live: LiveLog;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #running = new Set<string>();
  #forgottenDay = '';

  constructor(platform: Platform, live: LiveLog) {
    this.#platform = platform;
    this.#live = live;
  }

  deliver(key: WriteKey, batch: EventBatch): Promise<EventsAnswer> {
    const events: Waiting['events'][number][] = [];
    const refused: Waiting['refused'][number][] = [];
    for (const [index, given] of batch.events.entries()) {
      const accepted = acceptEvent(given);
      if ('code' in accepted && 'reasonZh' in accepted) refused.push({ index, ...(accepted as Noted) });
      else events.push({ event: accepted as AcceptedEvent, id: this.#idOf(key.source, (accepted as AcceptedEvent).messageId) });
    }
    return new Promise((resolve, reject) => {
      const queue = this.#waiting.get(key.source) ?? [];
      queue.push({ key, batch, events, refused, resolve, reject });
      this.#waiting.set(key.source, queue);
      void this.#run(key.source);
    });
  }

  /** Called with records a crash left half done: their ids are remembered now. */
  async recovered(stream: StreamName, records: readonly RawRecord[]): Promise<void> {
    for (const record of records) {
      if (record.type !== 'events' || record.gap !== undefined) continue;
      const { batch } = JSON.parse(textOfBytes(record.body)) as { batch: AcceptedEvent[] };
      const ids = batch.map((each) => this.#idOf(stream.source, each.messageId));
      await this.#remember(stream.source, ids, record.receivedAt);
    }
  }

  async #run(source: string): Promise<void> {
    if (this.#running.has(source)) return;
    this.#running.add(source);
    try {
      for (let queue = this.#waiting.get(source) ?? []; queue.length > 0; ) {
        const group = queue.splice(0, GROUP_MAX);
        try {
          await this.#handle(source, group);
        } catch (error) {
          for (const each of group) each.reject(error);
        }
      }
    } finally {
      this.#running.delete(source);
    }
  }

  async #handle(source: string, group: readonly Waiting[]): Promise<void> {
    const now = this.#platform.clock.now();
    await this.#forget(source, now);
    const seen = await this.#seen(
      source,
      group.flatMap((each) => each.events.map(({ id }) => id)),
      now,
    );
    const fresh = group.map((each) =>
      each.events.filter(({ id }) => {
        const name = id.toString('hex');
        return seen.has(name) ? false : seen.add(name);
      }),
    );
    const deliveries: { delivery: RawDelivery; of: number }[] = [];
    for (const [of, each] of group.entries()) {
      const events = fresh[of] ?? [];
      if (events.length > 0)
        deliveries.push({
          of,
          delivery: this.#deliveryOf(
            each,
            events.map(({ event }) => event),
          ),
        });
    }
    const { orgId } = this.#platform.config;
    const stream: StreamName = { orgId, campusId: group[0]?.key.campusId ?? this.#platform.config.campusId, source, lane: 'live' };
    const repeats = group.reduce((sum, each, of) => sum + each.events.length - (fresh[of]?.length ?? 0), 0);
    const outcomes = await this.#live.append(
      stream,
      'events',
      deliveries.map(({ delivery }) => delivery),
      {
        duplicate: repeats,
        refused: group.flatMap((each) => each.refused.map(({ code, reason, reasonZh }) => ({ code, reason, reasonZh }))),
      },
    );
    await this.#remember(
      source,
      fresh.flat().map(({ id }) => id),
      now,
    );
    for (const [of, each] of group.entries()) {
      const at = deliveries.findIndex((delivery) => delivery.of === of);
      const accepted = at >= 0 && outcomes[at]?.outcome === 'accepted' ? (fresh[of]?.length ?? 0) : 0;
      each.resolve({
        accepted,
        duplicate: each.events.length - accepted,
        rejected: each.refused.length,
        rejections: each.refused.slice(0, REFUSALS_ANSWERED_MAX),
      });
    }
  }

  #deliveryOf({ key, batch }: Waiting, events: readonly AcceptedEvent[]): RawDelivery {
    const body = {
      batch: events,
      ...(batch.sentAt === undefined ? {} : { sentAt: batch.sentAt }),
      ...(batch.context === undefined ? {} : { context: batch.context }),
    };
    return {
      stream: { orgId: this.#platform.config.orgId, campusId: key.campusId, source: key.source, lane: 'live' },
      type: 'events',
      body: Buffer.from(JSON.stringify(body)),
      meta: { ...(key.mayIdentify ? { identify: 1 } : {}), ...authorityMeta(key.mrnAuthority ?? null) },
      items: events.length,
    };
  }

  #idOf(source: string, messageId: string): Buffer {
    return this.#platform.keys.blindIndex('event-message', `${source} ${messageId}`);
  }

  async #seen(source: string, ids: readonly Buffer[], now: Date): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.#platform.db.query<{ message_key: Buffer }>(
      'select message_key from collect.event_seen where org_id = $1 and source = $2 and message_key = any($3::bytea[]) and seen_at > $4',
      [this.#platform.config.orgId, source, ids, new Date(now.getTime() - REMEMBERED_MS)],
    );
    return new Set(rows.map((each) => each.message_key.toString('hex')));
  }

  async #remember(source: string, ids: readonly Buffer[], at: Date): Promise<void> {
    if (ids.length === 0) return;
    await this.#platform.db.query(
      `insert into collect.event_seen (org_id, source, message_key, seen_at)
       select distinct $1, $2, given.key, $4::timestamptz from unnest($3::bytea[]) as given (key)
       on conflict (org_id, source, message_key) do update set seen_at = excluded.seen_at`,
      [this.#platform.config.orgId, source, ids, at],
    );
  }

  /** Once a day what is older than seven days goes. */
  async #forget(source: string, now: Date): Promise<void> {
    const day = now.toISOString().slice(0, 10);
    if (day === this.#forgottenDay) return;
    this.#forgottenDay = day;
    await this.#platform.db.query('delete from collect.event_seen where org_id = $1 and seen_at <= $2', [
      this.#platform.config.orgId,
      new Date(now.getTime() - REMEMBERED_MS),
    ]);
    this.#platform.log.debug('collect.events-forgotten', { source });
  }
}
