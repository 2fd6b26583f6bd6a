/** Every fact, table, segment header and viewer names an organisation and a campus. */
export interface Place {
  readonly orgId: string;
  readonly campusId: string;
}

/** Codes are short ASCII so that they are safe in file names, facts and logs. */
export const CODE_PATTERN = '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$';
export const isCode = (text: string): boolean => new RegExp(CODE_PATTERN).test(text);

/** Named lists a source's own codes are mapped onto. Unmapped shows as 未映射. */
export const DIMENSIONS = ['department', 'staff', 'ward', 'device', 'item', 'disease'] as const;
/** Named lists; sources write the same codes for those that are not dimensions (GB/T 2260 districts), so nothing is mapped onto them. */
export const LISTS = [...DIMENSIONS, 'district'] as const;
export type Dimension = (typeof LISTS)[number];

/** `code` is the hospital's own; `nameEn` is optional and falls back to `nameZh`. */
export interface DimensionEntry {
  readonly dimension: Dimension;
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string | null;
  /** For staff and wards: the department they belong to. */
  readonly parentCode: string | null;
}
