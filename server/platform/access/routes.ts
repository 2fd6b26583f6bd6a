import { mayRole, PERMISSIONS, type Permission, ROLES } from '@xinglin/contracts';
import { AuditPage, AuditQuery, AuditVerification, PasswordChange, Session, SignIn } from '@xinglin/contracts/api.ts';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { wallNow } from '../../kernel/index.ts';
import { typed } from '../http/typed.ts';
import type { Platform, RoutePlugin } from '../types.ts';
import { type AccessParts, PATIENT_COOKIE, STAFF_COOKIE, viewerOf } from './access.ts';
import { type Account, authenticate, changePassword, createAccount, type NewAccount } from './accounts.ts';
import { searchAudit } from './audit-search.ts';
import { refuse } from './errors.ts';
import { issueCode, redeemCode } from './one-time-code.ts';
import { isStrongPassword } from './passwords.ts';
import { closePatientSession, closeSession, openPatientSession, openSession } from './sessions.ts';

/** Attempts a minute from one address. All wards of a hospital may come from one, at the change of shift; accounts lock by themselves. */
const SIGN_INS_PER_MINUTE = 120;
/** One-time codes and links have no account to lock. */
const CODES_PER_MINUTE = 20;
const limited = (max: number) => ({ config: { rateLimit: { max, timeWindow: '1 minute' } } });

const cookie = (request: FastifyRequest) => ({ path: '/', httpOnly: true, sameSite: 'strict' as const, secure: request.protocol === 'https' });
/** A signed link is followed from a message, so this cookie must survive the first hop. */
const patientCookie = (request: FastifyRequest) => ({ ...cookie(request), sameSite: 'lax' as const, maxAge: 30 * 86_400 });

export interface SessionOptions {
  platform: Platform;
  access: AccessParts;
  /** Published accounts of the demo; null in a real hospital. */
  demoAccounts: readonly NewAccount[] | null;
  departmentName(code: string): Promise<{ nameZh: string; nameEn: string | null }>;
}

export function sessionRoutes({ platform, access, demoAccounts, departmentName }: SessionOptions): RoutePlugin {
  const { db, audit, config } = platform;

  const describe = async (account: Account) => ({
    userId: account.user_id,
    username: account.username,
    displayName: account.display_name,
    role: account.role,
    departments: account.departments === null ? null : await Promise.all(account.departments.map(async (code) => ({ code, ...(await departmentName(code)) }))),
    hospital: platform.hospital,
    isDemo: config.isDemo,
    permissions: (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayRole(account.role, permission)),
    mustChangePassword: account.must_change_password,
  });

  return async (plain) => {
    const app = typed(plain);

    app.post(
      '/session',
      { ...limited(SIGN_INS_PER_MINUTE), schema: { tags: ['access'], body: SignIn, response: { 200: Session } } },
      async (request, reply) => {
        const account = await authenticate(db, request.body.username, request.body.password).catch(async (error) => {
          // The name typed is not recorded: people type their password there.
          await audit.record({
            viewer: { kind: 'system', room: 'access', orgId: config.orgId, purpose: 'administration' },
            action: 'session.open',
            relation: null,
            subject: null,
            outcome: 'refused',
            ip: request.ip,
          });
          throw error;
        });
        await audit.record({ viewer: viewerOf(account), action: 'session.open', relation: null, subject: account.user_id, outcome: 'allowed', ip: request.ip });
        reply.setCookie(STAFF_COOKIE, await openSession(db, account.user_id, request.ip), cookie(request));
        return describe(account);
      },
    );

    app.get('/session', { schema: { tags: ['access'], response: { 200: Session } } }, async (request) => describe(await access.account(request)));

    app.delete('/session', { schema: { tags: ['access'] } }, async (request, reply) => {
      const token = request.cookies[STAFF_COOKIE];
      if (token !== undefined) await closeSession(db, token);
      reply.clearCookie(STAFF_COOKIE, cookie(request)).code(204).send();
    });

    app.post('/session/password', { ...limited(SIGN_INS_PER_MINUTE), schema: { tags: ['access'], body: PasswordChange } }, async (request, reply) => {
      const account = await access.account(request);
      await changePassword(db, account.user_id, request.body.current, request.body.next);
      await audit.record({
        viewer: viewerOf(account),
        action: 'password.change',
        relation: null,
        subject: account.user_id,
        outcome: 'allowed',
        ip: request.ip,
      });
      reply
        .setCookie(STAFF_COOKIE, await openSession(db, account.user_id, request.ip), cookie(request))
        .code(204)
        .send();
    });

    const DemoAccounts = Type.Array(Type.Object({ username: Type.String(), password: Type.String(), role: Type.String(), displayName: Type.String() }));
    app.get('/session/demo-accounts', { schema: { tags: ['access'], response: { 200: DemoAccounts } } }, async () => {
      if (demoAccounts === null) throw refuse('not-found');
      return demoAccounts.map(({ username, password, role, displayName }) => ({ username, password, role, displayName }));
    });

    await userRoutes(plain, platform);
    await auditRoutes(plain, platform);
    await patientSessionRoutes(plain, platform, access);
  };
}

const userRoutes: (plain: Parameters<RoutePlugin>[0], platform: Platform) => Promise<void> = async (plain, { access, audit, db, config }) => {
  const app = typed(plain);
  const User = Type.Object({
    userId: Type.String(),
    username: Type.String(),
    displayName: Type.String(),
    role: Type.Enum([...ROLES]),
    departments: Type.Union([Type.Array(Type.String()), Type.Null()]),
    status: Type.String(),
    isLocked: Type.Boolean(),
  });
  const NewUser = Type.Object({
    username: Type.String({ pattern: '^[A-Za-z0-9._-]{2,64}$' }),
    displayName: Type.String({ minLength: 1, maxLength: 40 }),
    password: Type.String(),
    role: Type.Enum([...ROLES]),
    departments: Type.Union([Type.Array(Type.String()), Type.Null()]),
  });

  app.get('/users', { schema: { tags: ['access'], response: { 200: Type.Object({ rows: Type.Array(User) }) } } }, async (request) => {
    await access.viewer(request, 'user.write');
    const rows = await db.query<Account>('select * from platform.user_account order by username');
    return {
      rows: rows.map((row) => ({
        userId: row.user_id,
        username: row.username,
        displayName: row.display_name,
        role: row.role,
        departments: row.departments === null ? null : [...row.departments],
        status: row.status,
        isLocked: row.locked_until !== null && row.locked_until > wallNow(),
      })),
    };
  });

  app.post('/users', { schema: { tags: ['access'], body: NewUser } }, async (request, reply) => {
    const viewer = await access.viewer(request, 'user.write');
    if (!isStrongPassword(request.body.password, request.body.username)) throw refuse('weak-password');
    const userId = await createAccount(db, { ...request.body, orgId: config.orgId, mustChangePassword: true });
    await audit.record({
      viewer,
      action: 'user.create',
      relation: 'platform.user_account',
      subject: userId,
      outcome: 'allowed',
      detail: request.body.role,
      ip: request.ip,
    });
    reply.code(201).send({ userId });
  });

  const Named = Type.Object({ userId: Type.String({ format: 'uuid' }) });
  const setState = (path: string, action: string, sql: string) =>
    app.post(path, { schema: { tags: ['access'], params: Named } }, async (request, reply) => {
      const viewer = await access.viewer(request, 'user.write');
      const done = await db.query(sql, [request.params.userId]);
      if (done.length === 0) throw refuse('not-found');
      await audit.record({ viewer, action, relation: 'platform.user_account', subject: request.params.userId, outcome: 'allowed', ip: request.ip });
      reply.code(204).send();
    });
  setState(
    '/users/:userId/unlock',
    'user.unlock',
    'update platform.user_account set failed_count = 0, locked_until = null where user_id = $1 returning user_id',
  );
  setState('/users/:userId/disable', 'user.disable', `update platform.user_account set status = 'disabled' where user_id = $1 returning user_id`);
};

const auditRoutes: (plain: Parameters<RoutePlugin>[0], platform: Platform) => Promise<void> = async (plain, { access, audit, db }) => {
  const app = typed(plain);
  app.get('/audit', { schema: { tags: ['audit'], querystring: AuditQuery, response: { 200: AuditPage } } }, async (request) => {
    const viewer = await access.viewer(request, 'audit.read');
    const page = await searchAudit(db, viewer.orgId, request.query);
    await audit.record({
      viewer,
      action: 'audit.read',
      relation: 'platform.audit_entry',
      subject: null,
      outcome: 'allowed',
      count: page.rows.length,
      ip: request.ip,
    });
    return page;
  });
  app.get('/audit/verification', { schema: { tags: ['audit'], response: { 200: AuditVerification } } }, async (request) => {
    await access.viewer(request, 'audit.read');
    return { ...(await audit.verify()), checkedAt: wallNow().toISOString() };
  });
};

const patientSessionRoutes: (plain: Parameters<RoutePlugin>[0], platform: Platform, access: AccessParts) => Promise<void> = async (
  plain,
  { db, keys, clock, config },
  access,
) => {
  const app = typed(plain);
  const Phone = Type.String({ pattern: '^1[3-9]\\d{9}$' });

  // 202 whether or not the number is known: the answer must not say who is a patient here.
  app.post('/p/code', { ...limited(CODES_PER_MINUTE), schema: { tags: ['patient'], body: Type.Object({ phone: Phone }) } }, async (request, reply) => {
    const recordKey = await access.directory().byPhone(request.body.phone);
    const code = recordKey === null ? null : await issueCode(db, keys, request.body.phone, recordKey);
    // The demo has no telephone network, so it shows the code it would have sent.
    reply.code(202).send(config.isDemo && code !== null ? { demoCode: code } : {});
  });

  app.post(
    '/p/session',
    { ...limited(CODES_PER_MINUTE), schema: { tags: ['patient'], body: Type.Object({ phone: Phone, code: Type.String({ pattern: '^\\d{6}$' }) }) } },
    async (request, reply) => {
      const recordKey = await redeemCode(db, keys, request.body.phone, request.body.code);
      if (recordKey === null) throw refuse('wrong-code');
      reply
        .setCookie(PATIENT_COOKIE, await openPatientSession(db, recordKey), patientCookie(request))
        .code(204)
        .send();
    },
  );

  // The page at /p/i/:token posts its token here once and then lives on the cookie, so the link does not stay in requests.
  app.post(
    '/p/session/link',
    { ...limited(CODES_PER_MINUTE), schema: { tags: ['patient'], body: Type.Object({ token: Type.String({ maxLength: 400 }) }) } },
    async (request, reply) => {
      const read = keys.readToken('inbox', request.body.token, clock.now());
      if (read === null) throw refuse('bad-link');
      reply
        .setCookie(PATIENT_COOKIE, await openPatientSession(db, read.subject), patientCookie(request))
        .code(204)
        .send();
    },
  );

  app.delete('/p/session', { schema: { tags: ['patient'] } }, async (request, reply) => {
    const token = request.cookies[PATIENT_COOKIE];
    if (token !== undefined) await closePatientSession(db, token);
    reply.clearCookie(PATIENT_COOKIE, cookie(request)).code(204).send();
  });
};
