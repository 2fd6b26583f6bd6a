import type { Purpose } from '@xinglin/contracts';
import type { OutboxMessage, Queryable } from '../types.ts';

export interface MessageRow {
  readonly send_key: string;
  readonly org_id: string;
  readonly campus_id: string;
  readonly record_key: string;
  readonly channel: string;
  readonly purpose: Purpose;
  readonly template: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly status: 'queued' | 'claimed' | 'sent' | 'failed' | 'skipped' | 'unknown';
  readonly reason: string | null;
  readonly ready_at: Date;
  readonly attempts: number;
  readonly settled_at: Date | null;
}

/** True when the message is new. */
export const insertMessage = async (q: Queryable, message: OutboxMessage, readyAt: Date, now: Date): Promise<boolean> => {
  const { sendKey, orgId, campusId, recordKey, channel, purpose, template, params } = message;
  const made = await q.query(
    `insert into platform.outbox_message (send_key, org_id, campus_id, record_key, channel, purpose, template, params, ready_at, enqueued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (send_key) do nothing
     returning send_key`,
    [sendKey, orgId, campusId, recordKey, channel, purpose, template, JSON.stringify(params), readyAt, now],
  );
  return made.length === 1;
};

export const cancelMessages = (q: Queryable, filter: { recordKey: string; purpose?: Purpose; channel?: string }, now: Date): Promise<{ send_key: string }[]> =>
  q.query(
    `update platform.outbox_message
     set status = 'skipped', reason = 'cancelled', settled_at = $4
     where record_key = $1 and status = 'queued' and ($2::text is null or purpose = $2) and ($3::text is null or channel = $3)
     returning send_key`,
    [filter.recordKey, filter.purpose ?? null, filter.channel ?? null, now],
  );

export const readyMessages = (q: Queryable, now: Date, limit: number): Promise<MessageRow[]> =>
  q.query(`select * from platform.outbox_message where status = 'queued' and ready_at <= $1 order by ready_at, message_number limit $2`, [now, limit]);

/** Contacts made or perhaps made since `since`, for these purposes. */
export const spentBudget = async (q: Queryable, recordKey: string, purposes: readonly Purpose[], since: Date): Promise<number> => {
  const { spent } = await q.one<{ spent: number }>(
    `select count(*) as spent from platform.outbox_message
     where record_key = $1 and claimed_at > $2 and purpose = any($3) and status in ('claimed', 'sent', 'unknown')`,
    [recordKey, since, purposes],
  );
  return spent;
};

/** Durable before the call. False when it was cancelled meanwhile. */
export const claimMessage = async (q: Queryable, sendKey: string, now: Date): Promise<boolean> => {
  const claimed = await q.query(
    `update platform.outbox_message
     set status = 'claimed', claimed_at = $2, attempts = attempts + 1
     where send_key = $1 and status = 'queued'
     returning send_key`,
    [sendKey, now],
  );
  return claimed.length === 1;
};

/** From `from` to its outcome. False when it was not in that state any more. */
export const settleMessage = async (
  q: Queryable,
  sendKey: string,
  from: MessageRow['status'],
  outcome: { status: 'sent' | 'failed' | 'skipped' | 'unknown'; reason: string | null; at: Date },
): Promise<boolean> => {
  const settled = await q.query(
    `update platform.outbox_message
     set status = $3, reason = $4, settled_at = case when $3 = 'unknown' then null else $5::timestamptz end
     where send_key = $1 and status = $2
     returning send_key`,
    [sendKey, from, outcome.status, outcome.reason, outcome.at],
  );
  return settled.length === 1;
};

export const requeueMessage = async (q: Queryable, sendKey: string, from: MessageRow['status'], readyAt: Date): Promise<boolean> => {
  const again = await q.query(
    `update platform.outbox_message set status = 'queued', reason = null, ready_at = $3 where send_key = $1 and status = $2 returning send_key`,
    [sendKey, from, readyAt],
  );
  return again.length === 1;
};

/** What a dead predecessor had claimed: whether it was sent, nobody here knows. */
export const claimedMessages = (q: Queryable): Promise<MessageRow[]> =>
  q.query(`select * from platform.outbox_message where status = 'claimed' order by message_number`);

export const unreportedMessages = (q: Queryable, limit: number): Promise<MessageRow[]> =>
  q.query(`select * from platform.outbox_message where settled_at is not null and not is_reported order by message_number limit $1`, [limit]);

/** The listeners know; what the message said is not needed any more. */
export const markReported = (q: Queryable, sendKey: string): Promise<unknown> =>
  q.query(`update platform.outbox_message set is_reported = true, params = '{}' where send_key = $1`, [sendKey]);
