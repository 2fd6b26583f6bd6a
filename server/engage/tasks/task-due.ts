import type { Govern } from '../../govern/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import type { MessageStatus, Messages } from '../messages/messages.ts';
import type { Statements } from '../statements/statements.ts';
import { CONSENT_RECHECK_MS } from '../time.ts';
import { closeTasks, TASK_DUE, TASK_OVERDUE } from './close-tasks.ts';
import { lockTask, noteHistory, OPEN_STATES, type TaskRow } from './task.sql.ts';
import { sayTask } from './task-statement.ts';

interface Deps {
  readonly platform: Platform;
  readonly govern: Govern;
  readonly messages: Messages;
  readonly statements: Statements;
}

const SEND_PREFIX = 'followup';
const sendKeyOf = (taskId: string): string => `${SEND_PREFIX}:${taskId}`;
const taskOfSendKey = (sendKey: string): string | null => (sendKey.startsWith(`${SEND_PREFIX}:`) ? sendKey.slice(SEND_PREFIX.length + 1) : null);

/** What moves tasks without a nurse: their day, the end of their window, a message read, a consent withdrawn. */
export function moveTasksWithTime(deps: Deps): void {
  const { due, signals } = deps.platform;
  due.on(TASK_DUE, (tx, { key }) => taskComesDue(tx, deps, key));
  due.on(TASK_OVERDUE, (tx, { key }) => taskIsOverdue(tx, deps, key));
  deps.messages.onStatus(SEND_PREFIX, (tx, status) => stepWasSent(tx, deps, status));
  signals.on('message.receipt', 'engage.task', async (tx, { sendKey, status, occurredAt }) => {
    const taskId = taskOfSendKey(sendKey);
    if (taskId !== null && status === 'read') await stepWasRead(tx, deps, taskId, new Date(occurredAt));
  });
  signals.on('consent.changed', 'engage.task', async (tx, { recordKey, purpose, channel, granted }) => {
    if (granted || purpose !== 'followup') return;
    const records = await recordsOfSamePerson(deps.govern, recordKey);
    await deps.messages.cancelWaiting(tx, records, 'followup', channel, 'withdrawn');
    if (channel === null || channel === 'phone' || channel === 'inbox') {
      await closeTasks(tx, deps, { column: 'record_key', value: records, mode: channel }, 'refused', 'withdrawn');
    }
  });
}

export async function recordsOfSamePerson({ people }: Govern, recordKey: string): Promise<string[]> {
  const personId = (await people.personOf([recordKey])).get(recordKey);
  return personId === undefined ? [recordKey] : [...new Set([recordKey, ...(await people.recordsOf(personId))])];
}

/** Not yet asked, or the guardian not yet: unlike a refusal, a death or a restriction, that may change within the step's window. */
export const mayStillBeGiven = (reason: string): boolean => reason === 'no-consent' || reason === 'minor-without-guardian';

async function taskComesDue(tx: Tx, deps: Deps, taskId: string): Promise<void> {
  const { platform, govern, statements, messages } = deps;
  const task = await lockTask(tx, taskId);
  if (task === undefined || task.state !== 'scheduled') return;
  const now = platform.clock.now();
  const decision = await govern.consents.decide(task.record_key, 'followup', task.mode);
  if (!decision.allowed) {
    const again = new Date(now.getTime() + CONSENT_RECHECK_MS);
    if (mayStillBeGiven(decision.reason) && again < task.window_ends_at)
      return platform.due.schedule(tx, { kind: TASK_DUE, key: taskId, dueAt: again, payload: {} });
    await closeTasks(tx, deps, { column: 'task_id', value: [taskId], mode: null }, decision.reason === 'withdrawn' ? 'refused' : 'cancelled', decision.reason);
    return;
  }
  await tx.query(`update engage.task set state = 'due' where task_id = $1`, [taskId]);
  await platform.due.schedule(tx, { kind: TASK_OVERDUE, key: taskId, dueAt: task.window_ends_at, payload: {} });
  await noteHistory(tx, { taskId, at: now, by: null, what: 'due' });
  await sayTask(tx, statements, task, 'due', { at: now });
  if (task.mode === 'inbox') await messages.send(tx, stepMessage(task));
}

const stepMessage = (task: TaskRow) => ({
  sendKey: sendKeyOf(task.task_id),
  place: { orgId: task.org_id, campusId: task.campus_id },
  recordKey: task.record_key,
  purpose: 'followup' as const,
  template: 'followup-step@1',
  params: { plan: task.template, step: task.step, ...(task.department_code === null ? {} : { department: task.department_code }) },
  words: null,
  notBefore: null,
});

async function taskIsOverdue(tx: Tx, { platform, statements }: Deps, taskId: string): Promise<void> {
  const task = await lockTask(tx, taskId);
  if (task === undefined || task.state !== 'due') return;
  const now = platform.clock.now();
  await tx.query(`update engage.task set state = 'overdue' where task_id = $1`, [taskId]);
  await noteHistory(tx, { taskId, at: now, by: null, what: 'overdue' });
  await sayTask(tx, statements, task, 'overdue', { at: now });
}

async function stepWasSent(tx: Tx, deps: Deps, { sendKey, status, reason, at }: MessageStatus): Promise<void> {
  const task = await lockTask(tx, taskOfSendKey(sendKey) ?? '');
  if (task === undefined || !OPEN_STATES.includes(task.state)) return;
  await noteHistory(tx, { taskId: task.task_id, at, by: null, what: status, detail: { why: reason } });
  // Skipped means the person may not be written to: the step is over. Failed stays due, so that a nurse takes it up once it is overdue.
  if (status === 'skipped')
    await closeTasks(tx, deps, { column: 'task_id', value: [task.task_id], mode: null }, reason === 'withdrawn' ? 'refused' : 'cancelled', reason ?? 'skipped');
}

async function stepWasRead(tx: Tx, { platform, statements }: Deps, taskId: string, at: Date): Promise<void> {
  const task = await lockTask(tx, taskId);
  if (task === undefined || !OPEN_STATES.includes(task.state)) return;
  await tx.query(`update engage.task set state = 'done', finding = 'none', done_at = $2 where task_id = $1`, [taskId, at]);
  await platform.due.cancel(tx, TASK_OVERDUE, taskId);
  await noteHistory(tx, { taskId, at, by: null, what: 'read' });
  await sayTask(tx, statements, task, 'done', { at });
}
