import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import type { LoadProgress } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import type { App } from './app.ts';
import { DEMO_WRITE_KEY } from './collect/index.ts';
import { restSoon } from './kernel/index.ts';
import { createAccount, type NewAccount } from './platform/index.ts';

/** The demo hospital's size: small enough to be there in minutes, large enough for every page to have something to say. */
export const DEMO_PATIENTS = 5_000;
export const DEMO_MONTHS = 18;
/**
 * The newest month leaves by the interfaces, the older ones as the tables a hospital hands over when it starts, those of the last three months first.
 * With three months by the interfaces the newest four took 1.6 times the CPU and 2.4 times the time.
 */
const DEMO_LIVE_MONTHS = 1;
/** The loader gives way to the server it loads: pages answer and newest data is filed while it makes older months. */
const LOADER_NICE = 10;
const DEMO_SEED = 20_260_101;
/** How often what waits to be filed is counted while the demo loads. */
const WAITING_EVERY_MS = 2_000;
const DEMO_PASSWORD = 'Xinglin-2026';

const account = (username: string, displayName: string, role: NewAccount['role'], departments: readonly string[] | null = null): NewAccount => ({
  username,
  displayName,
  password: DEMO_PASSWORD,
  role,
  departments,
  orgId: 'demo',
  mustChangePassword: false,
});

/** Published on the sign-in page of the demo; a real hospital has none of them. Everyone here is invented. */
export const DEMO_ACCOUNTS: readonly NewAccount[] = [
  account('analyst', '林知夏', 'analyst'),
  account('operations', '周敏行', 'operations'),
  account('nurse', '陈晓燕', 'nurse'),
  account('head', '赵立群', 'department-head', ['ORTH']),
  account('president', '沈国华', 'president'),
  account('information', '何志远', 'information'),
  account('security', '吴安宁', 'security-admin'),
  account('audit', '郑明鉴', 'audit-admin'),
];

export interface DemoHospital {
  progress(): Static<typeof LoadProgress> | null;
  stop(): void;
}

interface LoaderLine {
  loaded: number;
  expected: number;
  isDone: boolean;
  phaseZh: string;
  phaseEn: string;
}

/**
 * Makes the demo accounts and has the simulator, a process of its own, send the hospital through the real inputs, newest months first.
 * What is already there is refused as a duplicate, so a load that was killed is simply run again.
 */
export async function startDemo(app: App, url: string, size: { patients?: number; months?: number }): Promise<DemoHospital> {
  const { db, log } = app.platform;
  if ((await db.maybe('select 1 from platform.user_account limit 1')) === undefined)
    for (const each of DEMO_ACCOUNTS) await createAccount(db, { ...each, orgId: app.platform.config.orgId });
  const done = await db.maybe(`select 1 from platform.setting where name = 'demo.loaded'`);
  if (done !== undefined) return { progress: () => null, stop: () => {} };

  // Killed and started again on another day, the same hospital must come: its end day is kept.
  const today = new Date().toISOString();
  const { value: end } = await db.one<{ value: string }>(
    `insert into platform.setting (name, value) values ('demo.end', $1) on conflict (name) do update set name = excluded.name returning value`,
    [today],
  );
  let last: LoaderLine = { loaded: 0, expected: 0, isDone: false, phaseZh: '正在生成演示医院', phaseEn: 'making the demo hospital' };
  const child = spawnLoader(url, end, size);
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    try {
      last = JSON.parse(line) as LoaderLine;
    } catch {
      log.warn('demo.loader-line-unread');
    }
  });
  let hasLoaderEnded = false;
  let isFinished = false;
  let waiting = 0;
  let shown = 0;
  const watch = setInterval(() => {
    // In items, as the loader counts: a delivery of a table holds a thousand rows.
    void app.collect.log.sources().then(
      (sources) => {
        waiting = sources.reduce((sum, each) => sum + each.waiting, 0);
      },
      () => {},
    );
  }, WAITING_EVERY_MS);
  const stop = (): void => {
    clearInterval(watch);
    if (!hasLoaderEnded) child.kill('SIGTERM');
  };
  child.on('exit', (code) => {
    hasLoaderEnded = true;
    if (code !== 0) {
      clearInterval(watch);
      log.error('demo.load-failed', { code });
      return;
    }
    finish(app)
      .catch((error: unknown) => log.error('demo.finish-failed', { error }))
      .finally(() => {
        isFinished = true;
        clearInterval(watch);
      });
  });
  return {
    progress() {
      if (isFinished) return null;
      // Delivered is not there yet: what waits to be filed is not counted as loaded.
      const phase = last.isDone ? { zh: '已全部送达，正在整理', en: 'all delivered, being filed' } : { zh: last.phaseZh, en: last.phaseEn };
      // What is being uploaded waits before the loader counts it as sent: the bar then stands still instead of going back.
      shown = Math.max(shown, last.loaded - waiting);
      return { loaded: shown, expected: Math.max(last.expected, last.loaded), isDone: false, phase };
    },
    stop,
  };
}

function spawnLoader(url: string, end: string, { patients = DEMO_PATIENTS, months = DEMO_MONTHS }: { patients?: number; months?: number }): ChildProcess {
  const size = ['--patients', String(patients), '--months', String(months), '--live-months', String(Math.min(months, DEMO_LIVE_MONTHS))];
  const args = ['simulate', ...size, '--seed', String(DEMO_SEED), '--end', end, '--to', url, '--json'];
  const child = spawn(process.execPath, ['--max-old-space-size=512', process.argv[1] ?? '', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      XINGLIN_NO_BUILD: '1',
      XINGLIN_SIMULATE_USER: 'information',
      XINGLIN_SIMULATE_PASSWORD: DEMO_PASSWORD,
      XINGLIN_SIMULATE_WRITE_KEY: DEMO_WRITE_KEY,
    },
  });
  try {
    if (child.pid !== undefined) setPriority(child.pid, LOADER_NICE);
  } catch {
    // It has ended already, or the system knows no priorities.
  }
  return child;
}

async function finish(app: App): Promise<void> {
  await app.govern.pipeline.drain();
  await app.lake.compact();
  await app.platform.db.query(`insert into platform.setting (name, value) values ('demo.loaded', 'true') on conflict do nothing`);
  // The page about the identity model has something to show from the start.
  await app.govern.models.measureInUse();
  restSoon();
  app.platform.log.info('demo.loaded');
}
