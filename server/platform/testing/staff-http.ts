/** The product's HTTP server with sign-in and some routes, and staff signed in: for tests of who may and who may not. */
import { ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { silentLogger } from '../../kernel/index.ts';
import type { AccessParts } from '../access/access.ts';
import { createAccount } from '../access/accounts.ts';
import { sessionRoutes } from '../access/routes.ts';
import { createHttp } from '../http/index.ts';
import type { Platform, RoutePlugin } from '../types.ts';

const PASSWORD = 'Quiet-Harbour-31';

export interface StaffHttp {
  readonly app: FastifyInstance;
  /** By user name; the account of a role is called by it. */
  readonly cookies: ReadonlyMap<string, Record<string, string>>;
  signUp(username: string, role: Role, departments?: readonly string[] | null): Promise<void>;
}

/** Close the server with `app.close()`; the platform is the caller's. */
export async function staffHttp(
  platform: Platform,
  routes: RoutePlugin,
  { prefix = '/api/v1', roles = ROLES }: { prefix?: string; roles?: readonly Role[] } = {},
): Promise<StaffHttp> {
  const app = await createHttp({ log: silentLogger, metrics: new Registry(), version: 'test' });
  const departmentName = async (code: string) => ({ nameZh: code, nameEn: null });
  await app.register(sessionRoutes({ platform, access: platform.access as AccessParts, demoAccounts: null, departmentName }), { prefix: '/api/v1' });
  await app.register(routes, { prefix });
  const cookies = new Map<string, Record<string, string>>();
  const signUp: StaffHttp['signUp'] = async (username, role, departments = null) => {
    const account = { username, displayName: username, password: PASSWORD, role, departments, orgId: 'demo', mustChangePassword: false };
    await createAccount(platform.db, account);
    const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { username, password: PASSWORD } });
    cookies.set(username, { xinglin_session: answer.cookies.find((each) => each.name === 'xinglin_session')?.value ?? '' });
  };
  for (const role of roles) await signUp(role, role);
  return { app, cookies, signUp };
}
