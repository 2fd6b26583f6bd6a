import type { EncounterSignal, LoopPort, SurveyAnsweredSignal } from '@xinglin/contracts';
import type { PatientSurvey, SurveySubmission } from '@xinglin/contracts/api.ts';
import { CONSENT_RECHECK_MS, DAY_MS, type Engage, HOUR_MS, mayStillBeGiven, outsideQuietHours, recordsOfSamePerson } from '../../engage/index.ts';
import type { Govern } from '../../govern/index.ts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import type { CaseRecord } from '../cases/case.sql.ts';
import { editionOf, rerating } from './definitions/index.ts';
import { cancelInvitations, type Invitation, insertInvitation, lockInvitation, setInvitationState, wasAskedSince } from './invitation.sql.ts';
import { ANSWER_WITHIN_DAYS, INVITE_WITHIN_DAYS, planInvitation, SURVEY_EVERY_DAYS } from './plan-invitation.ts';
import { createSurveyPages } from './survey-pages.ts';
import { IMPROVE_TEMPLATES } from './templates.ts';

/** Kind in the due-time table; the key is the invitation. */
const INVITE = 'improve.invite';
const SEND_PREFIX = 'survey';
/** The answer to the case should have been read before we ask about it. */
const RERATING_DELAY_HOURS = 2;

export interface SurveyDeps {
  readonly platform: Platform;
  readonly govern: Govern;
  readonly engage: Engage;
  readonly loop: LoopPort;
}

export interface Surveys {
  /** After a case was closed: one question, once per closing. */
  inviteRerating(tx: Tx, closed: CaseRecord, closedAt: Date): Promise<void>;
  /** An answer came round the loop. Null when the invitation was not ours (paper, another system). */
  wasAnswered(tx: Tx, answer: SurveyAnsweredSignal): Promise<Invitation | null>;
  page(token: string): Promise<PatientSurvey>;
  /** Durable before it resolves. Answered before: thanks again, nothing changes. */
  submit(token: string, submission: SurveySubmission): Promise<{ thanks: { zh: string; en: string } }>;
}

/** Visits that ended are asked about; the budget and the consent decide when the invitation's time has come. */
export function createSurveys(deps: SurveyDeps): Surveys {
  const { platform, govern, engage } = deps;
  const { signals, due, clock, config } = platform;
  engage.messages.addTemplates(IMPROVE_TEMPLATES);

  signals.on('encounter.finished', 'improve.survey', (tx, visit) => invite(tx, visit));
  signals.on('encounter.discharged', 'improve.survey', (tx, visit) => invite(tx, visit));
  signals.on('encounter.reopened', 'improve.survey', (tx, { encounterKey }) =>
    takeBack(tx, { column: 'encounter_key', value: [encounterKey] }, 'visit-taken-back'),
  );
  signals.on('consent.changed', 'improve.survey', async (tx, { recordKey, purpose, granted }) => {
    if (granted || purpose !== 'satisfaction') return;
    await takeBack(tx, { column: 'record_key', value: await recordsOfSamePerson(govern, recordKey) }, 'withdrawn');
  });
  due.on(INVITE, (tx, { key }) => sendInvitation(tx, key));
  engage.messages.onStatus(SEND_PREFIX, async (tx, { sendKey, status, reason }) => {
    if (status !== 'sent') await setInvitationState(tx, sendKey.slice(SEND_PREFIX.length + 1), 'skipped', reason);
  });

  const plan = async (tx: Tx, given: Omit<Invitation, 'invitation_id' | 'state' | 'sent_at' | 'answered_at' | 'scores'>): Promise<void> => {
    const now = clock.now();
    const invitation = { ...given, invitation_id: uuidv7(now.getTime()), planned_at: now };
    if (await insertInvitation(tx, invitation)) await due.schedule(tx, { kind: INVITE, key: invitation.invitation_id, dueAt: given.send_at, payload: {} });
  };

  async function invite(tx: Tx, visit: EncounterSignal): Promise<void> {
    const decision = planInvitation(visit, clock.now(), config.timeZone);
    if (!decision.invite) {
      if (decision.why === 'died') await takeBack(tx, { column: 'encounter_key', value: [visit.encounterKey] }, 'died');
      return;
    }
    await plan(tx, {
      org_id: visit.orgId,
      campus_id: visit.campusId,
      record_key: visit.recordKey,
      encounter_key: visit.encounterKey,
      survey: decision.survey,
      department_code: visit.departmentCode,
      staff_code: visit.staffCode,
      visited_at: new Date(visit.endedAt),
      case_id: null,
      round: 0,
      send_at: decision.sendAt,
      expires_at: decision.expiresAt,
    });
  }

  async function takeBack(tx: Tx, of: Parameters<typeof cancelInvitations>[1], reason: string): Promise<void> {
    const cancelled = await cancelInvitations(tx, of, reason);
    for (const { invitation_id } of cancelled) await due.cancel(tx, INVITE, invitation_id);
    await engage.messages.cancelWaiting(tx, [...new Set(cancelled.map(({ record_key }) => record_key))], 'satisfaction', null, reason);
  }

  async function sendInvitation(tx: Tx, invitationId: string): Promise<void> {
    const invitation = await lockInvitation(tx, invitationId);
    if (invitation === undefined || invitation.state !== 'planned') return;
    const why = invitation.case_id === null ? await overBudget(tx, invitation) : await caseMovedOn(tx, invitation);
    if (why !== null) return setInvitationState(tx, invitationId, why === 'asked-recently' ? 'skipped' : 'cancelled', why);
    const again = await lookAgainAt(invitation);
    if (again !== null) return due.schedule(tx, { kind: INVITE, key: invitationId, dueAt: again, payload: {} });
    await setInvitationState(tx, invitationId, 'sent', null, clock.now());
    await engage.messages.send(tx, {
      sendKey: `${SEND_PREFIX}:${invitationId}`,
      place: { orgId: invitation.org_id, campusId: invitation.campus_id },
      recordKey: invitation.record_key,
      purpose: 'satisfaction',
      template: invitation.case_id === null ? 'survey-invitation@1' : 'rerating-invitation@1',
      params: {
        invitation: invitationId,
        expires: Math.floor(invitation.expires_at.getTime() / 1000),
        ...(invitation.department_code === null ? {} : { department: invitation.department_code }),
      },
      words: null,
      notBefore: null,
    });
  }

  /** Never asked so far, and the visit is still fresh: later. Anything else is for the outbox to decide, which also says so. */
  async function lookAgainAt({ record_key, send_at }: Invitation): Promise<Date | null> {
    const decision = await govern.consents.decide(record_key, 'satisfaction', 'inbox');
    if (decision.allowed || !mayStillBeGiven(decision.reason)) return null;
    const again = outsideQuietHours(new Date(clock.now().getTime() + CONSENT_RECHECK_MS), config.timeZone);
    return again.getTime() - send_at.getTime() < INVITE_WITHIN_DAYS * DAY_MS ? again : null;
  }

  async function overBudget(tx: Tx, { record_key }: Invitation): Promise<'asked-recently' | null> {
    const since = new Date(clock.now().getTime() - SURVEY_EVERY_DAYS * DAY_MS);
    return (await wasAskedSince(tx, await recordsOfSamePerson(govern, record_key), since)) ? 'asked-recently' : null;
  }

  async function caseMovedOn(tx: Tx, { case_id, round }: Invitation): Promise<'case-reopened' | null> {
    const about = await tx.maybe<{ state: string; closings: number }>('select state, closings from improve.case where case_id = $1', [case_id]);
    return about?.state === 'closed' && about.closings === round ? null : 'case-reopened';
  }

  return {
    ...createSurveyPages(deps),
    async inviteRerating(tx, closed, closedAt) {
      if (closed.record_key === null || (closed.origin !== 'survey' && closed.origin !== 'complaint')) return;
      const sendAt = outsideQuietHours(new Date(closedAt.getTime() + RERATING_DELAY_HOURS * HOUR_MS), config.timeZone);
      await plan(tx, {
        org_id: closed.org_id,
        campus_id: closed.campus_id,
        record_key: closed.record_key,
        encounter_key: closed.encounter_key ?? closed.case_id,
        survey: editionOf(rerating),
        department_code: closed.department_code,
        staff_code: null,
        visited_at: closed.opened_at,
        case_id: closed.case_id,
        round: closed.closings,
        send_at: sendAt,
        expires_at: new Date(sendAt.getTime() + ANSWER_WITHIN_DAYS * DAY_MS),
      });
    },
    async wasAnswered(tx, answer) {
      const invitation = await lockInvitation(tx, answer.invitationKey);
      if (invitation === undefined) return null;
      await tx.query(
        `update improve.invitation set state = 'answered', answered_at = coalesce(answered_at, $2), scores = coalesce(scores, $3) where invitation_id = $1`,
        [invitation.invitation_id, answer.occurredAt, JSON.stringify(answer.scores)],
      );
      return invitation;
    },
  };
}
