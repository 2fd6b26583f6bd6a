import { type Clock, invariant, type Logger } from '../../kernel/index.ts';
import { isAway } from '../db/index.ts';
import type { Db, Due, Tx } from '../types.ts';

/** Read at once; items scheduled meanwhile for an earlier time make us look again. */
const BATCH_MAX = 200;
/** The timer looks at the clock this often even when the next item is far away: machines sleep and clocks are set. It asks no one. */
const SLEEP_MAX_MS = 30_000;
/** Business time: a failing item comes back after 1 min, 4 min, 16 min, … at most 6 h. It is never given up. */
const BACKOFF_MINUTES_MAX = 360;

interface Item {
  readonly kind: string;
  readonly key: string;
  readonly due_at: Date;
  readonly run_at: Date;
  readonly payload: object;
  readonly attempts: number;
}
type Handler = (tx: Tx, item: { key: string; dueAt: Date; payload: never }) => Promise<void>;

export interface DueParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
}
export interface RunningDue extends Due {
  /** Follows the system clock. With simulated time nothing runs by itself: the test or simulator calls `runDue`. */
  start(): void;
  /** Resolves once nothing is being run; nothing more will be. */
  stop(): Promise<void>;
}

export function createDue(parts: DueParts): RunningDue {
  return new DueTable(parts);
}

class DueTable implements RunningDue {
  readonly #parts: DueParts;
  readonly #handlers = new Map<string, Handler>();
  #running: Promise<number> = Promise.resolve(0);
  /** Earliest time something was scheduled for since the current batch was read. */
  #earliestNew = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  /** Known time of the next item; null: ask. */
  #next: number | null = null;
  #isFollowing = false;

  constructor(parts: DueParts) {
    this.#parts = parts;
  }

  on<T extends object>(kind: string, handler: (tx: Tx, item: { key: string; dueAt: Date; payload: T }) => Promise<void>): void {
    invariant(!this.#handlers.has(kind), 'a kind of due item has one handler');
    this.#handlers.set(kind, handler as unknown as Handler);
  }

  schedule(tx: Tx, item: { kind: string; key: string; dueAt: Date; payload: object }): Promise<void> {
    return this.scheduleMany(tx, [item]);
  }

  async scheduleMany(tx: Tx, items: readonly { kind: string; key: string; dueAt: Date; payload: object }[]): Promise<void> {
    if (items.length === 0) return;
    await tx.query(
      `insert into platform.due (kind, key, due_at, run_at, payload)
       select kind, key, due_at, due_at, payload from unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[]) as item (kind, key, due_at, payload)
       on conflict (kind, key) do update set due_at = excluded.due_at, run_at = excluded.run_at, payload = excluded.payload, attempts = 0`,
      [items.map((each) => each.kind), items.map((each) => each.key), items.map((each) => each.dueAt), items.map((each) => JSON.stringify(each.payload))],
    );
    const earliest = Math.min(...items.map((each) => each.dueAt.getTime()));
    tx.afterCommit(() => this.#wasScheduled(earliest));
  }

  async cancel(tx: Tx, kind: string, key: string): Promise<void> {
    await tx.query('delete from platform.due where kind = $1 and key = $2', [kind, key]);
  }

  async nextAt(): Promise<Date | null> {
    const { next } = await this.#parts.db.one<{ next: Date | null }>('select min(run_at) as next from platform.due where kind = any($1)', [
      [...this.#handlers.keys()],
    ]);
    return next;
  }

  /** Calls that overlap run one after another, so that each sees what became due before it was made. */
  runDue(): Promise<number> {
    this.#running = this.#running.catch(() => 0).then(() => this.#run());
    return this.#running;
  }

  start(): void {
    if (this.#parts.clock.isSimulated) return;
    this.#isFollowing = true;
    this.#arm();
  }

  async stop(): Promise<void> {
    this.#isFollowing = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running.catch(() => 0);
  }

  async #run(): Promise<number> {
    let ran = 0;
    for (;;) {
      this.#earliestNew = Number.POSITIVE_INFINITY;
      const batch = await this.#ready();
      for (const item of batch) {
        if (this.#earliestNew < item.run_at.getTime()) break;
        if (await this.#runOne(item)) ran++;
      }
      if (batch.length === 0) return ran;
    }
  }

  #ready(): Promise<Item[]> {
    return this.#parts.db.query<Item>('select * from platform.due where run_at <= $1 and kind = any($2) order by run_at, kind, key limit $3', [
      this.#parts.clock.now(),
      [...this.#handlers.keys()],
      BATCH_MAX,
    ]);
  }

  /** The row is removed first, in the same transaction: an item moved or cancelled meanwhile is not run, and the handler may schedule it anew. */
  async #runOne(item: Item): Promise<boolean> {
    const handler = this.#handlers.get(item.kind);
    invariant(handler !== undefined, 'only kinds with a handler are read');
    try {
      return await this.#parts.db.tx(async (tx) => {
        const taken = await tx.maybe<Item>('delete from platform.due where kind = $1 and key = $2 and run_at <= $3 returning *', [
          item.kind,
          item.key,
          this.#parts.clock.now(),
        ]);
        if (taken === undefined) return false;
        await handler(tx, { key: taken.key, dueAt: taken.due_at, payload: taken.payload as never });
        return true;
      });
    } catch (error) {
      if (isAway(error)) throw error;
      await this.#putOff(item, error);
      return false;
    }
  }

  async #putOff(item: Item, error: unknown): Promise<void> {
    const now = this.#parts.clock.now();
    const minutes = Math.min(BACKOFF_MINUTES_MAX, 4 ** item.attempts);
    this.#parts.log.error('platform.due-failed', { kind: item.kind, attempts: item.attempts + 1, retryInMinutes: minutes, error });
    await this.#parts.db.query('update platform.due set attempts = attempts + 1, run_at = $4 where kind = $1 and key = $2 and run_at <= $3', [
      item.kind,
      item.key,
      now,
      new Date(now.getTime() + minutes * 60_000),
    ]);
  }

  // ── following the system clock ───────────────────────────────────────────
  #wasScheduled(at: number): void {
    this.#earliestNew = Math.min(this.#earliestNew, at);
    if (!this.#isFollowing || (this.#next !== null && this.#next <= at)) return;
    this.#next = at;
    this.#arm();
  }

  #arm(): void {
    if (!this.#isFollowing) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const wait = this.#next === null ? 0 : Math.max(0, this.#next - this.#parts.clock.now().getTime());
    this.#timer = setTimeout(() => void this.#wake(), Math.min(wait, SLEEP_MAX_MS)).unref();
  }

  async #wake(): Promise<void> {
    this.#timer = null;
    if (this.#next === null || this.#next <= this.#parts.clock.now().getTime()) {
      this.#next = Number.POSITIVE_INFINITY;
      try {
        await this.runDue();
        const next = await this.nextAt();
        this.#next = Math.min(this.#next, next?.getTime() ?? Number.POSITIVE_INFINITY);
      } catch (error) {
        // The database is away: look again at the next beat.
        this.#parts.log.warn('platform.due-waits', { error });
        this.#next = this.#parts.clock.now().getTime() + SLEEP_MAX_MS / 10;
      }
    }
    this.#arm();
  }
}
