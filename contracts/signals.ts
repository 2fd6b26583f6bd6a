/**
 * News from an earlier room to a later one, made in the transaction that filed the facts, delivered once to each subscriber.
 * Payloads name keys and codes, never a person's data. A rebuild emits none.
 */
export interface SignalPayloads {
  /** An inpatient stay ended (ADT A03, FHIR Encounter finished). */
  'encounter.discharged': EncounterSignal;
  /** An outpatient, emergency or check-up visit ended. */
  'encounter.finished': EncounterSignal;
  /** The discharge or visit was taken back (A13, A11): derived tasks are withdrawn. */
  'encounter.reopened': EncounterSignal;
  'survey.answered': SurveyAnsweredSignal;
  'message.receipt': { sendKey: string; status: 'delivered' | 'read' | 'failed'; occurredAt: string };
  'consent.changed': { recordKey: string; purpose: string; channel: string | null; granted: boolean; occurredAt: string };
  /** A follow-up answer met its template's rule, or the nurse judged it abnormal. Someone must act within a limit. */
  'followup.abnormal': {
    orgId: string;
    campusId: string;
    taskId: string;
    recordKey: string;
    encounterKey: string;
    departmentCode: string | null;
    planTemplate: string;
    step: string;
    /** Ids of the questions whose answers were abnormal; empty when the nurse judged without one. */
    questions: string[];
    urgency: 'emergency' | 'same-day' | 'within-24h';
    ownerId: string | null;
    occurredAt: string;
  };
  'complaint.received': {
    factKey: string;
    recordKey: string | null;
    departmentCode: string | null;
    textId: string | null;
    severity: string;
    occurredAt: string;
  };
}
export type Topic = keyof SignalPayloads;

export interface EncounterSignal {
  orgId: string;
  campusId: string;
  source: string;
  recordKey: string;
  encounterKey: string;
  encounterClass: string;
  departmentCode: string | null;
  staffCode: string | null;
  diseaseCode: string | null;
  /** Principal procedure, ICD-9-CM-3, e.g. `81.5400x001`. */
  surgeryCode: string | null;
  surgeryDay: string | null;
  disposition: string | null;
  startedAt: string | null;
  endedAt: string;
}

export interface SurveyAnsweredSignal {
  orgId: string;
  campusId: string;
  recordKey: string | null;
  encounterKey: string | null;
  invitationKey: string;
  survey: string;
  mode: string;
  departmentCode: string | null;
  scores: Record<string, number>;
  overall: number | null;
  textId: string | null;
  occurredAt: string;
}
