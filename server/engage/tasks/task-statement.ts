import type { LoopStatements } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { Statements } from '../statements/statements.ts';
import type { TaskRow, TaskState } from './task.sql.ts';

/** Tells the loop how a task stands, so that coverage and timeliness are counted from facts. `note`: the nurse's words, for the vault. */
export async function sayTask(
  tx: Tx,
  statements: Statements,
  task: TaskRow,
  state: TaskState,
  { at, finding = 'none', note = null }: { at: Date; finding?: 'normal' | 'abnormal' | 'none'; note?: string | null },
): Promise<void> {
  invariant(state !== 'scheduled', 'a task is spoken of once it is due');
  const body: LoopStatements['followup.status'] = {
    taskId: task.task_id,
    recordKey: task.record_key,
    encounterKey: task.encounter_key,
    planTemplate: task.template,
    step: task.step,
    departmentCode: task.department_code,
    dueAt: task.due_at.toISOString(),
    doneAt: state === 'done' ? at.toISOString() : null,
    status: state,
    mode: task.mode,
    finding,
    text: note,
    occurredAt: at.toISOString(),
  };
  await statements.say(tx, { orgId: task.org_id, campusId: task.campus_id }, 'followup.status', body);
}
