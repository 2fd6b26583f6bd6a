/**
 * The private PostgreSQL: made, started, watched and stopped by us, in DATA/pg, reachable only through a socket inside that folder.
 *
 * As root, PostgreSQL runs as an ordinary account that often cannot even reach the folder (it lies below a 0700 folder).
 * So the folder is handed over as an inherited directory handle and named `/proc/self/fd/3`: following that link needs no right on
 * the parents, and nothing that is not ours changes its permissions. The socket is made in the server's working directory (`.`),
 * which also keeps its path short; we reach it by the real path, or through our own handle when that is over the limit.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { invariant, type Logger } from '../../kernel/index.ts';
import { type Account, accountFor } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { refuse } from './errors.ts';
import { gone, isAlive, pause, postmasterOf, serverProcessesIn } from './processes.ts';
import { explainFailure, isPassing, logSince } from './start-failure.ts';

/** Only part of the socket's name: nothing listens on TCP. */
const PORT = 5432;
const SUPERUSER = 'xinglin';
/** `sun_path` holds 108 bytes with its closing zero on Linux, 104 elsewhere. */
const SOCKET_PATH_MAX = process.platform === 'linux' ? 107 : 103;
const LOG_BYTES_MAX = 10 * 1024 * 1024;
/** Recovery after a crash may take minutes on a slow disk; it counts as answering ("starting up"), so this limits silence only. */
const SILENCE_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 60_000;
const START_ATTEMPTS = 5;

/** Small footprint, nothing given up on durability. The log holds no statement and no value: errors of sessions are not logged at all. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: String(PORT),
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: '64MB',
  jit: 'off',
  max_parallel_workers_per_gather: '1',
  io_method: 'sync',
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '64MB',
  max_wal_size: '512MB',
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
  readonly account: Account | null;
  readonly #options: ClusterOptions;
  readonly #log: Logger;
  readonly #pgDir: string;
  readonly #logFile: string;
  readonly #binaries: Binaries;
  readonly #port: number;
  #pid = 0;
  #child: ChildProcess | null = null;
  #isStopping = false;
  #reviving: Promise<void> | null = null;
  #handle: number | null = null;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#port = Number(options.settings?.['port'] ?? PORT);
    this.#log = options.log;
    this.#pgDir = join(options.dataDir, 'pg');
    this.#logFile = join(options.dataDir, 'pg.log');
    this.account = accountFor(options.dataDir, this.#pgDir);
    this.#binaries = findBinaries(this.account);
  }

  get pid(): number {
    return this.#pid;
  }

  connection(database: string): pg.ClientConfig {
    return { host: this.#socketFolder(), port: this.#port, user: SUPERUSER, password: '', database };
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
    this.#makeWhenNew();
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      const running = postmasterOf(this.#pgDir);
      if (running !== null) {
        if (await this.#adopt(running)) return;
        continue;
      }
      if (await this.#start(attempt === START_ATTEMPTS)) return;
      await pause(200 * attempt);
    }
    throw refuse('pg-failed', { log: this.#logFile });
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
    throw refuse('pg-not-stopping', { folder: this.#pgDir, pid });
  }

  #makeWhenNew(): void {
    this.#checkVersion();
    if (existsSync(join(this.#pgDir, 'PG_VERSION'))) this.#takeOwnership();
    else this.#make();
  }

  /** Runs initdb in a folder beside and renames it: a half-made cluster is never taken for one. */
  #make(): void {
    for (const name of readdirSync(this.#options.dataDir)) {
      const maker = /^pg\.new-(\d+)$/.exec(name)?.[1];
      if (maker !== undefined && !isAlive(Number(maker))) rmSync(join(this.#options.dataDir, name), { recursive: true, force: true });
    }
    const fresh = `${this.#pgDir}.new-${process.pid}`;
    const from = this.#openLog();
    try {
      mkdirSync(fresh, { mode: 0o700 });
      if (this.account !== null) chownSync(fresh, this.account.uid, this.account.gid);
      const args = ['-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
      if (this.#options.isThrowAway) args.push('--no-sync');
      const made = this.#withFolder(fresh, (folder, stdio) =>
        spawnSync(this.#binaries.initdb, ['-D', folder, ...args], { ...this.#spawnOptions(), stdio: stdio as [] }),
      );
      if (made.status !== 0) throw this.#explain(`${logSince(this.#logFile, from)} ${(made.error as NodeJS.ErrnoException | undefined)?.code ?? ''}`);
      renameSync(fresh, this.#pgDir);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      // Another process made it meanwhile: use that one.
      if (existsSync(join(this.#pgDir, 'PG_VERSION'))) return;
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw refuse('pg-disk-full', { folder: this.#pgDir }, error);
      if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw this.#explain('Permission denied');
      throw error;
    }
  }

  #checkVersion(): void {
    const file = join(this.#pgDir, 'PG_VERSION');
    try {
      const found = readFileSync(file, 'utf8').trim();
      if (found !== String(this.#binaries.major)) throw refuse('pg-version', { folder: this.#pgDir, found, expected: this.#binaries.major });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES') throw this.#explain('Permission denied');
      if (code !== 'ENOENT') throw error;
      // A folder with things in it but without its version is no cluster, and not ours to overwrite.
      if (existsSync(this.#pgDir) && readdirSync(this.#pgDir).length > 0) throw refuse('pg-corrupt', { folder: this.#pgDir, log: this.#logFile });
    }
  }

  /** As root, a cluster made under another account, or copied by root, is handed to the one that will run it. */
  #takeOwnership(): void {
    const { account } = this;
    if (account === null || ['.', 'PG_VERSION', 'global'].every((name) => statSync(join(this.#pgDir, name)).uid === account.uid)) return;
    const hand = (path: string): void => {
      lchownSync(path, account.uid, account.gid);
      if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
      for (const name of readdirSync(path)) hand(join(path, name));
    };
    hand(this.#pgDir);
    chmodSync(this.#pgDir, 0o700);
  }

  /** True when it answers; false when trying again may help. Refuses otherwise. */
  async #start(isLast: boolean): Promise<boolean> {
    for (const pid of serverProcessesIn(this.#pgDir)) process.kill(pid, 'SIGQUIT');
    const from = this.#openLog();
    const { isThrowAway = false, settings: own } = this.#options;
    const settings = { ...SETTINGS, ...(isThrowAway ? THROW_AWAY_SETTINGS : {}), ...own, unix_socket_directories: this.#serverSocketFolder() };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = this.#withFolder(this.#pgDir, (folder, stdio) =>
      spawn(this.#binaries.postgres, ['-D', folder, ...args], { ...this.#spawnOptions(), stdio: stdio as [], detached: true }),
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
    const said = logSince(this.#logFile, from) + (outcome ?? '');
    if (!isLast && isPassing(said)) return false;
    throw this.#explain(said);
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
    if (pid === 0 || !isAlive(pid) || (this.#child === null && postmasterOf(this.#pgDir) !== pid)) return;
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      process.kill(pid, signal);
      if (await gone(pid, signal === 'SIGINT' ? STOP_LIMIT_MS : 5_000)) return;
    }
  }

  release(): void {
    this.#isStopping = true;
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
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

  // ── folders, handles and the log ─────────────────────────────────────────
  /** Where the server makes its socket, as the server names it. */
  #serverSocketFolder(): string {
    return process.platform === 'linux' ? '.' : this.#socketFolder();
  }

  #socketFolder(): string {
    if (Buffer.byteLength(join(this.#pgDir, `.s.PGSQL.${this.#port}`)) <= SOCKET_PATH_MAX) return this.#pgDir;
    if (process.platform !== 'linux') {
      const folder = join(tmpdir(), `xinglin-${process.getuid?.() ?? 0}-${statSync(this.#pgDir).ino}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    }
    this.#handle ??= openSync(this.#pgDir, constants.O_RDONLY | constants.O_DIRECTORY);
    return `/proc/self/fd/${this.#handle}`;
  }

  /** Starts a program with `folder` under the name it can reach. As an ordinary user that is its path. */
  #withFolder<T>(folder: string, start: (name: string, stdio: unknown[]) => T): T {
    const log = openSync(this.#logFile, 'a', 0o600);
    const handle = this.account !== null && process.platform === 'linux' ? openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY) : null;
    try {
      return start(handle === null ? folder : '/proc/self/fd/3', ['ignore', log, log, ...(handle === null ? [] : [handle])]);
    } finally {
      closeSync(log);
      if (handle !== null) closeSync(handle);
    }
  }

  #spawnOptions() {
    return { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, ...this.account };
  }

  /** Its size now; an old log that has grown large becomes `pg.log.1`. */
  #openLog(): number {
    const size = statSync(this.#logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= LOG_BYTES_MAX) return size;
    renameSync(this.#logFile, `${this.#logFile}.1`);
    return 0;
  }

  #explain(said: string) {
    return explainFailure(said, { pgDir: this.#pgDir, log: this.#logFile, account: this.account, major: this.#binaries.major });
  }
}
