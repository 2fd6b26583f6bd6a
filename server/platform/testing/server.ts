/**
 * The PostgreSQL of one test run (vitest `globalSetup`): a throw-away cluster in the system's temporary folder with a template
 * database migrated once. A watcher holds the other end of a pipe to this process, so that the server and its folder go away
 * however the run ends, kill -9 included.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { silentLogger } from '../../kernel/index.ts';
import { listMigrations, migrate, Pool, ROOMS, startCluster } from '../db/index.ts';

export const TEMPLATE = 'xinglin_template';

export interface TestServer {
  readonly connection: pg.ClientConfig;
  /** Temporary folder of the run; everything in it is removed at the end, a PostgreSQL left in it ended. */
  readonly folder: string;
  /** The same in memory where there is enough. Others may pass through, so that tests can run programs as another user. */
  readonly fastFolder: string;
}
declare module 'vitest' {
  export interface ProvidedContext {
    xinglinTestServer: TestServer;
  }
}

/** Ends every PostgreSQL that lies in the given folders and removes them; more than once, because workers outlive a killed run for a moment. */
const WATCH = `cat >/dev/null
for wait in 0.3 1 3 5; do
  find "$@" -name postmaster.pid 2>/dev/null | while read -r f; do p=$(head -n 1 "$f" 2>/dev/null); [ -n "$p" ] && kill -QUIT "$p"; done
  sleep $wait; rm -rf "$@"
done`;
const watcher = (...folders: string[]): ChildProcess => {
  const child = spawn('sh', ['-c', WATCH, 'xinglin-test-watcher', ...folders], { cwd: '/', stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  child.unref();
  return child;
};

/** A clone takes 20 ms in memory and 200 to 500 ms on a busy disk. */
const MEMORY = '/dev/shm';
const MEMORY_BYTES_MIN = 1024 ** 3;
function fastPlace(): string {
  try {
    accessSync(MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize > MEMORY_BYTES_MIN ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

export async function startTestServer(): Promise<TestServer & { stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-test-'));
  const fast = mkdtempSync(join(fastPlace(), 'xinglin-test-pg-'));
  const watch = watcher(fast, folder);
  chmodSync(fast, 0o711);
  const cluster = await startCluster({ dataDir: fast, log: silentLogger, isThrowAway: true });
  const connection = cluster.connection('postgres');
  const admin = new Pool({ connection, applicationName: 'test', log: silentLogger, max: 1 });
  await admin.query(`create database ${TEMPLATE}`);
  const template = new Pool({ connection: { ...connection, database: TEMPLATE }, applicationName: 'test', log: silentLogger, max: 1 });
  await migrateRooms(template);
  await template.close();
  await admin.close();
  const stop = async (): Promise<void> => {
    await cluster.stop();
    for (const each of [fast, folder]) rmSync(each, { recursive: true, force: true });
    watch.stdin?.end();
  };
  return { connection, folder, fastFolder: fast, stop };
}

/** A room whose migrations do not apply costs only its own tests; that all apply is a test of its own (db/migrate.test.ts). */
async function migrateRooms(template: Pool): Promise<void> {
  const all = listMigrations();
  let good = all.filter((each) => each.room === 'platform');
  await migrate(template, silentLogger, good);
  for (const room of ROOMS.slice(1)) {
    const more = [...good, ...all.filter((each) => each.room === room)];
    try {
      await migrate(template, silentLogger, more);
      good = more;
    } catch (error) {
      process.stderr.write(`test database: ${(error as Error).message}\n`);
      const done = await template.query<{ file: string }>('select file from platform.migration');
      good = all.filter((each) => done.some((row) => row.file === each.file));
    }
  }
}

export default async function setup(project: { provide(key: 'xinglinTestServer', value: TestServer): void }): Promise<() => Promise<void>> {
  const server = await startTestServer();
  project.provide('xinglinTestServer', { connection: server.connection, folder: server.folder, fastFolder: server.fastFolder });
  return server.stop;
}
