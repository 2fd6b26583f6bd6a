import type { SurveyAnsweredSignal } from '@xinglin/contracts';
import { DAY_MS } from '../../engage/index.ts';
import type { Tx } from '../../platform/index.ts';
import { lowScores } from '../surveys/low-score.ts';
import type { Surveys } from '../surveys/surveys.ts';
import { type CaseRecord, lockCase } from './case.sql.ts';
import { isReopenedBy, moveOf } from './case-machine.ts';
import { notify } from './escalate.ts';
import { ALERT_LIMIT_HOURS, COMPLAINT_LIMIT_HOURS, SURVEY_LIMIT_HOURS } from './limits.ts';
import { openCase } from './open-case.ts';
import { type StepDeps, takeStep } from './take-step.ts';
import { reopen } from './work-case.ts';

/** What was said longer ago came in as history (an import of last year's answers) and opens nothing. */
const HISTORY_DAYS = 7;

interface Deps extends StepDeps {
  readonly surveys: Surveys;
}

/** Low scores, complaints and abnormal follow-ups open cases at once; re-ratings are written to theirs. */
export function hearPatients(deps: Deps): void {
  const { signals, config, clock } = deps.platform;
  const isHistory = (occurredAt: string): boolean => clock.now().getTime() - Date.parse(occurredAt) > HISTORY_DAYS * DAY_MS;

  signals.on('survey.answered', 'improve.case', async (tx, answer) => {
    const invitation = await deps.surveys.wasAnswered(tx, answer);
    if (invitation !== null && invitation.case_id !== null) return rerate(tx, deps, invitation.case_id, answer);
    const reasons = lowScores(answer.scores, answer.overall);
    if (reasons.length === 0 || isHistory(answer.occurredAt)) return;
    await openCase(tx, deps, {
      place: { orgId: answer.orgId, campusId: answer.campusId },
      recordKey: answer.recordKey ?? invitation?.record_key ?? null,
      encounterKey: answer.encounterKey ?? invitation?.encounter_key ?? null,
      origin: 'survey',
      originKey: answer.invitationKey,
      reasons,
      departmentCode: answer.departmentCode ?? invitation?.department_code ?? null,
      score: answer.overall,
      textId: answer.textId,
      from: new Date(answer.occurredAt),
      limitHours: SURVEY_LIMIT_HOURS,
      preferredOwner: null,
    });
  });

  signals.on('complaint.received', 'improve.case', async (tx, complaint) => {
    if (isHistory(complaint.occurredAt)) return;
    await openCase(tx, deps, {
      place: { orgId: config.orgId, campusId: config.campusId },
      recordKey: complaint.recordKey,
      encounterKey: null,
      origin: 'complaint',
      originKey: complaint.factKey,
      reasons: [complaint.severity],
      departmentCode: complaint.departmentCode,
      score: null,
      textId: complaint.textId,
      from: new Date(complaint.occurredAt),
      limitHours: COMPLAINT_LIMIT_HOURS[complaint.severity] ?? (COMPLAINT_LIMIT_HOURS['unknown'] as number),
      preferredOwner: null,
    });
  });

  signals.on('followup.abnormal', 'improve.case', async (tx, finding) => {
    await openCase(tx, deps, {
      place: { orgId: finding.orgId, campusId: finding.campusId },
      recordKey: finding.recordKey,
      encounterKey: finding.encounterKey,
      origin: 'alert',
      originKey: finding.taskId,
      reasons: [finding.urgency, finding.planTemplate, finding.step, ...finding.questions],
      departmentCode: finding.departmentCode,
      score: null,
      textId: null,
      from: new Date(finding.occurredAt),
      limitHours: ALERT_LIMIT_HOURS[finding.urgency],
      preferredOwner: finding.ownerId,
    });
  });
}

/** The patient rates again. Below 4 a closed case is worked on again, until it has been so twice; then the heads hear of it instead. */
async function rerate(tx: Tx, deps: Deps, caseId: string, answer: SurveyAnsweredSignal): Promise<void> {
  const before = await lockCase(tx, caseId);
  if (before === undefined || answer.overall === null) return;
  const at = new Date(answer.occurredAt);
  const after = await takeStep(tx, deps, before, {
    action: 'rerate',
    to: before.state,
    at,
    by: null,
    detail: { score: answer.overall },
    set: { rerating: answer.overall, rerated_at: at },
  });
  if (answer.overall < 4 && after.state === 'closed') await reopenOrTell(tx, deps, after, answer.overall);
}

async function reopenOrTell(tx: Tx, deps: Deps, closed: CaseRecord, score: number): Promise<void> {
  const now = deps.platform.clock.now();
  const move = moveOf('reopen', { state: closed.state, attempts: closed.attempts, hasPatient: true });
  if (isReopenedBy(score, closed.closings) && move.isAllowed) {
    await reopen(tx, deps, closed, { action: 'reopen', to: move.to, at: now, by: null, detail: { score } });
    return;
  }
  const staff = await deps.platform.access.staff({
    permission: 'case.write',
    ...(closed.department_code === null ? {} : { department: closed.department_code }),
  });
  const heads = staff.filter(({ role }) => role === 'department-head').map(({ userId }) => userId);
  await notify(tx, closed, [...new Set([...heads, ...(closed.owner_id === null ? [] : [closed.owner_id])])], 'still-unhappy', now);
}
