/**
 * The states of a case, and all that moves it between them. Everything else in this folder asks here.
 *
 *   new ──assign──▶ assigned ──contact──▶ contacted ──work──▶ working ──resolve──▶ resolved ──close──▶ closed
 *    新建             已派                  已联系              处理中               待复核              关闭
 *
 * - assign: gives it an owner (at opening by itself, when there is somebody); later it changes the owner and nothing else.
 * - contact: the patient was spoken to. The first time is stamped.
 * - no-answer: a call without an answer. Three at different times count as having tried, and work may go on without contact.
 * - work, resolve: being put right; put right and waiting for review.
 * - close: reviewed; the patient is told. Escalations stop, and a re-rating is asked for.
 * - reopen: the review did not hold (resolved), or something came back (closed): working again with a new limit.
 * - rerate (the patient): a low re-rating reopens a closed case, at most `REOPENS_BY_PATIENT_MAX` times; then people talk instead.
 *
 * Escalation is a level beside the state: 1 at 50 %, 2 at 80 %, 3 at 100 % of the limit, only while not closed.
 */
import type { Bilingual } from '@xinglin/contracts/api.ts';

export const CASE_ACTIONS = ['assign', 'contact', 'no-answer', 'work', 'resolve', 'close', 'reopen'] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];
export type CaseState = 'new' | 'assigned' | 'contacted' | 'working' | 'resolved' | 'closed';

export const ATTEMPTS_INSTEAD_OF_CONTACT = 3;
export const REOPENS_BY_PATIENT_MAX = 2;

export interface CaseStanding {
  readonly state: CaseState;
  /** Calls without an answer that counted. */
  readonly attempts: number;
  /** Somebody can be called at all: the case knows its patient. */
  readonly hasPatient: boolean;
}
export type Move = { readonly isAllowed: true; readonly to: CaseState } | { readonly isAllowed: false; readonly why: Bilingual };

const to = (state: CaseState): Move => ({ isAllowed: true, to: state });
const no = (zh: string, en: string): Move => ({ isAllowed: false, why: { zh, en } });

const CLOSED = no('工单已关闭，如有新情况请先重新打开。', 'The case is closed; reopen it first if something new has come up.');
const NO_OWNER = no('工单还没有负责人，请先指派。', 'The case has no owner yet; assign it first.');
const NOT_CONTACTED = no(
  '还没有联系上患者，请先电话联系；不同时间三次未接通后也可继续处理。',
  'The patient has not been reached; call first. After three calls at different times without an answer the work may go on.',
);
const RESOLVED = no('工单正在待复核，请关闭，或退回处理。', 'The case waits for review; close it, or send it back to work.');

export function moveOf(action: CaseAction, standing: CaseStanding): Move {
  const { state } = standing;
  const hasTried = standing.attempts >= ATTEMPTS_INSTEAD_OF_CONTACT || !standing.hasPatient;
  switch (action) {
    case 'assign':
      if (state === 'closed') return CLOSED;
      return to(state === 'new' ? 'assigned' : state);
    case 'contact':
      if (!standing.hasPatient) return no('这张工单没有对应的患者，无法联系。', 'This case has no known patient to contact.');
      if (state === 'new') return NO_OWNER;
      if (state === 'closed') return CLOSED;
      return to(state === 'assigned' ? 'contacted' : state);
    case 'no-answer':
      if (!standing.hasPatient) return no('这张工单没有对应的患者，无法联系。', 'This case has no known patient to contact.');
      if (state === 'new') return NO_OWNER;
      if (state === 'closed') return CLOSED;
      return to(state);
    case 'work':
      if (state === 'new') return NO_OWNER;
      if (state === 'assigned') return hasTried ? to('working') : NOT_CONTACTED;
      if (state === 'resolved') return RESOLVED;
      return state === 'closed' ? CLOSED : to('working');
    case 'resolve':
      if (state === 'new') return NO_OWNER;
      if (state === 'assigned') return hasTried ? to('resolved') : NOT_CONTACTED;
      if (state === 'resolved') return no('工单已经是待复核。', 'The case already waits for review.');
      return state === 'closed' ? CLOSED : to('resolved');
    case 'close':
      if (state === 'resolved') return to('closed');
      return state === 'closed' ? CLOSED : no('请先登记处理结果（待复核），复核后再关闭。', 'Record the outcome first (for review); close it after that.');
    case 'reopen':
      if (state === 'closed' || state === 'resolved') return to('working');
      return no('工单还没有关闭，不需要重新打开。', 'The case is not closed, so there is nothing to reopen.');
  }
}

/** Whether a re-rating reopens the case: strictly below 4, while the patient has not reopened it too often already. */
export const isReopenedBy = (score: number, closings: number): boolean => score < 4 && closings <= REOPENS_BY_PATIENT_MAX;
