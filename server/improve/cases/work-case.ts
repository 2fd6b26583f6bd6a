import type { StaffViewer } from '@xinglin/contracts';
import type { CaseStep } from '@xinglin/contracts/api.ts';
import { isFirstTime, isOtherTime } from '../../engage/index.ts';
import type { Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { Surveys } from '../surveys/surveys.ts';
import { type CaseRecord, lockCase } from './case.sql.ts';
import { type CaseState, moveOf } from './case-machine.ts';
import { cancelEscalations, notify, scheduleEscalations } from './escalate.ts';
import { escalationTimes, REOPENED_LIMIT_HOURS } from './limits.ts';
import { type Step, type StepDeps, takeStep } from './take-step.ts';

/** A sentence, not a full stop. */
const TO_PATIENT_MIN = 5;

interface Deps extends StepDeps {
  readonly surveys: Surveys;
}
interface Asked {
  readonly caseId: string;
  readonly step: CaseStep;
  readonly requestKey: string | null;
  readonly ip: string;
}

/** One step by a member of staff. What the machine does not allow is refused with its reason. */
export async function workCase(deps: Deps, viewer: StaffViewer, { caseId, step, requestKey, ip }: Asked): Promise<void> {
  const { platform } = deps;
  await platform.db.tx(async (tx) => {
    if (!(await isFirstTime(tx, platform, { userId: viewer.userId, key: requestKey, action: `case ${caseId}`, body: step }))) return;
    const before = await caseInScope(tx, deps, viewer, caseId);
    const move = moveOf(step.action, { state: before.state, attempts: before.attempts, hasPatient: before.record_key !== null });
    if (!move.isAllowed) throw refuse('step-not-possible', { why: move.why.zh, whyEn: move.why.en });
    const now = platform.clock.now();
    await act(tx, deps, before, { action: step.action, to: move.to, at: now, by: viewer.userId, note: wordsIn(step.note) }, step);
    await platform.audit.record({ viewer, action: `case.${step.action}`, relation: 'improve.case', subject: caseId, outcome: 'allowed', ip, q: tx });
  });
}

const wordsIn = (text: string | null | undefined): string | null => (text === null || text === undefined || text.trim() === '' ? null : text.trim());

async function caseInScope(tx: Tx, { platform }: Deps, viewer: StaffViewer, caseId: string): Promise<CaseRecord> {
  const { where } = platform.access.scope(viewer, 'improve.case', 'c');
  const visible = await tx.maybe(`select 1 from improve.case c where c.case_id = $1 and ${where}`, [caseId]);
  const found = visible === undefined ? undefined : await lockCase(tx, caseId);
  if (found === undefined) throw refuse('not-found');
  return found;
}

type PlainStep = Step & { readonly action: CaseStep['action']; readonly note: string | null };

async function act(tx: Tx, deps: Deps, before: CaseRecord, plain: PlainStep, asked: CaseStep): Promise<void> {
  switch (plain.action) {
    case 'assign':
      return assign(tx, deps, before, plain, asked.ownerId);
    case 'contact':
      await takeStep(tx, deps, before, { ...plain, set: { first_contact_at: before.first_contact_at ?? plain.at } });
      return;
    case 'no-answer':
      return noAnswer(tx, deps, before, plain);
    case 'work':
      await takeStep(tx, deps, before, plain);
      return;
    case 'resolve':
      if (plain.note === null) throw refuse('note-missing', { action: 'resolve' });
      await takeStep(tx, deps, before, plain);
      return;
    case 'close':
      return close(tx, deps, before, plain, wordsIn(asked.toPatient));
    case 'reopen':
      if (plain.note === null) throw refuse('note-missing', { action: 'reopen' });
      await reopen(tx, deps, before, plain);
  }
}

async function assign(tx: Tx, deps: Deps, before: CaseRecord, plain: PlainStep, ownerId: string | undefined): Promise<void> {
  const staff = await deps.platform.access.staff({
    permission: 'case.write',
    ...(before.department_code === null ? {} : { department: before.department_code }),
  });
  const owner = staff.find(({ userId }) => userId === ownerId);
  if (owner === undefined) throw refuse('owner-unknown');
  const after = await takeStep(tx, deps, before, { ...plain, detail: { ownerId: owner.userId }, set: { owner_id: owner.userId } });
  await notify(tx, after, [owner.userId], 'assigned', plain.at);
}

/** Calls close together are one attempt: noted, not counted. */
async function noAnswer(tx: Tx, deps: Deps, before: CaseRecord, plain: PlainStep): Promise<void> {
  const isCounted = isOtherTime(before.last_attempt_at, plain.at);
  await takeStep(tx, deps, before, {
    ...plain,
    detail: { isCounted },
    ...(isCounted ? { set: { attempts: before.attempts + 1, last_attempt_at: plain.at } } : {}),
  });
}

/** The patient hears the outcome (purpose `care`: it answers what they themselves told us) and is asked to rate again. */
async function close(tx: Tx, deps: Deps, before: CaseRecord, plain: PlainStep, toPatient: string | null): Promise<void> {
  if (before.record_key !== null && (toPatient?.length ?? 0) < TO_PATIENT_MIN) throw refuse('to-patient-missing');
  const after = await takeStep(tx, deps, before, { ...plain, toPatient, set: { closed_at: plain.at, closings: before.closings + 1 } });
  await cancelEscalations(tx, deps.platform, after.case_id);
  if (after.record_key === null || toPatient === null) return;
  await deps.engage.messages.send(tx, {
    sendKey: `case:${after.case_id}:${after.closings}`,
    place: { orgId: after.org_id, campusId: after.campus_id },
    recordKey: after.record_key,
    purpose: 'care',
    template: 'case-closed@1',
    params: { ...(after.department_code === null ? {} : { department: after.department_code }) },
    words: toPatient,
    notBefore: null,
  });
  await deps.surveys.inviteRerating(tx, after, plain.at);
}

/** Working again, with a new limit from now. */
export async function reopen(tx: Tx, deps: StepDeps, before: CaseRecord, step: Step & { readonly to: CaseState }): Promise<CaseRecord> {
  const { dueAt } = escalationTimes(step.at, REOPENED_LIMIT_HOURS);
  const after = await takeStep(tx, deps, before, { ...step, set: { ...step.set, due_at: dueAt, escalation: 0, closed_at: null } });
  await cancelEscalations(tx, deps.platform, after.case_id);
  await scheduleEscalations(tx, deps.platform, after.case_id, step.at, REOPENED_LIMIT_HOURS);
  if (after.owner_id !== null) await notify(tx, after, [after.owner_id], 'reopened', step.at);
  return after;
}
