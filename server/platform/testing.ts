/** For tests: a `Platform` on a database of its own, cloned from the migrated template, with simulated time. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { type Config, SimulatedClock, silentLogger } from '../kernel/index.ts';
import { Pool } from './db/index.ts';
import { advance } from './due/index.ts';
import { newKeyFile, writeKeyFile } from './keys/key-file.ts';
import { assemblePlatform, type OpenPlatform } from './open-platform.ts';
import { TEMPLATE } from './testing/server.ts';
import type { Db } from './types.ts';

export interface TestPlatformOptions {
  /** Where simulated time starts; `2026-01-05T01:00:00Z` (Monday 09:00 in Shanghai) when not given. */
  readonly now?: Date;
  readonly config?: Partial<Config>;
  /** For tests that rest on which records keyed hashes happen to draw: the same words, the same keys. Random when not given. */
  readonly keySeed?: string;
}
export interface TestPlatform {
  /** Signals and outbox are started: they work when woken. Due items run in `advance` (or `due.runDue()`). */
  readonly platform: OpenPlatform;
  readonly clock: SimulatedClock;
  readonly dataDir: string;
  /** Lets time pass, stopping at every due time on the way; resolves when everything that follows is done. */
  advance(to: Date): Promise<void>;
  close(): Promise<void>;
}

export interface TestDatabase {
  readonly db: Db;
  close(): Promise<void>;
}
/** A database with nothing in it, not even our schemas. */
export const emptyDatabase = (): Promise<TestDatabase> => makeDatabase(`t_${randomBytes(6).toString('hex')}`, 'template0');

async function makeDatabase(name: string, template: string): Promise<TestDatabase> {
  const { connection } = inject('xinglinTestServer');
  const admin = new Pool({ connection, applicationName: 'test', log: silentLogger, max: 1 });
  await admin.query(`create database ${name} template ${template} strategy file_copy`);
  const db = new Pool({ connection: { ...connection, database: name }, applicationName: `test ${name}`, log: silentLogger });
  const close = async (): Promise<void> => {
    await db.close();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.close();
  };
  return { db, close };
}

export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const server = inject('xinglinTestServer');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const dataDir = join(server.folder, name);
  const keysDir = join(server.folder, `${name}-keys`);
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(keysDir, { mode: 0o700 });
  const { keySeed } = options;
  if (keySeed !== undefined)
    writeKeyFile(
      join(keysDir, name),
      newKeyFile((use) => createHash('sha256').update(`${keySeed} ${use}`).digest('base64')),
    );
  const database = await makeDatabase(name, TEMPLATE);
  const clock = new SimulatedClock(options.now ?? new Date('2026-01-05T01:00:00Z'));
  const config: Config = {
    dataDir,
    keysDir,
    host: '127.0.0.1',
    port: 0,
    databaseUrl: null,
    logLevel: 'silent',
    orgId: 'demo',
    campusId: 'main',
    timeZone: 'Asia/Shanghai',
    publicUrl: 'http://hospital.test',
    isDemo: true,
    warehouseMemoryMb: 256,
    ...options.config,
  };
  const stop = async (): Promise<void> => {
    await database.close();
    for (const each of [dataDir, keysDir]) rmSync(each, { recursive: true, force: true });
  };
  const serverInfo = { kind: 'private', version: 'test', pid: null, isAdopted: false } as const;
  const platform = await assemblePlatform({ config, log: silentLogger, clock, instance: name, database: { db: database.db, serverInfo, stop } });
  await platform.start();
  return {
    ...{ platform, clock, dataDir },
    advance: (to) => advance(clock, platform.due, platform.signals, to, platform.outbox),
    close: () => platform.close(),
  };
}
