import type { Queryable, Tx } from '../../platform/index.ts';

/**
 * A task's states: scheduled → due → done | unreachable | refused, due → overdue → the same; anything open → cancelled.
 * - due: its day has come and the patient's consent allows it (`tasks/task-due.ts`)
 * - overdue: its window ended without an outcome
 * - done, refused: the nurse's outcome, or the patient read it (inbox); refused also when consent was withdrawn
 * - unreachable: three calls at different times without an answer
 * - cancelled: the discharge was taken back, the person died, there is no consent
 */
export type TaskState = 'scheduled' | 'due' | 'overdue' | 'done' | 'unreachable' | 'refused' | 'cancelled';
export const OPEN_STATES: readonly TaskState[] = ['scheduled', 'due', 'overdue'];

export interface TaskRow {
  readonly task_id: string;
  readonly plan_id: string;
  readonly org_id: string;
  readonly campus_id: string;
  readonly record_key: string;
  readonly encounter_key: string;
  readonly department_code: string | null;
  readonly template: string;
  readonly step: string;
  readonly mode: 'phone' | 'inbox';
  readonly day_number: number;
  readonly due_at: Date;
  readonly window_ends_at: Date;
  readonly state: TaskState;
  readonly owner_id: string | null;
  readonly attempts: number;
  readonly last_attempt_at: Date | null;
  readonly finding: 'normal' | 'abnormal' | 'none' | null;
  readonly done_at: Date | null;
  readonly outcome_sealed: Buffer | null;
}

/** Locks the row: whoever changes a task holds it until the end of the transaction. */
export const lockTask = (tx: Tx, taskId: string): Promise<TaskRow | undefined> =>
  tx.maybe<TaskRow>('select * from engage.task where task_id = $1 for update', [taskId]);

export async function noteHistory(tx: Tx, entry: { taskId: string; at: Date; by: string | null; what: string; detail?: object }): Promise<void> {
  await tx.query(
    `insert into engage.task_history (task_id, at, sequence, by_user, what, detail)
     select $1, $2, coalesce(max(sequence), 0) + 1, $3, $4, $5 from engage.task_history where task_id = $1`,
    [entry.taskId, entry.at, entry.by, entry.what, JSON.stringify(entry.detail ?? {})],
  );
}

export const historyOf = (q: Queryable, taskId: string): Promise<{ at: Date; by_user: string | null; what: string; detail: Record<string, unknown> }[]> =>
  q.query('select at, by_user, what, detail from engage.task_history where task_id = $1 order by sequence', [taskId]);
