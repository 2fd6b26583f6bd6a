import { type Static, Type } from 'typebox';
import { LISTS } from '../organisation.ts';
import { Instant, Nullable } from './common.ts';

// GET /api/v1/patients/:personId/consents   newest first: every choice ever made, the first of a purpose and channel is the one in force
export const ConsentRow = Type.Object({
  purpose: Type.String(),
  channel: Nullable(Type.String()),
  granted: Type.Boolean(),
  changedAt: Instant,
  textEdition: Type.String(),
});
export const ConsentList = Type.Object({ rows: Type.Array(ConsentRow), asOf: Instant });
export type ConsentList = Static<typeof ConsentList>;

export const DimensionParams = Type.Object({ dimension: Type.Enum([...LISTS]) });

// GET /api/v1/dimensions/:dimension   the hospital's own list
export const DimensionRow = Type.Object({ code: Type.String(), nameZh: Type.String(), nameEn: Nullable(Type.String()), parentCode: Nullable(Type.String()) });
export const DimensionList = Type.Object({ rows: Type.Array(DimensionRow), asOf: Instant });
export type DimensionList = Static<typeof DimensionList>;

// GET /api/v1/dimensions/:dimension/unmapped   codes of sources that show as 未映射, most used first
export const UnmappedRow = Type.Object({ source: Type.String(), sourceCode: Type.String(), display: Nullable(Type.String()), seen: Type.Integer() });
export const UnmappedList = Type.Object({ rows: Type.Array(UnmappedRow), asOf: Instant });
export type UnmappedList = Static<typeof UnmappedList>;

// PUT /api/v1/dimensions/:dimension/entries   adds to or corrects the hospital's own list
export const DimensionChange = Type.Object({
  rows: Type.Array(
    Type.Object({
      code: Type.String({ maxLength: 40 }),
      nameZh: Type.String({ minLength: 1, maxLength: 100 }),
      nameEn: Nullable(Type.String({ maxLength: 100 })),
      parentCode: Nullable(Type.String({ maxLength: 40 })),
    }),
    { minItems: 1, maxItems: 5000 },
  ),
});
// PUT /api/v1/dimensions/:dimension/mappings   one source code onto one own code
export const MappingChange = Type.Object({
  source: Type.String({ maxLength: 64 }),
  sourceCode: Type.String({ maxLength: 64 }),
  code: Type.String({ maxLength: 40 }),
});
