import { PERMISSIONS, type Permission, ROLES, type Role } from '@xinglin/contracts';
import type { IdentityReport, LabelFigures, ModelFigures, ModelList, ModelTask } from '@xinglin/contracts/api.ts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningJobs } from '../../../platform/index.ts';
import { type StaffHttp, staffHttp } from '../../../platform/testing/staff-http.ts';
import { governRoutes } from '../../routes.ts';
import { mrn, person, type TestGovern, testGovern } from '../../testing.ts';
import { compareRecords, generalModel } from '../linkage/index.ts';
import { createMatcher } from '../matcher.ts';
import { commandActor } from './index.ts';
import { figuresOf } from './labels.ts';
import { modelInUse, openModel } from './model-store.ts';
import { population } from './testing/population.ts';
import { trainOnVault } from './train-model.ts';

let t: TestGovern;
let app: FastifyInstance;
let cookies: StaffHttp['cookies'];
const cli = commandActor('demo');

beforeAll(async () => {
  // A model is learned from what keyed hashes draw: other keys, another sample, and of 500 records the figures differ.
  t = await testGovern({ keySeed: 'models' });
  const { platform } = t;
  await (platform.jobs as RunningJobs).start();
  ({ app, cookies } = await staffHttp(platform, governRoutes({ platform, govern: t.govern })));
}, 120_000);
afterAll(async () => {
  await app.close();
  await t.close();
});

const as = (role: Role, method: 'GET' | 'POST', url: string, payload?: object) =>
  app.inject({ method, url: `/api/v1${url}`, cookies: cookies.get(role) ?? {}, ...(payload === undefined ? {} : { payload }) });
const refusedTo = (permission: Permission): Role[] => ROLES.filter((role) => !(PERMISSIONS[permission] as readonly Role[]).includes(role));
const taskOver = async (task: ModelTask): Promise<ModelTask> =>
  expect
    .poll(async () => (await as('analyst', 'GET', `/identity/model-tasks/${task.taskId}`)).json<ModelTask>(), { timeout: 150_000, interval: 100 })
    .toMatchObject({ state: expect.stringMatching(/done|failed/) })
    .then(async () => (await as('analyst', 'GET', `/identity/model-tasks/${task.taskId}`)).json());
const asked = async (role: Role, body: object): Promise<ModelTask> => {
  const answer = await as(role, 'POST', '/identity/model-tasks', body);
  expect(answer.statusCode, answer.body).toBe(202);
  return taskOver(answer.json());
};
const reportFigures = async (): Promise<Map<string, IdentityReport['figures'][number]>> =>
  new Map((await as('analyst', 'GET', '/identity/report')).json<IdentityReport>().figures.map((figure) => [figure.id, figure]));

describe('with nothing on file', () => {
  test('training says what is missing, and the report invents nothing', async () => {
    const task = await asked('information', { kind: 'train' });
    expect([task.state, task.failure?.en]).toEqual(['failed', expect.stringContaining('0 records')]);
    const figures = await reportFigures();
    expect([...figures.values()].filter((each) => each.value !== null).map((each) => [each.id, each.value])).toEqual([
      ['review-waiting', 0],
      ['conflicts', 0],
    ]);
    for (const { id, sentence } of figures.values()) for (const words of Object.values(sentence)) expect(words, id).not.toMatch(/NaN|null|undefined|Infinity/);
  });
});

describe('with a hospital on file', () => {
  const people = population(700);
  beforeAll(async () => {
    for (let at = 0; at < people.length; at += 300)
      await t.tell(
        people.slice(at, at + 300).map(({ source, id, details }) => person(mrn(id, source), details)),
        { source: 'his' },
      );
  });

  test('the same records train the same model, which holds no name', async () => {
    const one = await asked('information', { kind: 'train' });
    const other = await t.govern.models.run(cli, { kind: 'train' });
    expect([one.state, one.failure, one.edition, other.edition]).toEqual(['done', null, 'hospital@1', 'hospital@2']);
    const rows = await t.platform.db.query<{ fingerprint: string; text: string }>(
      'select fingerprint, parameters::text as text from govern.link_model order by number',
    );
    expect(rows[0]?.fingerprint).toBe(rows[1]?.fingerprint);
    expect(rows[0]?.text).not.toMatch(/\p{Script=Han}/u);
    const everything = await t.platform.db.query<{ text: string }>(
      `select concat(result::text, failure) as text from govern.link_model_task union all select figures::text from govern.link_model_figure
       union all select concat(action, subject, detail) from platform.audit_entry where action like 'model.%'`,
    );
    for (const { text } of everything) for (const { details } of people) expect(text).not.toContain(details.names?.[0]);
  });

  test('a name that many bear weighs less than one that few do, although the model does not know which they are', async () => {
    const { db, keys } = t.platform;
    const model = await openModel(db, keys, 'hospital@1');
    const matcher = await createMatcher(t.platform, model);
    const weightFor = (surname: string): number => {
      const record = matcher.describe({ ...detailsOf(`${surname}浩宇`), birthDate: '1980-02-03' });
      return compareRecords(record, record, model).fields.find(({ field }) => field === 'surname')?.weight ?? 0;
    };
    expect(weightFor('王')).toBeLessThan(weightFor('万') - 1);
    expect(Object.keys(model.shares.surname?.common ?? {})).toEqual([]);
  });

  test('a part of the keys teaches about the same as all of them', async () => {
    const matcher = await createMatcher(t.platform, generalModel);
    const whole = await trainOnVault(t.platform, matcher, 40_000, () => async () => {});
    const part = await trainOnVault(t.platform, matcher, 500, () => async () => {});
    expect([whole.share, part.share < 0.9, part.opened < whole.opened]).toEqual([1, true, true]);
    for (const field of ['surname', 'given-name', 'birth-date', 'phone'] as const)
      expect(Math.abs((part.model.fields[field]?.same?.m ?? 0) - (whole.model.fields[field]?.same?.m ?? 1)), field).toBeLessThan(0.08);
    expect(Math.abs(part.model.prior - whole.model.prior)).toBeLessThan(1);
  });

  test('nothing is used before somebody else approves it and saw what it changes', async () => {
    expect((await modelInUse(t.platform.db, t.platform.keys)).edition).toBe('general@1');
    const preview = await asked('information', { kind: 'preview', edition: 'hospital@1' });
    expect(preview).toMatchObject({ state: 'done', against: 'general@1', preview: { share: 1, edition: 'hospital@1' } });
    const use = (role: Role, previewTask: string) => as(role, 'POST', '/identity/models/hospital@1/use', { previewTask });
    expect((await use('information', preview.taskId)).json().code).toBe('model.not-approved');
    const decision = (role: Role) => as(role, 'POST', '/identity/models/hospital@1/decision', { decision: 'approved' });
    expect((await decision('information')).json().code).toBe('model.own-model');
    expect((await decision('operations')).statusCode).toBe(200);
    expect((await decision('operations')).json().code).toBe('model.decided-already');
    const wrong = await asked('operations', { kind: 'preview', edition: 'hospital@2' });
    expect((await use('operations', wrong.taskId)).json().code).toBe('model.preview-first');
    const used = await use('operations', preview.taskId);
    expect([used.statusCode, used.json<ModelList>().inUse]).toEqual([200, 'hospital@1']);
    expect((await use('operations', preview.taskId)).json().code).toMatch(/preview-first|in-use-already/);
    const audited = await t.platform.db.query<{ action: string }>(
      `select action from platform.audit_entry where action in ('model.approved', 'model.used', 'model.train') and outcome = 'allowed' order by sequence`,
    );
    expect(audited.map((row) => row.action)).toEqual(expect.arrayContaining(['model.train', 'model.approved', 'model.used']));
  });

  test('everyone is decided again with the new model, and going back brings the old links back', async () => {
    const links = () => t.platform.db.query('select record_key, person_id from govern.link order by record_key');
    const models = async () => (await t.platform.db.query<{ model: string }>('select distinct model from govern.match_pair')).map((row) => row.model);
    await t.govern.pipeline.relink();
    expect(await models()).toEqual(['hospital@1']);
    const back = await t.govern.models.run(cli, { kind: 'preview', edition: 'general@1' });
    const { settled } = await t.govern.models.use(cli, 'general@1', back.taskId);
    await settled;
    expect(await models()).toEqual(['general@1']);
    const before = await links();
    const again = await t.govern.models.run(cli, { kind: 'preview', edition: 'hospital@1' });
    await (await t.govern.models.use(cli, 'hospital@1', again.taskId)).settled;
    const third = await t.govern.models.run(cli, { kind: 'preview', edition: 'general@1' });
    await (await t.govern.models.use(cli, 'general@1', third.taskId)).settled;
    expect(await links()).toEqual(before);
    const list = (await as('analyst', 'GET', '/identity/models')).json<ModelList>();
    expect(list.uses.map((use) => use.edition)).toEqual(['general@1', 'hospital@1', 'general@1', 'hospital@1']);
    expect(list.rows.map((row) => [row.edition, row.state, row.isInUse])).toEqual([
      ['hospital@2', 'waiting', false],
      ['hospital@1', 'approved', false],
      ['general@1', 'approved', true],
    ]);
  });

  test('measured figures agree with one another and with the report', async () => {
    const task = await asked('analyst', { kind: 'measure', edition: 'general@1' });
    expect(task.state).toBe('done');
    const { measured, labels } = (await as('operations', 'GET', '/identity/models/general@1/figures')).json<ModelFigures>();
    const figures = measured?.figures;
    if (figures === undefined) throw new Error('measured');
    const all = figures.scores.reduce((sum, bin) => sum + bin.match + bin.review + bin.no, 0);
    expect([all, figures.verdicts.match + figures.verdicts.review + figures.verdicts.no]).toEqual([figures.pairsCompared, figures.pairsCompared]);
    const falling = figures.expected.map((each) => each.recall ?? 0);
    expect(falling).toEqual([...falling].sort((a, b) => b - a));
    const unlinked = figures.unlinkable.byThreshold.map((each) => each.share ?? 0);
    expect(unlinked).toEqual([...unlinked].sort((a, b) => a - b));
    expect(labels.n).toBe(0);
    const report = await reportFigures();
    expect(report.get('false-merges-model')?.value).toBe(figures.falseMerges.perHundredThousand);
    expect(report.get('false-merges-labels')).toMatchObject({ value: null, state: 'unknown', n: 0 });
    expect(report.get('records-per-person')?.parts.reduce((sum, part) => sum + part.count, 0)).toBe(report.get('records-per-person')?.n);
  });

  test('whoever may not is refused, and so is whoever is signed out', async () => {
    const asks: [Permission, 'GET' | 'POST', string, object?][] = [
      ['model.read', 'GET', '/identity/models'],
      ['model.read', 'GET', '/identity/models/general@1'],
      ['model.read', 'GET', '/identity/models/general@1/figures'],
      ['model.read', 'GET', '/identity/report'],
      ['model.read', 'GET', '/identity/model-tasks/00000000-0000-7000-8000-000000000000'],
      ['model.train', 'POST', '/identity/model-tasks', { kind: 'train' }],
      ['model.train', 'POST', '/identity/model-tasks', { kind: 'measure', edition: 'general@1' }],
      ['model.approve', 'POST', '/identity/model-tasks', { kind: 'preview', edition: 'general@1' }],
      ['model.approve', 'POST', '/identity/models/hospital@2/decision', { decision: 'approved' }],
      ['model.approve', 'POST', '/identity/models/hospital@1/use', { previewTask: '00000000-0000-7000-8000-000000000000' }],
    ];
    for (const [permission, method, url, body] of asks) {
      for (const role of refusedTo(permission)) expect((await as(role, method, url, body)).statusCode, `${role} ${url}`).toBe(403);
      expect((await app.inject({ method, url: `/api/v1${url}`, ...(body === undefined ? {} : { payload: body }) })).statusCode, url).toBe(401);
    }
    expect((await as('analyst', 'GET', '/identity/models/hospital@9')).json().code).toBe('model.unknown');
    expect((await as('analyst', 'GET', '/identity/model-tasks/00000000-0000-7000-8000-000000000000')).json().code).toBe('model.unknown-task');
  });

  test('pairs people decided judge the model, one label for each act', async () => {
    const pairs = await t.platform.db.query<{ record_a: string; record_b: string; verdict: string }>(
      'select record_a, record_b, verdict from govern.match_pair order by verdict, record_a, record_b limit 80',
    );
    await t.platform.db.query(
      `with act as (
         insert into govern.manual_act (act_id, org_id, kind, reason, record_a, record_b, decided_by, decided_at, decided_turn, request_key)
         select gen_random_uuid(), 'demo', case when at % 8 = 0 then 'no-match' else 'match' end, 'other', a, b, 'x', $3, 1, 'key-' || at
         from unnest($1::uuid[], $2::uuid[]) with ordinality as pair(a, b, at)
         returning act_id, kind, record_a, record_b)
       insert into govern.manual_decision (act_id, org_id, record_a, record_b, decision, reason, decided_by, decided_at)
       select act_id, 'demo', record_a, record_b, case kind when 'match' then 'same' else 'different' end, 'other', 'x', $3 from act`,
      [pairs.map((row) => row.record_a), pairs.map((row) => row.record_b), t.clock.now()],
    );
    const { labels } = (await as('operations', 'GET', '/identity/models/general@1/figures')).json<ModelFigures>();
    expect([labels.n, labels.same, labels.different]).toEqual([80, 70, 10]);
    expect(labels.joined).toBe(pairs.filter((row) => row.verdict === 'match').length);
    const report = await reportFigures();
    expect(report.get('review-yield')).toMatchObject({ value: 0.875, n: 80 });
    if (labels.joined >= labels.few) expect(report.get('false-merges-labels')?.value).toBeGreaterThan(0);
  });
});

test('a threshold’s precision and recall are shares of labelled pairs with their intervals', () => {
  const scored = [0.4, 0.7, 0.95, 0.999].flatMap((probability, at) =>
    Array.from({ length: 10 }, (_, i) => ({ probability, isJoined: probability > 0.99, isSame: i < at * 3 })),
  );
  const curve: LabelFigures['curve'] = figuresOf(scored).curve;
  const at = (threshold: number) => curve.find((each) => each.threshold === threshold);
  expect(at(0.5)).toMatchObject({ precision: { value: 18 / 30, n: 30 }, recall: { value: 1, n: 18 } });
  expect(at(0.99)).toMatchObject({ precision: { value: 0.9, n: 10 }, recall: { value: 0.5, n: 18 } });
  expect(at(0.9999)?.precision).toEqual({ value: null, lower: null, upper: null, n: 0 });
});

const detailsOf = (name: string) => ({
  ...{ names: [name], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'male' as const, insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
});
