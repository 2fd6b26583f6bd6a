import { type Static, Type } from 'typebox';
import { Bilingual, Instant, Nullable, PageQuery, pageOf } from './common.ts';

export const TASK_STATES = ['due', 'overdue', 'done', 'unreachable', 'refused', 'cancelled', 'scheduled'] as const;
// GET /api/v1/follow-ups?state=due&department=&mine=true&cursor=
export const FollowUpQuery = Type.Intersect([
  PageQuery,
  Type.Object({ state: Type.Optional(Type.Enum([...TASK_STATES, 'open'])), department: Type.Optional(Type.String()), mine: Type.Optional(Type.Boolean()) }),
]);
export const FollowUpRow = Type.Object({
  taskId: Type.String(),
  planId: Type.String(),
  personId: Nullable(Type.String()),
  name: Type.String(),
  age: Nullable(Type.Integer()),
  sex: Type.String(),
  plan: Bilingual,
  step: Bilingual,
  department: Nullable(Bilingual),
  dueAt: Instant,
  state: Type.Enum([...TASK_STATES]),
  attempts: Type.Integer(),
  owner: Nullable(Type.String()),
  /** Day n after surgery or discharge. */
  dayNumber: Nullable(Type.Integer()),
});
export type FollowUpRow = Static<typeof FollowUpRow>;
export const FollowUpPage = pageOf(FollowUpRow);

// GET /api/v1/follow-ups/:taskId
export const FollowUpDetail = Type.Object({
  task: FollowUpRow,
  /** Shown only to roles with patient.identity; null otherwise. */
  phone: Nullable(Type.String()),
  script: Bilingual,
  questions: Type.Array(
    Type.Object({
      id: Type.String(),
      text: Bilingual,
      kind: Type.Enum(['yes-no', 'number', 'choice', 'text']),
      choices: Type.Array(Bilingual),
      abnormalWhen: Nullable(Type.String()),
    }),
  ),
  history: Type.Array(Type.Object({ at: Instant, by: Nullable(Type.String()), what: Bilingual })),
});
export type FollowUpDetail = Static<typeof FollowUpDetail>;

// POST /api/v1/follow-ups/:taskId/outcome  (Idempotency-Key header)
export const FollowUpOutcome = Type.Object({
  outcome: Type.Enum(['done', 'no-answer', 'refused']),
  finding: Type.Enum(['normal', 'abnormal', 'none']),
  answers: Type.Array(Type.Object({ question: Type.String(), value: Type.String({ maxLength: 500 }) })),
  note: Nullable(Type.String({ maxLength: 2000 })),
});
export type FollowUpOutcome = Static<typeof FollowUpOutcome>;
