import { createServer } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../server/kernel/index.ts';
import { type Cluster, startCluster } from '../../server/platform/db/index.ts';
import { dataFolder, folder, killServers, project, removeFolders, TestServer } from './testing/postgres-project.ts';

let program: string;
let given: Cluster;
let port: number;
const address = (database: string): string => `postgres://xinglin@127.0.0.1:${port}/${database}`;
const admin = async (sql: string, database = 'postgres'): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: address(database) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const at = server.address();
      server.close(() => resolve(typeof at === 'object' && at !== null ? at.port : 0));
    });
  });

/** A second private cluster that listens on TCP plays the hospital's own server. */
beforeAll(async () => {
  program = await project(0o755);
  port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port: String(port) };
  given = await startCluster({ dataDir: folder(0o700), log: silentLogger, isThrowAway: true, settings });
});
afterEach(killServers);
afterAll(async () => {
  await given.stop();
  removeFolders();
});

describe('with DATABASE_URL', () => {
  test('the given server is used, only our schemas are made in it, and it is not stopped', async () => {
    await admin('create database hospital');
    const data = dataFolder();
    const server = new TestServer(program, data, { databaseUrl: address('hospital') });
    expect(await server.next()).toMatchObject({ up: true, kind: 'given', pid: null });
    expect(await server.stop()).toBe(0);
    const schemas = await admin(`select nspname as name from pg_namespace where nspname !~ '^(pg_|information_schema)' order by 1`, 'hospital');
    expect(schemas.map((row) => row['name'])).toEqual(['analyze', 'collect', 'engage', 'govern', 'improve', 'lake', 'platform', 'public']);
    expect(await admin(`select count(*)::int as tables from pg_tables where schemaname = 'public'`, 'hospital')).toEqual([{ tables: 0 }]);
  });

  test('a second server on the same database is refused, and a killed one leaves the way free', async () => {
    await admin('create database busy');
    const data = dataFolder();
    const first = new TestServer(program, data, { databaseUrl: address('busy') });
    expect(await first.next()).toMatchObject({ up: true });
    const second = new TestServer(program, data, { databaseUrl: address('busy') });
    expect(await second.next()).toMatchObject({ refused: 'platform.in-use' });
    await first.kill();
    const third = new TestServer(program, data, { databaseUrl: address('busy') });
    expect(await third.next()).toMatchObject({ up: true });
    expect(await third.stop()).toBe(0);
  });

  test('a database that belongs to another data folder is refused', async () => {
    await admin('create database taken');
    const first = new TestServer(program, dataFolder(), { databaseUrl: address('taken') });
    expect(await first.next()).toMatchObject({ up: true });
    await first.stop();
    const second = new TestServer(program, dataFolder(), { databaseUrl: address('taken') });
    expect(await second.next()).toMatchObject({ refused: 'platform.wrong-database' });
  });

  test('an empty database for a used data folder is refused and stays empty, and so is a private one in place of a given one', async () => {
    await admin('create database first');
    await admin('create database second');
    const data = dataFolder();
    const server = new TestServer(program, data, { databaseUrl: address('first') });
    expect(await server.next()).toMatchObject({ up: true });
    await server.stop();
    expect(await new TestServer(program, data, { databaseUrl: address('second') }).next()).toMatchObject({ refused: 'platform.other-database' });
    expect(await admin(`select 1 from pg_namespace where nspname = 'platform'`, 'second')).toEqual([]);
    const unset = new TestServer(program, data);
    expect(await unset.next()).toMatchObject({ refused: 'platform.other-database' });
    expect(await unset.exit).toBe(1);
    const again = new TestServer(program, data, { databaseUrl: address('first') });
    expect(await again.next()).toMatchObject({ up: true });
    await again.stop();
  });

  test('a connection broken by the server is made again, the lock too', async () => {
    await admin('create database shaky');
    const data = dataFolder();
    const server = new TestServer(program, data, { databaseUrl: address('shaky') });
    expect(await server.next()).toMatchObject({ up: true });
    const others = `from pg_stat_activity where datname = 'shaky' and pid <> pg_backend_pid()`;
    expect((await admin(`select pg_terminate_backend(pid) ${others}`, 'shaky')).length).toBeGreaterThan(0);
    expect(await untilBack(() => server.sql('select 1 as one'))).toEqual([{ one: 1 }]);
    // The lock's own connection comes back by itself, a moment before or after the others.
    const locks = `select 1 as held from pg_locks join pg_database on pg_database.oid = database where locktype = 'advisory' and datname = 'shaky'`;
    await expect.poll(() => admin(locks), { timeout: 10_000 }).toHaveLength(1);
    const second = new TestServer(program, data, { databaseUrl: address('shaky') });
    expect(await second.next()).toMatchObject({ refused: 'platform.in-use' });
    expect(await server.stop()).toBe(0);
  });

  test('a server that is not there is named in one line without its password', async () => {
    const databaseUrl = `postgres://xinglin:very-secret@127.0.0.1:${await freePort()}/none`;
    const { refused, message } = await new TestServer(program, dataFolder(), { databaseUrl }).next();
    expect(refused).toBe('platform.given-unreachable');
    expect(message).toContain('ECONNREFUSED');
    expect(message).not.toMatch(/very-secret|\n/);
  });

  test('a database in another encoding is refused', async () => {
    await admin(`create database latin template template0 encoding 'LATIN1' locale_provider libc locale 'C'`);
    const server = new TestServer(program, dataFolder(), { databaseUrl: address('latin') });
    expect(await server.next()).toMatchObject({ refused: 'platform.given-encoding', message: expect.stringContaining('LATIN1') });
  });
});

/** What a caller does with "away for a moment": tries again shortly. */
async function untilBack<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 50 || !String(error).includes('platform.database-away')) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}
