import type { StaffViewer } from '@xinglin/contracts';
import type { FollowUpOutcome } from '@xinglin/contracts/api.ts';
import { localDay } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { type Judgement, judge, readAnswer } from '../plans/abnormal.ts';
import { type Question, stepOf } from '../plans/templates/index.ts';
import { isFirstTime } from '../requests.ts';
import type { Statements } from '../statements/statements.ts';
import { DAY_MS, HOUR_MS } from '../time.ts';
import { TASK_DUE, TASK_OVERDUE } from './close-tasks.ts';
import { lockTask, noteHistory, OPEN_STATES, type TaskRow } from './task.sql.ts';
import { sayTask } from './task-statement.ts';

/** Calls count as different times when they are this far apart (DOMAIN C4: three attempts at different times). */
export const ATTEMPT_GAP_HOURS = 2;
export const ATTEMPTS_UNTIL_UNREACHABLE = 3;
/** On time begins a day before the due day (DOMAIN C7). */
const EARLY_MS = DAY_MS;

interface Deps {
  readonly platform: Platform;
  readonly statements: Statements;
}

/** Whether a call without an answer counts, given the last one that counted. */
export const isOtherTime = (last: Date | null, now: Date): boolean => last === null || now.getTime() - last.getTime() >= ATTEMPT_GAP_HOURS * HOUR_MS;

/** Records what came of a call. The same request key with the same content changes nothing the second time. */
export async function recordOutcome(
  deps: Deps,
  viewer: StaffViewer,
  { taskId, outcome, requestKey, ip }: { taskId: string; outcome: FollowUpOutcome; requestKey: string | null; ip: string },
): Promise<void> {
  const { platform } = deps;
  await platform.db.tx(async (tx) => {
    if (!(await isFirstTime(tx, platform, { userId: viewer.userId, key: requestKey, action: `follow-up ${taskId}`, body: outcome }))) return;
    const task = await taskInScope(tx, platform, viewer, taskId);
    const now = platform.clock.now();
    if (!OPEN_STATES.includes(task.state)) throw refuse('task-closed', { state: task.state });
    if (task.due_at.getTime() - now.getTime() > EARLY_MS) {
      throw refuse('task-too-early', { from: localDay(new Date(task.due_at.getTime() - EARLY_MS), platform.config.timeZone) });
    }
    switch (outcome.outcome) {
      case 'no-answer':
        await recordNoAnswer(tx, deps, viewer, task, now);
        break;
      case 'refused':
        await close(tx, deps, viewer, task, { state: 'refused', now, outcome });
        break;
      case 'done':
        await recordDone(tx, deps, viewer, task, now, outcome);
        break;
    }
    await platform.audit.record({ viewer, action: `followup.${outcome.outcome}`, relation: 'engage.task', subject: taskId, outcome: 'allowed', ip, q: tx });
  });
}

async function taskInScope(tx: Tx, platform: Platform, viewer: StaffViewer, taskId: string): Promise<TaskRow> {
  const { where } = platform.access.scope(viewer, 'engage.task', 't');
  const visible = await tx.maybe(`select 1 from engage.task t where t.task_id = $1 and ${where}`, [taskId]);
  const task = visible === undefined ? undefined : await lockTask(tx, taskId);
  if (task === undefined) throw refuse('not-found');
  return task;
}

async function recordNoAnswer(tx: Tx, deps: Deps, viewer: StaffViewer, task: TaskRow, now: Date): Promise<void> {
  const isCounted = isOtherTime(task.last_attempt_at, now);
  await noteHistory(tx, { taskId: task.task_id, at: now, by: viewer.userId, what: isCounted ? 'no-answer' : 'no-answer-too-soon' });
  if (!isCounted) return;
  const attempts = task.attempts + 1;
  await tx.query('update engage.task set attempts = $2, last_attempt_at = $3 where task_id = $1', [task.task_id, attempts, now]);
  if (attempts >= ATTEMPTS_UNTIL_UNREACHABLE) await close(tx, deps, viewer, task, { state: 'unreachable', now, outcome: null });
}

async function recordDone(tx: Tx, deps: Deps, viewer: StaffViewer, task: TaskRow, now: Date, outcome: FollowUpOutcome): Promise<void> {
  const { questions } = stepOf(task.template, task.step);
  const verdict = judge(questions, readAnswers(questions, outcome.answers), outcome.finding);
  if (verdict.finding === 'normal' && verdict.missing.length > 0) {
    throw refuse('answers-missing', { count: verdict.missing.length, questions: verdict.missing.join(', ') });
  }
  await close(tx, deps, viewer, task, { state: 'done', now, outcome, verdict });
  if (verdict.finding === 'abnormal') await raiseAlarm(tx, deps.platform, task, verdict, now);
}

function readAnswers(questions: readonly Question[], given: FollowUpOutcome['answers']): Map<string, string | number> {
  const read = new Map<string, string | number>();
  for (const { question: id, value } of given) {
    const question = questions.find((each) => each.id === id);
    if (question === undefined) throw refuse('unknown-question', { question: id.replace(/[^\w-]/g, '').slice(0, 40) });
    if (value.trim() === '') continue;
    const answer = readAnswer(question, value);
    if (!answer.ok)
      throw refuse(answer.why, { question: id, min: question.range?.min ?? '', max: question.range?.max ?? '', unit: question.range?.unit ?? '' });
    read.set(id, answer.value);
  }
  return read;
}

interface Closing {
  readonly state: 'done' | 'refused' | 'unreachable';
  readonly now: Date;
  readonly outcome: FollowUpOutcome | null;
  readonly verdict?: Judgement;
}

async function close(tx: Tx, { platform, statements }: Deps, viewer: StaffViewer, task: TaskRow, { state, now, outcome, verdict }: Closing): Promise<void> {
  const finding = verdict?.finding ?? 'none';
  const said =
    outcome === null || (outcome.answers.length === 0 && outcome.note === null) ? null : JSON.stringify({ answers: outcome.answers, note: outcome.note });
  const key = said === null ? undefined : (await platform.keys.subjectKeys(tx, [task.record_key], true)).get(task.record_key);
  await tx.query('update engage.task set state = $2, finding = $3, done_at = $4, outcome_sealed = $5 where task_id = $1', [
    task.task_id,
    state,
    finding,
    state === 'done' ? now : null,
    key === undefined || said === null ? null : platform.keys.seal(key, Buffer.from(said)),
  ]);
  await platform.due.cancel(tx, TASK_DUE, task.task_id);
  await platform.due.cancel(tx, TASK_OVERDUE, task.task_id);
  await noteHistory(tx, { taskId: task.task_id, at: now, by: viewer.userId, what: state, detail: { finding, questions: verdict?.questions ?? [] } });
  await sayTask(tx, statements, task, state, { at: now, finding, note: outcome?.note ?? null });
}

/** Somebody must act: `improve` hears it and opens an alert case. Once per task, whatever happens. */
const raiseAlarm = (tx: Tx, platform: Platform, task: TaskRow, verdict: Judgement, now: Date): Promise<void> =>
  platform.signals.emit(tx, 'followup.abnormal', task.task_id, {
    orgId: task.org_id,
    campusId: task.campus_id,
    taskId: task.task_id,
    recordKey: task.record_key,
    encounterKey: task.encounter_key,
    departmentCode: task.department_code,
    planTemplate: task.template,
    step: task.step,
    questions: [...verdict.questions],
    urgency: verdict.urgency,
    ownerId: task.owner_id,
    occurredAt: now.toISOString(),
  });
