import { PERMISSIONS, type Permission, ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StaffHttp, staffHttp } from '../../../platform/testing/staff-http.ts';
import { mrn, person, type TestGovern, testGovern } from '../../testing.ts';
import { identityRoutes } from './routes.ts';

let t: TestGovern;
let app: FastifyInstance;
let personId: string;
let reviewId: string;
let cookies: StaffHttp['cookies'];

beforeAll(async () => {
  t = await testGovern();
  const { platform } = t;
  ({ app, cookies } = await staffHttp(platform, identityRoutes({ platform, desk: t.govern.identity })));
  const lan = { names: ['赵美兰'], birthDate: '1988-03-12', sex: 'female' } as const;
  await t.tell([person(mrn('1'), lan)]);
  await t.tell([person(mrn('2', 'lis'), lan)], { source: 'lis' });
  const links = await platform.db.query<{ record_key: string; person_id: string }>('select record_key, person_id from govern.link order by record_key');
  personId = links[0]?.person_id ?? '';
  reviewId = links.map((row) => row.record_key).join('.');
}, 120_000);
afterAll(async () => {
  await app.close();
  await t.close();
});

const ask = (role: Role | null, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, key?: string) =>
  app.inject({
    ...{ method, url: `/api/v1/identity${url}`, cookies: role === null ? {} : (cookies.get(role) ?? {}) },
    ...(payload === undefined ? {} : { payload }),
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  });
const holders = (permission: Permission): readonly Role[] => PERMISSIONS[permission];

const RANDOM = '00000000-0000-7000-8000-000000000000';
interface Call {
  readonly permission: Permission;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: () => string;
  readonly payload?: object;
}
const CALLS: readonly Call[] = [
  { permission: 'identity.review', method: 'GET', url: () => '/reviews' },
  { permission: 'identity.review', method: 'GET', url: () => '/reviews/summary' },
  { permission: 'identity.review', method: 'GET', url: () => `/reviews/${reviewId}` },
  { permission: 'identity.review', method: 'POST', url: () => `/reviews/${reviewId}/decision`, payload: { decision: 'later', reason: 'need-more' } },
  { permission: 'identity.review', method: 'POST', url: () => '/preview', payload: { kind: 'undo', actId: RANDOM } },
  { permission: 'identity.review', method: 'POST', url: () => '/acts', payload: { kind: 'merge', personIds: [RANDOM, RANDOM], reason: 'other' } },
  { permission: 'identity.review', method: 'POST', url: () => `/acts/${RANDOM}/undo` },
  { permission: 'identity.read', method: 'GET', url: () => `/persons/${personId}` },
  { permission: 'identity.review', method: 'POST', url: () => '/family', payload: { relationId: `${RANDOM}.${RANDOM}`, kind: 'other', state: 'confirmed' } },
  { permission: 'identity.review', method: 'GET', url: () => '/source-trust' },
  { permission: 'identity.review', method: 'PUT', url: () => '/source-trust', payload: { rows: [{ source: 'his', trust: 80 }] } },
];

let requests = 1000;
describe('the review desk', () => {
  it.each(CALLS)('$method $permission is refused to roles without it and to whoever is not signed in', async ({ permission, method, url, payload }) => {
    for (const role of ROLES) {
      const { statusCode } = await ask(role, method, url(), payload, `request-${(requests += 1)}`);
      if (holders(permission).includes(role)) expect([200, 204, 404], role).toContain(statusCode);
      else expect(statusCode, role).toBe(403);
    }
    expect((await ask(null, method, url(), payload, 'request-0001')).statusCode).toBe(401);
  });
  it('takes a decision only with an Idempotency-Key', async () => {
    const answer = await ask('operations', 'POST', `/reviews/${reviewId}/decision`, { decision: 'match', reason: 'papers-seen' });
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'govern.no-request-key']);
  });
  it('lists, shows, decides and undoes over HTTP', async () => {
    const list = (await ask('information', 'GET', '/reviews')).json();
    expect([list.total, list.rows[0].reviewId, list.rows[0].a.name]).toEqual([1, reviewId, '赵*兰']);
    const decided = (await ask('operations', 'POST', `/reviews/${reviewId}/decision`, { decision: 'match', reason: 'papers-seen' }, 'request-0002')).json();
    expect(decided.state).toBe('together');
    expect(decided.acts[0]).toMatchObject({ kind: 'match', by: 'operations', moved: 1, undone: null });
    expect((await ask('information', 'GET', '/reviews')).json().total).toBe(0);
    const undone = await ask('operations', 'POST', `/acts/${decided.acts[0].actId}/undo`, undefined, 'request-0003');
    expect(undone.json()).toMatchObject({ moved: 1 });
    expect((await ask('operations', 'GET', '/reviews/summary')).json()).toMatchObject({ pending: 0, later: 1, decided: { match: 0, noMatch: 0 } });
  });
});
