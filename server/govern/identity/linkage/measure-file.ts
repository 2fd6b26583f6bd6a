/** Links one file whose truth is known and says how good that was. The truth is read only after linking. Record ids come back, never a value. */
import { componentsOf } from './cluster.ts';
import { type Columns, recogniseColumns } from './columns.ts';
import { isVetoed, linkTable, THRESHOLD } from './link.ts';
import type { LinkModel } from './link-model.ts';
import { measureClusters, measurePairs, type Quality } from './measure.ts';
import { oddsOf } from './model.ts';
import { readTable } from './read-table.ts';
import type { Reason } from './rules.ts';
import { type ModelOrigin, toLinkModel } from './to-link-model.ts';

export interface KnownLinkage {
  readonly columns: Columns;
  readonly ids: readonly string[];
  /** Per record the place of the first record of its cluster. */
  readonly clusterOf: Int32Array;
  /** Pairs whose own score reaches the threshold and that no rule holds back, before clustering: places of records. */
  readonly matched: readonly (readonly [number, number])[];
  /** Pairs for people to look at: they score the threshold, a rule keeps them from being joined, and nothing else joined them. */
  readonly held: readonly { readonly a: number; readonly b: number; readonly reason: Reason }[];
  /** Pairs that score the threshold and that a rule never lets be one person: how many there are, and how many of them are not in `held`. */
  readonly vetoed: { readonly pairs: number; readonly lost: number };
  readonly threshold: number;
  readonly candidatePairs: number;
  readonly blocksRefined: number;
  readonly blocksSkipped: number;
  /** Reading and linking. */
  readonly seconds: number;
  /** What was learned, in the form models are kept in. */
  readonly modelAs: (origin: ModelOrigin) => LinkModel;
}

/** Every row needs a record id of its own. */
export async function linkKnownFile(file: string, { today }: { readonly today: Date }): Promise<KnownLinkage> {
  const started = performance.now();
  const { table } = await readTable([file]);
  const columns = recogniseColumns(table);
  const ids = (table.columns.get(columns['record-id'] ?? '') ?? []).map(String);
  const linked = await linkTable(table, columns, ids, { today });
  const seconds = (performance.now() - started) / 1000;
  const { records, edges, clusterOf, blocks, held, vetoed } = linked;
  const least = oddsOf(THRESHOLD);
  const matched: (readonly [number, number])[] = [];
  for (let i = 0; i < edges.length; i++) if (edges.odds[i]! >= least) matched.push([edges.a[i]!, edges.b[i]!]);
  return {
    ...{ columns, ids: records.ids, clusterOf, matched, held, threshold: THRESHOLD, seconds },
    vetoed: { pairs: vetoed, lost: vetoed - held.filter(isVetoed).length },
    ...{ candidatePairs: edges.length, blocksRefined: blocks.refined, blocksSkipped: blocks.skipped },
    modelAs: (origin) => toLinkModel(linked, origin),
  };
}

export interface LinkMeasure {
  readonly threshold: number;
  readonly records: number;
  readonly candidatePairs: number;
  /** Pairs whose own score reaches the threshold, before clustering. */
  readonly pairs: Quality;
  /** Everything joined that is connected. */
  readonly components: { readonly pairwise: Quality; readonly bCubed: Quality };
  /** What `linkFiles` writes. */
  readonly clustered: { readonly pairwise: Quality; readonly bCubed: Quality };
  /** Reading and linking, without measuring. */
  readonly seconds: number;
  readonly blocksRefined: number;
  readonly blocksSkipped: number;
}

/** `truthOf` names the true person of a record id. */
export function measureLinkage(linkage: KnownLinkage, truthOf: (id: string) => string): LinkMeasure {
  const { ids, matched, clusterOf, threshold, candidatePairs, seconds, blocksRefined, blocksSkipped } = linkage;
  const truth = ids.map(truthOf);
  const edges = {
    length: matched.length,
    a: Int32Array.from(matched, ([a]) => a),
    b: Int32Array.from(matched, ([, b]) => b),
    odds: new Float64Array(matched.length).fill(1),
  };
  const component = new Int32Array(ids.length);
  for (const [at, members] of componentsOf(ids.length, edges, 0).entries()) for (const member of members) component[member] = at;
  return {
    threshold,
    records: ids.length,
    candidatePairs,
    pairs: measurePairs(matched, truth),
    components: measureClusters(component, truth),
    clustered: measureClusters(clusterOf, truth),
    seconds,
    blocksRefined,
    blocksSkipped,
  };
}
