/** Links one file whose truth is known and says how good that was. The truth is read only after linking. */
import { componentsOf } from './cluster.ts';
import { recogniseColumns } from './columns.ts';
import { linkTable, THRESHOLD } from './link.ts';
import { measureClusters, measurePairs, type Quality } from './measure.ts';
import { oddsOf } from './model.ts';
import { readTable } from './read-table.ts';

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

/** `entityOf` tells the true person from a record id and, where the file has one, the value of its column `truthColumn`. Every row needs a record id of its own. */
export async function measureLinkage(
  file: string,
  { truthColumn, entityOf, today }: { readonly truthColumn?: string; readonly entityOf: (id: string, truth: string | null) => string; readonly today: Date },
): Promise<LinkMeasure> {
  const started = performance.now();
  const { table } = await readTable([file]);
  const columns = recogniseColumns(table);
  const ids = (table.columns.get(columns['record-id'] ?? '') ?? []).map(String);
  const { records, edges, clusterOf, blocks } = await linkTable(table, columns, ids, { today });
  const seconds = (performance.now() - started) / 1000;

  const answers = truthColumn === undefined ? undefined : table.columns.get(truthColumn);
  const entities = new Map(ids.map((id, row) => [id, entityOf(id, answers?.[row] ?? null)]));
  const truth = records.ids.map((id) => entities.get(id) ?? id);
  const least = oddsOf(THRESHOLD);
  const matched = Array.from(edges.odds.keys()).filter((i) => edges.odds[i]! >= least);
  const component = new Int32Array(records.length);
  for (const [at, members] of componentsOf(records.length, edges, least).entries()) for (const member of members) component[member] = at;
  return {
    threshold: THRESHOLD,
    records: records.length,
    candidatePairs: edges.length,
    pairs: measurePairs(
      matched.map((i) => [edges.a[i]!, edges.b[i]!] as const),
      truth,
    ),
    components: measureClusters([...component], truth),
    clustered: measureClusters([...clusterOf], truth),
    seconds,
    blocksRefined: blocks.refined,
    blocksSkipped: blocks.skipped,
  };
}
