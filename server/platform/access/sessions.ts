import { createHash, randomBytes } from 'node:crypto';
import { wallNow } from '../../kernel/index.ts';
import type { Db } from '../types.ts';
import type { Account } from './accounts.ts';

/** DOMAIN D3 b: idle sessions end after 30 minutes; none lasts longer than a long shift. */
export const IDLE_MINUTES = 30;
export const SESSION_HOURS_MAX = 14;
/** Sessions of one user at the same time; the oldest ends. */
const SESSIONS_PER_USER_MAX = 5;
/** Patients stay signed in for a month on their phone, or leave it by themselves. */
const PATIENT_SESSION_DAYS = 30;
/** `last_seen_at` is written at most this often per session. */
const TOUCH_SECONDS = 60;

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const newToken = (): string => randomBytes(32).toString('base64url');

/** Only the hash of a session's token is stored, so a copy of the table signs nobody in. */
export async function openSession(db: Db, userId: string, ip: string | null): Promise<string> {
  const token = newToken();
  const now = wallNow();
  await db.tx(async (tx) => {
    await tx.query('insert into platform.session (token_hash, user_id, created_at, last_seen_at, ip) values ($1, $2, $3, $3, $4)', [
      hashOf(token),
      userId,
      now,
      ip,
    ]);
    await tx.query(
      `delete from platform.session where user_id = $1 and token_hash not in
         (select token_hash from platform.session where user_id = $1 order by last_seen_at desc, created_at desc limit ${SESSIONS_PER_USER_MAX})`,
      [userId],
    );
  });
  return token;
}

export async function accountOfSession(db: Db, token: string): Promise<Account | null> {
  const now = wallNow();
  const idleSince = new Date(now.getTime() - IDLE_MINUTES * 60_000);
  const bornSince = new Date(now.getTime() - SESSION_HOURS_MAX * 3_600_000);
  const row = await db.maybe<Account & { last_seen_at: Date }>(
    `select a.*, s.last_seen_at from platform.session s join platform.user_account a using (user_id)
     where s.token_hash = $1 and s.last_seen_at > $2 and s.created_at > $3 and a.status = 'active'`,
    [hashOf(token), idleSince, bornSince],
  );
  if (row === undefined) return null;
  if (now.getTime() - row.last_seen_at.getTime() > TOUCH_SECONDS * 1000)
    await db.query('update platform.session set last_seen_at = $2 where token_hash = $1', [hashOf(token), now]);
  return row;
}

export const closeSession = async (db: Db, token: string): Promise<void> => {
  await db.query('delete from platform.session where token_hash = $1', [hashOf(token)]);
};

export async function openPatientSession(db: Db, recordKey: string): Promise<string> {
  const token = newToken();
  const now = wallNow();
  await db.query('insert into platform.patient_session (token_hash, record_key, created_at, last_seen_at) values ($1, $2, $3, $3)', [
    hashOf(token),
    recordKey,
    now,
  ]);
  return token;
}

export async function recordOfPatientSession(db: Db, token: string): Promise<string | null> {
  const since = new Date(wallNow().getTime() - PATIENT_SESSION_DAYS * 86_400_000);
  const row = await db.maybe<{ record_key: string }>('select record_key from platform.patient_session where token_hash = $1 and created_at > $2', [
    hashOf(token),
    since,
  ]);
  return row?.record_key ?? null;
}

export const closePatientSession = async (db: Db, token: string): Promise<void> => {
  await db.query('delete from platform.patient_session where token_hash = $1', [hashOf(token)]);
};
