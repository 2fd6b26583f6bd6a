import { type Static, type TSchema, Type } from 'typebox';

/** Absent is null, never undefined: one shape for "not known". */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601 UTC' });
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'local day of the campus' });

/** Both languages travel; the page picks. */
export const Bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
export type Bilingual = Static<typeof Bilingual>;

/** Every list: opaque cursor, null at the end. `asOf` is the moment the figures stand for. */
export const pageOf = <T extends TSchema>(row: T) =>
  Type.Object({ rows: Type.Array(row), next: Nullable(Type.String()), total: Nullable(Type.Integer()), asOf: Instant });
export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
