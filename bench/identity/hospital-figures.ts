/** How well a hospital's records were linked, by kind of dirt. Precision over all records, recall over those whose truth calls them linkable. */
import type { KnownLinkage } from '../../server/govern/index.ts';
import type { Truth } from './files.ts';

export interface HospitalFigures {
  readonly people: number;
  readonly pairs: number;
  readonly wrongPairs: number;
  readonly precision: number;
  /** Of pairs of linkable records of one person. */
  readonly recall: number;
  readonly twinPairsMerged: number;
  /** Per kind: pairs of linkable records of one person of which at least one carries it, recall, and wrong pairs. */
  readonly byDirt: Readonly<Record<string, { readonly pairs: number; readonly recall: number; readonly wrong: number }>>;
}

const PRECISION_MIN = 0.9999;
const RECALL_MIN = 0.99;

/** What is promised of a hospital's records, and was not kept: nothing, or one line each. */
export function brokenPromises({ precision, recall, twinPairsMerged }: HospitalFigures, { vetoed }: Pick<KnownLinkage, 'vetoed'>): string[] {
  return [
    ...(precision < PRECISION_MIN ? [`precision ${precision.toFixed(6)} is below ${PRECISION_MIN}`] : []),
    ...(recall < RECALL_MIN ? [`recall ${recall.toFixed(4)} is below ${RECALL_MIN}`] : []),
    ...(twinPairsMerged > 0 ? [`${twinPairsMerged} pairs of twins were merged`] : []),
    ...(vetoed.lost > 0 ? [`${vetoed.lost} of ${vetoed.pairs} pairs a rule keeps apart are not in review`] : []),
  ];
}

export function hospitalFigures(ids: readonly string[], clusterOf: ArrayLike<number | string>, truth: ReadonlyMap<string, Truth>): HospitalFigures {
  const who = ids.map((id) => truth.get(id) as Truth);
  const dirt = new Map<string, { pairs: number; found: number; wrong: number }>();
  const kinds = (a: Truth, b: Truth, count: (entry: { pairs: number; found: number; wrong: number }) => void): void => {
    for (const kind of new Set(a.dirt.length + b.dirt.length === 0 ? ['clean'] : [...a.dirt, ...b.dirt])) {
      const entry = dirt.get(kind) ?? { pairs: 0, found: 0, wrong: 0 };
      dirt.set(kind, entry);
      count(entry);
    }
  };
  let [joined, wrong, twins, real, found] = [0, 0, 0, 0, 0];
  eachPair(ids.length, (at) => clusterOf[at] as number | string, (x, y) => {
    const [a, b] = [who[x] as Truth, who[y] as Truth];
    joined++;
    if (a.person === b.person) return;
    wrong++;
    if (a.isTwin && b.isTwin && a.household === b.household) twins++;
    kinds(a, b, (entry) => void entry.wrong++);
  }); // biome-ignore format: a loop
  const people = eachPair(ids.length, (at) => who[at]?.person ?? '', (x, y) => {
    const [a, b] = [who[x] as Truth, who[y] as Truth];
    if (!a.isLinkable || !b.isLinkable) return;
    const isFound = clusterOf[x] === clusterOf[y];
    real++;
    if (isFound) found++;
    kinds(a, b, (entry) => {
      entry.pairs++;
      if (isFound) entry.found++;
    });
  }); // biome-ignore format: a loop
  return {
    people,
    pairs: joined,
    wrongPairs: wrong,
    precision: joined === 0 ? 1 : 1 - wrong / joined,
    recall: real === 0 ? 1 : found / real,
    twinPairsMerged: twins,
    byDirt: Object.fromEntries(
      [...dirt].sort().map(([kind, entry]) => [kind, { pairs: entry.pairs, recall: entry.found / Math.max(1, entry.pairs), wrong: entry.wrong }]),
    ),
  };
}

/** Calls `visit` for each pair of the same group; answers how many groups there are. */
function eachPair(length: number, groupOf: (at: number) => number | string, visit: (x: number, y: number) => void): number {
  const groups = new Map<number | string, number[]>();
  for (let at = 0; at < length; at++) {
    const group = groups.get(groupOf(at));
    if (group === undefined) groups.set(groupOf(at), [at]);
    else group.push(at);
  }
  for (const members of groups.values())
    for (let i = 0; i < members.length; i++) for (let j = i + 1; j < members.length; j++) visit(members[i] as number, members[j] as number);
  return groups.size;
}

/** Pairs left to people, by the rule that held them: how many are one person, how many are two; and twins seen side by side. */
export function reviewFigures({ ids, held }: KnownLinkage, truth: ReadonlyMap<string, Truth>): Record<string, { onePerson: number; twoPeople: number }> {
  const reasons: Record<string, { onePerson: number; twoPeople: number }> = {};
  for (const { a, b, reason } of held) {
    const entry = (reasons[reason] ??= { onePerson: 0, twoPeople: 0 });
    if (truth.get(ids[a] ?? '')?.person === truth.get(ids[b] ?? '')?.person) entry.onePerson++;
    else entry.twoPeople++;
  }
  return reasons;
}
