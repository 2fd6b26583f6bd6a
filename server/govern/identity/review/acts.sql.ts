/** Acts and their decisions, as statements. */
import type { Queryable, Tx } from '../../../platform/index.ts';
import type { Plan } from './plan.ts';

export interface ActRow {
  readonly act_id: string;
  readonly kind: Plan['kind'];
  readonly reason: string;
  readonly record_a: string;
  readonly record_b: string;
  readonly decided_by: string;
  readonly decided_at: Date;
  readonly decided_turn: number;
  readonly moved: number;
  readonly revoked_at: Date | null;
  readonly revoked_by: string | null;
  readonly revoked_turn: number | null;
}
const ACT = 'act_id, kind, reason, record_a, record_b, decided_by, decided_at, decided_turn, moved, revoked_at, revoked_by, revoked_turn';

export const findRequest = (q: Queryable, requestKey: string): Promise<ActRow | undefined> =>
  q.maybe<ActRow>(`select ${ACT} from govern.manual_act where request_key = $1`, [requestKey]);
export const lockAct = (q: Queryable, actId: string, orgId: string): Promise<ActRow | undefined> =>
  q.maybe<ActRow>(`select ${ACT} from govern.manual_act where act_id = $1 and org_id = $2 for update`, [actId, orgId]);

/** Newest first. */
export const actsAbout = (q: Queryable, recordKeys: readonly string[], limit: number): Promise<ActRow[]> =>
  q.query<ActRow>(
    `select ${ACT} from govern.manual_act a
     where exists (select from govern.manual_decision d where d.act_id = a.act_id and (d.record_a = any($1::uuid[]) or d.record_b = any($1::uuid[])))
     order by act_number desc limit $2`,
    [recordKeys, limit],
  );

export interface NewAct {
  readonly actId: string;
  readonly orgId: string;
  readonly plan: Plan;
  readonly by: string;
  readonly at: Date;
  readonly turn: number;
  readonly requestKey: string;
}
export async function insertAct(tx: Tx, { actId, orgId, plan, by, at, turn, requestKey }: NewAct): Promise<void> {
  await tx.query(
    `insert into govern.manual_act (act_id, org_id, kind, reason, record_a, record_b, decided_by, decided_at, decided_turn, request_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [actId, orgId, plan.kind, plan.reason, plan.a, plan.b, by, at, turn, requestKey],
  );
  await tx.query(
    `insert into govern.manual_decision (act_id, org_id, record_a, record_b, decision, reason, decided_by, decided_at)
     select $1, $2, a, b, decision, $6, $7, $8 from unnest($3::uuid[], $4::uuid[], $5::text[]) as new(a, b, decision)`,
    [
      ...[actId, orgId, plan.decisions.map((each) => each.a), plan.decisions.map((each) => each.b), plan.decisions.map((each) => each.decision)],
      ...[plan.reason, by, at],
    ],
  );
}
export const setMoved = (tx: Tx, actId: string, moved: number): Promise<unknown> =>
  tx.query('update govern.manual_act set moved = $2 where act_id = $1', [actId, moved]);

/** Every record the act decided about. */
export async function revokeAct(tx: Tx, actId: string, by: string, at: Date, turn: number): Promise<string[]> {
  await tx.query('update govern.manual_act set revoked_at = $2, revoked_by = $3, revoked_turn = $4 where act_id = $1', [actId, at, by, turn]);
  const rows = await tx.query<{ record_a: string; record_b: string }>(
    'update govern.manual_decision set revoked_at = $2, revoked_by = $3 where act_id = $1 returning record_a, record_b',
    [actId, at, by],
  );
  return [...new Set(rows.flatMap((row) => [row.record_a, row.record_b]))];
}

/** Pairs between two groups of records that somebody decided to be different. */
export async function pairsApart(q: Queryable, one: readonly string[], other: readonly string[]): Promise<[string, string][]> {
  const rows = await q.query<{ record_a: string; record_b: string }>(
    `select record_a, record_b from govern.decision_in_force
     where decision = 'different' and ((record_a = any($1::uuid[]) and record_b = any($2::uuid[])) or (record_a = any($2::uuid[]) and record_b = any($1::uuid[])))`,
    [one, other],
  );
  return rows.map((row) => [row.record_a, row.record_b]);
}

/** Null while a rebuild replays: links are decided at its end, and what would be shown now is half of it. */
export async function takeTurn(tx: Tx): Promise<number | null> {
  const { number } = await tx.one<{ number: number }>('update govern.turn set number = number + 1 returning number');
  const { is_rebuilding } = await tx.one<{ is_rebuilding: boolean }>('select exists (select from govern.rebuild) as is_rebuilding');
  return is_rebuilding ? null : number;
}

export async function personsOf(q: Queryable, recordKeys: readonly string[]): Promise<Map<string, string>> {
  const rows = await q.query<{ record_key: string; person_id: string }>('select record_key, person_id from govern.link where record_key = any($1::uuid[])', [
    recordKeys,
  ]);
  return new Map(rows.map((row) => [row.record_key, row.person_id]));
}
/** Everybody who is one person with any of these records now, in key order. */
export async function withNeighbours(q: Queryable, recordKeys: readonly string[]): Promise<string[]> {
  const rows = await q.query<{ record_key: string }>(
    `select distinct beside.record_key from govern.link own join govern.link beside on beside.person_id = own.person_id
     where own.record_key = any($1::uuid[]) order by beside.record_key`,
    [recordKeys],
  );
  return rows.map((row) => row.record_key);
}

export async function recordsOfAct(q: Queryable, actId: string): Promise<string[]> {
  const rows = await q.query<{ record_key: string }>(
    `select record_a as record_key from govern.manual_decision where act_id = $1
     union select record_b from govern.manual_decision where act_id = $1`,
    [actId],
  );
  return rows.map((row) => row.record_key);
}
