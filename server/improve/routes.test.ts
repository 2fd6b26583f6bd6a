import { PERMISSIONS, type Permission, ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engageRoutes } from '../engage/index.ts';
import { RECORD, type TestHospital, testHospital } from '../engage/testing.ts';
import { staffHttp } from '../platform/testing/staff-http.ts';
import { createImprove, improveRoutes } from './index.ts';

/** Engage's and improve's addresses over HTTP: who gets in, who does not, and that answers keep their schema. */
let hospital: TestHospital;
let app: FastifyInstance;
let cookies: ReadonlyMap<string, Record<string, string>>;
let patient: Record<string, string>;
let taskId: string;
let caseId: string;
let surveyToken: string;

beforeAll(async () => {
  hospital = await testHospital({ now: new Date('2026-01-05T01:00:00Z') });
  const { platform } = hospital;
  const improve = createImprove(hospital);
  ({ app, cookies } = await staffHttp(platform, async (api) => {
    await api.register(engageRoutes({ platform, engage: hospital.engage }));
    await api.register(improveRoutes({ platform, improve }));
  }));
  const link = await app.inject({
    method: 'POST',
    url: '/api/v1/p/session/link',
    payload: { token: platform.keys.signToken('inbox', RECORD, new Date('2026-03-01T00:00:00Z')) },
  });
  patient = { xinglin_patient: link.cookies.find(({ name }) => name === 'xinglin_patient')?.value ?? '' };

  await hospital.discharge();
  await hospital.pass({ days: 7 });
  taskId = (await platform.db.one<{ task_id: string }>(`select task_id from engage.task where step = 'day-3'`)).task_id;
  const { messages } = (await app.inject({ url: '/api/v1/p/inbox', cookies: patient })).json();
  surveyToken = messages
    .find((message: { link: string | null }) => message.link !== null)
    .link.split('/')
    .at(-1);
  const complaint = { factKey: '55555555-0000-4000-8000-000000000001', recordKey: RECORD, departmentCode: 'CARD', textId: null, severity: 'high' };
  await hospital.signal('complaint.received', 'c', { ...complaint, occurredAt: hospital.clock.now().toISOString() });
  caseId = (await platform.db.one<{ case_id: string }>('select case_id from improve.case')).case_id;
});
afterAll(async () => {
  await app.close();
  await hospital.close();
});

type Address = { method?: 'GET' | 'POST'; url: () => string; payload?: object; permission: Permission };
const ADDRESSES: Record<string, Address> = {
  'the follow-up worklist': { url: () => '/follow-ups?state=open&limit=10', permission: 'followup.read' },
  'one follow-up': { url: () => `/follow-ups/${taskId}`, permission: 'followup.read' },
  'a follow-up outcome': {
    method: 'POST',
    url: () => `/follow-ups/${taskId}/outcome`,
    payload: { outcome: 'no-answer', finding: 'none', answers: [], note: null },
    permission: 'followup.write',
  },
  'the list of cases': { url: () => '/cases?mine=false', permission: 'case.read' },
  'one case': { url: () => `/cases/${caseId}`, permission: 'case.read' },
  'a step of a case': { method: 'POST', url: () => `/cases/${caseId}/steps`, payload: { action: 'no-answer', note: null }, permission: 'case.write' },
  'the notices': { url: () => '/notices', permission: 'case.read' },
};

describe.each(Object.entries(ADDRESSES))('%s', (_name, { method = 'GET', url, payload, permission }) => {
  const ask = (given: Record<string, string>) => app.inject({ method, url: `/api/v1${url()}`, cookies: given, ...(payload === undefined ? {} : { payload }) });

  it(`opens to ${PERMISSIONS[permission].join(', ')}`, async () => {
    for (const role of PERMISSIONS[permission]) expect([role, (await ask(cookies.get(role) ?? {})).statusCode]).toEqual([role, 200]);
  });

  it('is refused to every other role, to the signed out and to patients', async () => {
    const others = ROLES.filter((role) => !(PERMISSIONS[permission] as readonly Role[]).includes(role));
    for (const role of others) expect([role, (await ask(cookies.get(role) ?? {})).statusCode]).toEqual([role, 403]);
    expect((await ask({})).statusCode).toBe(401);
    expect((await ask(patient)).statusCode).toBe(401);
  });
});

describe('patient pages', () => {
  it('show the inbox to whoever followed their link and to nobody else', async () => {
    const inbox = await app.inject({ url: '/api/v1/p/inbox', cookies: patient });
    expect(inbox.json()).toMatchObject({ greeting: '林*您好', unread: 2, hospital: { zh: '杏林示范医院' } });
    expect(inbox.json().consents).toHaveLength(7);
    expect((await app.inject({ url: '/api/v1/p/inbox' })).statusCode).toBe(401);
    expect((await app.inject({ url: '/api/v1/p/inbox', cookies: cookies.get('operations') ?? {} })).statusCode).toBe(401);
  });

  it('speak English to who asks for it', async () => {
    expect((await app.inject({ url: '/api/v1/p/inbox?lang=en', cookies: patient })).json().greeting).toBe('Hello 林*');
    const byHeader = await app.inject({ url: '/api/v1/p/inbox', cookies: patient, headers: { 'accept-language': 'en-GB,en;q=0.9' } });
    expect(byHeader.json().greeting).toBe('Hello 林*');
  });

  it('mark a message as read, once', async () => {
    const [message] = (await app.inject({ url: '/api/v1/p/inbox', cookies: patient })).json().messages;
    for (const _ of [1, 2])
      expect((await app.inject({ method: 'POST', url: `/api/v1/p/inbox/${message.messageId}/read`, cookies: patient })).statusCode).toBe(204);
    expect((await app.inject({ url: '/api/v1/p/inbox', cookies: patient })).json().unread).toBe(1);
    const receipts = hospital.said.filter(({ kind, body }) => kind === 'message.status' && (body as { status: string }).status === 'read');
    expect(receipts).toHaveLength(1);
  });

  it('take a survey by its link, without signing in, and say what does not fit', async () => {
    const url = `/api/v1/p/survey/${surveyToken}`;
    expect((await app.inject({ url })).json()).toMatchObject({ survey: 'inpatient@1', isAnswered: false });
    const wrong = await app.inject({ method: 'POST', url, payload: { answers: [{ question: 'overall', score: 9 }], text: null } });
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, 'improve.score-out-of-range']);
    const questions = ['nurse-communication', 'doctor-communication', 'pain', 'discharge-information', 'overall'];
    const answers = questions.map((question) => ({ question, score: 5 }));
    expect((await app.inject({ method: 'POST', url, payload: { answers, text: null } })).json().thanks.zh).toContain('谢谢您');
    expect((await app.inject({ url })).json().isAnswered).toBe(true);
    expect((await app.inject({ url: '/api/v1/p/survey/made-up' })).json().code).toBe('improve.bad-link');
  });

  it('change a consent with one tap', async () => {
    const given = await app.inject({ method: 'POST', url: '/api/v1/p/consents', cookies: patient, payload: { purpose: 'marketing', granted: true } });
    expect(given.json().consents.find((each: { purpose: string }) => each.purpose === 'marketing').granted).toBe(true);
    expect((await app.inject({ method: 'POST', url: '/api/v1/p/consents', cookies: patient, payload: { purpose: 'care', granted: false } })).statusCode).toBe(
      422,
    );
    expect((await app.inject({ url: '/api/v1/p/consents' })).statusCode).toBe(401);
  });
});

describe('requests that do not fit', () => {
  it('get a problem document: an id that is none, a key too short, a step the case does not allow', async () => {
    const operations = cookies.get('operations') ?? {};
    expect((await app.inject({ url: '/api/v1/cases/none', cookies: operations })).statusCode).toBe(422);
    const post = { method: 'POST' as const, cookies: operations };
    const short = await app.inject({
      ...post,
      url: `/api/v1/cases/${caseId}/steps`,
      headers: { 'idempotency-key': 'x' },
      payload: { action: 'contact', note: null },
    });
    expect(short.json().code).toBe('engage.bad-request-key');
    const early = await app.inject({
      ...post,
      url: `/api/v1/cases/${caseId}/steps`,
      payload: { action: 'close', note: null, toPatient: '已经处理好了，谢谢您。' },
    });
    expect([early.statusCode, early.json().detailZh]).toEqual([409, '请先登记处理结果（待复核），复核后再关闭。']);
  });
});
