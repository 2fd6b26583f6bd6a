import { type Static, Type } from 'typebox';
import { Instant, Nullable, pageOf } from './common.ts';

// GET /api/v1/sources
export const SourceRow = Type.Object({
  source: Type.String(),
  nameZh: Type.String(),
  nameEn: Nullable(Type.String()),
  owner: Nullable(Type.String()),
  types: Type.Array(Type.String()),
  accepted: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
  quarantined: Type.Integer(),
  /** Items accepted but not yet filed as facts. */
  waiting: Type.Integer(),
  lastReceivedAt: Nullable(Instant),
  accepted24h: Type.Integer(),
  facts: Type.Integer(),
});
export type SourceRow = Static<typeof SourceRow>;
export const SourceList = Type.Object({ rows: Type.Array(SourceRow), asOf: Instant });

// GET /api/v1/source-names   how people call the systems that records name by their code
export const SourceNames = Type.Object({ rows: Type.Array(Type.Pick(SourceRow, ['source', 'nameZh', 'nameEn'])) });
export type SourceNames = Static<typeof SourceNames>;

// GET /api/v1/sources/:source/deliveries?cursor=   one row per upload, file or request
export const DeliveryRow = Type.Object({
  id: Type.String(),
  source: Type.String(),
  receivedAt: Instant,
  type: Type.String(),
  fileName: Nullable(Type.String()),
  by: Nullable(Type.String()),
  accepted: Type.Integer(),
  duplicate: Type.Integer(),
  rejected: Type.Integer(),
  isComplete: Type.Boolean(),
});
export type DeliveryRow = Static<typeof DeliveryRow>;
export const DeliveryPage = pageOf(DeliveryRow);

// GET /api/v1/sources/:source/rejections?cursor=   refused at the door, or quarantined by governance later
export const RejectionRow = Type.Object({
  id: Type.String(),
  at: Instant,
  stage: Type.Enum(['door', 'quarantine']),
  file: Nullable(Type.String()),
  line: Nullable(Type.Integer()),
  code: Type.String(),
  reasonZh: Type.String(),
  reasonEn: Type.String(),
});
export type RejectionRow = Static<typeof RejectionRow>;
export const RejectionPage = pageOf(RejectionRow);

// POST /api/v1/uploads?source=NAME&mapping=ID  multipart, one or many files → IngestReport (raw.ts)
