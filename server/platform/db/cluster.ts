/**
 * The private PostgreSQL: made, started, watched and stopped by us, in DATA/pg, reachable only through a socket inside that folder.
 *
 * down → (revive) → found running: adopted when it answers, else stopped | not running: made when new, started → up
 * up → (dies) → revived with growing pauses for as long as we run → up; up → (stop) → stopped; up → (release) → left to its owner.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { totalmem } from 'node:os';
import pg from 'pg';
import { invariant, type Logger } from '../../kernel/index.ts';
import type { Account } from './account.ts';
import { refuse } from './errors.ts';
import { makeWhenNew, SUPERUSER, takeOwnership } from './make-cluster.ts';
import { ClusterPlace } from './place.ts';
import { gone, isAlive, orphansIn, pause, postmasterOf } from './processes.ts';
import { isPassing, logSince } from './start-failure.ts';

/** Only part of the socket's name: nothing listens on TCP. */
const PORT = 5432;
/** Recovery after a crash may take minutes on a slow disk; it counts as answering ("starting up"), so this limits silence only. */
const SILENCE_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 60_000;
const START_ATTEMPTS = 5;

/**
 * Of the machine's memory, for pages of the database. Only pages that were read take any: a small hospital's database stays small. Blinded
 * values lie in their indexes as if thrown: at 500,000 records in 64 MB, half of the database's work was fetching pages it had just let go.
 */
const PAGES_SHARE = 1 / 16;
const PAGES_MB_MIN = 64;
const PAGES_MB_MAX = 1024;
export function pagesMb(machineBytes: number, limitBytes: number): number {
  // No limit is told as 0 or as more than there is.
  const bytes = limitBytes > 0 ? Math.min(machineBytes, limitBytes) : machineBytes;
  return Math.round(Math.min(PAGES_MB_MAX, Math.max(PAGES_MB_MIN, (bytes * PAGES_SHARE) / 2 ** 20)));
}

/** Small footprint, nothing given up on durability. The log holds no statement and no value: errors of sessions are not logged at all. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: `${pagesMb(totalmem(), process.constrainedMemory())}MB`,
  jit: 'off',
  max_parallel_workers_per_gather: '1',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  // A page changed for the first time after a checkpoint is logged whole: four times the log, a quarter of those.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  client_connection_check_interval: '5s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_autovacuum_min_duration: '-1',
};
const THROW_AWAY_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '48MB',
  max_connections: '100',
};

export interface ClusterOptions {
  readonly dataDir: string;
  readonly log: Logger;
  /** For throw-away test clusters: no syncing, room for many tests. */
  readonly isThrowAway?: boolean;
  /** Over our own settings; tests let one listen on TCP and play the given server. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Cluster {
  /** For `pg`: `host` (a folder) and the rest. */
  connection(database: string): pg.ClientConfig;
  readonly pid: number;
  readonly isAdopted: boolean;
  /** The account it runs as; null is ours. */
  readonly account: Account | null;
  /** Resolves when it runs and answers, starting it again when it died. Refuses when it cannot start. */
  revive(): Promise<void>;
  /** Fast shutdown, and waits for the end. */
  stop(): Promise<void>;
  /** Leaves it running: it belongs to another server. */
  release(): void;
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const supervisor = new Supervisor(options);
  await supervisor.revive();
  return supervisor;
}

class Supervisor implements Cluster {
  isAdopted = false;
  readonly #options: ClusterOptions;
  readonly #log: Logger;
  readonly #place: ClusterPlace;
  #pid = 0;
  #child: ChildProcess | null = null;
  #isStopping = false;
  #reviving: Promise<void> | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#place = new ClusterPlace(options.dataDir, Number(options.settings?.['port'] ?? PORT));
  }

  get account(): Account | null {
    return this.#place.account;
  }

  get pid(): number {
    return this.#pid;
  }

  connection(database: string): pg.ClientConfig {
    return { host: this.#place.socketFolder(), port: this.#place.port, user: SUPERUSER, password: '', database };
  }

  revive(): Promise<void> {
    if (this.#isStopping) return Promise.reject(refuse('database-away'));
    this.#reviving ??= this.#bringUp().finally(() => {
      this.#reviving = null;
    });
    return this.#reviving;
  }

  async #bringUp(): Promise<void> {
    if (this.#pid !== 0 && isAlive(this.#pid) && (await this.#probe()) === 'answers') return;
    makeWhenNew(this.#place, this.#options.isThrowAway ?? false);
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const running = postmasterOf(this.#place.pgDir);
      if (running !== null) {
        if (await this.#adopt(running)) return;
        continue;
      }
      if (await this.#start(attempt === START_ATTEMPTS)) return;
      await pause(200 * attempt);
    }
    throw refuse('pg-failed', { log: this.#place.logFile });
  }

  /** True when the postmaster that runs already is usable; false when it has ended. */
  async #adopt(pid: number): Promise<boolean> {
    const isAnswering = await this.#awaitAnswer(() => !isAlive(pid));
    if (isAnswering) {
      this.#pid = pid;
      this.isAdopted = this.#child?.pid !== pid;
      if (this.isAdopted) this.#log.info('platform.pg-adopted', { pid });
      return true;
    }
    if (!isAlive(pid)) return false;
    this.#log.warn('platform.pg-orphan-stopped', { pid });
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
      process.kill(pid, signal);
      // One that was suspended hears signals only when it goes on.
      process.kill(pid, 'SIGCONT');
      if (await gone(pid, 10_000)) return false;
    }
    throw refuse('pg-not-stopping', { folder: this.#place.pgDir, pid });
  }

  /** True when it answers; false when trying again may help. Refuses otherwise. */
  async #start(isLast: boolean): Promise<boolean> {
    for (const pid of orphansIn(this.#place.pgDir)) process.kill(pid, 'SIGQUIT');
    takeOwnership(this.#place);
    const from = this.#place.openLog();
    const { isThrowAway = false, settings: own } = this.#options;
    const settings = { ...SETTINGS, ...(isThrowAway ? THROW_AWAY_SETTINGS : {}), ...own, unix_socket_directories: this.#place.serverSocketFolder() };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = this.#place.withFolder(this.#place.pgDir, (folder, stdio) =>
      spawn(this.#place.binaries.postgres, ['-D', folder, ...args], { ...this.#place.spawnOptions(), stdio: stdio as [], detached: true }),
    );
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.code === 'EPERM' ? 'Operation not permitted' : ''}`));
      child.once('exit', () => resolve(''));
    });
    let outcome: string | null = null;
    void ended.then((text) => {
      outcome = text;
    });
    child.unref();
    if (await this.#awaitAnswer(() => outcome !== null)) {
      invariant(child.pid !== undefined, 'a server that answers has a process id');
      this.#child = child;
      this.#pid = child.pid;
      this.isAdopted = false;
      void ended.then(() => this.#onExit(child));
      return true;
    }
    if (outcome === null) child.kill('SIGQUIT');
    const said = logSince(this.#place.logFile, from) + (outcome ?? '');
    if (!isLast && isPassing(said)) return false;
    throw this.#place.explain(said);
  }

  #onExit(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    if (this.#isStopping) return;
    this.#log.warn('platform.pg-died', { pid: child.pid });
    void this.#reviveForEver();
  }

  /** Keeps trying with growing pauses: a full disk may be freed an hour later. */
  async #reviveForEver(): Promise<void> {
    for (let wait = 250; !this.#isStopping; wait = Math.min(wait * 2, 30_000)) {
      try {
        await this.revive();
        this.#log.info('platform.pg-restarted', { pid: this.#pid });
        return;
      } catch (error) {
        if (!this.#isStopping) this.#log.error('platform.pg-restart-failed', { error });
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#reviving?.catch(() => {});
    const pid = this.#pid;
    this.release();
    if (pid === 0 || !isAlive(pid) || (this.#child === null && postmasterOf(this.#place.pgDir) !== pid)) return;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      process.kill(pid, signal);
      if (await gone(pid, signal === 'SIGINT' ? STOP_LIMIT_MS : 5_000)) return;
    }
  }

  release(): void {
    this.#isStopping = true;
    this.#place.close();
  }

  // ── talking to it ────────────────────────────────────────────────────────
  async #probe(): Promise<'answers' | 'busy' | 'silent'> {
    let client: pg.Client;
    try {
      client = new pg.Client({ ...this.connection('postgres'), connectionTimeoutMillis: 5_000 });
    } catch {
      return 'silent';
    }
    client.on('error', () => {});
    try {
      await client.connect();
      await client.query('select 1');
      return 'answers';
    } catch (error) {
      const code = (error as { code?: string }).code;
      // 57P03: starting up, in recovery or shutting down. 53300: full, but there.
      return code === '53300' ? 'answers' : code === '57P03' ? 'busy' : 'silent';
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #awaitAnswer(hasEnded: () => boolean): Promise<boolean> {
    for (let silentSince = Date.now(); !hasEnded(); await pause(20)) {
      const state = await this.#probe();
      if (state === 'answers') return !hasEnded();
      if (state === 'busy') silentSince = Date.now();
      else if (Date.now() - silentSince > SILENCE_LIMIT_MS) return false;
    }
    return false;
  }
}
