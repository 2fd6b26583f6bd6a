/** PV1 → the encounter. Only registration messages (ADT) say how a visit stands; in results and bills PV1 merely names it. */
import type { CanonicalValue, SourceCode, SourceId } from '@xinglin/contracts';
import { type Draft, sourceCode } from '../statement.ts';
import { classOf, dispositionOf } from './codes.ts';
import { codedOf, type Envelope, placeOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';

/** What a trigger says about the visit; `null`: it says nothing, PV1 decides. Triggers not listed concern persons, not visits. */
type VisitState = 'planned' | 'in-progress' | 'finished' | 'cancelled' | 'deleted' | null;
const VISIT_TRIGGERS: Readonly<Record<string, VisitState>> = {
  A01: 'in-progress',
  A02: 'in-progress',
  A03: 'finished',
  A04: 'in-progress',
  A05: 'planned',
  A06: 'in-progress',
  A07: 'in-progress',
  A08: null,
  A09: 'in-progress',
  A10: 'in-progress',
  A11: 'cancelled',
  A12: 'in-progress',
  A13: 'in-progress',
  A14: 'planned',
  A15: 'in-progress',
  A16: 'in-progress',
  A17: 'in-progress',
  A21: 'in-progress',
  A22: 'in-progress',
  A23: 'deleted',
  A25: 'in-progress',
  A26: 'in-progress',
  A27: 'cancelled',
  A32: 'in-progress',
  A33: 'in-progress',
  A38: 'cancelled',
  A54: 'in-progress',
  A55: 'in-progress',
  A60: null,
};

/** PV1-19, else the alternate id PV1-50, else the account PID-18. */
export function visitIdOf(pv1: Segment | undefined, pid: Segment): string | null {
  return pv1?.get(19) || pv1?.get(50) || pid.get(18) || null;
}

/** PV1-10 names the service, PV1-3 the place. */
export const departmentOf = (pv1: Segment): SourceCode | null => sourceCode(pv1.get(10), null) ?? placeOf(pv1, 3);

export interface VisitParts {
  readonly envelope: Envelope;
  readonly pid: Segment;
  readonly pv1: Segment;
  readonly evn: Segment | undefined;
  readonly diagnoses: readonly Segment[];
  readonly procedures: readonly Segment[];
  readonly subject: SourceId;
}

export function readVisit({ envelope, pid, pv1, evn, diagnoses, procedures, subject }: VisitParts, draft: Draft): void {
  const { trigger, type, zone } = envelope;
  if (type !== 'ADT' || !(trigger in VISIT_TRIGGERS)) return;
  const state = VISIT_TRIGGERS[trigger] ?? null;
  const happened = (evn === undefined ? null : (timeOf(evn, 6, zone) ?? timeOf(evn, 2, zone))) ?? envelope.at;
  const isArrival = /^A0[14567]$/.test(trigger);
  const started = timeOf(pv1, 44, zone) ?? (isArrival ? happened : null);
  const localId = visitIdOf(pv1, pid);
  if (localId === null && started === null) return;
  const ended = timeOf(pv1, 45, zone) ?? (trigger === 'A03' ? happened : null);
  const given = classOf(pv1.get(2));
  const status = state === 'deleted' ? 'cancelled' : (state ?? (ended !== null ? 'finished' : null));
  const isReopened = trigger === 'A13';
  draft.add({
    fact: 'encounter',
    subject,
    localId: localId ?? `${subject.value}|${started?.iso ?? ''}`,
    encounterLocalId: localId ?? `${subject.value}|${started?.iso ?? ''}`,
    occurredAt: (started ?? happened).iso,
    precision: (started ?? happened).precision,
    versionAt: envelope.versionAt,
    deleted: state === 'cancelled' || state === 'deleted',
    values: {
      ...said({
        class: given,
        status,
        department_code: departmentOf(pv1),
        staff_code: staffOf(pv1, 7) ?? staffOf(pv1, 17),
        ward_code: given === 'inpatient' || given === 'emergency' ? placeOf(pv1, 3) : null,
        started_at: started?.iso ?? null,
        ended_at: isReopened ? null : (ended?.iso ?? null),
        discharge_disposition: isReopened ? null : dispositionOf(pv1.get(36)),
        disease_code: principal(diagnoses, 15, 3),
        surgery_code: principal(procedures, 14, 3),
      }),
      ...cleared(pv1, isReopened),
    },
  });
}

/** What was taken back: an explicit `""`, and with a cancelled discharge its time and manner. */
function cleared(pv1: Segment, isReopened: boolean): Record<string, CanonicalValue> {
  return {
    ...(pv1.isCleared(7) ? { staff_code: null } : {}),
    ...(pv1.isCleared(3) ? { ward_code: null } : {}),
    ...(isReopened || pv1.isCleared(45) ? { ended_at: null } : {}),
    ...(isReopened || pv1.isCleared(36) ? { discharge_disposition: null } : {}),
  };
}

/** The one with priority 1, else the first. */
function principal(segments: readonly Segment[], priorityField: number, codeField: number): SourceCode | null {
  const first = segments.find((each) => each.get(priorityField) === '1') ?? segments[0];
  return first === undefined ? null : codedOf(first, codeField);
}
