import { closeSync, constants, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Refusal } from '../../kernel/index.ts';
import { type Account, accountFor } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { explainFailure } from './start-failure.ts';

/** `sun_path` holds 108 bytes with its closing zero on Linux, 104 elsewhere. */
const SOCKET_PATH_MAX = process.platform === 'linux' ? 107 : 103;
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Where a private cluster lies and how its programs reach it.
 *
 * As root, PostgreSQL runs as an ordinary account that often cannot even reach the folder (it lies below a 0700 folder).
 * So the folder is handed over as an inherited directory handle and named `/proc/self/fd/3`: following that link needs no right on
 * the parents, and nothing that is not ours changes its permissions. The socket is made in the server's working directory (`.`),
 * which also keeps its path short; we reach it by the real path, or through our own handle when that is over the limit.
 */
export class ClusterPlace {
  readonly dataDir: string;
  readonly pgDir: string;
  readonly logFile: string;
  /** Only part of the socket's name, unless a setting makes the server listen on TCP. */
  readonly port: number;
  /** The account the programs run as; null is ours. */
  readonly account: Account | null;
  readonly binaries: Binaries;
  #handle: number | null = null;

  constructor(dataDir: string, port: number) {
    this.dataDir = dataDir;
    this.port = port;
    this.pgDir = join(dataDir, 'pg');
    this.logFile = join(dataDir, 'pg.log');
    this.account = accountFor(dataDir, this.pgDir);
    this.binaries = findBinaries(this.account);
  }

  /** Where the server makes its socket, as the server names it. */
  serverSocketFolder(): string {
    return process.platform === 'linux' ? '.' : this.socketFolder();
  }

  /** The folder of the socket, as we name it. */
  socketFolder(): string {
    if (Buffer.byteLength(join(this.pgDir, `.s.PGSQL.${this.port}`)) <= SOCKET_PATH_MAX) return this.pgDir;
    if (process.platform !== 'linux') {
      const folder = join(tmpdir(), `xinglin-${process.getuid?.() ?? 0}-${statSync(this.pgDir).ino}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    }
    this.#handle ??= openSync(this.pgDir, constants.O_RDONLY | constants.O_DIRECTORY);
    return `/proc/self/fd/${this.#handle}`;
  }

  /** Starts a program with `folder` under the name it can reach. As an ordinary user that is its path. */
  withFolder<T>(folder: string, start: (name: string, stdio: unknown[]) => T): T {
    const log = openSync(this.logFile, 'a', 0o600);
    const handle = this.account !== null && process.platform === 'linux' ? openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY) : null;
    try {
      return start(handle === null ? folder : '/proc/self/fd/3', ['ignore', log, log, ...(handle === null ? [] : [handle])]);
    } finally {
      closeSync(log);
      if (handle !== null) closeSync(handle);
    }
  }

  spawnOptions(): { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number } {
    return { cwd: '/', env: { LC_ALL: 'C', TZ: 'UTC', PATH: process.env['PATH'] ?? '/usr/bin:/bin' }, ...this.account };
  }

  /** Its size now; an old log that has grown large becomes `pg.log.1`. */
  openLog(): number {
    const size = statSync(this.logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (size <= LOG_BYTES_MAX) return size;
    renameSync(this.logFile, `${this.logFile}.1`);
    return 0;
  }

  /** The refusal that fits what PostgreSQL said. */
  explain(said: string): Refusal {
    return explainFailure(said, { pgDir: this.pgDir, log: this.logFile, account: this.account, major: this.binaries.major });
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }
}
