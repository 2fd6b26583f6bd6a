import type { Platform, Tx } from '../../platform/index.ts';
import type { Statements } from '../statements/statements.ts';
import { noteHistory, OPEN_STATES, type TaskRow } from './task.sql.ts';
import { sayTask } from './task-statement.ts';

/** Kinds in the due-time table; the key is the task. */
export const TASK_DUE = 'engage.task';
export const TASK_OVERDUE = 'engage.task-overdue';

/** Ends the open ones among the tasks of a plan, of some records or named by id. Returns how many. */
export async function closeTasks(
  tx: Tx,
  { platform, statements }: { platform: Platform; statements: Statements },
  of: { column: 'plan_id' | 'record_key' | 'task_id'; value: readonly string[]; mode: 'phone' | 'inbox' | null },
  state: 'cancelled' | 'refused',
  why: string,
): Promise<number> {
  const now = platform.clock.now();
  const closed = await tx.query<TaskRow>(
    `update engage.task set state = $2 where ${of.column} = any($1) and state = any($3) and ($4::text is null or mode = $4) returning *`,
    [of.value, state, OPEN_STATES, of.mode],
  );
  for (const task of closed) {
    await platform.due.cancel(tx, TASK_DUE, task.task_id);
    await platform.due.cancel(tx, TASK_OVERDUE, task.task_id);
    await noteHistory(tx, { taskId: task.task_id, at: now, by: null, what: state, detail: { why } });
    await sayTask(tx, statements, task, state, { at: now });
  }
  return closed.length;
}
