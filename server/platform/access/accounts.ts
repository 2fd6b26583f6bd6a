import type { Role } from '@xinglin/contracts';
import { uuidv7, wallNow } from '../../kernel/index.ts';
import type { Db, Queryable } from '../types.ts';
import { refuse } from './errors.ts';
import { hashPassword, isPassword, isStrongPassword, PASSWORD_HISTORY, pretendToVerify } from './passwords.ts';

/** DOMAIN D3 b: five failures lock the account for fifteen minutes. */
export const FAILURES_MAX = 5;
export const LOCK_MINUTES = 15;

export interface Account {
  readonly user_id: string;
  readonly username: string;
  readonly display_name: string;
  readonly password_hash: string;
  readonly password_history: readonly string[];
  readonly must_change_password: boolean;
  readonly role: Role;
  readonly departments: readonly string[] | null;
  readonly org_id: string;
  readonly status: 'active' | 'disabled';
  readonly failed_count: number;
  readonly locked_until: Date | null;
}

export interface NewAccount {
  readonly username: string;
  readonly displayName: string;
  readonly password: string;
  readonly role: Role;
  readonly departments: readonly string[] | null;
  readonly orgId: string;
  /** False only for the demo's published accounts. */
  readonly mustChangePassword: boolean;
}

export async function createAccount(q: Queryable, account: NewAccount): Promise<string> {
  const userId = uuidv7();
  const created = await q.query(
    `insert into platform.user_account (user_id, username, display_name, password_hash, must_change_password, role, departments, org_id, created_at)
     values ($1, lower($2), $3, $4, $5, $6, $7, $8, $9) on conflict (username) do nothing returning user_id`,
    [
      userId,
      account.username,
      account.displayName,
      await hashPassword(account.password),
      account.mustChangePassword,
      account.role,
      account.departments,
      account.orgId,
      wallNow(),
    ],
  );
  if (created.length === 0) throw refuse('username-taken', { username: account.username });
  return userId;
}

export const accountById = (q: Queryable, userId: string): Promise<Account | undefined> =>
  q.maybe<Account>('select * from platform.user_account where user_id = $1', [userId]);

/** The account when the password is right. Wrong name and wrong password are one answer, in about the same time. */
export async function authenticate(db: Db, username: string, password: string): Promise<Account> {
  const account = await db.maybe<Account>('select * from platform.user_account where username = lower($1)', [username]);
  if (account === undefined || account.status !== 'active') {
    await pretendToVerify(password);
    throw refuse('wrong-credentials');
  }
  const now = wallNow();
  if (account.locked_until !== null && account.locked_until > now) {
    throw refuse('locked', { minutes: Math.ceil((account.locked_until.getTime() - now.getTime()) / 60_000) });
  }
  if (!(await isPassword(account.password_hash, password))) {
    // Counted in one statement, so that attempts beside each other cannot share a count.
    const after = await db.one<{ failed_count: number }>(
      `update platform.user_account
       set failed_count = case when locked_until <= $2 then 1 else failed_count + 1 end,
           locked_until = case when (case when locked_until <= $2 then 1 else failed_count + 1 end) >= $3 then $4::timestamptz else null end
       where user_id = $1 returning failed_count`,
      [account.user_id, now, FAILURES_MAX, new Date(now.getTime() + LOCK_MINUTES * 60_000)],
    );
    if (after.failed_count >= FAILURES_MAX) throw refuse('locked', { minutes: LOCK_MINUTES });
    throw refuse('wrong-credentials');
  }
  await db.query('update platform.user_account set failed_count = 0, locked_until = null where user_id = $1', [account.user_id]);
  return account;
}

/** Sets a new password and ends the user's other sessions. */
export async function changePassword(db: Db, userId: string, current: string, next: string): Promise<void> {
  const account = await accountById(db, userId);
  if (account === undefined || !(await isPassword(account.password_hash, current))) throw refuse('wrong-credentials');
  const earlier = [account.password_hash, ...account.password_history];
  const isRepeated = (await Promise.all(earlier.map((stored) => isPassword(stored, next)))).some(Boolean);
  if (isRepeated || !isStrongPassword(next, account.username)) throw refuse('weak-password');
  const stored = await hashPassword(next);
  await db.tx(async (tx) => {
    await tx.query('update platform.user_account set password_hash = $2, password_history = $3, must_change_password = false where user_id = $1', [
      userId,
      stored,
      earlier.slice(0, PASSWORD_HISTORY),
    ]);
    await tx.query('delete from platform.session where user_id = $1', [userId]);
  });
}
