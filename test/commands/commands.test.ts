import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { IngestReport } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot, VERSION } from '../../server/kernel/index.ts';
import { type Ran, startServer, workFolder, xinglin } from './xinglin.ts';

const work = workFolder();
const data = join(work.path, 'data');
const shared = join(projectRoot(), '../shared/data');
const disk = join(work.path, 'disk');
/** Whole commands on a busy two-core machine: starting PostgreSQL, reading, filing, stopping. */
const LONG_MS = 400_000;
const isMounted = mountSmallDisk(disk, 400);
beforeAll(() => mkdirSync(join(work.path, 'in')));
afterAll(() => {
  if (isMounted) execFileSync('umount', ['-l', disk]);
  work.remove();
});

const message = (id: string, mrn: string, more = ''): string =>
  `MSH|^~\\&|HIS|H1|X|H1|20260105080000||ADT^A01|${id}|P|2.5.1\rEVN|A01|20260105080000\rPID|1||${mrn}^^^HIS^MR||张^三||19800101|M\rPV1|1|I|W1^1^1||||||||||||||||V${mrn}${more}\r`;
const file = (name: string, content: string | Buffer): string => {
  const path = join(work.path, 'in', name);
  writeFileSync(path, content);
  return path;
};
const report = (ran: Ran): IngestReport => JSON.parse(ran.out) as IngestReport;
const ingest = (...args: string[]): Promise<Ran> => xinglin(work.path, 'ingest', ...args, '--data', data, '--json');
/** One clear line: nothing but it on standard error, no stack, no name of a patient. */
const expectOneLine = (ran: Ran, pattern: RegExp): void => {
  expect(ran.code).not.toBe(0);
  expect(ran.err.trim().split('\n')).toHaveLength(1);
  expect(ran.err).toMatch(pattern);
  expect(ran.err).not.toMatch(/张|\bat .*\.js/);
};

describe('xinglin ingest', { timeout: LONG_MS }, () => {
  test('takes a folder, says what it did in JSON, and takes nothing twice', async () => {
    const path = file('two.hl7', message('M1', '1001') + message('M2', '1002'));
    expect(report(await ingest(path))).toMatchObject({ accepted: 2, duplicate: 0, rejected: 0 });
    expect(report(await ingest(path))).toMatchObject({ accepted: 0, duplicate: 2, rejected: 0 });
  });

  test('bad pieces are refused one by one with file, line and reason; the good ones go in, and the same are refused again', async () => {
    const mixed = file('mixed.hl7', `${message('M3', '1003')}${message('', '1004')}${message('M5', '1005')}`);
    const png = file('looks-like.hl7', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
    const truncated = file('truncated.json', '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p1"');
    const csv = file('wrong.csv', 'Spalte1,Spalte2\n1,2\n');
    const first = report(await ingest(mixed, png, truncated, csv));
    expect(first).toMatchObject({ accepted: 2, rejected: 4 });
    for (const each of first.rejections)
      expect(each).toMatchObject({ file: expect.any(String), reason: expect.stringMatching(/.{15,}/), reasonZh: expect.stringMatching(/\p{Script=Han}/u) });
    const again = report(await ingest(mixed, png, truncated, csv));
    expect(again).toMatchObject({ accepted: 0, duplicate: 2, rejected: 4 });
    expect(again.rejections).toEqual(first.rejections);
  });

  test('a line of 200 MB is refused in bounded memory and what stands around it goes in', async () => {
    const path = join(work.path, 'in', 'long.hl7');
    writeFileSync(path, message('L1', '2001'));
    const block = Buffer.alloc(10 * 1024 * 1024, 0x41);
    writeFileSync(path, `${message('L2', '2002').trimEnd()}|`, { flag: 'a' });
    for (let i = 0; i < 20; i++) writeFileSync(path, block, { flag: 'a' });
    writeFileSync(path, `\r${message('L3', '2003')}`, { flag: 'a' });
    const done = report(await ingest(path));
    expect(done).toMatchObject({ accepted: 2, rejected: 1 });
    rmSync(path);
  });

  test('a path that is not there is one clear line and a non-zero exit', async () => {
    expectOneLine(await ingest(join(work.path, 'nothing-here')), /nothing-here|not there|does not exist|no such/i);
  });

  test.skipIf(!existsSync(shared))(
    'all public HL7 v2 and FHIR data goes in or is refused with a reason; the second run accepts none',
    async () => {
      const paths = [join(shared, 'hl7v2'), join(shared, 'fhir')];
      const first = report(await ingest(...paths));
      expect(first.accepted).toBeGreaterThan(1000);
      expect(first.rejections.every((each) => each.reason.length > 15)).toBe(true);
      const second = report(await ingest(...paths));
      expect(second).toMatchObject({ accepted: 0, rejected: first.rejected });
      expect(second.rejections).toEqual(first.rejections);
    },
    LONG_MS,
  );
});

describe('a running server', { timeout: LONG_MS }, () => {
  test('commands beside it go through it; a second server is refused and the first goes on; its audit chain holds', async () => {
    const server = await startServer(work.path, '--data', data, '--port', '0');
    try {
      expect(report(await ingest(file('beside.hl7', message('B1', '3001'))))).toMatchObject({ accepted: 1 });
      expectOneLine(await xinglin(work.path, 'start', '--data', data, '--port', '0'), /already|running/i);
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
      const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { status: string };
      expect(ready.status).toBe('ready');
      expect(await (await fetch(`${server.url}/metrics`)).text()).toContain('xinglin_');
      const verified = await xinglin(work.path, 'audit', 'verify', '--data', data, '--json');
      expect(JSON.parse(verified.out)).toMatchObject({ isIntact: true });
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  test('a port in use is one clear line, and the folder is free again afterwards', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as { port: number };
    expectOneLine(await xinglin(work.path, 'start', '--data', data, '--port', String(port)), new RegExp(`Port ${port} is in use`));
    other.close();
    const server = await startServer(work.path, '--data', data, '--port', '0');
    expect(await server.stop()).toBe(0);
  });

  test('rebuild makes the same facts again', async () => {
    const first = await xinglin(work.path, 'rebuild', '--data', data, '--json');
    expect(first.code).toBe(0);
    const second = await xinglin(work.path, 'rebuild', '--data', data, '--json');
    expect(JSON.parse(second.out)).toEqual(JSON.parse(first.out));
  });
});

/** A disk of its own that can be filled: only where this process may mount one. */
function mountSmallDisk(path: string, megabytes: number): boolean {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', { timeout: LONG_MS }, () => {
  test.skipIf(!isMounted)('is said in one line, stores nothing by halves, and once there is room the same command finishes the work', async () => {
    const full = join(disk, 'data');
    const run = (path: string) => xinglin(work.path, 'ingest', path, '--data', full, '--json');
    expect(report(await run(file('before.hl7', message('D1', '4001'))))).toMatchObject({ accepted: 1 });
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - 300 * 1024)));
    const many = file(
      'many.hl7',
      Array.from({ length: 3000 }, (_, i) => message(`F${i}`, `${50_000 + i}`, `|${((i * 2654435761) % 4294967296).toString(36).repeat(40)}`)).join(''),
    );
    expectOneLine(await run(many), /disk|space|full/i);
    rmSync(join(disk, 'filler'));
    const after = report(await run(many));
    expect(after.accepted + after.duplicate).toBe(3000);
    expect(report(await run(many))).toMatchObject({ accepted: 0, duplicate: 3000 });
    expect(report(await run(join(work.path, 'in', 'before.hl7')))).toMatchObject({ accepted: 0, duplicate: 1 });
  });
});

test('the version and an unknown command answer at once', async () => {
  expect((await xinglin(work.path, '--version')).out).toMatch(/^\d+\.\d+\.\d+/);
  expect((await xinglin(work.path, 'no-such-command')).code).not.toBe(0);
  expect(JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'))).toMatchObject({ version: VERSION });
});
