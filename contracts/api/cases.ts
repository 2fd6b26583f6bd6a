import { type Static, Type } from 'typebox';
import { Bilingual, Instant, Nullable, PageQuery, pageOf } from './common.ts';

/** 新建→已派→已联系→处理中→待复核→关闭; escalation is a level, not a state. */
export const CASE_STATES = ['new', 'assigned', 'contacted', 'working', 'resolved', 'closed'] as const;
// GET /api/v1/cases?state=open&department=&mine=&cursor=
export const CaseQuery = Type.Intersect([
  PageQuery,
  Type.Object({ state: Type.Optional(Type.Enum([...CASE_STATES, 'open'])), department: Type.Optional(Type.String()), mine: Type.Optional(Type.Boolean()) }),
]);
export const CaseRow = Type.Object({
  caseId: Type.String(),
  number: Type.Integer(),
  personId: Nullable(Type.String()),
  name: Type.String(),
  origin: Type.String(),
  department: Nullable(Bilingual),
  score: Nullable(Type.Number()),
  state: Type.Enum([...CASE_STATES]),
  escalation: Type.Integer({ description: '0 none, 1 at 50 %, 2 at 80 %, 3 at 100 % of the limit' }),
  openedAt: Instant,
  dueAt: Instant,
  firstContactAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  owner: Nullable(Type.Object({ userId: Type.String(), displayName: Type.String() })),
  isOverdue: Type.Boolean(),
  rerating: Nullable(Type.Number()),
});
export type CaseRow = Static<typeof CaseRow>;
export const CasePage = pageOf(CaseRow);
// GET /api/v1/cases/:caseId
export const CaseDetail = Type.Object({
  case: CaseRow,
  phone: Nullable(Type.String()),
  answers: Type.Array(Type.Object({ question: Bilingual, score: Nullable(Type.Number()), scoreMax: Type.Number() })),
  /** The patient's words, for roles with patient.identity; null otherwise. */
  words: Nullable(Type.String()),
  steps: Type.Array(Type.Object({ at: Instant, by: Nullable(Type.String()), step: Type.String(), note: Nullable(Type.String()) })),
  /** Staff who may own it. */
  owners: Type.Array(Type.Object({ userId: Type.String(), displayName: Type.String() })),
  /** What may be done next, and why not when it may not. */
  actions: Type.Array(Type.Object({ action: Type.String(), isAllowed: Type.Boolean(), why: Nullable(Bilingual) })),
});
export type CaseDetail = Static<typeof CaseDetail>;
// POST /api/v1/cases/:caseId/steps   → CaseDetail
export const CaseStep = Type.Object({
  action: Type.Enum(['assign', 'contact', 'no-answer', 'work', 'resolve', 'close', 'reopen']),
  ownerId: Type.Optional(Type.String()),
  note: Nullable(Type.String({ maxLength: 2000 })),
  /** Said to the patient on close; required then. */
  toPatient: Type.Optional(Type.String({ maxLength: 500 })),
});
export type CaseStep = Static<typeof CaseStep>;

// GET /api/v1/notices  unread ones of the viewer, newest first · POST /api/v1/notices/:noticeId/read → 204
export const NoticeList = Type.Object({
  rows: Type.Array(
    Type.Object({
      noticeId: Type.String(),
      caseId: Type.String(),
      caseNumber: Type.Integer(),
      /** assigned | reopened | still-unhappy | escalated-1 | escalated-2 | escalated-3 */
      kind: Type.String(),
      words: Bilingual,
      at: Instant,
    }),
  ),
});
export type NoticeList = Static<typeof NoticeList>;
