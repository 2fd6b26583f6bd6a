import { PERMISSIONS, type Permission, ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaffHttp, staffHttp } from '../platform/testing/staff-http.ts';
import { analyzeRoutes } from './index.ts';
import { openHospital, type TestHospital } from './testing/open-hospital.ts';
import { personOf, SMALL_HOSPITAL } from './testing/small-hospital.ts';

/** Analyze's addresses over HTTP: who gets in, who does not, and that answers keep their schema. */
let hospital: TestHospital;
let app: FastifyInstance;
let cookies: StaffHttp['cookies'];

beforeAll(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
  const { platform, analyze } = hospital;
  const waiting = async () => ({ total: 3, overdue: 1 });
  const routes = analyzeRoutes({ platform, analyze, loading: () => null, openCases: waiting, dueFollowUps: waiting });
  const http = await staffHttp(platform, routes, { roles: ROLES.filter((role) => role !== 'department-head') });
  ({ app, cookies } = http);
  await http.signUp('department-head', 'department-head', ['ORTH']);
  await http.signUp('cardiology', 'department-head', ['CARD']);
});
afterAll(async () => {
  await app.close();
  await hospital.close();
});

const get = (url: string, who: string | null, body?: object) =>
  app.inject({
    ...{ url: `/api/v1${url}`, cookies: who === null ? {} : (cookies.get(who) ?? {}) },
    ...(body === undefined ? {} : { method: 'POST', payload: body }),
  });

const PERSON = personOf('D');
const ADDRESSES: Readonly<Record<string, { url: string; permission: Permission; body?: object }>> = {
  'the overview': { url: '/overview?days=30', permission: 'overview.read' },
  'the list of metrics': { url: '/metrics', permission: 'metric.read' },
  'one metric': { url: '/metrics/discharges?from=2026-01-01&to=2026-03-31&by=department', permission: 'metric.read' },
  'the rows behind a figure': { url: '/metrics/discharges/rows?from=2026-01-01&to=2026-03-31', permission: 'metric.rows' },
  'the patients': { url: '/patients?limit=2', permission: 'patient.list' },
  'a search for patients': { url: '/patients/search', body: { q: 'MRN-1' }, permission: 'patient.list' },
  'one patient': { url: `/patients/${PERSON}`, permission: 'patient.read' },
  'the timeline of a patient': { url: `/patients/${PERSON}/timeline?limit=5`, permission: 'patient.read' },
};

describe.each(Object.entries(ADDRESSES))('%s', (_, { url, permission, body }) => {
  test(`opens to ${PERMISSIONS[permission].join(', ')}`, async () => {
    for (const role of PERMISSIONS[permission]) expect([role, (await get(url, role, body)).statusCode]).toEqual([role, 200]);
  });
  test('is refused to every other role and to the signed out', async () => {
    const others = ROLES.filter((role) => !(PERMISSIONS[permission] as readonly Role[]).includes(role));
    for (const role of others) expect([role, (await get(url, role, body)).statusCode]).toEqual([role, 403]);
    expect((await get(url, null, body)).statusCode).toBe(401);
  });
});

test('the overview carries what waits for someone', async () => {
  const overview = (await get('/overview', 'president')).json();
  expect(overview).toMatchObject({ loading: null, openCases: { total: 3, overdue: 1 }, dueFollowUps: { total: 3, overdue: 1 } });
  expect(overview.indices).toHaveLength(3);
  expect(overview.tiles).toHaveLength(8);
});

test('the president sees aggregates and no patient', async () => {
  expect((await get('/metrics/distinct-patients?from=2026-01-01', 'president')).json().rows[0].value).toBe(6);
  for (const url of ['/patients', `/patients/${PERSON}`, `/patients/${PERSON}/timeline`, '/metrics/discharges/rows']) {
    expect((await get(url, 'president')).statusCode).toBe(403);
  }
});

test('a head of another department finds no such patient, in the words for one that does not exist', async () => {
  const elsewhere = await get(`/patients/${PERSON}`, 'cardiology');
  const nobody = await get('/patients/00000000-0000-4000-8000-000000000000', 'cardiology');
  expect([elsewhere.statusCode, elsewhere.json().code]).toEqual([404, 'analyze.unknown-person']);
  expect([nobody.statusCode, nobody.json().code]).toEqual([404, 'analyze.unknown-person']);
  expect((await get(`/patients/${PERSON}/timeline`, 'cardiology')).statusCode).toBe(404);
});

test('a question that does not fit is answered with what would be right', async () => {
  const wrong = await get('/metrics/discharges?by=platform', 'analyst');
  expect([wrong.statusCode, wrong.json().code]).toEqual([422, 'analyze.unknown-dimension']);
  expect(wrong.json().detail).toContain('department');
  expect((await get('/metrics/shoe-size', 'analyst')).json().code).toBe('analyze.unknown-metric');
  expect((await get('/overview?days=3', 'analyst')).statusCode).toBe(422);
});

test('rows and patients are read on record', async () => {
  const rows = await hospital.platform.db.query<{ action: string }>(`select distinct action from platform.audit_entry where outcome = 'allowed'`);
  const actions = rows.map((row) => row.action);
  for (const action of ['metric.rows', 'patient.list', 'patient.read', 'patient.timeline']) expect(actions).toContain(action);
});
