import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { type Config, invariant, type Logger, Refusal } from '../../kernel/index.ts';
import type { Db } from '../types.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { type DataVersion, openDataFolder } from './data-folder.ts';
import { isAway, mapped } from './database-error.ts';
import { refuse } from './errors.ts';
import { APPLICATION, type InstanceLock, takeLock } from './lock.ts';
import { migrate } from './migrate.ts';
import { checkPairing, pair } from './pairing.ts';
import { Pool } from './pool.ts';
import { pause } from './processes.ts';

const DATABASE = 'xinglin';
const MAJOR_MIN = 14;
/** A server that is just shutting down under us is waited for this often. */
const OPEN_ATTEMPTS = 4;

export interface Database {
  readonly db: Db;
  readonly version: DataVersion;
  readonly serverInfo: { readonly kind: 'private' | 'given'; readonly version: string; readonly pid: number | null; readonly isAdopted: boolean };
  /** Ends the pool, gives the lock back and stops a private server. */
  stop(): Promise<void>;
}

/**
 * Opens the data folder and its database, exclusively, migrated to this version.
 * Refusals: see errors.ts; `platform.in-use` when another server holds the folder, which is then left untouched.
 */
export async function openDatabase(config: Pick<Config, 'dataDir' | 'databaseUrl' | 'isDemo'>, log: Logger): Promise<Database> {
  const version = openDataFolder(config.dataDir, { isDemo: config.isDemo });
  for (let attempt = 1; ; attempt++) {
    try {
      return await open(config, version, log);
    } catch (error) {
      if (!isAway(error) || attempt >= OPEN_ATTEMPTS) throw error;
      await pause(500);
    }
  }
}

async function open(config: Pick<Config, 'dataDir' | 'databaseUrl'>, version: DataVersion, log: Logger): Promise<Database> {
  const cluster = config.databaseUrl === null ? await startCluster({ dataDir: config.dataDir, log }) : null;
  const connection = (): pg.ClientConfig => cluster?.connection(DATABASE) ?? { connectionString: config.databaseUrl ?? '' };
  const applicationName = `${APPLICATION} ${randomBytes(6).toString('hex')}`;
  const revive = async (): Promise<void> => cluster?.revive();
  let lock: InstanceLock | null = null;
  let pool: Pool | null = null;
  try {
    if (cluster === null) await checkGiven(connection());
    else await createDatabase(cluster);
    const held = (lock = await takeLock({ connection, applicationName, folder: config.dataDir, log, revive }));
    const db = (pool = new Pool({ connection: connection(), applicationName, log, ready: () => held.ready() }));
    await checkPairing(db, version, config.dataDir);
    await migrate(db, log);
    await pair(db, version, config.dataDir);
    const { server } = await db.one<{ server: string }>(`select current_setting('server_version') as server`);
    const stop = async (): Promise<void> => {
      await db.close();
      await held.release();
      await cluster?.stop();
    };
    return { db, version, serverInfo: info(cluster, server), stop };
  } catch (error) {
    await pool?.close();
    await lock?.release();
    // Without the lock, a server we found running belongs to someone else and is left alone.
    if (lock === null && (cluster?.isAdopted || isInUse(error))) cluster?.release();
    else await cluster?.stop();
    throw error;
  }
}

const isInUse = (error: unknown): boolean => error instanceof Refusal && error.code === 'platform.in-use';

const info = (cluster: Cluster | null, version: string): Database['serverInfo'] => ({
  kind: cluster === null ? 'given' : 'private',
  version,
  pid: cluster?.pid ?? null,
  isAdopted: cluster?.isAdopted ?? false,
});

async function createDatabase(cluster: Cluster): Promise<void> {
  const make = async (client: pg.Client): Promise<void> => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [DATABASE]);
    if (rowCount !== 0) return;
    // 42P04, 23505: another process was first.
    await client.query(`create database ${DATABASE}`).catch((error: { code?: string }) => {
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  };
  await onServer(cluster.connection('postgres'), make).catch((error: unknown) => {
    throw mapped(error);
  });
}

async function checkGiven(connection: pg.ClientConfig): Promise<void> {
  const look = async (client: pg.Client): Promise<void> => {
    const { rows } = await client.query<GivenServer>(
      `select current_setting('server_version_num') as number, current_setting('server_version') as version, current_setting('server_encoding') as encoding`,
    );
    const row = rows[0];
    invariant(row !== undefined, 'a server says what it is');
    refuseUnfit(row);
  };
  try {
    await onServer(connection, look);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw refuse('given-unreachable', { reason: (error as { code?: string }).code ?? 'unreachable' });
  }
}

export interface GivenServer {
  /** `server_version_num`, e.g. 180004. */
  readonly number: string;
  readonly version: string;
  readonly encoding: string;
}
export function refuseUnfit(server: GivenServer): void {
  if (Number(server.number) < MAJOR_MIN * 10_000) throw refuse('given-too-old', { found: server.version });
  if (server.encoding !== 'UTF8') throw refuse('given-encoding', { found: server.encoding });
}

/** Errors come as `pg` throws them. */
async function onServer(connection: pg.ClientConfig, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
