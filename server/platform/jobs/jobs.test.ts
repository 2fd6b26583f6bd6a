import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import { createJobs, type RunningJobs } from './jobs.ts';

let t: TestPlatform;
let jobs: RunningJobs;
beforeAll(async () => {
  t = await testPlatform();
  jobs = createJobs({ db: t.platform.db, log: silentLogger, timeZone: 'Asia/Shanghai' });
});
afterAll(async () => {
  await jobs.stop();
  await t.close();
});

const until = async (check: () => Promise<boolean>): Promise<void> => {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50));
};

describe('jobs', () => {
  test('are not started with simulated time', async () => {
    await expect(t.platform.jobs.send(null, 'test.any', {})).rejects.toThrow('jobs are started');
  });

  test('run when the transaction that sent them commits, and never when it does not', async () => {
    const ran: number[] = [];
    await jobs.work<{ n: number }>('test.add', async ({ n }) => void ran.push(n));
    await jobs.start();
    const failed = t.platform.db.tx(async (tx) => {
      await jobs.send(tx, 'test.add', { n: 1 });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await t.platform.db.tx((tx) => jobs.send(tx, 'test.add', { n: 2 }));
    await until(async () => ran.length > 0);
    expect(ran).toEqual([2]);
  });

  test('sent as a crowd run one after another without waiting for the next poll', async () => {
    const ran = new Set<number>();
    await jobs.work<{ n: number }>('test.crowd', async ({ n }) => void ran.add(n));
    await t.platform.db.tx(async (tx) => {
      for (let n = 0; n < 20; n++) await jobs.send(tx, 'test.crowd', { n });
    });
    await until(async () => ran.size === 20);
  });

  test('taken by a server that died are run by the next one', async () => {
    const ran: string[] = [];
    await jobs.work<{ by: string }>('test.left', async ({ by }) => void ran.push(by));
    await jobs.send(null, 'test.left', { by: 'heir' }, { startAfterSeconds: 3_600 });
    await t.platform.db.query(`update pgboss.job set state = 'active', started_on = created_on where name = 'test.left'`);
    await jobs.stop();
    await jobs.start();
    await until(async () => ran.length > 0);
    expect(ran).toEqual(['heir']);
  });

  test('that fail are shown on the board with a code and no words, and will be tried again', async () => {
    await jobs.work('test.fail', () => Promise.reject(new Error('欧阳小明 13800000000')));
    await jobs.send(null, 'test.fail', {});
    const state = async () => (await jobs.board()).find((each) => each.name === 'test.fail')?.state;
    await until(async () => (await state()) === 'retry');
    const { output } = await t.platform.db.one<{ output: unknown }>(`select output from pgboss.job where name = 'test.fail'`);
    expect(JSON.stringify(output)).not.toMatch(/欧阳|138/);
    expect(output).toMatchObject({ message: 'failed' });
  });

  test('scheduled by cron are remembered in the hospital time zone', async () => {
    await jobs.schedule('test.nightly', '30 2 * * *');
    const rows = await t.platform.db.query(`select name, cron, timezone from pgboss.schedule`);
    expect(rows).toEqual([{ name: 'test.nightly', cron: '30 2 * * *', timezone: 'Asia/Shanghai' }]);
  });
});
