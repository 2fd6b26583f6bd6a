import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { wallNow } from '../../kernel/index.ts';
import type { Db, Keys } from '../types.ts';

const CODE_MINUTES = 5;
const CODE_FAILURES_MAX = 5;

const hashOf = (phoneIndex: Buffer, code: string): Buffer => createHash('sha256').update(phoneIndex).update(code).digest();

/** Makes a six-digit code for a phone already known to belong to a record. A new code replaces the old. */
export async function issueCode(db: Db, keys: Pick<Keys, 'blindIndex'>, phone: string, recordKey: string): Promise<string> {
  const phoneIndex = keys.blindIndex('one-time-code', phone);
  const code = String(randomInt(0, 1_000_000)).padStart(6, '0');
  await db.query(
    `insert into platform.one_time_code (phone_index, code_hash, record_key, expires_at) values ($1, $2, $3, $4)
     on conflict (phone_index) do update set code_hash = excluded.code_hash, record_key = excluded.record_key, expires_at = excluded.expires_at, failed_count = 0`,
    [phoneIndex, hashOf(phoneIndex, code), recordKey, new Date(wallNow().getTime() + CODE_MINUTES * 60_000)],
  );
  return code;
}

/** The record the code was for; a code works once, and five wrong tries spend it. */
export async function redeemCode(db: Db, keys: Pick<Keys, 'blindIndex'>, phone: string, code: string): Promise<string | null> {
  const phoneIndex = keys.blindIndex('one-time-code', phone);
  return db.tx(async (tx) => {
    const row = await tx.maybe<{ code_hash: Buffer; record_key: string; failed_count: number }>(
      'select * from platform.one_time_code where phone_index = $1 and expires_at > $2 for update',
      [phoneIndex, wallNow()],
    );
    if (row === undefined) return null;
    const isRight = timingSafeEqual(row.code_hash, hashOf(phoneIndex, code));
    if (isRight || row.failed_count + 1 >= CODE_FAILURES_MAX) await tx.query('delete from platform.one_time_code where phone_index = $1', [phoneIndex]);
    else await tx.query('update platform.one_time_code set failed_count = failed_count + 1 where phone_index = $1', [phoneIndex]);
    return isRight ? row.record_key : null;
  });
}
