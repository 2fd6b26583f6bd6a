import { type Static, Type } from 'typebox';
import { Instant, Nullable, PageQuery, pageOf } from './common.ts';

// GET /api/v1/audit?user=&action=&subject=&from=&to=&cursor=
export const AuditQuery = Type.Intersect([
  PageQuery,
  Type.Object({
    user: Type.Optional(Type.String()),
    action: Type.Optional(Type.String()),
    subject: Type.Optional(Type.String()),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
  }),
]);
export const AuditRow = Type.Object({
  sequence: Type.Integer(),
  at: Instant,
  actor: Type.String(),
  role: Nullable(Type.String()),
  ip: Nullable(Type.String()),
  action: Type.String(),
  relation: Nullable(Type.String()),
  subject: Nullable(Type.String()),
  purpose: Nullable(Type.String()),
  outcome: Type.Enum(['allowed', 'refused']),
  count: Nullable(Type.Integer()),
  detail: Nullable(Type.String()),
});
export type AuditRow = Static<typeof AuditRow>;
export const AuditPage = pageOf(AuditRow);
// GET /api/v1/audit/verification → { isIntact, checked, firstBroken }
export const AuditVerification = Type.Object({ isIntact: Type.Boolean(), checked: Type.Integer(), firstBroken: Nullable(Type.Integer()), checkedAt: Instant });
export type AuditVerification = Static<typeof AuditVerification>;
