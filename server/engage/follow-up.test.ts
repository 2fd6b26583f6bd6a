import type { FollowUpOutcome } from '@xinglin/contracts/api.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ENCOUNTER, OTHER_RECORD, PERSON, RECORD, type TestHospital, testHospital } from './testing.ts';

const IP = '127.0.0.1';
let hospital: TestHospital;
beforeEach(async () => {
  // Monday 09:00 in Shanghai
  hospital = await testHospital({ now: new Date('2026-01-05T01:00:00Z') });
});
afterEach(() => hospital.close());

const states = async () =>
  (await hospital.platform.db.query<{ step: string; state: string }>('select step, state from engage.task order by due_at, step')).map(
    ({ step, state }) => `${step} ${state}`,
  );
const statuses = () =>
  hospital.said.filter(({ kind }) => kind === 'followup.status').map(({ body }) => `${(body as { step: string }).step} ${(body as { status: string }).status}`);
const taskOf = async (step: string) => (await hospital.platform.db.one<{ task_id: string }>('select task_id from engage.task where step = $1', [step])).task_id;
const inboxViewer = { kind: 'patient', personId: PERSON, orgId: 'demo', purpose: 'care' } as const;
const outcome = (given: Partial<FollowUpOutcome>): FollowUpOutcome => ({ outcome: 'done', finding: 'none', answers: [], note: null, ...given });
const well = [
  { question: 'emergency-signs', value: 'no' },
  { question: 'temperature', value: '36.6' },
  { question: 'compared', value: '好一些' },
  { question: 'medicine-taken', value: 'yes' },
  { question: 'instructions-clear', value: 'yes' },
];

describe('a discharge', () => {
  it('starts one plan whose steps come due on their days; told twice it changes nothing', async () => {
    await hospital.discharge();
    await hospital.discharge();
    expect(await states()).toEqual(['day-3 scheduled', 'day-7 scheduled', 'day-30 scheduled']);
    await hospital.pass({ days: 2 });
    expect(await states()).toEqual(['day-3 scheduled', 'day-7 scheduled', 'day-30 scheduled']);
    await hospital.pass({ days: 1 });
    expect(await states()).toEqual(['day-3 due', 'day-7 scheduled', 'day-30 scheduled']);
    expect(statuses()).toEqual(['day-3 due']);
  });

  it('taken back withdraws the plan and its waiting steps; discharged again, a new plan starts', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    await hospital.signal('encounter.reopened', 'reopened', { encounterKey: ENCOUNTER });
    expect(await states()).toEqual(['day-3 cancelled', 'day-7 cancelled', 'day-30 cancelled']);
    await hospital.pass({ days: 40 });
    expect(hospital.said.filter(({ kind }) => kind === 'message.status')).toEqual([]);
    await hospital.discharge();
    expect((await states()).filter((state) => state.endsWith('scheduled'))).toHaveLength(3);
  });

  it('corrected to a death withdraws the plan', async () => {
    await hospital.discharge();
    await hospital.discharge({ disposition: 'died' });
    expect(await states()).toEqual(['day-3 cancelled', 'day-7 cancelled', 'day-30 cancelled']);
  });

  it('imported as history starts no plan', async () => {
    await hospital.discharge({ endedAt: '2025-09-01T02:00:00Z' });
    expect(await states()).toEqual([]);
  });

  it('gives the plan to the nurse of the department who has the fewest', async () => {
    const [busy, free] = [await hospital.staff('nurse', ['CARD']), await hospital.staff('nurse', ['CARD'])];
    await hospital.staff('nurse', ['ORTH']);
    await hospital.discharge();
    const first = (await hospital.platform.db.one<{ owner_id: string }>('select owner_id from engage.plan')).owner_id;
    await hospital.discharge({ encounterKey: '33333333-0000-4000-8000-000000000009' });
    const owners = (await hospital.platform.db.query<{ owner_id: string }>('select owner_id from engage.plan order by started_at, plan_id')).map(
      (row) => row.owner_id,
    );
    expect(new Set(owners)).toEqual(new Set([busy.userId, free.userId]));
    expect(owners).toContain(first);
  });
});

describe('a step in the inbox', () => {
  it('is written, and done when the patient has read it', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 7 });
    const [message] = await hospital.engage.inbox.list(inboxViewer, 'zh');
    expect(message).toMatchObject({ kind: 'followup', isRead: false, title: '您的康复提醒' });
    expect(message?.body).toContain('心内科');
    await hospital.engage.inbox.markRead(inboxViewer, message?.messageId ?? '');
    await hospital.settle();
    expect((await states())[1]).toBe('day-7 done');
    expect((await hospital.engage.inbox.list(inboxViewer, 'en'))[0]).toMatchObject({ isRead: true, title: 'A reminder for your recovery' });
  });

  it('stays unread and becomes overdue, for a nurse to take up', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 13 });
    expect((await states())[1]).toBe('day-7 overdue');
  });

  it('is not readable by somebody else', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 7 });
    const stranger = { ...inboxViewer, personId: '22222222-0000-4000-8000-00000000000f' };
    expect(await hospital.engage.inbox.list(stranger, 'zh')).toEqual([]);
    const [message] = await hospital.engage.inbox.list(inboxViewer, 'zh');
    await expect(hospital.engage.inbox.markRead(stranger, message?.messageId ?? '')).rejects.toMatchObject({ code: 'engage.not-found' });
  });

  it('keeps what was written sealed: no word of it is readable in the database', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 7 });
    const row = await hospital.platform.db.one<{ content_sealed: Buffer }>('select * from engage.message');
    expect(JSON.stringify({ ...row, content_sealed: null })).not.toMatch(/[\u4e00-\u9fff]/);
    expect(row.content_sealed.includes(Buffer.from('出院'))).toBe(false);
  });
});

describe('consent', () => {
  it('missing keeps the step waiting until its window ends, and then says so', async () => {
    hospital.consent['followup'] = { allowed: false, reason: 'no-consent' };
    await hospital.discharge();
    await hospital.pass({ days: 5 });
    expect(await states()).toEqual(['day-3 scheduled', 'day-7 scheduled', 'day-30 scheduled']);
    await hospital.pass({ days: 1 });
    expect(await states()).toEqual(['day-3 cancelled', 'day-7 scheduled', 'day-30 scheduled']);
    expect(statuses()).toEqual(['day-3 cancelled']);
    expect(await hospital.engage.inbox.list(inboxViewer, 'zh')).toEqual([]);
  });

  it('that arrives a file later, or of the guardian of a child of 13, lets the step happen within the hour', async () => {
    hospital.consent['followup'] = { allowed: false, reason: 'minor-without-guardian' };
    await hospital.discharge();
    await hospital.pass({ days: 4 });
    expect((await states())[0]).toBe('day-3 scheduled');
    delete hospital.consent['followup'];
    await hospital.pass({ hours: 1 });
    expect((await states())[0]).toBe('day-3 due');
  });

  it('refused, or the person dead, ends the step on its day', async () => {
    hospital.consent['followup'] = { allowed: false, reason: 'deceased' };
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    expect((await states())[0]).toBe('day-3 cancelled');
    hospital.consent['followup'] = { allowed: false, reason: 'withdrawn' };
    await hospital.pass({ days: 4 });
    expect((await states())[1]).toBe('day-7 refused');
  });

  it('of a discharge told days late has two minutes to arrive with the rest of the hand-over', async () => {
    hospital.consent['followup'] = { allowed: false, reason: 'no-consent' };
    await hospital.discharge({ endedAt: '2026-01-01T02:00:00Z' });
    delete hospital.consent['followup'];
    await hospital.pass({ hours: 0.05 });
    expect((await states())[0]).toBe('day-3 due');
  });

  it('withdrawn for any record of the person ends every open step at once', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    await hospital.signal('consent.changed', 'withdrawn', {
      recordKey: OTHER_RECORD,
      purpose: 'followup',
      channel: null,
      granted: false,
      occurredAt: '2026-01-08T02:00:00Z',
    });
    expect(await states()).toEqual(['day-3 refused', 'day-7 refused', 'day-30 refused']);
  });

  it('withdrawn for the inbox leaves the calls; marketing refused is not follow-up refused', async () => {
    await hospital.discharge();
    await hospital.signal('consent.changed', 'no-marketing', {
      recordKey: RECORD,
      purpose: 'marketing',
      channel: null,
      granted: false,
      occurredAt: '2026-01-05T02:00:00Z',
    });
    await hospital.signal('consent.changed', 'no-inbox', {
      recordKey: RECORD,
      purpose: 'followup',
      channel: 'inbox',
      granted: false,
      occurredAt: '2026-01-05T02:00:00Z',
    });
    expect(await states()).toEqual(['day-3 scheduled', 'day-7 refused', 'day-30 scheduled']);
  });

  it('changed by the patient goes into the loop and stops what waits', async () => {
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    const after = await hospital.engage.consents.change(inboxViewer, { purpose: 'followup', granted: false });
    await hospital.settle();
    expect(after.find(({ purpose }) => purpose === 'followup')?.granted).toBe(false);
    expect(hospital.said.find(({ kind }) => kind === 'consent.change')?.body).toMatchObject({
      purpose: 'followup',
      granted: false,
      textEdition: 'patient-consents@1',
    });
    expect(await states()).toEqual(['day-3 refused', 'day-7 refused', 'day-30 refused']);
    await expect(hospital.engage.consents.change(inboxViewer, { purpose: 'care', granted: false })).rejects.toMatchObject({ code: 'engage.unknown-purpose' });
  });
});

describe('the worklist', () => {
  it('shows a nurse the steps due in her department, and nobody else’s nurse', async () => {
    const [nurse, other] = [await hospital.staff('nurse', ['CARD']), await hospital.staff('nurse', ['ORTH'])];
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    const page = await hospital.engage.worklist.list(nurse, {}, IP);
    expect(page).toMatchObject({ total: 1, next: null });
    expect(page.rows[0]).toMatchObject({ name: '林*', age: 65, state: 'due', dayNumber: 3, owner: 'nurse-0', department: { zh: '心内科' } });
    expect(await hospital.engage.dueFollowUps(nurse)).toEqual({ total: 1, overdue: 0 });
    expect((await hospital.engage.worklist.list(other, {}, IP)).rows).toEqual([]);
    await expect(hospital.engage.worklist.detail(other, page.rows[0]?.taskId ?? '', IP)).rejects.toMatchObject({ code: 'engage.not-found', status: 404 });
  });

  it('shows the number to who may call and not to the head, and never once consent for calls is gone', async () => {
    const [nurse, head] = [await hospital.staff('nurse', ['CARD']), await hospital.staff('department-head', ['CARD'])];
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    const taskId = await taskOf('day-3');
    const detail = await hospital.engage.worklist.detail(nurse, taskId, IP);
    expect(detail.phone).toBe('13912345678');
    expect(detail.script.zh).toContain('杏林示范医院心内科');
    expect((await hospital.engage.worklist.detail(head, taskId, IP)).phone).toBeNull();
    hospital.consent['followup'] = { allowed: false, reason: 'withdrawn' };
    expect((await hospital.engage.worklist.detail(nurse, taskId, IP)).phone).toBeNull();
    const reads = await hospital.platform.db.query(`select 1 from platform.audit_entry where action = 'contact.read'`);
    expect(reads).toHaveLength(1);
  });

  it('pages by due time without losing or repeating a row', async () => {
    const operations = await hospital.staff('operations');
    for (let n = 0; n < 5; n++) await hospital.discharge({ encounterKey: `33333333-0000-4000-8000-00000000001${n}` });
    await hospital.pass({ days: 3 });
    const seen: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await hospital.engage.worklist.list(operations, { limit: 2, cursor }, IP);
      seen.push(...page.rows.map(({ taskId }) => taskId));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    await expect(hospital.engage.worklist.list(operations, { cursor: 'nonsense' }, IP)).rejects.toMatchObject({ code: 'http.bad-cursor' });
  });
});

describe('the outcome of a call', () => {
  const due = async () => {
    const nurse = await hospital.staff('nurse', ['CARD']);
    await hospital.discharge();
    await hospital.pass({ days: 3 });
    return { nurse, taskId: await taskOf('day-3') };
  };
  let requests = 0;
  const record = (
    nurse: Awaited<ReturnType<typeof due>>['nurse'],
    taskId: string,
    given: Partial<FollowUpOutcome>,
    requestKey = `request-${requests++}-0000`,
  ) => hospital.engage.recordOutcome(nurse, { taskId, outcome: outcome(given), requestKey, ip: IP });

  it('normal is normal once every alarm question was asked', async () => {
    const { nurse, taskId } = await due();
    await expect(record(nurse, taskId, { finding: 'normal', answers: well.slice(1) })).rejects.toMatchObject({ code: 'engage.answers-missing' });
    await record(nurse, taskId, { finding: 'normal', answers: well, note: '家人陪同，恢复顺利' });
    await hospital.settle();
    expect((await states())[0]).toBe('day-3 done');
    expect(hospital.said.at(-1)).toMatchObject({ kind: 'followup.status', body: { status: 'done', finding: 'normal', text: '家人陪同，恢复顺利' } });
    expect((await hospital.engage.worklist.detail(nurse, taskId, IP)).history.at(-1)?.what.zh).toBe('已完成，结果正常');
  });

  it('the note is sealed while it waits and in the task', async () => {
    const { nurse, taskId } = await due();
    await record(nurse, taskId, { finding: 'none', note: '住在女儿家' });
    const rows = await hospital.platform.db.query('select * from engage.task where outcome_sealed is not null');
    expect(rows).toHaveLength(1);
    const { all } = await hospital.platform.db.one<{ all: string }>('select string_agg(t::text, $1) as all from engage.task t', ['\n']);
    expect(all).not.toContain('女儿');
  });

  it('an abnormal answer raises an alarm once, whatever was ticked', async () => {
    const { nurse, taskId } = await due();
    const heard: string[] = [];
    hospital.platform.signals.on('followup.abnormal', 'test', async (_tx, signal) => {
      heard.push(`${signal.urgency} ${signal.questions.join()}`);
    });
    await record(nurse, taskId, { finding: 'normal', answers: [...well.slice(0, 1), { question: 'temperature', value: '39.1' }, ...well.slice(2)] });
    await hospital.settle();
    expect(heard).toEqual(['within-24h temperature']);
  });

  it('three calls at different times without an answer are unreachable; two within an hour are one', async () => {
    const { nurse, taskId } = await due();
    await record(nurse, taskId, { outcome: 'no-answer' });
    await hospital.pass({ hours: 1 });
    await record(nurse, taskId, { outcome: 'no-answer' });
    await hospital.pass({ hours: 1 });
    await record(nurse, taskId, { outcome: 'no-answer' });
    expect((await states())[0]).toBe('day-3 due');
    await hospital.pass({ hours: 5 });
    await record(nurse, taskId, { outcome: 'no-answer' });
    expect((await states())[0]).toBe('day-3 unreachable');
    await expect(record(nurse, taskId, { finding: 'none' })).rejects.toMatchObject({ code: 'engage.task-closed' });
  });

  it('the same request twice is one call; the same key for another content is refused', async () => {
    const { nurse, taskId } = await due();
    await record(nurse, taskId, { outcome: 'no-answer' }, 'request-aaaa');
    await hospital.pass({ hours: 3 });
    await record(nurse, taskId, { outcome: 'no-answer' }, 'request-aaaa');
    expect((await hospital.platform.db.one<{ attempts: number }>('select attempts from engage.task where task_id = $1', [taskId])).attempts).toBe(1);
    await expect(record(nurse, taskId, { outcome: 'refused' }, 'request-aaaa')).rejects.toMatchObject({ code: 'engage.request-reused' });
  });

  it('is refused days before the step is due', async () => {
    const { nurse } = await due();
    await expect(record(nurse, await taskOf('day-30'), { finding: 'none' })).rejects.toMatchObject({ code: 'engage.task-too-early' });
  });

  it('is refused for another department', async () => {
    const { taskId } = await due();
    const other = await hospital.staff('nurse', ['ORTH']);
    await expect(record(other, taskId, { finding: 'none' })).rejects.toMatchObject({ code: 'engage.not-found' });
  });
});

describe('what is said into the loop', () => {
  it('waits while collect cannot take it, and is said in order afterwards', async () => {
    await hospital.discharge();
    const deliver = hospital.loop.deliver;
    hospital.loop.deliver = async () => {
      throw new Error('disk full');
    };
    await hospital.pass({ days: 3 });
    expect(statuses()).toEqual([]);
    hospital.loop.deliver = deliver;
    await hospital.engage.statements.flush();
    expect(statuses()).toEqual(['day-3 due']);
    expect(await hospital.platform.db.query('select 1 from engage.statement')).toEqual([]);
  });
});
