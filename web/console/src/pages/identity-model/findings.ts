/** What the charts of a model may claim in their titles. Pure. */
import type { IdentityFigures, ModelDetail } from '@xinglin/contracts/api.ts';

export interface Graded {
  readonly field: string;
  readonly grade: string;
  readonly m: number;
  readonly u: number;
  readonly weight: number;
  /** In another version; null when it has none. */
  readonly other: number | null;
}

/** Every result of every field, in the model's order, beside the same of another version. */
export const gradesOf = (model: ModelDetail, other: ModelDetail | undefined): Graded[] =>
  model.fields.flatMap(({ field, grades }) => {
    const against = other?.fields.find((each) => each.field === field)?.grades;
    return grades.map((each) => ({ field, ...each, other: against?.find(({ grade }) => grade === each.grade)?.weight ?? null }));
  });

/** The results that speak most for and most against one person. */
export function extremesOf(graded: readonly Graded[]): { best: Graded; worst: Graded } | null {
  const [first] = graded;
  if (first === undefined) return null;
  return {
    best: graded.reduce((most, each) => (each.weight > most.weight ? each : most), first),
    worst: graded.reduce((least, each) => (each.weight < least.weight ? each : least), first),
  };
}

/** The point of a curve at a threshold, else the nearest below it. */
export const atThreshold = <P extends { readonly threshold: number }>(curve: readonly P[], threshold: number): P | undefined =>
  curve.filter((point) => point.threshold <= threshold + 1e-9).at(-1);

/** Scores without the empty steps at either end. */
export function trimmed(scores: IdentityFigures['scores']): IdentityFigures['scores'] {
  const [first, last] = [scores[0], scores.at(-1)];
  if (first === undefined || last === undefined) return [];
  const step = first.to - first.from;
  const byFrom = new Map(scores.map((bin) => [bin.from, bin]));
  const all = Array.from({ length: Math.round((last.to - first.from) / step) }, (_, at) => first.from + at * step);
  return all.map((from) => byFrom.get(from) ?? { from, to: from + step, match: 0, review: 0, no: 0 });
}
