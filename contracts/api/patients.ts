import { type Static, Type } from 'typebox';
import { Bilingual, Day, Instant, Nullable, pageOf } from './common.ts';

// GET /api/v1/patients?department=&cursor=
export const PatientRow = Type.Object({
  personId: Type.String(),
  /** Masked by role: 张*三, or 患者 3f2a for roles that never see names. */
  name: Type.String(),
  sex: Type.Enum(['male', 'female', 'unknown']),
  age: Nullable(Type.Integer()),
  phone: Nullable(Type.String()),
  residentId: Nullable(Type.String()),
  records: Type.Integer(),
  lastDepartment: Nullable(Bilingual),
  lastSeenAt: Nullable(Instant),
  encounters: Type.Integer(),
});
export type PatientRow = Static<typeof PatientRow>;
export const PatientPage = pageOf(PatientRow);

// POST /api/v1/patients/search  – a body, so that what was looked for stays out of addresses and the logs of proxies
/** `q`: full MRN, resident id, phone or insurance number (exact, blind index), or a name (exact, for roles with patient.identity). */
export const PatientSearch = Type.Object({ q: Type.String({ minLength: 1, maxLength: 64 }) });

// GET /api/v1/patients/:personId
export const PatientDetail = Type.Object({
  patient: PatientRow,
  district: Nullable(Bilingual),
  insuranceType: Nullable(Type.String()),
  birthMonth: Nullable(Type.String()),
  sources: Type.Array(Type.Object({ source: Type.String(), recordKey: Type.String(), since: Instant, linkedBy: Type.String() })),
  consents: Type.Array(
    Type.Object({ purpose: Type.String(), channel: Nullable(Type.String()), granted: Type.Boolean(), changedAt: Instant, textEdition: Type.String() }),
  ),
  asOf: Instant,
});
export type PatientDetail = Static<typeof PatientDetail>;

// GET /api/v1/patients/:personId/timeline?kinds=encounter,observation&cursor=  (newest first)
export const TimelineEntry = Type.Object({
  factKey: Type.String(),
  fact: Type.String(),
  occurredAt: Instant,
  day: Day,
  precision: Type.String(),
  title: Bilingual,
  detail: Nullable(Bilingual),
  department: Nullable(Bilingual),
  source: Type.String(),
  /** `bad` for abnormal, low score, complaint; `good` for praise; `none` otherwise. */
  tone: Type.Enum(['good', 'watch', 'bad', 'none']),
  hasText: Type.Boolean(),
});
export type TimelineEntry = Static<typeof TimelineEntry>;
export const TimelinePage = pageOf(TimelineEntry);
