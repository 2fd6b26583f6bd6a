/** For tests: a `Platform` on a database of its own, cloned from the migrated template, with simulated time. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { inject } from 'vitest';
import { type Config, SimulatedClock, silentLogger } from '../kernel/index.ts';
import { createAccess } from './access/index.ts';
import { createAudit } from './audit/index.ts';
import { Pool } from './db/index.ts';
import { openKeys } from './keys/index.ts';
import { TEMPLATE } from './testing-server.ts';
import type { Platform } from './types.ts';

export interface TestPlatformOptions {
  /** Where simulated time starts; `2026-01-05T01:00:00Z` (Monday 09:00 in Shanghai) when not given. */
  readonly now?: Date;
  readonly config?: Partial<Config>;
}
export interface TestPlatform {
  readonly platform: Platform;
  readonly clock: SimulatedClock;
  readonly dataDir: string;
  close(): Promise<void>;
}

export async function testPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const server = inject('xinglinTestServer');
  const name = `t_${randomBytes(6).toString('hex')}`;
  const dataDir = join(server.folder, name);
  const keysDir = join(server.folder, `${name}-keys`);
  mkdirSync(dataDir, { mode: 0o700 });
  mkdirSync(keysDir, { mode: 0o700 });
  const admin = new Pool({ connection: server.connection, applicationName: 'test', log: silentLogger, max: 1 });
  await admin.query(`create database ${name} template ${TEMPLATE}`);
  const db = new Pool({ connection: { ...server.connection, database: name }, applicationName: `test ${name}`, log: silentLogger });
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
  await db.query(`insert into platform.setting (name, value) values ('org.id', $1) on conflict do nothing`, [config.orgId]);
  const keys = await openKeys(config, name, db);
  const audit = createAudit(db, keys);
  const access = createAccess(db, audit);
  const platform = {
    ...{ config, clock, log: silentLogger, db, keys, audit, access, metrics: new Registry() },
    ...{ publicUrl: () => config.publicUrl ?? '', hospital: HOSPITAL },
  } as unknown as Platform;
  const close = async (): Promise<void> => {
    await db.close();
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.close();
    rmSync(dataDir, { recursive: true, force: true });
    rmSync(keysDir, { recursive: true, force: true });
  };
  return { platform, clock, dataDir, close };
}

const HOSPITAL = { nameZh: '杏林示范医院', nameEn: 'Xinglin Demonstration Hospital' };
