import type { LoopStatements } from '@xinglin/contracts';
import type { Engage } from '../../engage/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import type { CaseRecord } from './case.sql.ts';
import type { CaseState } from './case-machine.ts';

export interface StepDeps {
  readonly platform: Platform;
  readonly engage: Engage;
}

export interface Step {
  /** What was done; see `FACT_STEP` for which of them become facts. */
  readonly action: 'open' | 'assign' | 'contact' | 'no-answer' | 'work' | 'resolve' | 'close' | 'reopen' | 'escalate' | 'rerate';
  readonly to: CaseState;
  readonly at: Date;
  readonly by: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
  /** What staff wrote; sealed. */
  readonly note?: string | null;
  readonly toPatient?: string | null;
  /** Columns of the case that change with the step. */
  readonly set?: Readonly<
    Partial<
      Record<
        'owner_id' | 'attempts' | 'last_attempt_at' | 'first_contact_at' | 'closed_at' | 'closings' | 'due_at' | 'escalation' | 'rerating' | 'rerated_at',
        unknown
      >
    >
  >;
}

type FactStep = LoopStatements['case.step']['step'];
/** A call without an answer stays here; whatever else happens to a case goes back round the loop. */
const FACT_STEP: Readonly<Record<Step['action'], FactStep | null>> = {
  open: 'opened',
  assign: 'assigned',
  contact: 'contacted',
  'no-answer': null,
  work: 'working',
  resolve: 'resolved',
  close: 'closed',
  reopen: 'working',
  escalate: 'escalated',
  rerate: 'rerated',
};

/** The one place that changes a case: its row, its log and the statement, in one transaction. The caller holds the row. */
export async function takeStep(tx: Tx, { platform, engage }: StepDeps, before: CaseRecord, step: Step): Promise<CaseRecord> {
  const changes = Object.entries(step.set ?? {});
  const after = await tx.one<CaseRecord>(
    `update improve.case set state = $2, last_step = last_step + 1${changes.map(([column], index) => `, ${column} = $${index + 3}`).join('')}
     where case_id = $1 returning *`,
    [before.case_id, step.to, ...changes.map(([, value]) => value)],
  );
  await tx.query(
    `insert into improve.case_step (case_id, step_number, at, by_user, action, from_state, to_state, detail, words_sealed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      after.case_id,
      after.last_step,
      step.at,
      step.by,
      step.action,
      step.action === 'open' ? null : before.state,
      step.to,
      JSON.stringify(step.detail ?? {}),
      await sealWords(tx, platform, after, step),
    ],
  );
  const factStep = FACT_STEP[step.action];
  if (factStep !== null) await engage.statements.say(tx, { orgId: after.org_id, campusId: after.campus_id }, 'case.step', statementOf(after, factStep, step));
  return after;
}

const statementOf = (after: CaseRecord, factStep: FactStep, step: Step): LoopStatements['case.step'] => ({
  caseId: after.case_id,
  stepNumber: after.last_step,
  recordKey: after.record_key,
  encounterKey: after.encounter_key,
  origin: after.origin,
  step: factStep,
  departmentCode: after.department_code,
  dueAt: after.due_at.toISOString(),
  score: factStep === 'rerated' ? after.rerating : after.score,
  occurredAt: step.at.toISOString(),
});

/** Words about a case are sealed for its patient; a case without one has a key of its own. */
export const wordsSubject = ({ record_key, case_id }: CaseRecord): string => record_key ?? case_id;

async function sealWords(tx: Tx, { keys }: Platform, record: CaseRecord, { note = null, toPatient = null }: Step): Promise<Buffer | null> {
  if (note === null && toPatient === null) return null;
  const subject = wordsSubject(record);
  const key = (await keys.subjectKeys(tx, [subject], true)).get(subject);
  return key === undefined ? null : keys.seal(key, Buffer.from(JSON.stringify({ note, toPatient })));
}
