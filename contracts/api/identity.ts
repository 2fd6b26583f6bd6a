import { type Static, Type } from 'typebox';
import { DECISION_REASONS, GOLDEN_FIELDS, IDENTITY_FIELDS, RELATION_KINDS, REVIEW_AGES, REVIEW_REASONS } from '../identity.ts';
import { Instant, Nullable, PageQuery, pageOf } from './common.ts';

export * from '../identity.ts';

/** Two records side by side are called by both their keys. */
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
export const ReviewParams = Type.Object({ reviewId: Type.String({ pattern: `^${UUID}\\.${UUID}$` }) });
export const PersonParams = Type.Object({ personId: Type.String({ format: 'uuid' }) });
export const ActParams = Type.Object({ actId: Type.String({ format: 'uuid' }) });

export const ReviewSide = Type.Object({
  personId: Type.String(),
  /** Masked by role. */
  name: Type.String(),
  sex: Type.Enum(['male', 'female', 'unknown']),
  birthMonth: Nullable(Type.String()),
  records: Type.Integer(),
  sources: Type.Array(Type.String()),
});

// GET /api/v1/identity/reviews?state=&reason=&source=&age=&cursor=   most likely first; `total` counts all that fit the filters
export const ReviewQuery = Type.Intersect([
  PageQuery,
  Type.Object({
    state: Type.Optional(Type.Enum(['pending', 'later'])),
    reason: Type.Optional(Type.Enum([...REVIEW_REASONS])),
    source: Type.Optional(Type.String({ maxLength: 64 })),
    age: Type.Optional(Type.Enum([...REVIEW_AGES])),
  }),
]);
export const ReviewRow = Type.Object({
  reviewId: Type.String(),
  a: ReviewSide,
  b: ReviewSide,
  reason: Type.Enum([...REVIEW_REASONS]),
  probability: Nullable(Type.Number()),
  weight: Nullable(Type.Number()),
  /** Pairs of records behind this item; one decision settles all of them. */
  pairs: Type.Integer(),
  foundAt: Instant,
  ageDays: Type.Integer(),
  state: Type.Enum(['pending', 'later']),
});
export type ReviewRow = Static<typeof ReviewRow>;
export const ReviewPage = pageOf(ReviewRow);

// GET /api/v1/identity/reviews/summary
const Counted = Type.Object({ code: Type.String(), count: Type.Integer() });
export const ReviewSummary = Type.Object({
  pending: Type.Integer(),
  later: Type.Integer(),
  byReason: Type.Array(Counted),
  bySource: Type.Array(Counted),
  byAge: Type.Array(Counted),
  oldestAt: Nullable(Instant),
  /** Acts of the last thirty days that stand. */
  decided: Type.Object({ match: Type.Integer(), noMatch: Type.Integer() }),
  asOf: Instant,
});
export type ReviewSummary = Static<typeof ReviewSummary>;

const SideValue = Type.Object({ text: Type.String(), sources: Type.Array(Type.String()) });
export const ComparedField = Type.Object({
  field: Type.Enum([...IDENTITY_FIELDS]),
  a: Type.Array(SideValue),
  b: Type.Array(SideValue),
  /** As the engine grades it (`same`, `same-sound`, `slip` … `different`); `missing` when one side does not say, `incomparable` when a difference means nothing. */
  grade: Type.String(),
});
export type ComparedField = Static<typeof ComparedField>;
/** One bar of the waterfall, in log2 of odds: +1 doubles them. */
export const WeightStep = Type.Object({ field: Type.String(), grade: Type.String(), weight: Type.Number() });
export type WeightStep = Static<typeof WeightStep>;

export const IdentityAct = Type.Object({
  actId: Type.String(),
  kind: Type.Enum(['match', 'no-match', 'later', 'merge', 'split']),
  reason: Type.String(),
  by: Type.String(),
  at: Instant,
  /** Records that went to another person by it. */
  moved: Type.Integer(),
  undone: Nullable(Type.Object({ by: Type.String(), at: Instant })),
});
export type IdentityAct = Static<typeof IdentityAct>;

// GET /api/v1/identity/reviews/:reviewId   any two records a reviewer may see, waiting or decided
export const ReviewDetail = Type.Object({
  reviewId: Type.String(),
  a: ReviewSide,
  b: ReviewSide,
  /** `together`: one person already. `apart`: decided to be two. */
  state: Type.Enum(['pending', 'later', 'together', 'apart', 'none']),
  reason: Nullable(Type.Enum([...REVIEW_REASONS])),
  fields: Type.Array(ComparedField),
  /** Empty when nothing can be compared. The steps and the prior add up to `weight`. */
  steps: Type.Array(WeightStep),
  prior: Type.Number(),
  weight: Type.Number(),
  probability: Type.Number(),
  /** What the rules above the score say of the pair, and why. */
  verdict: Type.Enum(['match', 'review', 'no']),
  ground: Type.String(),
  edition: Type.String(),
  acts: Type.Array(IdentityAct),
  foundAt: Nullable(Instant),
  asOf: Instant,
});
export type ReviewDetail = Static<typeof ReviewDetail>;

// POST /api/v1/identity/reviews/:reviewId/decision   needs an Idempotency-Key; answers with the pair as it is now
export const ReviewDecision = Type.Object({ decision: Type.Enum(['match', 'no-match', 'later']), reason: Type.Enum([...DECISION_REASONS]) });
export type ReviewDecision = Static<typeof ReviewDecision>;

/** Why this value and not another: the first rule that told them apart. `only`: nobody says otherwise. */
export const GOLDEN_RULES = ['only', 'valid', 'precise', 'trust', 'frequency', 'recency', 'any', 'all'] as const;
export const GoldenField = Type.Object({
  field: Type.Enum([...GOLDEN_FIELDS]),
  /** Masked by role; null when nobody says. */
  value: Nullable(Type.String()),
  source: Nullable(Type.String()),
  recordKey: Nullable(Type.String()),
  rule: Type.Enum([...GOLDEN_RULES]),
  /** Other values sources hold. */
  others: Type.Integer(),
});
export type GoldenField = Static<typeof GoldenField>;

export const IdentityRecord = Type.Object({
  recordKey: Type.String(),
  source: Type.String(),
  name: Type.String(),
  birthMonth: Nullable(Type.String()),
  phone: Nullable(Type.String()),
  residentId: Nullable(Type.String()),
  since: Instant,
  linkedBy: Type.String(),
});
export const GoldenChange = Type.Object({
  at: Instant,
  field: Type.Enum([...GOLDEN_FIELDS]),
  from: Nullable(Type.String()),
  to: Nullable(Type.String()),
  source: Nullable(Type.String()),
  rule: Type.Enum([...GOLDEN_RULES]),
  cause: Type.Enum(['first', 'linked', 'unlinked', 'source', 'trust']),
  /** What the link rested on, when a link was the cause. */
  linkedBy: Nullable(Type.String()),
});
export type GoldenChange = Static<typeof GoldenChange>;
export const FamilyLink = Type.Object({
  /** `record.record`, to decide on it. */
  relationId: Type.String(),
  personId: Nullable(Type.String()),
  name: Type.String(),
  kind: Type.Enum([...RELATION_KINDS]),
  basis: Type.Enum(['guardian-details', 'shared-phone', 'manual']),
  state: Type.Enum(['suggested', 'confirmed', 'rejected']),
});
export type FamilyLink = Static<typeof FamilyLink>;

// GET /api/v1/identity/persons/:personId   a retired id answers with the person it went into
export const PersonIdentity = Type.Object({
  personId: Type.String(),
  /** The id asked for was merged into `personId` at this moment. */
  mergedAt: Nullable(Instant),
  retired: Type.Array(Type.Object({ personId: Type.String(), at: Instant })),
  golden: Type.Array(GoldenField),
  records: Type.Array(IdentityRecord),
  changes: Type.Array(GoldenChange),
  acts: Type.Array(IdentityAct),
  family: Type.Array(FamilyLink),
  /** Items of the review queue this person is part of. */
  reviews: Type.Array(ReviewRow),
  asOf: Instant,
});
export type PersonIdentity = Static<typeof PersonIdentity>;

const Uuid = Type.String({ format: 'uuid' });
export const ActBody = Type.Union([
  Type.Object({ kind: Type.Literal('merge'), personIds: Type.Array(Uuid, { minItems: 2, maxItems: 2 }), reason: Type.Enum([...DECISION_REASONS]) }),
  Type.Object({
    kind: Type.Literal('split'),
    personId: Uuid,
    /** These leave; the others stay. */
    recordKeys: Type.Array(Uuid, { minItems: 1, maxItems: 200 }),
    reason: Type.Enum([...DECISION_REASONS]),
  }),
]);
export type ActBody = Static<typeof ActBody>;
export const PreviewBody = Type.Union([ActBody, Type.Object({ kind: Type.Literal('undo'), actId: Uuid })]);
export type PreviewBody = Static<typeof PreviewBody>;

const PersonCard = Type.Object({ personId: Type.String(), records: Type.Integer(), golden: Type.Array(GoldenField) });
export type PersonCard = Static<typeof PersonCard>;
// POST /api/v1/identity/preview   what an act would do, by doing it and taking it back
export const ActPreview = Type.Object({
  before: Type.Array(PersonCard),
  after: Type.Array(PersonCard),
  /** Rows that will show under another person, by `schema.table` or `fact.name`. */
  moves: Type.Array(Type.Object({ what: Type.String(), rows: Type.Integer() })),
  recordsMoved: Type.Integer(),
  /** Reasons to look twice. */
  warnings: Type.Array(Type.Enum(['different-ids', 'different-sex', 'different-birth-date', 'decided-before', 'source-merged'])),
});
export type ActPreview = Static<typeof ActPreview>;

// POST /api/v1/identity/acts · POST /api/v1/identity/acts/:actId/undo   both need an Idempotency-Key
export const ActDone = Type.Object({ actId: Type.String(), personIds: Type.Array(Type.String()), moved: Type.Integer() });
export type ActDone = Static<typeof ActDone>;

// GET · PUT /api/v1/identity/source-trust   0…100; a source nobody ranked has 50
export const SourceTrustRow = Type.Object({ source: Type.String({ maxLength: 64 }), trust: Type.Integer({ minimum: 0, maximum: 100 }) });
export const SourceTrustList = Type.Object({ rows: Type.Array(SourceTrustRow), asOf: Instant });
export type SourceTrustList = Static<typeof SourceTrustList>;

// POST /api/v1/identity/family   confirms or rejects a suggested relation of two people
export const FamilyDecision = Type.Object({
  relationId: Type.String({ pattern: `^${UUID}\\.${UUID}$` }),
  kind: Type.Enum([...RELATION_KINDS]),
  state: Type.Enum(['confirmed', 'rejected']),
});
export type FamilyDecision = Static<typeof FamilyDecision>;
