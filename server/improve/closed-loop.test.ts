import type { StaffViewer } from '@xinglin/contracts';
import type { CaseStep } from '@xinglin/contracts/api.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENCOUNTER, OTHER_RECORD, PERSON, RECORD, type TestHospital, testHospital } from '../engage/testing.ts';
import { createImprove, type Improve } from './index.ts';

const IP = '127.0.0.1';
const INBOX = { kind: 'patient', personId: PERSON, orgId: 'demo', purpose: 'care' } as const;
let hospital: TestHospital;
let improve: Improve;
beforeEach(async () => {
  // Monday 09:00 in Shanghai
  hospital = await testHospital({ now: new Date('2026-01-05T01:00:00Z') });
  improve = createImprove(hospital);
});
afterEach(() => hospital.close());

let visits = 0;
const visit = (given: object = {}) =>
  hospital.signal('encounter.finished', `visit-${visits++}`, {
    ...{ orgId: 'demo', campusId: 'main', source: 'his', recordKey: RECORD, encounterKey: ENCOUNTER, encounterClass: 'outpatient', departmentCode: 'CARD' },
    ...{
      staffCode: null,
      diseaseCode: null,
      surgeryCode: null,
      surgeryDay: null,
      disposition: null,
      startedAt: null,
      endedAt: hospital.clock.now().toISOString(),
    },
    ...given,
  });
const invitations = async () =>
  (await hospital.platform.db.query<{ state: string; reason: string | null }>('select state, reason from improve.invitation order by planned_at')).map(
    ({ state, reason }) => (reason === null ? state : `${state} ${reason}`),
  );
const surveyToken = async (): Promise<string> => {
  const message = (await hospital.engage.inbox.list(INBOX, 'zh')).find(({ kind, link }) => kind === 'survey' && link !== null);
  return message?.link?.split('/').at(-1) ?? 'no link';
};
const answers = (overall: number) => [
  ...['registration', 'doctor-communication', 'response', 'privacy'].map((question) => ({ question, score: 5 })),
  { question: 'overall', score: overall },
];
const submit = async (overall: number, text: string | null = null) => {
  const thanks = await improve.surveys.submit(await surveyToken(), { answers: answers(overall), text });
  await hospital.settle();
  return thanks;
};
const rerate = async (overall: number) => {
  await improve.surveys.submit(await surveyToken(), { answers: [{ question: 'overall', score: overall }], text: null });
  await hospital.settle();
};
const theCase = () =>
  hospital.platform.db.one<{
    case_id: string;
    state: string;
    escalation: number;
    owner_id: string | null;
    due_at: Date;
    rerating: number | null;
    closings: number;
  }>('select * from improve.case');
const cases = async () => (await hospital.platform.db.query<{ origin: string }>('select origin from improve.case order by number')).map(({ origin }) => origin);
const steps = () => hospital.said.filter(({ kind }) => kind === 'case.step').map(({ body }) => (body as { step: string }).step);
const notices = async (viewer: StaffViewer) => (await improve.notices.list(viewer)).rows.map(({ kind }) => kind);
const take = (viewer: StaffViewer, caseId: string, step: Partial<CaseStep> & { action: CaseStep['action'] }) =>
  improve.workCase(viewer, { caseId, step: { note: null, ...step }, requestKey: null, ip: IP });
const toClosed = async (viewer: StaffViewer, caseId: string) => {
  await take(viewer, caseId, { action: 'contact', note: '已致歉' });
  await take(viewer, caseId, { action: 'work' });
  await take(viewer, caseId, { action: 'resolve', note: '调整叫号' });
  await take(viewer, caseId, { action: 'close', toPatient: '我们已调整叫号顺序，谢谢您。' });
  await hospital.settle();
};
/** A visit, two hours, an answer with this overall score. */
const lowScore = async (overall = 2, text: string | null = null) => {
  await visit();
  await hospital.pass({ hours: 2 });
  await submit(overall, text);
};

describe('a survey', () => {
  it('is sent two hours after the visit and answered once; the second answer is thanked and changes nothing', async () => {
    await visit();
    await hospital.pass({ hours: 1 });
    expect(await invitations()).toEqual(['planned']);
    await hospital.pass({ hours: 1 });
    expect(await invitations()).toEqual(['sent']);
    const page = await improve.surveys.page(await surveyToken());
    expect(page).toMatchObject({ department: { zh: '心内科' }, isAnswered: false, isRerating: false });
    expect((await submit(5)).thanks.zh).toContain('谢谢您');
    expect((await submit(1)).thanks.zh).toContain('已经评价过');
    expect(hospital.said.filter(({ kind }) => kind === 'survey.answer')).toHaveLength(1);
    expect((await improve.surveys.page(await surveyToken())).isAnswered).toBe(true);
    expect(await cases()).toEqual([]);
  });

  it('two taps at the same moment are one answer', async () => {
    await visit();
    await hospital.pass({ hours: 2 });
    const token = await surveyToken();
    await Promise.all([1, 2].map(() => improve.surveys.submit(token, { answers: answers(5), text: null })));
    expect(hospital.said.filter(({ kind }) => kind === 'survey.answer')).toHaveLength(1);
  });

  it('is not sent to whoever was asked in the last thirty days, at whatever source', async () => {
    await visit();
    await hospital.pass({ days: 1 });
    await visit({ encounterKey: '33333333-0000-4000-8000-000000000002', recordKey: OTHER_RECORD });
    await hospital.pass({ days: 1 });
    expect(await invitations()).toEqual(['sent', 'skipped asked-recently']);
    await hospital.pass({ days: 30 });
    await visit({ encounterKey: '33333333-0000-4000-8000-000000000003' });
    await hospital.pass({ days: 1 });
    expect((await invitations()).at(-1)).toBe('sent');
  });

  it('without consent waits for it while the visit is fresh, and is then skipped with its reason', async () => {
    hospital.consent['satisfaction'] = { allowed: false, reason: 'no-consent' };
    await visit();
    await hospital.pass({ days: 2 });
    expect(await invitations()).toEqual(['planned']);
    await hospital.pass({ days: 2 });
    expect(await invitations()).toEqual(['skipped no-consent']);
    expect(await surveyToken()).toBe('no link');
  });

  it('waits for a consent that is given the next day', async () => {
    hospital.consent['satisfaction'] = { allowed: false, reason: 'no-consent' };
    await visit();
    await hospital.pass({ days: 1 });
    delete hospital.consent['satisfaction'];
    await hospital.pass({ hours: 1 });
    expect(await invitations()).toEqual(['sent']);
  });

  it('refused is skipped when its time comes', async () => {
    hospital.consent['satisfaction'] = { allowed: false, reason: 'withdrawn' };
    await visit();
    await hospital.pass({ hours: 3 });
    expect(await invitations()).toEqual(['skipped withdrawn']);
  });

  it('waiting to be sent is taken back when consent is withdrawn; marketing withdrawn leaves it', async () => {
    await visit();
    await hospital.signal('consent.changed', 'm', {
      recordKey: RECORD,
      purpose: 'marketing',
      channel: null,
      granted: false,
      occurredAt: '2026-01-05T01:00:00Z',
    });
    expect(await invitations()).toEqual(['planned']);
    await hospital.signal('consent.changed', 's', {
      recordKey: OTHER_RECORD,
      purpose: 'satisfaction',
      channel: null,
      granted: false,
      occurredAt: '2026-01-05T01:00:00Z',
    });
    expect(await invitations()).toEqual(['cancelled withdrawn']);
    await hospital.pass({ days: 1 });
    expect(await surveyToken()).toBe('no link');
  });

  it('of a visit taken back no longer opens', async () => {
    await visit();
    await hospital.pass({ hours: 2 });
    const token = await surveyToken();
    await hospital.signal('encounter.reopened', 'taken-back', { encounterKey: ENCOUNTER });
    await expect(improve.surveys.page(token)).rejects.toMatchObject({ code: 'improve.bad-link', status: 404 });
  });

  it('link forged or older than two weeks does not open', async () => {
    await visit();
    await hospital.pass({ hours: 2 });
    const token = await surveyToken();
    await expect(improve.surveys.page(`${token.slice(0, -2)}xx`)).rejects.toMatchObject({ code: 'improve.bad-link' });
    await hospital.pass({ days: 15 });
    await expect(improve.surveys.submit(token, { answers: answers(5), text: null })).rejects.toMatchObject({ code: 'improve.bad-link' });
  });
});

describe('a low score', () => {
  it('opens a case at once with an owner and a limit of 24 hours from the answer', async () => {
    const operations = await hospital.staff('operations');
    await lowScore(2, '等了三个小时');
    const opened = await theCase();
    expect(opened).toMatchObject({ state: 'assigned', owner_id: operations.userId, escalation: 0 });
    expect(opened.due_at.toISOString()).toBe('2026-01-06T03:00:00.000Z');
    expect(steps()).toEqual(['opened', 'assigned']);
    expect(await notices(operations)).toEqual(['assigned']);
    const detail = await improve.cases.detail(operations, opened.case_id, IP);
    expect(detail).toMatchObject({ words: '等了三个小时', phone: '13912345678', case: { score: 2, isOverdue: false, origin: 'survey' } });
    expect(detail.answers.find(({ question }) => question.zh.startsWith('总的'))).toMatchObject({ score: 2, scoreMax: 5 });
    expect(detail.actions.filter(({ isAllowed }) => isAllowed).map(({ action }) => action)).toEqual(['assign', 'contact', 'no-answer']);
  });

  it('of 4 opens none; a 3.99 from another system does', async () => {
    await lowScore(4);
    expect(await cases()).toEqual([]);
    const answer = {
      orgId: 'demo',
      campusId: 'main',
      recordKey: RECORD,
      encounterKey: null,
      survey: 'paper@1',
      mode: 'paper',
      departmentCode: 'CARD',
      textId: null,
    };
    const invitationKey = '44444444-0000-4000-8000-000000000001';
    const told = { ...answer, invitationKey, scores: { overall: 3.99 }, overall: 3.99, occurredAt: hospital.clock.now().toISOString() };
    await hospital.signal('survey.answered', 'paper', told);
    await hospital.signal('survey.answered', 'paper again', told);
    expect(await cases()).toEqual(['survey']);
  });

  it('from last year’s import opens none', async () => {
    const old = {
      orgId: 'demo',
      campusId: 'main',
      recordKey: RECORD,
      encounterKey: null,
      survey: 'paper@1',
      mode: 'paper',
      departmentCode: null,
      textId: null,
    };
    await hospital.signal('survey.answered', 'old', {
      ...old,
      invitationKey: '44444444-0000-4000-8000-000000000002',
      scores: {},
      overall: 1,
      occurredAt: '2025-03-01T00:00:00Z',
    });
    expect(await cases()).toEqual([]);
  });

  it('goes round among the operations centre: the one with the fewest open cases is next', async () => {
    const team = [await hospital.staff('operations'), await hospital.staff('operations')];
    for (let n = 1; n <= 4; n++) {
      const answer = {
        orgId: 'demo',
        campusId: 'main',
        recordKey: RECORD,
        encounterKey: null,
        survey: 'paper@1',
        mode: 'paper',
        departmentCode: null,
        textId: null,
      };
      await hospital.signal('survey.answered', `n${n}`, {
        ...answer,
        invitationKey: `44444444-0000-4000-8000-00000000001${n}`,
        scores: {},
        overall: 1,
        occurredAt: hospital.clock.now().toISOString(),
      });
    }
    const owned = await hospital.platform.db.query<{ owner_id: string; n: number }>(
      'select owner_id, count(*)::integer as n from improve.case group by owner_id',
    );
    expect(owned.map(({ n }) => n)).toEqual([2, 2]);
    expect(new Set(owned.map(({ owner_id }) => owner_id))).toEqual(new Set(team.map(({ userId }) => userId)));
  });
});

describe('other ways a case is opened', () => {
  it('a complaint opens one with the limit of its severity', async () => {
    const complaint = {
      factKey: '55555555-0000-4000-8000-000000000001',
      recordKey: null,
      departmentCode: 'CARD',
      textId: null,
      severity: 'medium',
      occurredAt: '2026-01-05T01:00:00Z',
    };
    await hospital.signal('complaint.received', 'c1', complaint);
    expect(await cases()).toEqual(['complaint']);
    expect((await theCase()).due_at.toISOString()).toBe('2026-01-07T01:00:00.000Z');
  });

  it('an abnormal follow-up opens an alert for the nurse who keeps the plan', async () => {
    const nurse = await hospital.staff('nurse', ['CARD']);
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    const { task_id } = await hospital.platform.db.one<{ task_id: string }>(`select task_id from engage.task where state = 'due'`);
    await hospital.engage.recordOutcome(nurse, {
      taskId: task_id,
      outcome: { outcome: 'done', finding: 'none', answers: [{ question: 'emergency-signs', value: 'yes' }], note: null },
      requestKey: null,
      ip: IP,
    });
    await hospital.settle();
    const alert = await theCase();
    expect(alert).toMatchObject({ owner_id: nurse.userId, state: 'assigned' });
    expect(alert.due_at.getTime() - hospital.clock.now().getTime()).toBe(3_600_000);
    const detail = await improve.cases.detail(nurse, alert.case_id, IP);
    expect(detail.case.origin).toBe('alert');
    expect(detail.answers[0]?.question.zh).toContain('胸痛');
  });
});

describe('escalation', () => {
  it('rises at 50, 80 and 100 % across midnight; the owner hears first, then the head, then operations', async () => {
    const [owner, head] = [await hospital.staff('operations'), await hospital.staff('department-head', ['CARD'])];
    const colleague = await hospital.staff('operations');
    await hospital.pass({ hours: 10 });
    await visit({ endedAt: '2026-01-05T11:00:00Z' });
    // the quiet hours put the survey to 08:00; answered at 20:30 the limit crosses midnight
    await hospital.pass({ hours: 14 });
    await hospital.pass({ hours: 11.5 });
    await submit(1);
    const { owner_id } = await theCase();
    const others = owner_id === owner.userId ? { first: owner, second: colleague } : { first: colleague, second: owner };
    await hospital.pass({ hours: 11 });
    expect((await theCase()).escalation).toBe(0);
    await hospital.pass({ hours: 1 });
    expect((await theCase()).escalation).toBe(1);
    expect([await notices(others.first), await notices(head), await notices(others.second)]).toEqual([['escalated-1', 'assigned'], [], []]);
    await hospital.pass({ hours: 7.2 });
    expect(await notices(head)).toEqual(['escalated-2']);
    await hospital.pass({ hours: 4.7 });
    expect((await improve.openCases(owner)).overdue).toBe(0);
    await hospital.pass({ hours: 0.1 });
    expect((await theCase()).escalation).toBe(3);
    expect(await improve.openCases(owner)).toEqual({ total: 1, overdue: 1 });
    expect(await notices(others.second)).toEqual(['escalated-3']);
    expect(steps().filter((step) => step === 'escalated')).toHaveLength(3);
  });

  it('stops when the case is closed', async () => {
    const operations = await hospital.staff('operations');
    await lowScore();
    const { case_id } = await theCase();
    await toClosed(operations, case_id);
    await hospital.pass({ days: 2 });
    expect((await theCase()).escalation).toBe(0);
    expect(await notices(operations)).toEqual(['assigned']);
  });
});

describe('working a case', () => {
  it('from call to closing tells the patient, and a re-rating of 5 is written to it', async () => {
    const operations = await hospital.staff('operations');
    await lowScore(2);
    const { case_id } = await theCase();
    await hospital.pass({ hours: 1 });
    await toClosed(operations, case_id);
    const told = (await hospital.engage.inbox.list(INBOX, 'zh')).find(({ kind }) => kind === 'case');
    expect(told?.body).toContain('我们已调整叫号顺序');
    await hospital.pass({ hours: 2 });
    expect((await improve.surveys.page(await surveyToken())).isRerating).toBe(true);
    await rerate(5);
    expect(await theCase()).toMatchObject({ state: 'closed', rerating: 5 });
    expect(steps()).toEqual(['opened', 'assigned', 'contacted', 'working', 'resolved', 'closed', 'rerated']);
    expect(hospital.said.at(-1)).toMatchObject({ kind: 'case.step', body: { step: 'rerated', score: 5 } });
    expect(await cases()).toEqual(['survey']);
  });

  it('re-rated below 4 is worked on again, twice; then the head hears of it', async () => {
    const [operations, head] = [await hospital.staff('operations'), await hospital.staff('department-head', ['CARD'])];
    await lowScore(1);
    const { case_id } = await theCase();
    for (const expected of ['working', 'working', 'closed']) {
      const { state } = await theCase();
      if (state === 'working') {
        await take(operations, case_id, { action: 'resolve', note: '再次处理' });
        await take(operations, case_id, { action: 'close', toPatient: '我们又改进了一次，请您放心。' });
      } else await toClosed(operations, case_id);
      await hospital.pass({ hours: 2 });
      await rerate(2);
      expect((await theCase()).state).toBe(expected);
    }
    expect(await notices(head)).toContain('still-unhappy');
    expect((await theCase()).closings).toBe(3);
  });

  it('reopened before the re-rating went out, is not asked about', async () => {
    const operations = await hospital.staff('operations');
    await lowScore();
    const { case_id } = await theCase();
    await toClosed(operations, case_id);
    await take(operations, case_id, { action: 'reopen', note: '患者来电补充' });
    await hospital.pass({ days: 1 });
    expect((await invitations()).at(-1)).toBe('cancelled case-reopened');
    expect((await theCase()).due_at.toISOString()).toBe('2026-01-06T03:00:00.000Z');
  });

  it('refuses what the state does not allow, closing without a word to the patient, and resolving without a note', async () => {
    const operations = await hospital.staff('operations');
    await lowScore();
    const { case_id } = await theCase();
    await expect(take(operations, case_id, { action: 'close', toPatient: '处理好了，谢谢您' })).rejects.toMatchObject({
      code: 'improve.step-not-possible',
      status: 409,
    });
    await expect(take(operations, case_id, { action: 'work' })).rejects.toThrow(/has not been reached/);
    await take(operations, case_id, { action: 'contact' });
    await expect(take(operations, case_id, { action: 'resolve' })).rejects.toMatchObject({ code: 'improve.note-missing' });
    await take(operations, case_id, { action: 'resolve', note: '已改进' });
    await expect(take(operations, case_id, { action: 'close', toPatient: '好' })).rejects.toMatchObject({ code: 'improve.to-patient-missing' });
    await expect(take(operations, case_id, { action: 'assign', ownerId: '66666666-0000-4000-8000-000000000001' })).rejects.toMatchObject({
      code: 'improve.owner-unknown',
    });
  });

  it('three calls without an answer let it go on; calls within two hours are one', async () => {
    const operations = await hospital.staff('operations');
    await lowScore();
    const { case_id } = await theCase();
    for (const hours of [0, 1, 2, 3]) {
      await hospital.pass({ hours });
      await take(operations, case_id, { action: 'no-answer' });
    }
    await take(operations, case_id, { action: 'resolve', note: '三次未接通，按留言处理' });
    expect((await theCase()).state).toBe('resolved');
  });

  it('first contact is stamped once', async () => {
    const operations = await hospital.staff('operations');
    await lowScore();
    const { case_id } = await theCase();
    await take(operations, case_id, { action: 'contact' });
    const first = (await improve.cases.detail(operations, case_id, IP)).case.firstContactAt;
    await hospital.pass({ hours: 1 });
    await take(operations, case_id, { action: 'contact' });
    expect((await improve.cases.detail(operations, case_id, IP)).case.firstContactAt).toBe(first);
  });

  it('notes are sealed in the database and read by those who work on cases, not by the president', async () => {
    const [operations, president] = [await hospital.staff('operations'), await hospital.staff('president')];
    await lowScore(2, '护士态度不好');
    const { case_id } = await theCase();
    await take(operations, case_id, { action: 'contact', note: '患者女儿接的电话' });
    const { all } = await hospital.platform.db.one<{ all: string }>(`select string_agg(s::text, ' ') as all from improve.case_step s`);
    expect(all).not.toMatch(/[\u4e00-\u9fff]/);
    expect((await improve.cases.detail(operations, case_id, IP)).steps.at(-1)?.note).toBe('患者女儿接的电话');
    const seen = await improve.cases.detail(president, case_id, IP);
    expect([seen.steps.at(-1)?.note, seen.words, seen.phone, seen.owners.length]).toEqual([null, null, null, 0]);
    expect(seen.actions.every(({ isAllowed }) => !isAllowed)).toBe(true);
  });

  it('is not found by another department', async () => {
    const [own, other] = [await hospital.staff('department-head', ['CARD']), await hospital.staff('department-head', ['ORTH'])];
    await lowScore();
    const { case_id } = await theCase();
    expect((await improve.cases.list(own, {}, IP)).total).toBe(1);
    expect((await improve.cases.list(other, {}, IP)).total).toBe(0);
    await expect(improve.cases.detail(other, case_id, IP)).rejects.toMatchObject({ code: 'improve.not-found' });
    await expect(take(other, case_id, { action: 'contact' })).rejects.toMatchObject({ code: 'improve.not-found' });
  });
});
