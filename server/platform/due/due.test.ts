import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger, systemClock } from '../../kernel/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import { createDue, type RunningDue } from './due.ts';

let t: TestPlatform;
let ran: string[];
let failures: number;
const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 5, 1, 0) + minutes * 60_000);
const put = (key: string, dueAt: Date, kind = 'test.note'): Promise<void> =>
  t.platform.db.tx((tx) => t.platform.due.schedule(tx, { kind, key, dueAt, payload: { key } }));

beforeAll(async () => {
  t = await testPlatform({ now: at(0) });
  const { due, clock } = t.platform;
  const minute = (): number => (clock.now().getTime() - at(0).getTime()) / 60_000;
  due.on('test.note', async (_tx, { key, dueAt }) => {
    ran.push(`${key}@${minute()} due ${(dueAt.getTime() - at(0).getTime()) / 60_000}`);
  });
  due.on('test.broken', async () => {
    failures++;
    throw new Error('broken');
  });
  due.on('test.chain', async (tx, { key, dueAt }) => {
    ran.push(`${key}@${minute()}`);
    if (key.length < 4) await due.schedule(tx, { kind: 'test.chain', key: `${key}x`, dueAt: new Date(dueAt.getTime() + 600_000), payload: {} });
  });
  due.on('test.early', async (tx) => {
    ran.push('early');
    await due.schedule(tx, { kind: 'test.note', key: 'inserted', dueAt: at(-5), payload: {} });
  });
});
beforeEach(async () => {
  ran = [];
  failures = 0;
  await t.platform.db.query('delete from platform.due');
});
afterAll(() => t.close());

describe('due items', () => {
  test('run in due order once their time has come, and only then', async () => {
    await put('b', at(-1));
    await put('a', at(-2));
    await put('later', at(1_000_000));
    expect(await t.platform.due.runDue()).toBe(2);
    expect(ran).toEqual(['a@0 due -2', 'b@0 due -1']);
    expect(await t.platform.due.runDue()).toBe(0);
    expect(await t.platform.due.nextAt()).toEqual(at(1_000_000));
  });

  test('scheduled again under the same key move', async () => {
    await put('moved', at(-1));
    await put('moved', at(1_000_000));
    expect(await t.platform.due.runDue()).toBe(0);
  });

  test('that were cancelled do not run', async () => {
    await put('gone', at(-1));
    await t.platform.db.tx((tx) => t.platform.due.cancel(tx, 'test.note', 'gone'));
    expect(await t.platform.due.runDue()).toBe(0);
  });

  test('made by a handler for an earlier time run before the rest', async () => {
    await put('e', at(-10), 'test.early');
    await put('rest', at(-1));
    await t.platform.due.runDue();
    expect(ran).toEqual(['early', 'inserted@0 due -5', 'rest@0 due -1']);
  });

  test('of a transaction that rolled back never existed', async () => {
    const work = t.platform.db.tx(async (tx) => {
      await t.platform.due.schedule(tx, { kind: 'test.note', key: 'no', dueAt: at(-1), payload: {} });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await t.platform.due.runDue()).toBe(0);
  });

  test('that fail are kept, put off and counted, and block no other', async () => {
    await put('bad', at(-3), 'test.broken');
    await put('good', at(-1));
    expect(await t.platform.due.runDue()).toBe(1);
    expect(ran).toEqual(['good@0 due -1']);
    expect(await t.platform.db.one('select attempts, due_at, run_at from platform.due')).toEqual({ attempts: 1, due_at: at(-3), run_at: at(1) });
    expect(await t.platform.metrics.getSingleMetricAsString('xinglin_work_items')).toContain('xinglin_work_items{board="due",state="failing"} 1');
  });

  test('scheduled as a set arrive as a set', async () => {
    const items = Array.from({ length: 1_000 }, (_, i) => ({ kind: 'test.note', key: `n${i}`, dueAt: at(-1), payload: { i } }));
    await t.platform.db.tx((tx) => t.platform.due.scheduleMany(tx, items));
    expect(await t.platform.due.runDue()).toBe(1_000);
  });

  test('a failing item comes back later and later as time passes, and what follows happens at its own time', async () => {
    await put('bad', at(0), 'test.broken');
    await put('c', at(10), 'test.chain');
    await t.advance(at(45));
    expect(ran).toEqual(['c@10', 'cx@20', 'cxx@30', 'cxxx@40']);
    expect(failures).toBe(4);
    expect(t.clock.now()).toEqual(at(45));
  });
});

describe('on the system clock', () => {
  let due: RunningDue;
  test('an item runs by itself when its time comes, also one that is earlier than what was waited for', async () => {
    due = createDue({ db: t.platform.db, clock: systemClock, log: silentLogger });
    const heard = new Promise<string>((resolve) => due.on('test.real', async (_tx, { key }) => resolve(key)));
    due.start();
    const soon = (ms: number) => new Date(Date.now() + ms);
    await t.platform.db.tx((tx) => due.schedule(tx, { kind: 'test.real', key: 'far', dueAt: soon(3_600_000), payload: {} }));
    await t.platform.db.tx((tx) => due.schedule(tx, { kind: 'test.real', key: 'near', dueAt: soon(100), payload: {} }));
    expect(await heard).toBe('near');
    await due.stop();
  });
});
