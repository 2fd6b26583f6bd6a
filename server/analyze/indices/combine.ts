import { Z95 } from '../intervals.ts';
import { type IndexDefinition, SHRINK_K } from './definition.ts';

/** A part on one day: value 0–1 (null: no fact carries it), the variance of that value, and how many observations it rests on. */
export interface PartValue {
  readonly value: number | null;
  readonly variance: number;
  readonly n: number;
}
export const NO_PART: PartValue = { value: null, variance: 0, n: 0 };

export interface IndexValue {
  readonly day: string;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly n: number;
  readonly parts: readonly (PartValue & { readonly id: string })[];
}

/** Bayesian shrinkage of a mean towards μ: few observations say little. Null without any. */
export function shrunk(n: number, mean: number, variance: number, mu: number): PartValue {
  if (n <= 0) return NO_PART;
  const keep = n / (n + SHRINK_K);
  return { value: clamp(keep * mean + (1 - keep) * mu), variance: keep * keep * variance, n };
}

/** 100 × weighted mean of the parts there are, weights re-normalised; interval by the delta method, parts taken as independent. */
export function combined(definition: IndexDefinition, day: string, parts: ReadonlyMap<string, PartValue>): IndexValue {
  const all = definition.parts.map((part) => ({ id: part.id, weight: part.weight, ...(parts.get(part.id) ?? NO_PART) }));
  const there = all.filter((part) => part.value !== null);
  const weights = there.reduce((sum, part) => sum + part.weight, 0);
  const listed = all.map(({ id, value, variance, n }) => ({ id, value, variance, n }));
  const n = there.reduce((sum, part) => sum + part.n, 0);
  if (there.length === 0) return { day, value: null, lower: null, upper: null, n: 0, parts: listed };
  const value = there.reduce((sum, part) => sum + (part.weight / weights) * (part.value ?? 0), 0);
  const spread = Math.sqrt(there.reduce((sum, part) => sum + (part.weight / weights) ** 2 * part.variance, 0));
  return { day, value: 100 * clamp(value), lower: 100 * clamp(value - Z95 * spread), upper: 100 * clamp(value + Z95 * spread), n, parts: listed };
}

/** From one day to another, over the parts that both have: a part that begins or ends is no movement. Null without a part in common. */
export function changeBetween(definition: IndexDefinition, earlier: IndexValue | undefined, later: IndexValue | undefined): number | null {
  if (earlier?.value == null || later?.value == null) return null;
  const known = ({ parts }: IndexValue): Map<string, PartValue> => new Map(parts.filter((part) => part.value !== null).map((part) => [part.id, part]));
  const [before, after] = [known(earlier), known(later)];
  const common = [...after.keys()].filter((id) => before.has(id));
  if (common.length === before.size && common.length === after.size) return later.value - earlier.value;
  const over = (parts: Map<string, PartValue>): number | null => combined(definition, '', new Map(common.map((id) => [id, parts.get(id) ?? NO_PART]))).value;
  const [from, to] = [over(before), over(after)];
  return from === null || to === null ? null : to - from;
}

export const clamp = (x: number): number => Math.min(1, Math.max(0, x));
