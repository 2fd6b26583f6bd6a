/** How good a linkage is against the truth: over pairs, and per record (B-cubed, Bagga and Baldwin 1998). All shares 0…1. */
export interface Quality {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}
const quality = (precision: number, recall: number): Quality => ({
  precision,
  recall,
  f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
});
const pairsOf = (count: number): number => (count * (count - 1)) / 2;

/** Both measures of clusters against the truth, each given as one label per record. */
export function measureClusters(found: ArrayLike<string | number>, truth: readonly string[]): { pairwise: Quality; bCubed: Quality } {
  const counts = { found: new Map<string, number>(), truth: new Map<string, number>(), both: new Map<string, number>() };
  const bump = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for (let at = 0; at < found.length; at++) {
    bump(counts.found, String(found[at]));
    bump(counts.truth, truth[at] ?? '');
    bump(counts.both, `${found[at]}\u0000${truth[at]}`);
  }
  const sum = (map: Map<string, number>, of: (count: number) => number): number => [...map.values()].reduce((total, count) => total + of(count), 0);
  const together = sum(counts.both, pairsOf);
  let [precision, recall] = [0, 0];
  for (const [key, count] of counts.both) {
    const [label = '', entity = ''] = key.split('\u0000');
    precision += count ** 2 / (counts.found.get(label) ?? 1);
    recall += count ** 2 / (counts.truth.get(entity) ?? 1);
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
  return {
    pairwise: quality(share(together, sum(counts.found, pairsOf)), share(together, sum(counts.truth, pairsOf))),
    bCubed: quality(share(precision, found.length), share(recall, found.length)),
  };
}

/** Pairs as they were scored, before clustering. */
export function measurePairs(pairs: Iterable<readonly [number, number]>, truth: readonly string[]): Quality {
  const sizes = new Map<string, number>();
  for (const entity of truth) sizes.set(entity, (sizes.get(entity) ?? 0) + 1);
  let [right, all] = [0, 0];
  for (const [a, b] of pairs) {
    all++;
    if (truth[a] === truth[b]) right++;
  }
  const real = [...sizes.values()].reduce((total, count) => total + pairsOf(count), 0);
  return quality(all === 0 ? 1 : right / all, real === 0 ? 1 : right / real);
}
