import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dataFolder, folder, isRoot, killServers, NOBODY, project, removeFolders, TestServer } from './testing/postgres-project.ts';

let program: string;
/** A data folder with a cluster in it, not running; copied instead of made anew. As root the copy is root's, as after `cp -r`. */
let seed: string;
/** Postmasters to end even when a test fails half-way. */
const postmasters = new Set<number>();

const copyOfSeed = (): string => {
  const copy = dataFolder();
  cpSync(seed, copy, { recursive: true });
  return copy;
};
async function up(server: TestServer): Promise<{ pid: number; isAdopted: boolean }> {
  const { up: isUp, pid = 0, isAdopted = false, refused, message } = await server.next();
  expect({ isUp, refused, message }).toEqual({ isUp: true, refused: undefined, message: undefined });
  postmasters.add(pid);
  return { pid, isAdopted };
}
const postmasterIn = (data: string): number | null => {
  const file = join(data, 'pg/postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) || null : null;
};
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeAll(async () => {
  program = await project(0o755);
  seed = dataFolder();
  const server = new TestServer(program, seed);
  await up(server);
  await server.sql('create schema crash');
  await server.sql('create table crash.entry (n bigint generated always as identity primary key)');
  expect(await server.stop()).toBe(0);
});
afterEach(async () => {
  await killServers();
  for (const pid of postmasters) if (isAlive(pid)) process.kill(pid, 'SIGQUIT');
  for (const pid of postmasters) while (isAlive(pid)) await pause(20);
  postmasters.clear();
});
afterAll(removeFolders);

describe('a server killed with -9', () => {
  test('leaves a PostgreSQL that the next one adopts, with everything that was acknowledged', async () => {
    const data = copyOfSeed();
    const first = new TestServer(program, data);
    const { pid } = await up(first);
    first.tell({ count: 100_000 });
    while (first.acknowledged.length < 300) await pause(5);
    await first.kill();
    expect(isAlive(pid)).toBe(true);
    const second = new TestServer(program, data);
    expect(await up(second)).toEqual({ pid, isAdopted: true });
    const [row] = await second.sql('select count(*) as count from crash.entry');
    expect(row?.['count']).toBeGreaterThanOrEqual(first.acknowledged.length);
    // Whatever the first had under way has ended: nothing of it lands after the second has begun.
    await pause(100);
    expect(await second.sql('select count(*) as count from crash.entry')).toEqual([row]);
    expect(await second.stop()).toBe(0);
    expect(isAlive(pid)).toBe(false);
  });

  test('together with its PostgreSQL is recovered by the next start', async () => {
    const data = copyOfSeed();
    const first = new TestServer(program, data);
    const { pid } = await up(first);
    first.tell({ count: 100_000 });
    while (first.acknowledged.length < 100) await pause(5);
    process.kill(pid, 'SIGKILL');
    await first.kill();
    const second = new TestServer(program, data);
    const { pid: next } = await up(second);
    expect(next).not.toBe(pid);
    const [row] = await second.sql('select count(*) as count from crash.entry');
    expect(row?.['count']).toBeGreaterThanOrEqual(first.acknowledged.length);
    await second.stop();
  });

  test('leaving a PostgreSQL id file that names another process is not confused by it', async () => {
    const data = copyOfSeed();
    writeFileSync(join(data, 'pg/postmaster.pid'), `${process.pid}\n/somewhere\n1\n5432\n\n\n`, { mode: 0o600 });
    if (isRoot) chownSync(join(data, 'pg/postmaster.pid'), statSync(join(data, 'pg')).uid, statSync(join(data, 'pg')).uid);
    const server = new TestServer(program, data);
    expect((await up(server)).isAdopted).toBe(false);
    await server.stop();
    expect(isAlive(process.pid)).toBe(true);
  });
});

describe('a PostgreSQL killed with -9 under a running server', () => {
  test('is started again and the work goes on: what was acknowledged is there once, nothing else but what was said to be unknown', async () => {
    const data = copyOfSeed();
    const server = new TestServer(program, data);
    let { pid } = await up(server);
    server.tell({ count: 1_200 });
    for (const at of [100, 400, 700]) {
      while (server.acknowledged.length < at) await pause(2);
      process.kill(pid, 'SIGKILL');
      const killed = pid;
      while (pid === killed) {
        await pause(20);
        pid = postmasterIn(data) ?? killed;
      }
      postmasters.add(pid);
    }
    const unknown = Number((await server.next()).rows?.[0]?.['unknown']);
    expect(server.acknowledged.length + unknown).toBe(1_200);
    const stored = (await server.sql('select n from crash.entry')).map((row) => Number(row['n']));
    expect(server.acknowledged.filter((n) => !stored.includes(n))).toEqual([]);
    expect(stored.length).toBeLessThanOrEqual(server.acknowledged.length + unknown);
    expect(await server.stop()).toBe(0);
  });
});

describe('a second server on the same data folder', () => {
  test('is refused in one line and leaves the first one and its PostgreSQL alone', async () => {
    const data = copyOfSeed();
    const first = new TestServer(program, data);
    const { pid } = await up(first);
    const second = new TestServer(program, data);
    expect(await second.next()).toMatchObject({ refused: 'platform.in-use', message: expect.stringContaining(data) });
    expect(await second.exit).toBe(1);
    expect(await first.sql('select pg_backend_pid() > 0 as fine')).toEqual([{ fine: true }]);
    expect(isAlive(pid)).toBe(true);
    expect(await first.stop()).toBe(0);
  });

  test('started at the same moment: exactly one of them wins', async () => {
    const data = dataFolder();
    const servers = [new TestServer(program, data), new TestServer(program, data), new TestServer(program, data)];
    const answers = await Promise.all(servers.map((each) => each.next()));
    for (const { pid } of answers) if (pid !== undefined) postmasters.add(pid);
    expect(answers.map((each) => each.refused ?? 'up').sort()).toEqual(['platform.in-use', 'platform.in-use', 'up']);
    const winner = servers[answers.findIndex((each) => each.up)];
    expect(await winner?.sql('select 1 as one')).toEqual([{ one: 1 }]);
    expect(await winner?.stop()).toBe(0);
  });

  test('gets the folder when the first is just stopping', async () => {
    const data = copyOfSeed();
    const first = new TestServer(program, data);
    await up(first);
    first.tell({ stop: true });
    const second = new TestServer(program, data);
    await up(second);
    expect(await second.stop()).toBe(0);
  });
});

describe.runIf(isRoot)('as root', () => {
  test('a data folder that only root may reach works, and no permission on the way is changed', async () => {
    const parent = folder(0o700);
    const data = join(parent, 'data');
    const server = new TestServer(program, data);
    const { pid } = await up(server);
    expect(statSync(`/proc/${pid}`).uid).not.toBe(0);
    expect([statSync(parent).mode & 0o777, statSync(parent).uid, statSync(data).mode & 0o777, statSync(data).uid]).toEqual([0o700, 0, 0o700, 0]);
    await server.stop();
  });

  test('a project that only root may reach works, through a copy of the programs in a cache', async () => {
    const hidden = await project(0o700);
    const server = new TestServer(hidden, dataFolder());
    await up(server);
    await server.stop();
    const again = new TestServer(hidden, dataFolder());
    await up(again);
    await again.stop();
    expect(statSync(join(hidden, '../..')).mode & 0o777).toBe(0o700);
  });

  test('a data path far over the length of a socket address works', async () => {
    const data = dataFolder(undefined, 'very-long-name-'.repeat(12));
    const server = new TestServer(program, data);
    await up(server);
    await server.kill();
    const next = new TestServer(program, data);
    expect((await up(next)).isAdopted).toBe(true);
    await next.stop();
  });

  test('the user named by XINGLIN_PG_UID runs it, and a folder made by another is handed over', async () => {
    const data = copyOfSeed();
    const server = new TestServer(program, data, { env: { XINGLIN_PG_UID: String(NOBODY) } });
    const { pid } = await up(server);
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY);
    await server.stop();
  });

  test('a folder of an ordinary user is run as that user, who can start it afterwards without root', async () => {
    const data = dataFolder(NOBODY);
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, NOBODY, NOBODY);
    const server = new TestServer(program, data);
    const { pid } = await up(server);
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY);
    await server.stop();
    expect(statSync(join(data, 'pg')).uid).toBe(NOBODY);
  });
});

describe.runIf(isRoot)('as an ordinary user', () => {
  const uid = NOBODY;

  test('everything belongs to that user', async () => {
    const data = dataFolder(uid);
    const server = new TestServer(program, data, { uid });
    const { pid } = await up(server);
    expect([statSync(`/proc/${pid}`).uid, statSync(join(data, 'pg')).uid, statSync(join(data, 'VERSION')).uid]).toEqual([uid, uid, uid]);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    await server.stop();
  });

  test('a data path far over the length of a socket address works', async () => {
    const server = new TestServer(program, dataFolder(uid, 'very-long-name-'.repeat(12)), { uid });
    await up(server);
    await server.stop();
  });

  test("another user's data folder is refused with both users named", async () => {
    const data = copyOfSeed();
    chmodSync(join(data, '..'), 0o755);
    chmodSync(data, 0o777);
    const server = new TestServer(program, data, { uid });
    expect(await server.next()).toMatchObject({ refused: expect.stringMatching(/^platform\.(pg-permission|data-permission|data-unreadable)$/) });
    expect(await server.exit).toBe(1);
  });
});

describe('it says in one line why it cannot start', () => {
  const refusal = async (data: string, use = program): Promise<string | undefined> => {
    const server = new TestServer(use, data);
    const { refused, message, pid } = await server.next();
    if (pid !== undefined) postmasters.add(pid);
    expect(message).not.toContain('\n');
    expect(await server.exit).toBe(1);
    return refused;
  };

  test('when the npm package is missing', async () => {
    expect(await refusal(dataFolder(), await project(0o755, false))).toBe('platform.pg-missing');
  });

  test('when the cluster is of another major version', async () => {
    const data = copyOfSeed();
    writeFileSync(join(data, 'pg/PG_VERSION'), '17\n');
    expect(await refusal(data)).toBe('platform.pg-version');
  });

  test('when its files are damaged, leaving them as they are', async () => {
    const data = copyOfSeed();
    truncateSync(join(data, 'pg/global/pg_control'), 100);
    expect(await refusal(data)).toBe('platform.pg-corrupt');
    expect(statSync(join(data, 'pg/global/pg_control')).size).toBe(100);
  });

  test('when the folder is something else', async () => {
    const data = folder(0o700);
    writeFileSync(join(data, 'holiday.jpg'), '');
    expect(await refusal(data)).toBe('platform.data-foreign');
  });

  test('when the data folder cannot be made', async () => {
    const parent = folder(0o700);
    writeFileSync(join(parent, 'file'), '');
    expect(await refusal(join(parent, 'file', 'data'))).toBe('platform.data-permission');
  });
});
