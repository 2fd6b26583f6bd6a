/**
 * What came back → canonical statements. Everything in them is a key already: the subject is a record key (system `record-key`), visits,
 * invitations and cases are named by keys; `govern` passes them through.
 */
import type { CanonicalValue, LoopStatement, LoopStatements, RawRecord, Reading, SourceCode, SourceId } from '@xinglin/contracts';
import { noted } from '../errors.ts';
import { Draft, token } from '../statement.ts';

export const recordKeySubject = (recordKey: string | null): SourceId | null =>
  recordKey === null ? null : { type: 'other', system: 'record-key', value: recordKey };
/** Codes here are the hospital's own: later rooms read them mapped. */
const ownCode = (code: string | null): SourceCode | null => (code === null ? null : { code, display: null, system: null });
const instant = (text: string | null): string | null => (text === null ? null : new Date(text).toISOString());

export function readLoop(record: RawRecord): Reading {
  const draft = new Draft();
  const statement = JSON.parse(Buffer.from(record.body).toString('utf8')) as LoopStatement;
  switch (statement.kind) {
    case 'survey.answer':
      readAnswer(statement.body, draft);
      break;
    case 'message.status':
      readMessage(statement.body, draft);
      break;
    case 'followup.status':
      readFollowUp(statement.body, draft);
      break;
    case 'case.step':
      readCaseStep(statement.body, draft);
      break;
    case 'consent.change': {
      const { recordKey, purpose, channel, granted, textEdition, occurredAt } = statement.body;
      const subject = recordKeySubject(recordKey);
      if (subject !== null) draft.act({ act: 'consent', subject, purpose, channel, granted, textEdition, occurredAt: new Date(occurredAt).toISOString() });
      break;
    }
    default:
      draft.quarantine(0, noted('loop-kind'));
  }
  return draft.reading;
}

interface Said {
  readonly recordKey: string | null;
  readonly encounterKey?: string | null;
  readonly occurredAt: string;
}
const common = (body: Said) => ({
  subject: recordKeySubject(body.recordKey),
  encounterLocalId: body.encounterKey ?? null,
  occurredAt: new Date(body.occurredAt).toISOString(),
  precision: 'millisecond' as const,
  versionAt: new Date(body.occurredAt).toISOString(),
});

/** One fact per question. The patient's words belong to the overall question, else to the first; words alone are a question of their own. */
function readAnswer(body: LoopStatements['survey.answer'], draft: Draft): void {
  const overall = body.answers.findIndex((each) => each.isOverall);
  const wordsAt = Math.max(overall, 0);
  const answers = body.answers.length > 0 || body.text === null ? body.answers : [{ question: 'comment', score: null, scoreMax: 0, isOverall: false }];
  for (const [at, answer] of answers.entries()) {
    draft.add({
      ...common(body),
      fact: 'survey_answer',
      localId: `${body.invitationId}|${answer.question}`,
      values: {
        survey: body.survey,
        invitation_key: body.invitationId,
        mode: body.mode,
        question: token(answer.question),
        score: answer.score,
        score_max: answer.scoreMax === 0 ? null : answer.scoreMax,
        is_overall: answer.isOverall,
        department_code: ownCode(body.departmentCode),
        staff_code: ownCode(body.staffCode),
      },
      text: at === wordsAt ? body.text : null,
    });
  }
}

function readMessage(body: LoopStatements['message.status'], draft: Draft): void {
  draft.add({
    ...common(body),
    fact: 'message',
    localId: body.sendKey,
    values: { channel: body.channel, purpose: body.purpose, template: body.template, status: body.status, reason: body.reason },
  });
}

function readFollowUp(body: LoopStatements['followup.status'], draft: Draft): void {
  draft.add({
    ...common(body),
    fact: 'followup',
    localId: body.taskId,
    values: {
      plan_template: body.planTemplate,
      step: body.step,
      due_at: instant(body.dueAt),
      done_at: instant(body.doneAt),
      status: body.status,
      mode: body.mode,
      finding: body.finding,
      department_code: ownCode(body.departmentCode),
    } satisfies Record<string, CanonicalValue>,
    text: body.text,
  });
}

function readCaseStep(body: LoopStatements['case.step'], draft: Draft): void {
  draft.add({
    ...common(body),
    fact: 'case_event',
    localId: `${body.caseId}|${body.stepNumber}`,
    values: {
      case_key: body.caseId,
      origin: body.origin,
      step: body.step,
      due_at: instant(body.dueAt),
      score: body.score,
      department_code: ownCode(body.departmentCode),
    },
  });
}
