/** Diagnoses (DG1), problems (PRB) and procedures (PR1). */
import { type Context, codedOf, coding, keyOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';

type ClinicalStatus = 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved' | 'unknown';
const STATUSES: readonly ClinicalStatus[] = ['active', 'recurrence', 'relapse', 'inactive', 'remission', 'resolved'];

const rankOf = (text: string): number | null => (/^\d{1,2}$/.test(text) && Number(text) > 0 ? Number(text) : null);

/** Key: visit (else patient) and code, so the same diagnosis sent with every update is one. DG1-21 `D` takes it back. */
export function readDiagnosis(dg1: Segment, order: number, { envelope, patient, draft }: Context): void {
  const code = codedOf(dg1, 3) ?? codedOf(dg1, 4);
  if (code === null) return;
  const at = timeOf(dg1, 5, envelope.zone) ?? envelope.at;
  draft.add({
    fact: 'condition',
    subject: patient.subject,
    localId: keyOf('dg1', patient.encounterLocalId ?? patient.subject.value, code.code),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    deleted: dg1.get(21) === 'D',
    values: said({
      ...coding(code),
      department_code: patient.department,
      staff_code: staffOf(dg1, 16) ?? patient.staff,
      rank: rankOf(dg1.get(15)) ?? order,
      clinical_status: 'active',
    }),
  });
}

/** Key: PRB-4, the instance of the problem. PRB-1 `DE` takes it back. */
export function readProblem(prb: Segment, { envelope, patient, draft }: Context): void {
  const code = codedOf(prb, 3);
  if (code === null) return;
  const at = timeOf(prb, 16, envelope.zone) ?? timeOf(prb, 7, envelope.zone) ?? timeOf(prb, 2, envelope.zone) ?? envelope.at;
  const status = (prb.get(14) || prb.get(14, 2)).toLowerCase();
  draft.add({
    fact: 'condition',
    subject: patient.subject,
    localId: keyOf('prb', prb.get(4) || keyOf(patient.subject.value, code.code)),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: timeOf(prb, 2, envelope.zone)?.iso ?? envelope.versionAt,
    deleted: prb.get(1) === 'DE',
    values: said({ ...coding(code), department_code: patient.department, clinical_status: STATUSES.find((each) => each === status) ?? 'unknown' }),
  });
}

/** PR1-6: diagnostic procedures are exams, anaesthesia is neither; the rest is surgery. PR1-20 `D` takes it back. */
export function readProcedure(pr1: Segment, { envelope, patient, draft }: Context): void {
  const code = codedOf(pr1, 3);
  if (code === null) return;
  const at = timeOf(pr1, 5, envelope.zone) ?? envelope.at;
  const kind = pr1.get(6);
  draft.add({
    fact: 'procedure',
    subject: patient.subject,
    localId: keyOf('pr1', pr1.get(19) || keyOf(patient.encounterLocalId ?? patient.subject.value, code.code, at.iso)),
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
    deleted: pr1.get(20) === 'D',
    values: said({
      ...coding(code),
      department_code: patient.department,
      staff_code: staffOf(pr1, 11) ?? staffOf(pr1, 12) ?? patient.staff,
      category: kind === 'D' ? 'exam' : kind === 'A' ? 'other' : 'surgery',
      status: 'finished',
      started_at: timeOf(pr1, 5, envelope.zone)?.iso ?? null,
    }),
  });
}
