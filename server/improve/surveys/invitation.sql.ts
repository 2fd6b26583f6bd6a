import type { Queryable, Tx } from '../../platform/index.ts';

/**
 * An invitation's states: planned → sent → answered.
 * - skipped: its turn came and it was not to be sent (asked recently, no consent)
 * - cancelled: the visit was taken back, the consent withdrawn, or the case reopened before it went out
 */
export type InvitationState = 'planned' | 'sent' | 'answered' | 'skipped' | 'cancelled';

export interface Invitation {
  readonly invitation_id: string;
  readonly org_id: string;
  readonly campus_id: string;
  readonly record_key: string;
  readonly encounter_key: string;
  readonly survey: string;
  readonly department_code: string | null;
  readonly staff_code: string | null;
  readonly visited_at: Date;
  readonly case_id: string | null;
  readonly round: number;
  readonly state: InvitationState;
  readonly send_at: Date;
  readonly sent_at: Date | null;
  readonly expires_at: Date;
  readonly answered_at: Date | null;
  readonly scores: Readonly<Record<string, number>> | null;
}

export type NewInvitation = Omit<Invitation, 'state' | 'sent_at' | 'answered_at' | 'scores'> & { readonly planned_at: Date };

/** False when this visit, or this closing of a case, has one already. */
export async function insertInvitation(tx: Tx, given: NewInvitation): Promise<boolean> {
  const made = await tx.query(
    `insert into improve.invitation (invitation_id, org_id, campus_id, record_key, encounter_key, survey, department_code, staff_code, visited_at,
                                     case_id, round, state, planned_at, send_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', $12, $13, $14) on conflict do nothing returning invitation_id`,
    [
      given.invitation_id,
      given.org_id,
      given.campus_id,
      given.record_key,
      given.encounter_key,
      given.survey,
      given.department_code,
      given.staff_code,
      given.visited_at,
      given.case_id,
      given.round,
      given.planned_at,
      given.send_at,
      given.expires_at,
    ],
  );
  return made.length === 1;
}

export const lockInvitation = (tx: Tx, invitationId: string): Promise<Invitation | undefined> =>
  tx.maybe<Invitation>('select * from improve.invitation where invitation_id = $1 for update', [invitationId]);

export const findInvitation = (q: Queryable, invitationId: string): Promise<Invitation | undefined> =>
  q.maybe<Invitation>('select * from improve.invitation where invitation_id = $1', [invitationId]);

export async function setInvitationState(
  tx: Tx,
  invitationId: string,
  state: InvitationState,
  reason: string | null,
  sentAt: Date | null = null,
): Promise<void> {
  await tx.query('update improve.invitation set state = $2, reason = $3, sent_at = coalesce($4, sent_at) where invitation_id = $1', [
    invitationId,
    state,
    reason,
    sentAt,
  ]);
}

/** Whether one of these records was asked about a visit since then. */
export async function wasAskedSince(tx: Tx, recordKeys: readonly string[], since: Date): Promise<boolean> {
  const found = await tx.query(
    `select 1 from improve.invitation where record_key = any($1) and case_id is null and state in ('sent', 'answered') and sent_at > $2 limit 1`,
    [recordKeys, since],
  );
  return found.length === 1;
}

/** Takes back what is planned, or sent and not read, for these records or this visit. Returns them. */
export const cancelInvitations = (tx: Tx, of: { column: 'record_key' | 'encounter_key'; value: readonly string[] }, reason: string): Promise<Invitation[]> =>
  tx.query<Invitation>(
    `update improve.invitation set state = 'cancelled', reason = $2 where ${of.column} = any($1) and state in ('planned', 'sent') returning *`,
    [of.value, reason],
  );
