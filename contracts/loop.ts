/**
 * What comes back to us enters like everything else: as raw deliveries of type `loop`, one JSON statement each.
 * Later rooms say it through `LoopPort`; `collect/loop` stores it; `govern` files it.
 * `subject` is the record key the thing was made for (an opaque id here, so nothing identifying is in a statement but `text`).
 */
export interface LoopStatements {
  'survey.answer': {
    /** Invitation id: a second submission of the same invitation is a later version, never a second answer. */
    invitationId: string;
    survey: string;
    mode: string;
    recordKey: string | null;
    encounterKey: string | null;
    departmentCode: string | null;
    staffCode: string | null;
    answers: { question: string; score: number | null; scoreMax: number; isOverall: boolean }[];
    text: string | null;
    occurredAt: string;
  };
  'message.status': {
    sendKey: string;
    recordKey: string;
    channel: string;
    purpose: string;
    template: string;
    status: 'sent' | 'delivered' | 'read' | 'failed' | 'skipped';
    reason: string | null;
    occurredAt: string;
  };
  'followup.status': {
    taskId: string;
    recordKey: string;
    encounterKey: string | null;
    planTemplate: string;
    step: string;
    departmentCode: string | null;
    dueAt: string;
    doneAt: string | null;
    status: 'due' | 'done' | 'unreachable' | 'refused' | 'cancelled' | 'overdue';
    mode: string;
    finding: 'normal' | 'abnormal' | 'none';
    text: string | null;
    occurredAt: string;
  };
  'case.step': {
    caseId: string;
    stepNumber: number;
    recordKey: string | null;
    encounterKey: string | null;
    origin: 'survey' | 'complaint' | 'alert' | 'manual';
    step: 'opened' | 'assigned' | 'contacted' | 'working' | 'resolved' | 'closed' | 'escalated' | 'rerated';
    departmentCode: string | null;
    dueAt: string | null;
    score: number | null;
    occurredAt: string;
  };
  'consent.change': { recordKey: string; purpose: string; channel: string | null; granted: boolean; textEdition: string; occurredAt: string };
}
export type LoopKind = keyof LoopStatements;
export type LoopStatement = { [K in LoopKind]: { kind: K; orgId: string; campusId: string; body: LoopStatements[K] } }[LoopKind];
