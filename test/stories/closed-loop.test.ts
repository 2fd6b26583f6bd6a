import type { CaseDetail, FollowUpDetail, MetricAnswer, Overview, PatientSurvey } from '@xinglin/contracts/api.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Person, StoryHospital } from './hospital.ts';
import { agree, discharge, inpatientAnswers, openOrthopaedics, surveyLink, takeBackDischarge } from './knee-replacement.ts';

/** One patient once round the loop, through the real doors. Five seconds alone; beside other work on two cores several times that. */
vi.setConfig({ testTimeout: 240_000 });

let hospital: StoryHospital;
beforeEach(async () => {
  hospital = await openOrthopaedics();
});
afterEach(() => hospital.close());

const recordKeyOf = async (): Promise<string> =>
  (await hospital.app.platform.db.one<{ record_key: string }>('select record_key from engage.plan order by started_at desc limit 1')).record_key;
const wordOfMouth = async (viewer: Person): Promise<number | null> => {
  await hospital.app.analyze.indices.refresh({});
  return (await viewer.get<Overview>('/overview')).indices.find(({ id }) => id === 'word-of-mouth')?.value ?? null;
};
const onlyCase = async (viewer: Person): Promise<CaseDetail> => {
  const { rows } = await viewer.get<{ rows: { caseId: string }[] }>('/cases');
  expect(rows).toHaveLength(1);
  return viewer.get<CaseDetail>(`/cases/${rows[0]?.caseId}`);
};
const metric = async (viewer: Person, id: string) =>
  (await viewer.get<MetricAnswer>(`/metrics/${id}?from=2026-02-01&to=2026-03-31&grain=total`)).rows[0]?.value ?? null;

describe('once round the loop', () => {
  it('a discharge becomes a plan, a survey of 2 becomes a case, the case is closed and told, and rated again 5 word of mouth moves', async () => {
    const [operations, nurse] = [await hospital.staff('operations'), await hospital.staff('nurse', ['ORTH'])];

    // Monday 09:30: discharged. A plan staged by days after surgery begins; day 7 is Thursday.
    await discharge(hospital);
    const patient = await hospital.patient(await recordKeyOf());
    await agree(patient);
    const plan = await hospital.app.platform.db.one<{ template: string; anchor_day: string }>('select template, anchor_day from engage.plan');
    expect(plan).toEqual({ template: 'total-knee-replacement@1', anchor_day: '2026-02-26' });

    // Tuesday 10:00: the survey lies in the inbox; the answer is 2 of 5.
    await hospital.passUntil('2026-03-03T02:05:00Z');
    const survey = surveyLink((await patient.inbox()).messages);
    expect(await patient.get<PatientSurvey>(survey)).toMatchObject({ department: { zh: '骨科' }, isAnswered: false });
    await patient.post(survey, { answers: inpatientAnswers(2), text: '出院手续排队两个小时，没人管。' });

    // At once: a case with an owner and 24 hours.
    const opened = await onlyCase(operations);
    expect(opened.case).toMatchObject({ score: 2, state: 'assigned', escalation: 0, dueAt: '2026-03-04T02:05:00.000Z', owner: { userId: operations.userId } });
    expect(opened.words).toBe('出院手续排队两个小时，没人管。');
    expect(opened.phone).toBe('+8613900002468');
    const unhappy = await wordOfMouth(operations);
    expect(unhappy).not.toBeNull();

    // Six hours later, before half of the limit: the call. Then put right, closed, told.
    await hospital.pass({ hours: 6 });
    const steps = `/cases/${opened.case.caseId}/steps`;
    await operations.post(steps, { action: 'contact', note: '已电话致歉' });
    await operations.post(steps, { action: 'work', note: null });
    await operations.post(steps, { action: 'resolve', note: '出院窗口增加午间值班' });
    const closed = await operations.post<CaseDetail>(steps, { action: 'close', note: null, toPatient: '出院窗口从今天起中午也有人值班，谢谢您提醒。' });
    expect(closed.case).toMatchObject({ state: 'closed', escalation: 0, isOverdue: false });
    expect((await patient.inbox()).messages.find(({ kind }) => kind === 'case')?.body).toContain('中午也有人值班');

    // Two hours after closing: one question, rated 5.
    await hospital.pass({ hours: 2 });
    await patient.post(surveyLink((await patient.inbox()).messages), { answers: [{ question: 'overall', score: 5 }], text: null });
    const rated = await operations.get<CaseDetail>(`/cases/${opened.case.caseId}`);
    expect(rated.case).toMatchObject({ state: 'closed', rerating: 5 });
    const happy = await wordOfMouth(operations);
    expect(happy).toBeGreaterThan(unhappy ?? Number.POSITIVE_INFINITY);
    expect([
      await metric(operations, 'case-contact-24h'),
      await metric(operations, 'case-on-time-close'),
      await metric(operations, 'case-rerating-improved'),
    ]).toEqual([100, 100, 100]);

    // Thursday, day 7 after surgery: the nurse calls, all is well; the outcome is a fact.
    await hospital.passUntil('2026-03-05T01:00:00Z');
    const { rows } = await nurse.get<{ rows: { taskId: string; dayNumber: number }[] }>('/follow-ups');
    expect(rows.map(({ dayNumber }) => dayNumber)).toEqual([7]);
    const task = await nurse.get<FollowUpDetail>(`/follow-ups/${rows[0]?.taskId}`);
    expect(task.phone).toBe('+8613900002468');
    const well: Record<string, string> = { temperature: '36.7', pain: '3', flexion: '85', walking: '1' };
    const answers = task.questions.filter(({ kind }) => kind !== 'text').map(({ id }) => ({ question: id, value: well[id] ?? 'no' }));
    await nurse.post(`/follow-ups/${rows[0]?.taskId}/outcome`, { outcome: 'done', finding: 'normal', answers, note: null });
    const [fact] = await hospital.app.lake.warehouse.query(`select status, finding, department from fact_followup where step = 'day-7'`);
    expect(fact).toEqual({ status: 'done', finding: 'normal', department: 'ORTH' });
    expect((await hospital.app.platform.audit.verify()).isIntact).toBe(true);
  });

  it('an answer late in the evening has its 24 hours across midnight, and escalates on the way', async () => {
    const [operations, head] = [await hospital.staff('operations'), await hospital.staff('department-head', ['ORTH'])];
    await discharge(hospital);
    const patient = await hospital.patient(await recordKeyOf());
    await agree(patient);
    await hospital.passUntil('2026-03-03T15:30:00Z');
    await patient.post(surveyLink((await patient.inbox()).messages), { answers: inpatientAnswers(1), text: null });
    expect((await onlyCase(operations)).case.dueAt).toBe('2026-03-04T15:30:00.000Z');
    await hospital.passUntil('2026-03-04T03:29:00Z');
    expect((await onlyCase(operations)).case.escalation).toBe(0);
    await hospital.passUntil('2026-03-04T15:29:00Z');
    expect((await onlyCase(operations)).case).toMatchObject({ escalation: 2, isOverdue: false });
    await hospital.passUntil('2026-03-04T15:30:00Z');
    expect((await onlyCase(operations)).case).toMatchObject({ escalation: 3, isOverdue: true });
    const kinds = (await head.get<{ rows: { kind: string }[] }>('/notices')).rows.map(({ kind }) => kind);
    expect(kinds).toEqual(['escalated-3', 'escalated-2']);
  });
});

describe('taking back', () => {
  it('a consent takes the waiting survey with it', async () => {
    await discharge(hospital);
    const patient = await hospital.patient(await recordKeyOf());
    await agree(patient);
    await patient.post('/p/consents', { purpose: 'satisfaction', granted: false });
    await hospital.pass({ days: 3 });
    const { messages, consents } = await patient.inbox();
    expect(messages.filter(({ kind }) => kind === 'survey')).toEqual([]);
    expect(consents.filter(({ granted }) => granted).map(({ purpose }) => purpose)).toEqual(['followup']);
  });

  it('a discharge (A13) withdraws the plan and the survey; the next discharge starts both again', async () => {
    const nurse = await hospital.staff('nurse', ['ORTH']);
    await discharge(hospital);
    const patient = await hospital.patient(await recordKeyOf());
    await agree(patient);
    await hospital.pass({ hours: 2 });
    await takeBackDischarge(hospital);
    await hospital.pass({ days: 4 });
    expect((await nurse.get<{ rows: object[] }>('/follow-ups')).rows).toEqual([]);
    expect((await patient.inbox()).messages).toEqual([]);
    await discharge(hospital);
    await hospital.pass({ days: 2 });
    expect((await patient.inbox()).messages.map(({ kind }) => kind)).toContain('survey');
    const plans = await hospital.app.platform.db.query<{ state: string }>('select state from engage.plan order by started_at');
    expect(plans.map(({ state }) => state)).toEqual(['withdrawn', 'active']);
  });
});

describe('without consent', () => {
  it('nobody is written to and no call is asked for, and the facts say why', async () => {
    const nurse = await hospital.staff('nurse', ['ORTH']);
    await discharge(hospital);
    await hospital.pass({ days: 7 });
    expect((await nurse.get<{ rows: object[] }>('/follow-ups')).rows).toEqual([]);
    const facts = await hospital.app.lake.warehouse.query(
      `select status, reason from fact_message union all select status, step from fact_followup order by 1`,
    );
    expect(facts).toEqual([
      { status: 'cancelled', reason: 'day-7' },
      { status: 'skipped', reason: 'no-consent' },
    ]);
  });
});
