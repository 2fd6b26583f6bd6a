import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLogger, uuidv7 } from '../../kernel/index.ts';
import { createHttp } from '../http/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import type { AccessParts } from './access.ts';
import { createAccount } from './accounts.ts';
import { isStrongPassword } from './passwords.ts';
import { sessionRoutes } from './routes.ts';

let test0: TestPlatform;
let app: FastifyInstance;
const PASSWORD = 'Quiet-Harbour-31';
const RECORD = uuidv7();
const PERSON = uuidv7();

beforeAll(async () => {
  test0 = await testPlatform();
  const { platform } = test0;
  const access = platform.access as AccessParts;
  access.setPatientDirectory({
    byPhone: async (phone) => (phone === '13900000001' ? RECORD : null),
    personOf: async (record) => (record === RECORD ? PERSON : null),
  });
  app = await createHttp({ log: silentLogger, metrics: new Registry(), version: 'test' });
  await app.register(sessionRoutes({ platform, access, demoAccounts: null, departmentName: async (code) => ({ nameZh: code, nameEn: null }) }), {
    prefix: '/api/v1',
  });
  app.get('/whoami', async (request) => access.patient(request));
  for (const [username, role] of [
    ['nurse', 'nurse'],
    ['security', 'security-admin'],
    ['audit', 'audit-admin'],
    ['victim', 'nurse'],
  ] as const) {
    await createAccount(platform.db, {
      username,
      displayName: username,
      password: PASSWORD,
      role,
      departments: null,
      orgId: 'demo',
      mustChangePassword: false,
    });
  }
});
afterAll(async () => {
  await app.close();
  await test0.close();
});

const signIn = (username: string, password = PASSWORD) => app.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password } });
const cookieOf = async (username: string): Promise<Record<string, string>> => {
  const answer = await signIn(username);
  const session = answer.cookies.find((each) => each.name === 'xinglin_session');
  return { xinglin_session: session?.value ?? '' };
};

describe('staff sign-in', () => {
  test('the right password opens a session, signing out ends it', async () => {
    const cookies = await cookieOf('nurse');
    expect((await app.inject({ url: '/api/v1/session', cookies })).json()).toMatchObject({ username: 'nurse', role: 'nurse' });
    await app.inject({ method: 'DELETE', url: '/api/v1/session', cookies });
    expect((await app.inject({ url: '/api/v1/session', cookies })).statusCode).toBe(401);
  });

  test('an unknown name and a wrong password get the same answer', async () => {
    const [unknown, wrong] = [await signIn('nobody', 'x'), await signIn('nurse', 'x')];
    expect([unknown.statusCode, wrong.statusCode]).toEqual([401, 401]);
    expect(unknown.json().detail).toBe(wrong.json().detail);
  });

  test('five wrong passwords lock the account, the right one no longer helps until a security administrator unlocks it', async () => {
    for (let i = 0; i < 4; i++) expect((await signIn('victim', 'wrong')).statusCode).toBe(401);
    expect((await signIn('victim', 'wrong')).statusCode).toBe(423);
    expect((await signIn('victim')).statusCode).toBe(423);
    const cookies = await cookieOf('security');
    const { rows } = (await app.inject({ url: '/api/v1/users', cookies })).json();
    const victim = rows.find((row: { username: string }) => row.username === 'victim');
    expect(victim.isLocked).toBe(true);
    expect((await app.inject({ method: 'POST', url: `/api/v1/users/${victim.userId}/unlock`, cookies })).statusCode).toBe(204);
    expect((await signIn('victim')).statusCode).toBe(200);
  });

  test('a new account must change its first password before it can do anything, and not to a weak or used one', async () => {
    const security = await cookieOf('security');
    await app.inject({
      method: 'POST',
      url: '/api/v1/users',
      cookies: security,
      payload: { username: 'newnurse', displayName: 'New', password: 'First-Word-2026', role: 'security-admin', departments: null },
    });
    const first = (await signIn('newnurse', 'First-Word-2026')).cookies.find((each) => each.name === 'xinglin_session');
    const cookies = { xinglin_session: first?.value ?? '' };
    expect((await app.inject({ url: '/api/v1/users', cookies })).json().code).toBe('access.change-password-first');
    const change = (next: string) => app.inject({ method: 'POST', url: '/api/v1/session/password', cookies, payload: { current: 'First-Word-2026', next } });
    expect((await change('password12345')).statusCode).toBe(422);
    expect((await change('First-Word-2026')).statusCode).toBe(422);
    expect((await change('Second-Word-2027')).statusCode).toBe(204);
    expect((await signIn('newnurse', 'First-Word-2026')).statusCode).toBe(401);
  });

  test('all wards may sign in from one address within a minute, but not without end', async () => {
    const attempt = () =>
      app.inject({ method: 'POST', url: '/api/v1/session', remoteAddress: '192.0.2.9', payload: { username: 'nobody-here', password: 'x' } });
    const answers = [];
    for (let i = 0; i < 121; i++) answers.push((await attempt()).statusCode);
    expect([answers.includes(429), answers.indexOf(429)]).toEqual([true, 120]);
  });

  test('a write from another site is refused even with a session', async () => {
    const cookies = await cookieOf('nurse');
    const answer = await app.inject({ method: 'DELETE', url: '/api/v1/session', cookies, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(answer.statusCode).toBe(403);
  });

  test('the password rule takes three kinds of at least ten characters and nothing common', () => {
    expect(['Quiet-Harbour-31', 'aB3aB3aB3aB3'].map((each) => isStrongPassword(each, 'nurse'))).toEqual([true, true]);
    expect(['short-A1', 'alllowercase1', 'Password2026', 'Nurse-Harbour-1'].map((each) => isStrongPassword(each, 'nurse'))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('administration apart', () => {
  test('only the security administrator sees users, only the audit administrator the audit log', async () => {
    const [nurse, security, audit] = [await cookieOf('nurse'), await cookieOf('security'), await cookieOf('audit')];
    const status = async (url: string, cookies: Record<string, string>) => (await app.inject({ url, cookies })).statusCode;
    expect([await status('/api/v1/users', security), await status('/api/v1/users', audit), await status('/api/v1/users', nurse)]).toEqual([200, 403, 403]);
    expect([await status('/api/v1/audit', audit), await status('/api/v1/audit', security), await status('/api/v1/audit', nurse)]).toEqual([200, 403, 403]);
  });

  test('a refused read is itself on record', async () => {
    const cookies = await cookieOf('audit');
    const { rows } = (await app.inject({ url: '/api/v1/audit?action=user.*', cookies })).json();
    expect(rows.some((row: { outcome: string; action: string }) => row.action === 'user.write' && row.outcome === 'refused')).toBe(true);
    expect((await app.inject({ url: '/api/v1/audit/verification', cookies })).json().isIntact).toBe(true);
  });
});

describe('patient sign-in', () => {
  test('a one-time code works once; an unknown phone is answered the same way', async () => {
    const ask = (phone: string) => app.inject({ method: 'POST', url: '/api/v1/p/code', payload: { phone } });
    expect((await ask('13900000002')).statusCode).toBe(202);
    const { demoCode } = (await ask('13900000001')).json();
    const enter = (code: string) => app.inject({ method: 'POST', url: '/api/v1/p/session', payload: { phone: '13900000001', code } });
    const opened = await enter(demoCode);
    expect(opened.statusCode).toBe(204);
    expect((await enter(demoCode)).statusCode).toBe(401);
    const cookie = opened.cookies.find((each) => each.name === 'xinglin_patient');
    expect((await app.inject({ url: '/whoami', cookies: { xinglin_patient: cookie?.value ?? '' } })).json()).toMatchObject({
      kind: 'patient',
      personId: PERSON,
    });
  });

  test('five wrong codes spend the right one', async () => {
    const { demoCode } = (await app.inject({ method: 'POST', url: '/api/v1/p/code', payload: { phone: '13900000001' } })).json();
    const wrong = demoCode === '000000' ? '000001' : '000000';
    const enter = (code: string) => app.inject({ method: 'POST', url: '/api/v1/p/session', payload: { phone: '13900000001', code } });
    for (let i = 0; i < 5; i++) await enter(wrong);
    expect((await enter(demoCode)).statusCode).toBe(401);
  });

  test('codes are asked for at most twenty times a minute from one address', async () => {
    const ask = (remoteAddress: string) => app.inject({ method: 'POST', url: '/api/v1/p/code', remoteAddress, payload: { phone: '13900000002' } });
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push((await ask('192.0.2.7')).statusCode);
    expect([answers.slice(0, 20).every((each) => each === 202), answers[20]]).toEqual([true, 429]);
    expect((await ask('192.0.2.8')).statusCode).toBe(202);
  });

  test('a signed link opens the inbox session; a survey link does not', async () => {
    const { keys, clock } = test0.platform;
    const expires = new Date(clock.now().getTime() + 86_400_000);
    const open = (token: string) => app.inject({ method: 'POST', url: '/api/v1/p/session/link', payload: { token } });
    expect((await open(keys.signToken('inbox', RECORD, expires))).statusCode).toBe(204);
    expect((await open(keys.signToken('survey', RECORD, expires))).statusCode).toBe(404);
  });
});
