import pg from 'pg';
import { invariant, type Logger } from '../../kernel/index.ts';
import type { Db, Queryable, Tx } from '../types.ts';
import { withBinaryArrays } from './binary-arrays.ts';
import { copyRows } from './copy.ts';
import { type CopiedColumn, copyTyped } from './copy-typed.ts';
import { isAway, isRetryable, mapped } from './database-error.ts';
import { refuse } from './errors.ts';
import { pause } from './processes.ts';
import { types } from './types.ts';

const POOL_MAX = 10;
const IDLE_MS = 60_000;
/** Waiting for a free connection longer than this means something holds them; refuse rather than hang. */
const CHECKOUT_LIMIT_MS = 30_000;
/** A private server is back in well under a second; recovery after a crash may take longer. */
const AWAY_LIMIT_MS = 20_000;
const TX_ATTEMPTS = 6;

export interface PoolOptions {
  readonly connection: pg.ClientConfig;
  readonly applicationName: string;
  readonly log: Logger;
  /** Resolves when connections may be made: the server runs and the instance lock is ours. */
  readonly ready?: () => Promise<void>;
  readonly max?: number;
}

/** What every connection of ours asks for: one time zone, no session left hanging in a transaction. */
export const sessionConfig = (connection: pg.ClientConfig, applicationName: string): pg.ClientConfig => ({
  ...connection,
  application_name: applicationName,
  options: '-c timezone=UTC -c datestyle=ISO -c idle_in_transaction_session_timeout=600000',
  keepAlive: true,
  types,
});

class Session implements Queryable {
  protected readonly client: pg.ClientBase;

  constructor(client: pg.ClientBase) {
    this.client = client;
  }

  async query<R>(text: string, values?: readonly unknown[]): Promise<R[]> {
    try {
      const result = await this.client.query(text, withBinaryArrays(text, values) as unknown[] | undefined);
      return result.rows as R[];
    } catch (error) {
      throw mapped(error);
    }
  }

  async maybe<R>(text: string, values?: readonly unknown[]): Promise<R | undefined> {
    const rows = await this.query<R>(text, values);
    invariant(rows.length <= 1, 'a query for at most one row gives at most one');
    return rows[0];
  }

  async one<R>(text: string, values?: readonly unknown[]): Promise<R> {
    const row = await this.maybe<R>(text, values);
    invariant(row !== undefined, 'a query for one row gives one');
    return row;
  }

  async copyIn(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>): Promise<number> {
    try {
      return await copyRows(this.client, table, columns, rows);
    } catch (error) {
      throw mapped(error);
    }
  }

  async copyTyped<R>(table: string, columns: readonly CopiedColumn<R>[], rows: Iterable<R>): Promise<void> {
    try {
      await copyTyped(this.client, table, columns, rows);
    } catch (error) {
      throw mapped(error);
    }
  }
}

class Transaction extends Session implements Tx {
  readonly isTx = true;
  readonly afterwards: (() => void)[] = [];

  afterCommit(work: () => void): void {
    this.afterwards.push(work);
  }
}

/** A pool of connections as `Db`. Nothing is sent twice: only getting a connection and whole transactions are tried again. */
export class Pool implements Db {
  readonly #pool: pg.Pool;
  readonly #options: PoolOptions;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      ...sessionConfig(options.connection, options.applicationName),
      max: options.max ?? POOL_MAX,
      idleTimeoutMillis: IDLE_MS,
      connectionTimeoutMillis: CHECKOUT_LIMIT_MS,
      allowExitOnIdle: true,
    });
    // A connection that breaks while nobody uses it is simply replaced.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => client.on('error', () => {}));
  }

  query<R>(text: string, values?: readonly unknown[]): Promise<R[]> {
    return this.#with((session) => session.query<R>(text, values));
  }
  one<R>(text: string, values?: readonly unknown[]): Promise<R> {
    return this.#with((session) => session.one<R>(text, values));
  }
  maybe<R>(text: string, values?: readonly unknown[]): Promise<R | undefined> {
    return this.#with((session) => session.maybe<R>(text, values));
  }
  copyIn(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>): Promise<number> {
    return this.#with((session) => session.copyIn(table, columns, rows));
  }
  copyTyped<R>(table: string, columns: readonly CopiedColumn<R>[], rows: Iterable<R>): Promise<void> {
    return this.#with((session) => session.copyTyped(table, columns, rows));
  }

  async tx<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(work);
      } catch (error) {
        if (attempt >= TX_ATTEMPTS || !isRetryable(error)) throw error;
        this.#options.log.debug('platform.tx-retry', { attempt });
        await pause(Math.random() * 20 * 2 ** attempt);
      }
    }
  }

  async #attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await this.#checkout();
    const tx = new Transaction(client);
    let broken: Error | undefined;
    let result: T;
    try {
      await tx.query('begin');
      result = await work(tx);
      await commit(client);
    } catch (error) {
      broken = isAway(error) || isCommitUnknown(error) ? (error as Error) : undefined;
      if (broken === undefined) {
        await client.query('rollback').catch((failed: Error) => {
          broken = failed;
        });
      }
      throw mapped(error);
    } finally {
      client.release(broken);
    }
    for (const each of tx.afterwards) each();
    return result;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #with<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const client = await this.#checkout();
    let broken: Error | undefined;
    try {
      return await work(new Session(client));
    } catch (error) {
      if (isAway(error)) broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Nothing has been sent yet, so this waits for a server that is coming back. */
  async #checkout(): Promise<pg.PoolClient> {
    for (const end = Date.now() + AWAY_LIMIT_MS; ; await pause(50)) {
      try {
        await this.#options.ready?.();
        return await this.#pool.connect();
      } catch (error) {
        const problem = mapped(error);
        if (!isAway(problem) || Date.now() > end || this.#pool.ending) throw problem;
      }
    }
  }
}

const isCommitUnknown = (error: unknown): boolean => (error as { code?: unknown }).code === 'platform.commit-unknown';

/** A connection that breaks here leaves open whether the server committed: that is said, and never tried again. */
async function commit(client: pg.ClientBase): Promise<void> {
  let command: string;
  try {
    command = (await client.query('commit')).command;
  } catch (error) {
    const problem = mapped(error);
    throw isAway(problem) ? refuse('commit-unknown') : problem;
  }
  // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and the work went on regardless.
  invariant(command !== 'ROLLBACK', 'a transaction whose statement failed is not committed');
}
