import type { SignalPayloads, Topic } from '@xinglin/contracts';
import { invariant, type Logger, wallNow } from '../../kernel/index.ts';
import { isAway } from '../db/index.ts';
import { pause } from '../db/processes.ts';
import type { Db, Signals, Tx } from '../types.ts';

const BATCH_MAX = 500;
const EMIT_MAX = 5_000;
/** Wall time between attempts: 0.25 s, 1 s, 4 s, 16 s, … at most 10 min. Never given up. */
const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 600_000;
const AWAY_MS = 1_000;
/** `idle` waits for a delivery that failed fewer times than this; one that keeps failing is shown on the board and waited for no longer. */
const IDLE_ATTEMPTS = 3;

interface Delivery {
  readonly signal_id: number;
  readonly topic: string;
  readonly subject: string;
  readonly payload: object;
  readonly attempts: number;
}
type Handler = (tx: Tx, payload: never) => Promise<void>;

export interface RunningSignals extends Signals {
  start(): void;
  stop(): Promise<void>;
}

export const createSignals = (parts: { db: Db; log: Logger }): RunningSignals => new SignalBoard(parts.db, parts.log);

/** A failed delivery holds back later ones of the same subject; the record it is about, else the news itself. */
const subjectOf = (key: string, payload: object): string => (payload as { recordKey?: string | null }).recordKey ?? key;

class SignalBoard implements RunningSignals {
  readonly #db: Db;
  readonly #log: Logger;
  readonly #subscribers = new Map<string, Subscriber>();
  #isStarted = false;

  constructor(db: Db, log: Logger) {
    this.#db = db;
    this.#log = log;
  }

  on<T extends Topic>(topic: T, subscriber: string, handler: (tx: Tx, signal: SignalPayloads[T]) => Promise<void>): void {
    let found = this.#subscribers.get(subscriber);
    if (found === undefined) {
      found = new Subscriber(subscriber, this.#db, this.#log);
      this.#subscribers.set(subscriber, found);
      if (this.#isStarted) found.start();
    }
    invariant(!found.handlers.has(topic), 'a subscriber has one handler for a topic');
    found.handlers.set(topic, handler as unknown as Handler);
  }

  emit<T extends Topic>(tx: Tx, topic: T, key: string, payload: SignalPayloads[T]): Promise<void> {
    return this.emitMany(tx, topic, [{ key, payload }]);
  }

  async emitMany<T extends Topic>(tx: Tx, topic: T, items: readonly { key: string; payload: SignalPayloads[T] }[]): Promise<void> {
    const listeners = [...this.#subscribers.values()].filter((each) => each.handlers.has(topic));
    for (let at = 0; at < items.length; at += EMIT_MAX) {
      const part = items.slice(at, at + EMIT_MAX);
      await tx.query(
        `with item as (
           select distinct on (key) key, subject, payload, place
           from unnest($2::text[], $3::text[], $4::jsonb[]) with ordinality as item (key, subject, payload, place)
           order by key, place
         ), made as (
           insert into platform.signal (topic, key) select $1, key from item order by place on conflict do nothing returning signal_id, key
         )
         insert into platform.signal_delivery (subscriber, signal_id, topic, subject, payload)
         select subscriber, signal_id, $1, subject, payload from made join item using (key) cross join unnest($5::text[]) as subscriber`,
        [
          topic,
          part.map((each) => each.key),
          part.map((each) => subjectOf(each.key, each.payload)),
          part.map((each) => JSON.stringify(each.payload)),
          listeners.map((each) => each.name),
        ],
      );
    }
    tx.afterCommit(() => {
      for (const each of listeners) each.wake();
    });
  }

  start(): void {
    this.#isStarted = true;
    for (const each of this.#subscribers.values()) each.start();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    await Promise.all([...this.#subscribers.values()].map((each) => each.stop()));
  }

  async idle(): Promise<void> {
    for (;;) {
      const busy = [...this.#subscribers.values()].filter((each) => each.isBusy);
      if (busy.length === 0) return;
      await Promise.all(busy.map((each) => each.settled()));
    }
  }
}

/**
 * One listener's queue: asleep → (wake) → delivering → asleep, or asleep with a timer while a failed delivery waits.
 * It asks the database only when woken, after its own start, and when a retry is due.
 */
class Subscriber {
  readonly name: string;
  readonly handlers = new Map<string, Handler>();
  readonly #db: Db;
  readonly #log: Logger;
  #isStarted = false;
  #isWoken = false;
  #round: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isRetryingSoon = false;

  constructor(name: string, db: Db, log: Logger) {
    this.name = name;
    this.#db = db;
    this.#log = log;
  }

  get isBusy(): boolean {
    return this.#isStarted && (this.#round !== null || this.#isRetryingSoon);
  }

  /** Resolves after the current round, or a moment later when a quick retry is waited for. */
  async settled(): Promise<void> {
    await (this.#round ?? pause(20));
  }

  start(): void {
    this.#isStarted = true;
    this.wake();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#round;
  }

  wake(): void {
    if (!this.#isStarted) return;
    this.#isWoken = true;
    this.#round ??= this.#rounds().finally(() => {
      this.#round = null;
      if (this.#isWoken) this.wake();
    });
  }

  async #rounds(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isRetryingSoon = false;
    try {
      while (this.#isStarted && this.#isWoken) {
        this.#isWoken = false;
        while (this.#isStarted && (await this.#deliverBatch()));
      }
      if (this.#isStarted) await this.#armRetry();
    } catch (error) {
      // The database is away: nothing is lost, look again shortly.
      this.#log.warn('platform.signals-wait', { subscriber: this.name, error });
      this.#isWoken = false;
      this.#arm(AWAY_MS);
    }
  }

  /** False when nothing is left that may be delivered now. */
  async #deliverBatch(): Promise<boolean> {
    const batch = await this.#db.query<Delivery>(
      `select signal_id, topic, subject, payload, attempts from platform.signal_delivery delivery
       where subscriber = $1 and topic = any($2) and (retry_at is null or retry_at <= $3)
         and not exists (
           select from platform.signal_delivery failed
           where failed.subscriber = $1 and failed.attempts > 0 and failed.retry_at > $3
             and failed.subject = delivery.subject and failed.signal_id < delivery.signal_id)
       order by signal_id limit $4`,
      [this.name, [...this.handlers.keys()], wallNow(), BATCH_MAX],
    );
    const heldBack = new Set<string>();
    for (const delivery of batch) {
      if (!this.#isStarted) return false;
      if (!heldBack.has(delivery.subject) && !(await this.#deliver(delivery))) heldBack.add(delivery.subject);
    }
    return batch.length > 0;
  }

  async #deliver(delivery: Delivery): Promise<boolean> {
    const handler = this.handlers.get(delivery.topic);
    invariant(handler !== undefined, 'only topics with a handler are read');
    try {
      await this.#db.tx(async (tx) => {
        const here = await tx.query('delete from platform.signal_delivery where subscriber = $1 and signal_id = $2 returning 1', [
          this.name,
          delivery.signal_id,
        ]);
        if (here.length === 1) await handler(tx, delivery.payload as never);
      });
      return true;
    } catch (error) {
      if (isAway(error)) throw error;
      const wait = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 4 ** delivery.attempts);
      this.#log.error('platform.signal-failed', { subscriber: this.name, topic: delivery.topic, attempts: delivery.attempts + 1, retryInMs: wait, error });
      await this.#db.query('update platform.signal_delivery set attempts = attempts + 1, retry_at = $3 where subscriber = $1 and signal_id = $2', [
        this.name,
        delivery.signal_id,
        new Date(wallNow().getTime() + wait),
      ]);
      return false;
    }
  }

  async #armRetry(): Promise<void> {
    const { next, soon } = await this.#db.one<{ next: Date | null; soon: boolean | null }>(
      `select min(retry_at) as next, bool_or(attempts < $3) as soon from platform.signal_delivery where subscriber = $1 and topic = any($2) and attempts > 0`,
      [this.name, [...this.handlers.keys()], IDLE_ATTEMPTS],
    );
    if (next === null) return;
    this.#isRetryingSoon = soon === true;
    this.#arm(next.getTime() - wallNow().getTime());
  }

  #arm(waitMs: number): void {
    if (!this.#isStarted || this.#isWoken) return;
    this.#timer = setTimeout(() => this.wake(), Math.min(RETRY_MAX_MS, Math.max(10, waitMs))).unref();
  }
}
