/**
 * A trained model as it is kept, shipped and shown: for every field and grade how often people who are one show it (m) and how often others
 * do (u), how common values are, and where the lines are drawn. JSON; holds no record and no name that fewer than `HOLDERS_MIN` people bear.
 */
import type { Grade } from './compare.ts';
import type { Thresholds } from './rules.ts';

/** Fields of a person a model weighs, in the order a waterfall shows them. */
export const LINK_FIELDS = ['surname', 'given-name', 'birth-date', 'sex', 'id-number', 'document', 'mrn', 'insurance', 'phone', 'address'] as const;
export type LinkField = (typeof LINK_FIELDS)[number];

export interface Rate {
  readonly m: number;
  readonly u: number;
}
export interface ValueShares {
  /** Share of people who bear the value, 0…1; only values many bear. */
  readonly common: Readonly<Record<string, number>>;
  /** Share a value has that is not listed. */
  readonly rest: number;
}
export interface LinkModel {
  readonly format: 'xinglin-link-model@1';
  /** `general@1`, or `hospital@N` when trained on a hospital's own records. */
  readonly edition: string;
  readonly trainedOn: { readonly what: string; readonly records: number; readonly people: number; readonly rounds: number };
  /** log2 of the odds that two records taken at random are one person. */
  readonly prior: number;
  readonly fields: Readonly<Partial<Record<LinkField, Readonly<Partial<Record<Grade, Rate>>>>>>;
  /** Where the rarity of the value takes the place of the average u of an exact agreement. */
  readonly shares: Readonly<Partial<Record<LinkField, ValueShares>>>;
  readonly thresholds: Thresholds;
}

/** Names borne by fewer people stay out of a model. */
export const HOLDERS_MIN = 20;

/** log2(m/u) of a grade; 0 for `missing` and for what the model does not know. `value` only matters for `same`. */
export function weightOf(model: LinkModel, field: LinkField, grade: Grade, value: string | null = null): number {
  const rate = grade === 'missing' ? undefined : model.fields[field]?.[grade];
  if (rate === undefined) return 0;
  const shares = grade === 'same' ? model.shares[field] : undefined;
  const u = shares === undefined || value === null ? rate.u : (shares.common[value] ?? shares.rest);
  return Math.log2(rate.m / u);
}
