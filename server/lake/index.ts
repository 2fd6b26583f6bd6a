export { type Dialect, duckdb, trino } from './dialect.ts';
export { enumType, type FewTexts } from './facts/columns.ts';
export { filesSql } from './facts/fact-folder.ts';
export { createLake, type LakeOptions } from './lake.ts';
export { META_OF_TRANSPORT } from './raw/content-hash.ts';
export { BODY_BYTES_MAX } from './raw/payload.ts';
export type * from './types.ts';
