import { type Static, Type } from 'typebox';
import { Bilingual, Instant, Nullable } from './common.ts';

// Patient pages live at /p/… ; a signed link is /p/s/:token (survey) or /p/i/:token (inbox). One token, one purpose.
// GET /api/v1/p/survey/:token → PatientSurvey · POST /api/v1/p/survey/:token (SurveySubmission) → { thanks: Bilingual }
export const PatientSurvey = Type.Object({
  hospital: Bilingual,
  survey: Type.String(),
  title: Bilingual,
  department: Nullable(Bilingual),
  visitedAt: Nullable(Instant),
  isAnswered: Type.Boolean(),
  isRerating: Type.Boolean(),
  questions: Type.Array(
    Type.Object({
      id: Type.String(),
      text: Bilingual,
      kind: Type.Enum(['scale', 'nps', 'text']),
      scoreMax: Type.Number(),
      isOverall: Type.Boolean(),
      isRequired: Type.Boolean(),
      /** Ask this one only after a low score. */
      onlyAfterLow: Type.Boolean(),
    }),
  ),
});
export type PatientSurvey = Static<typeof PatientSurvey>;
export const SurveySubmission = Type.Object({
  answers: Type.Array(Type.Object({ question: Type.String({ maxLength: 60 }), score: Nullable(Type.Number()) }), { maxItems: 40 }),
  text: Nullable(Type.String({ maxLength: 2000 })),
});
export type SurveySubmission = Static<typeof SurveySubmission>;

// POST /api/v1/p/code {phone} → 202 always · POST /api/v1/p/session {phone, code} → cookie `xinglin_patient` · or GET /p/i/:token sets it
// GET /api/v1/p/inbox → PatientInbox · POST /api/v1/p/inbox/:messageId/read · GET/POST /api/v1/p/consents
export const InboxMessage = Type.Object({
  messageId: Type.String(),
  title: Type.String(),
  body: Type.String(),
  sentAt: Instant,
  isRead: Type.Boolean(),
  link: Nullable(Type.String()),
  kind: Type.String(),
});
export type InboxMessage = Static<typeof InboxMessage>;
export const PatientInbox = Type.Object({
  hospital: Bilingual,
  greeting: Type.String(),
  messages: Type.Array(InboxMessage),
  unread: Type.Integer(),
  consents: Type.Array(Type.Object({ purpose: Type.String(), name: Bilingual, explanation: Bilingual, granted: Type.Boolean() })),
});
export type PatientInbox = Static<typeof PatientInbox>;
export const ConsentChange = Type.Object({ purpose: Type.String({ maxLength: 40 }), granted: Type.Boolean() });
