import { type Static, Type } from 'typebox';
import { Bilingual, Instant, Nullable } from './common.ts';

/** `general@1` ships with the product; `hospital@N` was trained on the hospital's own records. */
export const ModelParams = Type.Object({ edition: Type.String({ pattern: '^[a-z]+@[1-9][0-9]{0,8}$' }) });
export const ModelTaskParams = Type.Object({ taskId: Type.String({ format: 'uuid' }) });

const Verdict = Type.Enum(['match', 'review', 'no']);

// GET /api/v1/identity/models   newest first
export const ModelRow = Type.Object({
  edition: Type.String(),
  /** The edition whose rates it started from; null for the one that ships. */
  base: Nullable(Type.String()),
  records: Type.Integer(),
  createdBy: Nullable(Type.String()),
  createdAt: Nullable(Instant),
  state: Type.Enum(['waiting', 'approved', 'rejected']),
  decidedBy: Nullable(Type.String()),
  decidedAt: Nullable(Instant),
  isInUse: Type.Boolean(),
  /** The viewer had it trained, so somebody else approves it. */
  isOwn: Type.Boolean(),
  measuredAt: Nullable(Instant),
});
export type ModelRow = Static<typeof ModelRow>;
export const ModelUseRow = Type.Object({ edition: Type.String(), before: Type.String(), by: Type.String(), at: Instant });

/** Counts are of pairs, scaled to the whole where only a share of the keys was drawn. */
export const ModelPreview = Type.Object({
  edition: Type.String(),
  against: Type.String(),
  records: Type.Integer(),
  recordsOpened: Type.Integer(),
  /** Share of all keys drawn; 1: everything was compared. */
  share: Type.Number(),
  pairsCompared: Type.Integer(),
  unchanged: Type.Integer(),
  /** People decided these; no model changes them. */
  decidedByPeople: Type.Integer(),
  /** Pairs of two people now that the model would join, and pairs of one person now that it would no longer join by itself. */
  linksGained: Type.Integer(),
  linksLost: Type.Integer(),
  /** Pairs both models would join but whose groups refuse it now (a weak bridge, two people it fits equally): their groups are weighed again. */
  heldByGroups: Type.Integer(),
  moves: Type.Array(Type.Object({ from: Verdict, to: Verdict, pairs: Type.Integer() })),
});
export type ModelPreview = Static<typeof ModelPreview>;

export const ModelTask = Type.Object({
  taskId: Type.String(),
  kind: Type.Enum(['train', 'measure', 'preview']),
  edition: Nullable(Type.String()),
  against: Nullable(Type.String()),
  state: Type.Enum(['waiting', 'running', 'done', 'failed']),
  phase: Type.String(),
  done: Type.Integer(),
  total: Type.Integer(),
  askedBy: Type.String(),
  askedAt: Instant,
  endedAt: Nullable(Instant),
  failure: Nullable(Bilingual),
  preview: Nullable(ModelPreview),
  /** Of a training that went well. */
  trained: Nullable(Type.Object({ records: Type.Integer(), opened: Type.Integer(), share: Type.Number(), pairs: Type.Integer(), rounds: Type.Integer() })),
});
export type ModelTask = Static<typeof ModelTask>;

export const ModelList = Type.Object({
  inUse: Type.String(),
  rows: Type.Array(ModelRow),
  uses: Type.Array(ModelUseRow),
  /** Newest first; at most one is waiting or running. */
  tasks: Type.Array(ModelTask),
  asOf: Instant,
});
export type ModelList = Static<typeof ModelList>;

// GET /api/v1/identity/models/:edition   what the model holds; names are known by their hashes and stay out
export const ModelGrade = Type.Object({
  grade: Type.String(),
  /** How often records of one person show it, and how often others do, where both say something. */
  m: Type.Number(),
  u: Type.Number(),
  /** log2(m/u): +1 doubles the odds. */
  weight: Type.Number(),
});
export const ModelDetail = Type.Object({
  edition: Type.String(),
  base: Nullable(Type.String()),
  records: Type.Integer(),
  people: Type.Integer(),
  rounds: Type.Integer(),
  prior: Type.Number(),
  thresholds: Type.Object({ match: Type.Number(), review: Type.Number() }),
  fields: Type.Array(Type.Object({ field: Type.String(), grades: Type.Array(ModelGrade) })),
  /** How many names are common enough to be counted, what the commonest adds when it agrees, and what a rare one adds. */
  names: Type.Array(Type.Object({ field: Type.String(), listed: Type.Integer(), weightLeast: Type.Number(), weightRare: Type.Number() })),
  asOf: Instant,
});
export type ModelDetail = Static<typeof ModelDetail>;

// GET /api/v1/identity/models/:edition/figures
const AtThreshold = { threshold: Type.Number() };
export const IdentityFigures = Type.Object({
  edition: Type.String(),
  records: Type.Integer(),
  people: Type.Integer(),
  recordsOpened: Type.Integer(),
  share: Type.Number(),
  pairsCompared: Type.Integer(),
  /** Candidate pairs by score (log2 odds) and verdict. */
  scores: Type.Array(Type.Object({ from: Type.Number(), to: Type.Number(), match: Type.Number(), review: Type.Number(), no: Type.Number() })),
  verdicts: Type.Object({ match: Type.Number(), review: Type.Number(), no: Type.Number() }),
  reasons: Type.Array(Type.Object({ reason: Type.String(), pairs: Type.Number() })),
  /** What the model itself expects at each line that could be drawn; null where no pair is. */
  expected: Type.Array(Type.Object({ ...AtThreshold, pairs: Type.Number(), precision: Nullable(Type.Number()), recall: Nullable(Type.Number()) })),
  falseMerges: Type.Object({
    /** Links the score made, and links an id or record number made, whose mistakes no score can tell. */
    merges: Type.Number(),
    byNumber: Type.Number(),
    expected: Type.Number(),
    perHundredThousand: Type.Number(),
    lower: Type.Number(),
    upper: Type.Number(),
  }),
  unlinkable: Type.Object({
    n: Type.Integer(),
    share: Nullable(Type.Number()),
    lower: Nullable(Type.Number()),
    upper: Nullable(Type.Number()),
    byThreshold: Type.Array(Type.Object({ ...AtThreshold, share: Nullable(Type.Number()) })),
    bySource: Type.Array(Type.Object({ source: Type.String(), n: Type.Integer(), share: Type.Number() })),
    without: Type.Array(Type.Object({ what: Type.Enum(['phone', 'id', 'birth']), share: Nullable(Type.Number()) })),
  }),
});
export type IdentityFigures = Static<typeof IdentityFigures>;

const ShareOf = Type.Object({ value: Nullable(Type.Number()), lower: Nullable(Type.Number()), upper: Nullable(Type.Number()), n: Type.Integer() });
export const LabelFigures = Type.Object({
  /** Acts of the review queue that stand. */
  n: Type.Integer(),
  same: Type.Integer(),
  different: Type.Integer(),
  /** Fewer than these say nothing worth acting on. */
  few: Type.Integer(),
  /** Of the pairs this model joins by itself: how many people looked at, and how many of those are two people. */
  joined: Type.Integer(),
  joinedWrong: Type.Integer(),
  curve: Type.Array(Type.Object({ ...AtThreshold, precision: ShareOf, recall: ShareOf })),
});
export type LabelFigures = Static<typeof LabelFigures>;
export const ModelFigures = Type.Object({
  edition: Type.String(),
  /** Null: never measured. */
  measured: Nullable(Type.Object({ at: Instant, figures: IdentityFigures })),
  labels: LabelFigures,
  asOf: Instant,
});
export type ModelFigures = Static<typeof ModelFigures>;

// POST /api/v1/identity/models/tasks   202: works in the background
export const ModelTaskAsk = Type.Union([
  Type.Object({ kind: Type.Literal('train') }),
  Type.Object({ kind: Type.Literal('measure'), edition: ModelParams.properties.edition }),
  Type.Object({ kind: Type.Literal('preview'), edition: ModelParams.properties.edition }),
]);
export type ModelTaskAsk = Static<typeof ModelTaskAsk>;
// POST /api/v1/identity/models/:edition/decision
export const ModelDecision = Type.Object({ decision: Type.Enum(['approved', 'rejected']) });
export type ModelDecision = Static<typeof ModelDecision>;
// POST /api/v1/identity/models/:edition/use   `previewTask` looked ahead from the model in use now to this one
export const ModelUseAsk = Type.Object({ previewTask: Type.String({ format: 'uuid' }) });
export type ModelUseAsk = Static<typeof ModelUseAsk>;

// GET /api/v1/identity/report
export const REPORT_FIGURES = [
  'false-merges-model',
  'false-merges-labels',
  'review-yield',
  'review-waiting',
  'unlinkable',
  'records-per-person',
  'conflicts',
] as const;
export type ReportFigureId = (typeof REPORT_FIGURES)[number];
export const ReportFigure = Type.Object({
  id: Type.Enum([...REPORT_FIGURES]),
  name: Bilingual,
  /** Null: too little to say; `sentence` tells what is missing. */
  value: Nullable(Type.Number()),
  lower: Nullable(Type.Number()),
  upper: Nullable(Type.Number()),
  unit: Type.Enum(['per-100000', 'share', 'count', 'ratio']),
  n: Type.Integer(),
  target: Nullable(Type.Number()),
  state: Type.Enum(['good', 'watch', 'bad', 'none', 'unknown']),
  sentence: Bilingual,
  method: Bilingual,
  /** What the figure is made of. */
  parts: Type.Array(Type.Object({ code: Type.String(), name: Bilingual, count: Type.Integer() })),
});
export type ReportFigure = Static<typeof ReportFigure>;
export const IdentityReport = Type.Object({
  edition: Type.String(),
  measuredAt: Nullable(Instant),
  answer: Bilingual,
  figures: Type.Array(ReportFigure),
  asOf: Instant,
});
export type IdentityReport = Static<typeof IdentityReport>;
