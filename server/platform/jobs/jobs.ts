import PgBoss from 'pg-boss';
import { invariant, type Logger, Refusal } from '../../kernel/index.ts';
import { DatabaseError, isAway } from '../db/index.ts';
import { pause } from '../db/processes.ts';
import type { Db, Jobs, Queryable, Tx } from '../types.ts';

/** Work sent from this process is fetched at once; polling only finds what waited for its time or its retry. */
const POLL_SECONDS = 30;
const MAINTENANCE_SECONDS = 900;
const CRON_SECONDS = 45;
/** Attempts after the first, 30 s, 1 min, 2 min … apart. */
const RETRY_LIMIT = 5;
const RETRY_DELAY_SECONDS = 30;
const JOB_HOURS_MAX = 4;
const AWAY_PAUSE_MS = 1_000;
const STOP_LIMIT_MS = 20_000;

export interface RunningJobs extends Jobs {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Jobs by queue and state, for the board and the metrics. Empty when not started. */
  board(): Promise<{ name: string; state: string; count: number }[]>;
}
export interface JobsParts {
  readonly db: Db;
  readonly log: Logger;
  readonly timeZone: string;
}

export const createJobs = (parts: JobsParts): RunningJobs => new Board(parts);

type Handler = (data: object) => Promise<void>;
interface Scheduled {
  readonly cron: string;
  readonly data: object;
}

/**
 * pg-boss behind `Jobs`, over our own pool. Handlers and schedules may be named before `start`; sending needs a started board,
 * because the queue's tables are made by it. With simulated time it stays off unless a test starts it.
 */
class Board implements RunningJobs {
  readonly #parts: JobsParts;
  readonly #handlers = new Map<string, Handler>();
  readonly #schedules = new Map<string, Scheduled>();
  readonly #workers = new Map<string, string>();
  readonly #queues = new Set<string>();
  readonly #running = new Set<string>();
  readonly #statements = new Set<Promise<unknown>>();
  #boss: PgBoss | null = null;
  #isStarting = false;

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  async work<T extends object>(name: string, handler: (data: T) => Promise<void>): Promise<void> {
    invariant(/^[a-z]+\.[a-z-]+$/.test(name), 'a job is named room.job');
    invariant(!this.#handlers.has(name), 'a job has one handler');
    this.#handlers.set(name, handler as Handler);
    if (this.#boss !== null) await this.#follow(this.#boss, name);
  }

  async schedule(name: string, cron: string, data: object = {}): Promise<void> {
    this.#schedules.set(name, { cron, data });
    if (this.#boss !== null) await this.#setSchedule(this.#boss, name);
  }

  async send<T extends object>(tx: Tx | null, name: string, data: T, options: { singletonKey?: string; startAfterSeconds?: number } = {}): Promise<void> {
    const boss = this.#boss;
    invariant(boss !== null, 'jobs are started before work is sent');
    await this.#makeQueue(boss, name);
    const { singletonKey, startAfterSeconds } = options;
    const sendOptions: PgBoss.SendOptions = {
      ...(singletonKey === undefined ? {} : { singletonKey }),
      ...(startAfterSeconds === undefined ? {} : { startAfter: startAfterSeconds }),
      ...(tx === null ? {} : { db: strict(tx) }),
    };
    await boss.send(name, data, sendOptions);
    const notify = (): void => {
      const worker = this.#workers.get(name);
      if (worker !== undefined && startAfterSeconds === undefined) boss.notifyWorker(worker);
    };
    if (tx === null) notify();
    else tx.afterCommit(notify);
  }

  async start(): Promise<void> {
    if (this.#boss !== null) return;
    const boss = new PgBoss({
      db: this.#forBoss(),
      schema: 'pgboss',
      pollingIntervalSeconds: POLL_SECONDS,
      maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
      cronMonitorIntervalSeconds: CRON_SECONDS,
      cronWorkerIntervalSeconds: CRON_SECONDS,
      retryLimit: RETRY_LIMIT,
      retryDelay: RETRY_DELAY_SECONDS,
      retryBackoff: true,
      expireInHours: JOB_HOURS_MAX,
    });
    boss.on('error', (error: unknown) => this.#parts.log.warn('platform.jobs-error', { error }));
    this.#isStarting = true;
    try {
      await boss.start();
      await this.#releaseLeft();
    } finally {
      this.#isStarting = false;
    }
    this.#boss = boss;
    for (const name of this.#handlers.keys()) await this.#follow(boss, name);
    for (const name of this.#schedules.keys()) await this.#setSchedule(boss, name);
  }

  async stop(): Promise<void> {
    const boss = this.#boss;
    this.#boss = null;
    this.#workers.clear();
    await boss?.stop({ graceful: true, wait: true, timeout: STOP_LIMIT_MS });
    await Promise.allSettled(this.#statements);
  }

  async board(): Promise<{ name: string; state: string; count: number }[]> {
    if (this.#boss === null) return [];
    return this.#parts.db.query(
      `select name, state::text as state, count(*) as count from pgboss.job where name not like '\\_\\_pgboss%' group by name, state order by name, state`,
    );
  }

  async #follow(boss: PgBoss, name: string): Promise<void> {
    await this.#makeQueue(boss, name);
    const worker = await boss.work<object>(name, async ([job]) => {
      if (job === undefined) return;
      this.#running.add(job.id);
      await this.#run(name, job.data).finally(() => this.#running.delete(job.id));
      // Without this the worker would sleep until its next poll, however many jobs wait.
      boss.notifyWorker(worker);
    });
    this.#workers.set(name, worker);
  }

  /** What a failed job leaves on the board is a code, never the words of an engine. */
  async #run(name: string, data: object): Promise<void> {
    const handler = this.#handlers.get(name);
    invariant(handler !== undefined, 'a followed job has a handler');
    try {
      await handler(data);
    } catch (error) {
      this.#parts.log.error('platform.job-failed', { job: name, error });
      throw new JobFailure(error instanceof Refusal || error instanceof DatabaseError ? error.code : 'failed');
    }
  }

  /**
   * Jobs taken by a server that died, or by a fetch whose answer was lost, would wait for their expiry. We are the only server
   * of this database, so what is active and not running here is nobody's and may be taken again.
   */
  async #releaseLeft(): Promise<void> {
    await this.#parts.db.query(`update pgboss.job set state = 'retry', start_after = created_on where state = 'active' and id <> all($1::uuid[])`, [
      [...this.#running],
    ]);
  }

  async #makeQueue(boss: PgBoss, name: string): Promise<void> {
    if (this.#queues.has(name)) return;
    if ((await boss.getQueue(name)) === null) await boss.createQueue(name);
    this.#queues.add(name);
  }

  async #setSchedule(boss: PgBoss, name: string): Promise<void> {
    const { cron, data } = this.#schedules.get(name) ?? {};
    invariant(cron !== undefined, 'a schedule has its times');
    await this.#makeQueue(boss, name);
    await boss.schedule(name, cron, data ?? {}, { tz: this.#parts.timeZone });
  }

  /**
   * pg-boss marks jobs done without waiting for the answer, so nothing may reject there: a database that is away is waited for,
   * and `stop` waits for what is under way.
   */
  #forBoss(): PgBoss.Db {
    return {
      executeSql: (text, values) => {
        const statement = this.#execute(text, values);
        if (this.#isStarting) return statement;
        this.#statements.add(statement);
        return statement
          .catch((error: unknown) => {
            this.#parts.log.warn('platform.jobs-statement-failed', { error });
            return { rows: [] };
          })
          .finally(() => this.#statements.delete(statement));
      },
    };
  }

  async #execute(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
    for (let wasAway = false; ; wasAway = true) {
      try {
        const result = await strict(this.#parts.db).executeSql(text, values);
        if (wasAway) await this.#releaseLeft();
        return result;
      } catch (error) {
        if (!isAway(error) || this.#boss === null) throw error;
        await pause(AWAY_PAUSE_MS);
      }
    }
  }
}

const strict = (q: Queryable): PgBoss.Db => ({
  // A statement without parameters may be several, which only the simple protocol takes.
  executeSql: async (text, values) => ({ rows: await q.query(text, values) }),
});

class JobFailure extends Error {
  constructor(code: string) {
    super(code);
    this.name = 'JobFailure';
    delete (this as { stack?: string }).stack;
  }
}
