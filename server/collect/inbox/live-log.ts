/**
 * What comes live – messages, events, what the loop reports – is appended at once and counted a moment later, one row per stream and
 * hour. Positions of a stream are dense and all pass here, so the count is exact up to a position; `Turns.recover` counts the rest.
 */
import { type AppendOutcome, type RawDelivery, type RawType, type StreamName, streamText } from '@xinglin/contracts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { Noted } from '../errors.ts';
import { insertRejections, type NumberedRefusal } from './delivery.sql.ts';
import type { Turns } from './turns.ts';

/** Counts are written this much later at most; a crash in between costs no count, only reading a second of the stream. */
const FLUSH_AFTER_MS = 1000;
const HOUR_MS = 3_600_000;
/** Refusals of live traffic listed per stream and hour; all are counted. */
const REJECTIONS_PER_HOUR = 1000;

interface Live {
  readonly stream: StreamName;
  /** The row of the log for the current hour. */
  deliveryId: string;
  hour: number;
  /** Everything of the stream up to here is in `accepted` or already written. */
  position: number;
  readonly ahead: Map<number, number>;
  duplicate: number;
  rejected: number;
  listed: number;
  refusals: NumberedRefusal[];
}

export class LiveLog {
  readonly #platform: Platform;
  readonly #lake: Lake;
  readonly #turns: Turns;
  readonly #streams = new Map<string, Live>();
  readonly #opening = new Map<string, Promise<Live>>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> = Promise.resolve();

  constructor(platform: Platform, lake: Lake, turns: Turns) {
    this.#platform = platform;
    this.#lake = lake;
    this.#turns = turns;
  }

  /** Resolves when what was accepted is on disk. `more` is what the door itself saw: repeats, refusals, and notes about what was taken all the same. */
  async append(
    stream: StreamName,
    type: RawType,
    deliveries: readonly RawDelivery[],
    more: { duplicate?: number; refused?: readonly Noted[]; notes?: readonly Noted[] } = {},
  ): Promise<AppendOutcome[]> {
    const live = await this.#current(stream, type);
    const outcomes = deliveries.length === 0 ? [] : await this.#lake.raw.append(deliveries);
    for (const [at, outcome] of outcomes.entries()) {
      const items = deliveries[at]?.items ?? 0;
      if (outcome.outcome === 'duplicate') live.duplicate += items;
      else live.ahead.set(outcome.position, items);
    }
    live.duplicate += more.duplicate ?? 0;
    for (const each of more.refused ?? []) {
      live.rejected += 1;
      this.#list(live, each);
    }
    for (const each of more.notes ?? []) this.#list(live, each);
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_AFTER_MS).unref();
    return outcomes;
  }

  #list(live: Live, noted: Noted): void {
    if (live.listed < REJECTIONS_PER_HOUR) live.refusals.push({ number: ++live.listed, line: null, ...noted });
  }

  /** Writes the counts. Called before they are shown, and at the end. A failure keeps them for the next time. */
  flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const writeAll = async (): Promise<void> => {
      for (const live of this.#streams.values()) await this.#write(live);
    };
    this.#flushing = this.#flushing.then(writeAll).catch((error: unknown) => this.#platform.log.warn('collect.counts-not-written', { error }));
    return this.#flushing;
  }

  async #current(stream: StreamName, type: RawType): Promise<Live> {
    const key = streamText(stream);
    const hour = Math.floor(this.#platform.clock.now().getTime() / HOUR_MS) * HOUR_MS;
    const live = this.#streams.get(key);
    if (live !== undefined && live.hour === hour) return live;
    let opening = this.#opening.get(key);
    if (opening === undefined) {
      opening = this.#open(key, stream, type, hour).finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return opening;
  }

  /** A new hour begins a new row; what is on its way is counted in whichever row is current when it arrives. */
  async #open(key: string, stream: StreamName, type: RawType, hour: number): Promise<Live> {
    await this.flush();
    const at = this.#platform.clock.now();
    const row = await this.#platform.db.one<{ deliveryId: string; listed: number }>(
      `insert into collect.delivery (delivery_id, org_id, campus_id, source, lane, type, reader, received_by, received_at, last_at, state, live_hour)
       values ($1, $2, $3, $4, $5, $6, 'live', 'live', $7, $7, 'complete', $8)
       on conflict (org_id, campus_id, source, lane, live_hour) where live_hour is not null do update set last_at = excluded.last_at
       returning delivery_id as "deliveryId",
         (select coalesce(max(number), 0) from collect.rejection where rejection.delivery_id = delivery.delivery_id) as listed`,
      [uuidv7(at.getTime()), stream.orgId, stream.campusId, stream.source, stream.lane, type, at, new Date(hour)],
    );
    await this.#turns.take(stream, row.deliveryId);
    const known = this.#streams.get(key);
    const place = { deliveryId: row.deliveryId, hour, listed: row.listed };
    if (known !== undefined) return Object.assign(known, place);
    const live: Live = { stream, ...place, position: await this.#turns.endOf(stream), ahead: new Map(), duplicate: 0, rejected: 0, refusals: [] };
    this.#streams.set(key, live);
    return live;
  }

  async #write(live: Live): Promise<void> {
    let { position } = live;
    let accepted = 0;
    for (let items = live.ahead.get(position + 1); items !== undefined; items = live.ahead.get(position + 1)) {
      position += 1;
      accepted += items;
    }
    const { duplicate, rejected, refusals, deliveryId, stream } = live;
    if (position === live.position && duplicate === 0 && rejected === 0 && refusals.length === 0) return;
    const first = position > live.position ? live.position + 1 : null;
    const last = position > live.position ? position : null;
    const at = this.#platform.clock.now();
    await this.#platform.db.tx(async (tx) => {
      await tx.query(
        `update collect.delivery
         set accepted = accepted + $2, duplicate = duplicate + $3, rejected = rejected + $4, last_at = $5,
           first_position = coalesce(first_position, $6), last_position = coalesce($7, last_position)
         where delivery_id = $1`,
        [deliveryId, accepted, duplicate, rejected, at, first, last],
      );
      await insertRejections(tx, { ...stream, deliveryId }, refusals, at);
      if (last !== null) await this.#turns.counted(tx, stream, last);
    });
    for (let done = live.position + 1; done <= position; done += 1) live.ahead.delete(done);
    live.position = position;
    live.duplicate -= duplicate;
    live.rejected -= rejected;
    live.refusals = live.refusals.slice(refusals.length);
  }
}
