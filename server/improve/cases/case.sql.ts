import type { Queryable, Tx } from '../../platform/index.ts';
import type { CaseState } from './case-machine.ts';

export type CaseOrigin = 'survey' | 'complaint' | 'alert' | 'manual';

export interface CaseRecord {
  readonly case_id: string;
  readonly number: number;
  readonly org_id: string;
  readonly campus_id: string;
  readonly record_key: string | null;
  readonly encounter_key: string | null;
  readonly origin: CaseOrigin;
  readonly origin_key: string;
  readonly reasons: readonly string[];
  readonly department_code: string | null;
  readonly score: number | null;
  readonly text_id: string | null;
  readonly state: CaseState;
  readonly escalation: number;
  readonly opened_at: Date;
  readonly due_at: Date;
  readonly owner_id: string | null;
  readonly attempts: number;
  readonly last_attempt_at: Date | null;
  readonly first_contact_at: Date | null;
  readonly closed_at: Date | null;
  readonly closings: number;
  readonly rerating: number | null;
  readonly rerated_at: Date | null;
  readonly last_step: number;
}

export interface NewCase {
  readonly caseId: string;
  readonly orgId: string;
  readonly campusId: string;
  readonly recordKey: string | null;
  readonly encounterKey: string | null;
  readonly origin: CaseOrigin;
  readonly originKey: string;
  readonly reasons: readonly string[];
  readonly departmentCode: string | null;
  readonly score: number | null;
  readonly textId: string | null;
  readonly openedAt: Date;
  readonly dueAt: Date;
}

/** Undefined when what opens it has opened one before. */
export const insertCase = (tx: Tx, given: NewCase): Promise<CaseRecord | undefined> =>
  tx.maybe<CaseRecord>(
    `insert into improve.case (case_id, org_id, campus_id, record_key, encounter_key, origin, origin_key, reasons, department_code, score, text_id,
                               state, opened_at, due_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'new', $12, $13)
     on conflict (origin, origin_key) do nothing returning *`,
    [
      given.caseId,
      given.orgId,
      given.campusId,
      given.recordKey,
      given.encounterKey,
      given.origin,
      given.originKey,
      JSON.stringify(given.reasons),
      given.departmentCode,
      given.score,
      given.textId,
      given.openedAt,
      given.dueAt,
    ],
  );

/** Locks the row: whoever moves a case holds it until the end of the transaction. */
export const lockCase = (tx: Tx, caseId: string): Promise<CaseRecord | undefined> =>
  tx.maybe<CaseRecord>('select * from improve.case where case_id = $1 for update', [caseId]);

export interface CaseStepRow {
  readonly step_number: number;
  readonly at: Date;
  readonly by_user: string | null;
  readonly action: string;
  readonly from_state: CaseState | null;
  readonly to_state: CaseState;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly words_sealed: Buffer | null;
}
export const stepsOf = (q: Queryable, caseId: string): Promise<CaseStepRow[]> =>
  q.query<CaseStepRow>(
    'select step_number, at, by_user, action, from_state, to_state, detail, words_sealed from improve.case_step where case_id = $1 order by step_number',
    [caseId],
  );

/** Open cases of each of these users, for a fair choice of the next owner. */
export const openCasesOf = (q: Queryable, userIds: readonly string[]): Promise<{ owner_id: string; open: number; latest: Date }[]> =>
  q.query(
    `select owner_id, count(*) filter (where state <> 'closed')::integer as open, max(opened_at) as latest
     from improve.case where owner_id = any($1) group by owner_id`,
    [userIds],
  );
