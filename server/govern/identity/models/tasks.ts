/**
 * Tasks of model care, one at a time: waiting → running → done | failed. The row tells how far it is; a task whose server died is run again by its
 * job, and one nobody has touched for minutes (a command that was killed) counts as failed, so that it never stands in the way.
 */
import type { ModelPreview, ModelTask } from '@xinglin/contracts/api.ts';
import { Refusal, uuidv7, wallNow } from '../../../kernel/index.ts';
import { type Db, isUniqueViolation, type Queryable } from '../../../platform/index.ts';
import { refuse } from './errors.ts';
import type { Tell } from './sample.ts';
import type { Phase, TellPhase, Trained } from './train-model.ts';

const STALE_AFTER_MS = 300_000;
const TOLD_EVERY_MS = 500;

export type TaskKind = ModelTask['kind'];
export interface TaskRow {
  readonly task_id: string;
  readonly kind: TaskKind;
  readonly edition: string | null;
  readonly against: string | null;
  readonly records_max: number;
  readonly asked_by: string;
  readonly asked_at: Date;
  readonly state: ModelTask['state'];
  readonly phase: string;
  readonly done: number;
  readonly total: number;
  readonly ended_at: Date | null;
  readonly result: TaskResult | null;
  readonly failure: string | null;
}
export interface TaskResult {
  readonly preview?: ModelPreview;
  readonly trained?: Omit<Trained, 'model'>;
}
const COLUMNS = 'task_id, kind, edition, against, records_max, asked_by, asked_at, state, phase, done, total, ended_at, result, failure';

export const listTasks = (q: Queryable, limit: number): Promise<TaskRow[]> =>
  q.query(`select ${COLUMNS} from govern.link_model_task order by asked_at desc, task_id desc limit $1`, [limit]);

export async function findTask(q: Queryable, taskId: string): Promise<TaskRow> {
  const row = await q.maybe<TaskRow>(`select ${COLUMNS} from govern.link_model_task where task_id = $1`, [taskId]);
  if (row === undefined) throw refuse('unknown-task');
  return row;
}

export interface NewTask {
  readonly orgId: string;
  readonly kind: TaskKind;
  readonly edition: string | null;
  readonly against: string | null;
  readonly recordsMax: number;
  readonly by: string;
  readonly at: Date;
}
/** Asking twice for the same is asking once; anything else is refused while one is under way. */
export async function addTask(db: Db, task: NewTask): Promise<TaskRow> {
  await endStale(db);
  const taskId = uuidv7(task.at.getTime());
  try {
    await db.query(
      `insert into govern.link_model_task (task_id, org_id, kind, edition, against, records_max, asked_by, asked_at, state, phase, done, total, alive_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 'drawing', 0, 1, $9)`,
      [taskId, task.orgId, task.kind, task.edition, task.against, task.recordsMax, task.by, task.at, wallNow()],
    );
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const open = await db.maybe<TaskRow>(`select ${COLUMNS} from govern.link_model_task where state in ('waiting', 'running')`);
    if (open === undefined || open.kind !== task.kind || open.asked_by !== task.by || (task.edition !== null && open.edition !== task.edition)) {
      throw refuse('busy', {}, error);
    }
    return open;
  }
  return findTask(db, taskId);
}

const endStale = (db: Db): Promise<unknown> =>
  db.query(
    `update govern.link_model_task set state = 'failed', failure = $2, ended_at = alive_at
     where state in ('waiting', 'running') and alive_at < $1`,
    [new Date(wallNow().getTime() - STALE_AFTER_MS), wordsOf(refuse('interrupted'))],
  );

const wordsOf = (refusal: Refusal): string => JSON.stringify({ zh: refusal.zh, en: refusal.message });

/** Runs the work and keeps the row's word on it. A refusal or failure ends the task; it is not thrown. */
export async function runTask(
  db: Db,
  taskId: string,
  work: (task: TaskRow, tell: TellPhase) => Promise<{ edition?: string; result: TaskResult }>,
  hear: (told: { phase: Phase; done: number; total: number }) => void = () => {},
): Promise<TaskRow> {
  const task = await findTask(db, taskId);
  if (task.state === 'done' || task.state === 'failed') return task;
  await db.query(`update govern.link_model_task set state = 'running', alive_at = $2 where task_id = $1`, [taskId, wallNow()]);
  try {
    const { edition, result } = await work(task, teller(db, taskId, hear));
    await db.query(
      `update govern.link_model_task set state = 'done', done = total, edition = coalesce($2, edition), result = $3, ended_at = $4, alive_at = $4
       where task_id = $1`,
      [taskId, edition ?? null, JSON.stringify(result), wallNow()],
    );
  } catch (error) {
    const refusal = error instanceof Refusal ? error : refuse('failed', { code: (error as { code?: string }).code ?? 'unknown' }, error);
    await db.query(`update govern.link_model_task set state = 'failed', failure = $2, ended_at = $3 where task_id = $1`, [taskId, wordsOf(refusal), wallNow()]);
    if (!(error instanceof Refusal)) throw error;
  }
  return findTask(db, taskId);
}

function teller(db: Db, taskId: string, hear: (told: { phase: Phase; done: number; total: number }) => void): TellPhase {
  let [last, phaseTold] = [0, ''];
  return (phase: Phase): Tell =>
    async (done, total) => {
      if (phase === phaseTold && performance.now() - last < TOLD_EVERY_MS) return;
      [last, phaseTold] = [performance.now(), phase];
      hear({ phase, done, total });
      await db.query('update govern.link_model_task set phase = $2, done = $3, total = $4, alive_at = $5 where task_id = $1', [
        ...[taskId, phase, done, Math.max(1, total), wallNow()],
      ]);
    };
}

export const taskOf = (row: TaskRow, nameOf: (by: string) => string): ModelTask => ({
  taskId: row.task_id,
  ...{ kind: row.kind, edition: row.edition, against: row.against, state: row.state, phase: row.phase, done: row.done, total: row.total },
  askedBy: nameOf(row.asked_by),
  askedAt: row.asked_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  failure: row.failure === null ? null : (JSON.parse(row.failure) as { zh: string; en: string }),
  preview: row.result?.preview ?? null,
  trained: row.result?.trained ?? null,
});
