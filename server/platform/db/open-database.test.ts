import { describe, expect, test } from 'vitest';
import { pagesMb } from './cluster.ts';
import { refuseUnfit } from './open-database.ts';
import { explainFailure } from './start-failure.ts';

describe('a given server', () => {
  test('is taken from PostgreSQL 14 on, in UTF8', () => {
    refuseUnfit({ number: '140000', version: '14.0', encoding: 'UTF8' });
    expect(() => refuseUnfit({ number: '130022', version: '13.22', encoding: 'UTF8' })).toThrow(/is version 13.22; 14 or later/);
    expect(() => refuseUnfit({ number: '180004', version: '18.4', encoding: 'SQL_ASCII' })).toThrow(/encoded as SQL_ASCII/);
  });
});

describe('memory for pages of the database', () => {
  const GB = 2 ** 30;
  test.each([
    ['a sixteenth of the machine', 8 * GB, 0, 512],
    ['never less than 64 MB', 512 * 2 ** 20, 0, 64],
    ['never more than 1 GB', 256 * GB, 0, 1024],
    ['of what a container may use', 256 * GB, 4 * GB, 256],
    ['a limit above the machine is none', 4 * GB, 2 ** 63, 256],
  ])('%s', (_, machine, limit, megabytes) => {
    expect(pagesMb(machine, limit)).toBe(megabytes);
  });
});

describe('what PostgreSQL said becomes one clear line', () => {
  const place = { pgDir: '/nowhere/pg', log: '/nowhere/pg.log', account: { uid: 101, gid: 101 }, major: 18 };
  const said: [string, string][] = [
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'pg-disk-full'],
    ['initdb: error: could not look up effective user ID 4242: user does not exist', 'pg-user'],
    ['FATAL:  database files are incompatible with server\nDETAIL:  The data directory was initialized by PostgreSQL version 17', 'pg-version'],
    ['FATAL:  could not create any Unix-domain sockets', 'pg-socket'],
    ['FATAL:  data directory "/nowhere/pg" has wrong ownership', 'pg-permission'],
    ['FATAL:  could not map anonymous shared memory: Cannot allocate memory', 'pg-memory'],
    ['PANIC:  could not locate a valid checkpoint record at 0/1', 'pg-corrupt'],
    ['postgres: error while loading shared libraries: libicuuc.so.60', 'pg-binaries'],
    ['something never seen before', 'pg-failed'],
  ];
  test.each(said)('%s', (text, code) => {
    const refusal = explainFailure(text, place);
    expect(refusal.code).toBe(`platform.${code}`);
    expect(refusal.message).not.toMatch(/\{|\n/);
    expect(refusal.zh).not.toMatch(/\{|\n/);
  });
});
