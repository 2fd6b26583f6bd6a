import { type Static, Type } from 'typebox';
import { Bilingual, Day, Instant, Nullable } from './common.ts';

// GET /api/v1/overview?days=90
export const IndexPoint = Type.Object({
  day: Day,
  value: Nullable(Type.Number()),
  lower: Nullable(Type.Number()),
  upper: Nullable(Type.Number()),
  n: Type.Integer(),
});
export const BrandIndex = Type.Object({
  id: Type.Enum(['heat', 'word-of-mouth', 'loyalty']),
  edition: Type.String(),
  name: Bilingual,
  value: Nullable(Type.Number()),
  lower: Nullable(Type.Number()),
  upper: Nullable(Type.Number()),
  n: Type.Integer(),
  /** Change against 28 days earlier, over the parts both days have; null when they have none in common. */
  change: Nullable(Type.Number()),
  /** When a part was counted for the first time within the series: what stood before rests on fewer parts. */
  joined: Type.Array(Type.Object({ day: Day, name: Bilingual })),
  method: Bilingual,
  parts: Type.Array(Type.Object({ id: Type.String(), name: Bilingual, weight: Type.Number(), value: Nullable(Type.Number()), n: Type.Integer() })),
  series: Type.Array(IndexPoint),
});
export type BrandIndex = Static<typeof BrandIndex>;

export const LoadProgress = Type.Object({ loaded: Type.Integer(), expected: Type.Integer(), isDone: Type.Boolean(), phase: Bilingual });
export const Overview = Type.Object({
  asOf: Instant,
  scope: Bilingual,
  /** null outside the demo or when nothing is loading. */
  loading: Nullable(LoadProgress),
  indices: Type.Array(BrandIndex),
  /** Headline metrics with their change; ids are metric ids. */
  tiles: Type.Array(
    Type.Object({
      metric: Type.String(),
      name: Bilingual,
      value: Nullable(Type.Number()),
      unit: Type.String(),
      direction: Type.Enum(['up', 'down', 'none']),
      n: Type.Integer(),
      change: Nullable(Type.Number()),
      series: Type.Array(Type.Object({ day: Day, value: Nullable(Type.Number()) })),
    }),
  ),
  openCases: Type.Object({ total: Type.Integer(), overdue: Type.Integer() }),
  dueFollowUps: Type.Object({ total: Type.Integer(), overdue: Type.Integer() }),
});
export type Overview = Static<typeof Overview>;

// GET /api/v1/metrics
export const MetricInfo = Type.Object({
  id: Type.String(),
  edition: Type.String(),
  name: Bilingual,
  unit: Type.String(),
  direction: Type.Enum(['up', 'down', 'none']),
  formula: Bilingual,
  dimensions: Type.Array(Type.String()),
  source: Type.String(),
  owner: Type.String(),
});
export type MetricInfo = Static<typeof MetricInfo>;
export const MetricList = Type.Object({ rows: Type.Array(MetricInfo) });

// GET /api/v1/metrics/:id?from=&to=&by=department&grain=day|week|month|total&where=department:CARD,class:inpatient
export const MetricQuery = Type.Object({
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  by: Type.Optional(Type.String({ maxLength: 60 })),
  grain: Type.Optional(Type.Enum(['day', 'week', 'month', 'total'])),
  where: Type.Optional(Type.String({ maxLength: 300 })),
});
export const MetricAnswer = Type.Object({
  metric: MetricInfo,
  asOf: Instant,
  from: Day,
  to: Day,
  scope: Bilingual,
  rows: Type.Array(
    Type.Object({
      period: Nullable(Day),
      group: Nullable(Type.String()),
      groupName: Nullable(Bilingual),
      value: Nullable(Type.Number()),
      lower: Nullable(Type.Number()),
      upper: Nullable(Type.Number()),
      numerator: Nullable(Type.Number()),
      denominator: Nullable(Type.Number()),
      n: Type.Integer(),
    }),
  ),
});
export type MetricAnswer = Static<typeof MetricAnswer>;

// GET /api/v1/metrics/:id/rows?…same…&cursor= : the rows behind a figure, pseudonymous
export const MetricRows = Type.Object({
  columns: Type.Array(Type.Object({ name: Type.String(), zh: Type.String(), en: Type.String() })),
  rows: Type.Array(Type.Array(Nullable(Type.Union([Type.String(), Type.Number(), Type.Boolean()])))),
  next: Nullable(Type.String()),
  asOf: Instant,
});
export type MetricRows = Static<typeof MetricRows>;
