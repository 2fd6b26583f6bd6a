import { PERMISSIONS, type Permission, ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StaffHttp, staffHttp } from '../platform/testing/staff-http.ts';
import { governRoutes } from './routes.ts';
import { mrn, person, type TestGovern, testGovern, visit } from './testing.ts';

let t: TestGovern;
let app: FastifyInstance;
let personId: string;
let cookies: StaffHttp['cookies'];

beforeAll(async () => {
  t = await testGovern();
  const { platform } = t;
  ({ app, cookies } = await staffHttp(platform, governRoutes({ platform, govern: t.govern })));
  await t.tell([person(mrn('P1'), { names: ['张三'] }), visit('V1', { department_code: { code: '02', display: '心内', system: null } })], {
    acts: [
      { act: 'consent', subject: mrn('P1'), purpose: 'followup', channel: null, granted: true, textEdition: 'followup@1', occurredAt: '2026-01-05T00:00:00Z' },
    ],
  });
  [personId = ''] = (
    await t.govern.people.personOf((await t.platform.db.query<{ k: string }>('select record_key as k from govern.record')).map((row) => row.k))
  ).values();
}, 120_000);
afterAll(async () => {
  await app.close();
  await t.close();
});

const as = (role: Role, method: 'GET' | 'PUT', url: string, payload?: object) =>
  app.inject({ method, url: `/api/v1${url}`, cookies: cookies.get(role) ?? {}, ...(payload === undefined ? {} : { payload }) });
const refusedTo = (permission: Permission): Role[] => ROLES.filter((role) => !(PERMISSIONS[permission] as readonly Role[]).includes(role));

describe('consents of a patient', () => {
  const url = () => `/patients/${personId}/consents`;
  it('are listed for those who may read them', async () => {
    const answer = await as('nurse', 'GET', url());
    expect(answer.statusCode).toBe(200);
    expect(answer.json().rows).toEqual([
      { purpose: 'followup', channel: null, granted: true, changedAt: '2026-01-05T00:00:00.000Z', textEdition: 'followup@1' },
    ]);
  });
  it('are refused to the others', async () => {
    for (const role of refusedTo('consent.read')) expect((await as(role, 'GET', url())).statusCode, role).toBe(403);
    expect((await app.inject({ url: `/api/v1${url()}` })).statusCode).toBe(401);
  });
  it('of a person out of sight are not found', async () => {
    const answer = await as('nurse', 'GET', '/patients/00000000-0000-7000-8000-000000000000/consents');
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'govern.not-found']);
  });
});

describe('dictionaries', () => {
  it('show what is not mapped, take entries and mappings, and audit the change', async () => {
    expect((await as('analyst', 'GET', '/dimensions/department/unmapped')).json().rows).toEqual([
      { source: 'his', sourceCode: '02', display: '心内', seen: 1 },
    ]);
    const entry = { code: 'CARD', nameZh: '心内科', nameEn: 'Cardiology', parentCode: null };
    expect((await as('information', 'PUT', '/dimensions/department/entries', { rows: [entry] })).statusCode).toBe(200);
    expect((await as('information', 'PUT', '/dimensions/department/mappings', { source: 'his', sourceCode: '02', code: 'CARD' })).statusCode).toBe(200);
    expect((await as('analyst', 'GET', '/dimensions/department')).json().rows).toEqual([entry]);
    expect((await as('analyst', 'GET', '/dimensions/department/unmapped')).json().rows).toEqual([]);
    const audited = await t.platform.db.query(
      `select action from platform.audit_entry where action like 'dimension.%' and outcome = 'allowed' order by sequence`,
    );
    expect(audited).toEqual([{ action: 'dimension.upsert' }, { action: 'dimension.map' }]);
  });
  it('refuse a code that is none, a list that is none, and whoever may not write', async () => {
    const bad = { code: '心内', nameZh: '心内科', nameEn: null, parentCode: null };
    expect((await as('information', 'PUT', '/dimensions/department/entries', { rows: [bad] })).json().code).toBe('govern.bad-code');
    expect((await as('information', 'GET', '/dimensions/planet')).statusCode).toBe(422);
    const mapping = { source: 'his', sourceCode: '02', code: 'CARD' };
    for (const role of refusedTo('dimension.write')) expect((await as(role, 'PUT', '/dimensions/department/mappings', mapping)).statusCode, role).toBe(403);
    for (const role of refusedTo('source.read')) expect((await as(role, 'GET', '/dimensions/department')).statusCode, role).toBe(403);
  });
});
