import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig, silentLogger } from '../../server/kernel/index.ts';
import { type OpenPlatform, openPlatform } from '../../server/platform/index.ts';
import { folder, removeFolders } from './testing/postgres-project.ts';

let platform: OpenPlatform;
let data: string;
const heard = { due: new Set<string>(), signals: new Set<string>(), jobs: new Set<string>(), sent: [] as string[] };
const RECORD = '00000000-0000-4000-8000-000000000001';

beforeAll(async () => {
  data = join(folder(0o700), 'data');
  const config = loadConfig({ dataDir: data, keysDir: join(folder(0o700), 'keys'), logLevel: 'silent' }, {});
  platform = await openPlatform(config, { log: silentLogger });
  const { due, signals, jobs, outbox, db } = platform;
  due.on('test.tick', async (_tx, { key }) => void heard.due.add(key));
  signals.on('consent.changed', 'test', async (_tx, { purpose }) => void heard.signals.add(purpose));
  await jobs.work<{ key: string }>('test.work', async ({ key }) => void heard.jobs.add(key));
  outbox.addChannel({
    ...{ channel: 'test', isSandbox: true, honoursKey: true },
    send: async ({ sendKey }) => {
      heard.sent.push(sendKey);
      return 'sent';
    },
  });
  outbox.setRenderer(async () => ({ title: '', body: '', link: null }));
  outbox.setPorts({ consent: { decide: async () => ({ allowed: true, basis: 'test' }) }, contact: { addressOf: async () => 'somewhere' } });
  await db.query(
    `insert into platform.setting (name, value) values ('outbox.quiet-hours', '{"from":"00:00","to":"00:00"}'), ('outbox.week-budget', '{"service":1000,"marketing":0}')`,
  );
  await platform.start();
});
afterAll(async () => {
  await platform.close();
  removeFolders();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const postmaster = (): number | null => {
  const file = join(data, 'pg/postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) || null : null;
};
/** One change that touches everything at once, as a caller would: again when the database was away. */
async function change(key: string): Promise<void> {
  for (;;) {
    try {
      return await platform.db.tx(async (tx) => {
        await platform.due.schedule(tx, { kind: 'test.tick', key, dueAt: new Date(), payload: {} });
        await platform.signals.emit(tx, 'consent.changed', key, {
          recordKey: RECORD,
          purpose: key,
          channel: null,
          granted: true,
          occurredAt: '2026-01-01T00:00:00Z',
        });
        await platform.jobs.send(tx, 'test.work', { key });
        const place = { orgId: 'demo', campusId: 'main', recordKey: RECORD, channel: 'test', purpose: 'followup' as const };
        await platform.outbox.enqueue(tx, { ...place, sendKey: key, template: 't@1', params: {}, notBefore: null });
      });
    } catch {
      await pause(50);
    }
  }
}

describe('when PostgreSQL is killed with -9 again and again', () => {
  test('due items, signals, jobs and messages all arrive, and no message is sent as two intentions', async () => {
    const keys: string[] = [];
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 15; i++) {
        const key = `k${round}-${i}`;
        keys.push(key);
        await change(key);
        if (i === 7) {
          const pid = postmaster();
          if (pid !== null) process.kill(pid, 'SIGKILL');
        }
      }
    }
    const open = async (): Promise<unknown> =>
      platform.db.query(
        `select 1 from platform.due where kind = 'test.tick' union all select 1 from platform.signal_delivery union all select 1 from platform.outbox_message where status <> 'sent'`,
      );
    const all = (set: Set<string>): boolean => keys.every((key) => set.has(key));
    while (!(all(heard.due) && all(heard.signals) && all(heard.jobs) && keys.every((key) => heard.sent.includes(key)))) await pause(100);
    while (((await open()) as unknown[]).length > 0) await pause(100);
    const { sent } = await platform.db.one<{ sent: number }>(`select count(*) as sent from platform.outbox_message where status = 'sent'`);
    expect(sent).toBe(keys.length);
  });

  test('the log of the private server holds no value and no statement', async () => {
    await platform.db.query(`create table lake.leak (name text unique, n int)`);
    await platform.db.query(`insert into lake.leak values ('欧阳小明-13800138000', 1)`);
    const attempts = [
      `insert into lake.leak values ('欧阳小明-13800138000', 2)`,
      `select '欧阳小明-13800138000'::int`,
      `select * from "欧阳小明-13800138000"`,
      `do $$ begin raise warning '欧阳小明-13800138000'; raise exception '欧阳小明-13800138000'; end $$`,
    ];
    for (const attempt of attempts) await platform.db.query(attempt).catch(() => {});
    const log = readFileSync(join(data, 'pg.log'), 'utf8');
    expect(log).toContain('database system is ready');
    expect(log).not.toMatch(/欧阳|138001|insert into|select '/i);
  });
});
