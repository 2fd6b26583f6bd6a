import type { PatientSurvey, SurveySubmission } from '@xinglin/contracts/api.ts';
import { refuse } from '../errors.ts';
import { checkSubmission } from './check-submission.ts';
import { surveyOf } from './definitions/index.ts';
import { findInvitation, type Invitation, lockInvitation } from './invitation.sql.ts';
import { lowScores } from './low-score.ts';
import type { SurveyDeps } from './surveys.ts';

/** The link in a message, opened in the patient's app or browser. */
const MODE = 'app';

const THANKS = { zh: '谢谢您！您的评价已经收到。', en: 'Thank you! We have your answers.' };
const THANKS_CALL = {
  zh: '谢谢您告诉我们。很抱歉没有让您满意，我们的同事会在 24 小时内联系您。',
  en: 'Thank you for telling us. We are sorry it was not right; a colleague will be in touch within 24 hours.',
};
const THANKS_AGAIN = { zh: '您已经评价过了，谢谢！', en: 'You have already answered. Thank you!' };

/** What a patient sees behind a survey link: no name, nothing but the visit and the questions. */
export function createSurveyPages({ platform, govern, loop }: SurveyDeps) {
  const { db, keys, clock, hospital } = platform;

  /** The invitation a link is for. A link forged, expired, or taken back is answered alike. */
  const readLink = (token: string): string => {
    const read = keys.readToken('survey', token, clock.now());
    if (read === null) throw refuse('bad-link');
    return read.subject;
  };
  const isOpen = (invitation: Invitation | undefined): invitation is Invitation => invitation?.state === 'sent' || invitation?.state === 'answered';

  const page = async (token: string): Promise<PatientSurvey> => {
    const invitation = await findInvitation(db, readLink(token));
    if (!isOpen(invitation)) throw refuse('bad-link');
    const survey = surveyOf(invitation.survey);
    const department = (await govern.dimensions.entries('department')).get(invitation.department_code ?? '');
    return {
      hospital: { zh: hospital.nameZh, en: hospital.nameEn },
      survey: invitation.survey,
      title: survey.title,
      department: department === undefined ? null : { zh: department.nameZh, en: department.nameEn ?? department.nameZh },
      visitedAt: invitation.visited_at.toISOString(),
      isAnswered: invitation.state === 'answered',
      isRerating: invitation.case_id !== null,
      questions: survey.questions.map((question) => ({ ...question })),
    };
  };

  /** The row is held while the answer is made durable, so that two taps give one answer. */
  const submit = async (token: string, submission: SurveySubmission): Promise<{ thanks: { zh: string; en: string } }> => {
    const invitationId = readLink(token);
    return db.tx(async (tx) => {
      const invitation = await lockInvitation(tx, invitationId);
      if (!isOpen(invitation)) throw refuse('bad-link');
      if (invitation.state === 'answered') return { thanks: THANKS_AGAIN };
      const checked = checkSubmission(surveyOf(invitation.survey), submission);
      const now = clock.now();
      await loop.deliver({ orgId: invitation.org_id, campusId: invitation.campus_id }, 'survey.answer', {
        invitationId,
        survey: invitation.survey,
        mode: MODE,
        recordKey: invitation.record_key,
        encounterKey: invitation.encounter_key,
        departmentCode: invitation.department_code,
        staffCode: invitation.staff_code,
        answers: checked.answers,
        text: checked.text,
        occurredAt: now.toISOString(),
      });
      await tx.query(`update improve.invitation set state = 'answered', answered_at = $2, scores = $3 where invitation_id = $1`, [
        invitationId,
        now,
        JSON.stringify(checked.scores),
      ]);
      return { thanks: lowScores(checked.scores, checked.overall).length > 0 ? THANKS_CALL : THANKS };
    });
  };

  return { page, submit };
}
