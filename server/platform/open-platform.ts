/** Puts the platform together: on the data folder and its database for the server and its commands, on a given database for tests. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Clock, type Config, createLogger, type Logger, systemClock } from '../kernel/index.ts';
import { type AccessParts, createAccess } from './access/index.ts';
import { createAudit } from './audit/index.ts';
import { type Database, openDatabase } from './db/index.ts';
import { createDue } from './due/index.ts';
import { createJobs } from './jobs/index.ts';
import { openKeys } from './keys/index.ts';
import { registerBoard } from './metrics.ts';
import { createOutbox } from './outbox/index.ts';
import { createSignals } from './signals/index.ts';
import type { Db, Platform } from './types.ts';

/** The default of 10 ms wakes an idle process a hundred times a second for a figure nobody reads that finely. */
const EVENT_LOOP_PRECISION_MS = 250;

export interface OpenPlatform extends Platform {
  readonly access: AccessParts;
  readonly serverInfo: Database['serverInfo'];
  /** Where patients' links lead; the server says it once it listens. */
  setPublicUrl(url: string): void;
  setHospital(hospital: { nameZh: string; nameEn: string }): Promise<void>;
  /** Begins to follow due times, signals, outbox and jobs (jobs not with simulated time). */
  start(): Promise<void>;
  /** Ends what `start` began, after what is under way; the database stays open. */
  pause(): Promise<void>;
  /** `pause`, then the database. */
  close(): Promise<void>;
}
export interface PlatformOptions {
  readonly clock?: Clock;
  readonly log?: Logger;
}

/** Refuses as `openDatabase` and `openKeys` do. */
export async function openPlatform(config: Config, options: PlatformOptions = {}): Promise<OpenPlatform> {
  const log = options.log ?? createLogger({ level: config.logLevel });
  const database = await openDatabase(config, log);
  try {
    const platform = await assemblePlatform({ config, log, clock: options.clock ?? systemClock, database, instance: database.version.instance });
    collectDefaultMetrics({ register: platform.metrics, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
    return platform;
  } catch (error) {
    await database.stop();
    throw error;
  }
}

export interface PlatformParts {
  readonly config: Config;
  readonly log: Logger;
  readonly clock: Clock;
  readonly database: Pick<Database, 'db' | 'serverInfo' | 'stop'>;
  /** Names the folder of the keys. */
  readonly instance: string;
}

export async function assemblePlatform({ config: given, log, clock, database, instance }: PlatformParts): Promise<OpenPlatform> {
  const { db } = database;
  const config: Config = { ...given, orgId: await settingOr(db, 'org.id', given.orgId) };
  const hospital = {
    nameZh: await settingOr(db, 'hospital.name-zh', '杏林示范医院'),
    nameEn: await settingOr(db, 'hospital.name-en', 'Xinglin Demonstration Hospital'),
  };
  const keys = await openKeys(config, instance, db);
  const audit = createAudit(db, keys);
  const access = createAccess(db, audit);
  const due = createDue({ db, clock, log });
  const signals = createSignals({ db, log });
  const jobs = createJobs({ db, log, timeZone: config.timeZone });
  const outbox = createOutbox({ db, clock, log, due, signals, audit, config });
  const metrics = new Registry();
  registerBoard(metrics, db, jobs);
  let publicUrl = config.publicUrl ?? '';

  const pause = async (): Promise<void> => {
    await jobs.stop();
    await due.stop();
    await signals.stop();
    await outbox.stop();
  };
  return {
    ...{ config, clock, log, db, keys, audit, access, due, signals, jobs, outbox, metrics, hospital },
    serverInfo: database.serverInfo,
    publicUrl: () => publicUrl,
    setPublicUrl(url) {
      publicUrl = url;
    },
    async setHospital(named) {
      await storeSetting(db, 'hospital.name-zh', named.nameZh);
      await storeSetting(db, 'hospital.name-en', named.nameEn);
      Object.assign(hospital, named);
    },
    async start() {
      signals.start();
      due.start();
      outbox.start();
      if (!clock.isSimulated) await jobs.start();
    },
    pause,
    async close() {
      await pause();
      await database.stop();
    },
  };
}

/** What the database remembers, else what is given now, remembered from now on. */
async function settingOr(db: Db, name: string, given: string): Promise<string> {
  await db.query('insert into platform.setting (name, value) values ($1, $2) on conflict (name) do nothing', [name, given]);
  return (await db.one<{ value: string }>('select value from platform.setting where name = $1', [name])).value;
}

const storeSetting = (db: Db, name: string, value: string): Promise<unknown> =>
  db.query('insert into platform.setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value', [name, value]);
