import pg from 'pg';
import type { Logger } from '../../kernel/index.ts';
import { mapped } from './database-error.ts';
import { refuse } from './errors.ts';
import { sessionConfig } from './pool.ts';
import { pause } from './processes.ts';

/** Advisory lock number of the instance, per database: "xing" as four bytes, and 1. */
const LOCK = [0x78696e67, 1] as const;
/** The connection that holds the lock is always idle, so PostgreSQL notices at once when its server was killed. */
const WAIT_LIMIT_MS = 3_000;
export const APPLICATION = 'xinglin';

export interface InstanceLock {
  /** Resolves while the lock is held; when its connection broke, takes it again first. */
  ready(): Promise<void>;
  release(): Promise<void>;
}

export interface LockOptions {
  readonly connection: () => pg.ClientConfig;
  /** Name of this run's connections, `xinglin …`: all others of the database are a dead server's and are ended. */
  readonly applicationName: string;
  readonly folder: string;
  readonly log: Logger;
  /** Brings the server back before a new attempt. */
  readonly revive: () => Promise<void>;
}

/**
 * One server per data folder: a session-level advisory lock on a connection of its own.
 * Once held, connections left by a dead predecessor are ended, so that none of its statements lands after our first.
 */
export async function takeLock(options: LockOptions): Promise<InstanceLock> {
  let held: pg.Client | null = await acquire(options);
  let isReleased = false;
  let acquiring: Promise<void> | null = null;
  const watch = (client: pg.Client): void => {
    client.once('end', () => {
      if (held !== client) return;
      held = null;
      if (!isReleased) {
        options.log.warn('platform.lock-connection-lost');
        ready().catch(() => {});
      }
    });
  };
  const ready = async (): Promise<void> => {
    if (held !== null) return;
    if (isReleased) throw refuse('database-away');
    acquiring ??= (async () => {
      await options.revive();
      const client = await acquire(options);
      if (isReleased) return client.end();
      held = client;
      watch(client);
    })().finally(() => {
      acquiring = null;
    });
    await acquiring;
  };
  watch(held);
  return {
    ready,
    async release() {
      isReleased = true;
      await acquiring?.catch(() => {});
      const client = held;
      held = null;
      await client?.end().catch(() => {});
    },
  };
}

async function acquire(options: LockOptions): Promise<pg.Client> {
  const client = new pg.Client({ ...sessionConfig(options.connection(), `lock ${options.applicationName}`), connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    for (const end = Date.now() + WAIT_LIMIT_MS; ; await pause(100)) {
      const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1, $2) as got', [...LOCK]);
      if (rows[0]?.got) break;
      if (Date.now() > end) throw refuse('in-use', { folder: options.folder });
    }
    await endPredecessors(client, options);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw mapped(error);
  }
}

async function endPredecessors(client: pg.Client, options: LockOptions): Promise<void> {
  const others = `from pg_stat_activity where datname = current_database() and application_name like '${APPLICATION} %' and application_name <> $1`;
  for (let round = 0; round < 50; round++) {
    const { rows } = await client.query<{ left: number }>(`select count(pg_terminate_backend(pid))::int as left ${others}`, [options.applicationName]);
    if (rows[0]?.left === 0) return;
    await pause(50);
  }
  options.log.warn('platform.predecessor-lingers');
}
