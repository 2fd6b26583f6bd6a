import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Platform } from '../../../platform/index.ts';
import { testPlatform } from '../../../platform/testing.ts';
import { refuse } from './errors.ts';
import { addTask, findTask, type NewTask, runTask, taskOf } from './tasks.ts';

let t: Awaited<ReturnType<typeof testPlatform>>;
let db: Platform['db'];
beforeAll(async () => {
  t = await testPlatform();
  db = t.platform.db;
}, 60_000);
afterAll(() => t.close());
beforeEach(() => db.query('delete from govern.link_model_task'));

const asked = (more: Partial<NewTask> = {}): Promise<{ task_id: string }> =>
  addTask(db, { orgId: 'demo', kind: 'train', edition: null, against: null, recordsMax: 100, by: 'u1', at: t.clock.now(), ...more });
const words = async (taskId: string) => taskOf(await findTask(db, taskId), (by) => by);

test('asking twice for the same is asking once; anything else waits for its turn', async () => {
  const first = await asked();
  expect((await asked()).task_id).toBe(first.task_id);
  await expect(asked({ by: 'u2' })).rejects.toMatchObject({ code: 'model.busy' });
  await expect(asked({ kind: 'measure', edition: 'general@1' })).rejects.toMatchObject({ code: 'model.busy' });
  await runTask(db, first.task_id, async () => ({ result: {} }));
  expect((await asked({ by: 'u2' })).task_id).not.toBe(first.task_id);
});

test('progress is kept where the page reads it, and the outcome after it', async () => {
  const { task_id: taskId } = await asked();
  const told: string[] = [];
  const done = await runTask(
    db,
    taskId,
    async (_, tell) => {
      await tell('opening')(5, 10);
      expect(await words(taskId)).toMatchObject({ state: 'running', phase: 'opening', done: 5, total: 10 });
      return { edition: 'hospital@1', result: {} };
    },
    ({ phase, done: at, total }) => told.push(`${phase} ${at}/${total}`),
  );
  expect([done.state, done.edition, told]).toEqual(['done', 'hospital@1', ['opening 5/10']]);
});

test('a refusal ends the task with its sentence; a fault ends it with a code and is told to the job', async () => {
  const refused = await asked();
  const tooFew = async () => {
    throw refuse('too-few', { records: 3, pairs: 0, recordsMin: 200, pairsMin: 50 });
  };
  await runTask(db, refused.task_id, tooFew);
  expect(await words(refused.task_id)).toMatchObject({ state: 'failed', failure: { en: expect.stringContaining('3 records') } });
  const broken = await asked();
  const fault = async () => {
    throw Object.assign(new Error('words of an engine: 王小明'), { code: 'E42' });
  };
  await expect(runTask(db, broken.task_id, fault)).rejects.toThrow();
  const { failure } = await words(broken.task_id);
  expect([failure?.en, failure?.zh]).toEqual([expect.stringContaining('E42'), expect.not.stringContaining('王')]);
});

test('a task whose server died is run again by its job, and one nobody touches does not stand in the way for ever', async () => {
  const { task_id: taskId } = await asked();
  await expect(
    runTask(db, taskId, async () => {
      await db.query(`update govern.link_model_task set state = 'running'`);
      throw new Error('killed');
    }),
  ).rejects.toThrow();
  await db.query(`update govern.link_model_task set state = 'running', failure = null, ended_at = null`);
  expect((await runTask(db, taskId, async () => ({ result: {} }))).state).toBe('done');
  const left = await asked({ by: 'u3' });
  await db.query(`update govern.link_model_task set alive_at = alive_at - interval '10 minutes' where task_id = $1`, [left.task_id]);
  const next = await asked({ kind: 'measure', edition: 'general@1' });
  expect([(await words(left.task_id)).failure?.en, (await words(next.task_id)).state]).toEqual([expect.stringContaining('interrupted'), 'waiting']);
});
