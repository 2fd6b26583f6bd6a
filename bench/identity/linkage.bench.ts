/**
 * How well, how fast and in how much memory records are linked at the default threshold, on public files whose truth is known.
 * The truth (the id's stem, the column `cluster`) is read here only, after linking. Peers' figures are those stated in the data's README.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { componentsOf } from '../../server/govern/identity/linkage/cluster.ts';
import { recogniseColumns } from '../../server/govern/identity/linkage/columns.ts';
import { linkTable, THRESHOLD } from '../../server/govern/identity/linkage/link.ts';
import { measureClusters, measurePairs, type Quality } from '../../server/govern/identity/linkage/measure.ts';
import { oddsOf } from '../../server/govern/identity/linkage/model.ts';
import { readTable } from '../../server/govern/identity/linkage/read-table.ts';

const DATA = resolve(process.env['BENCH_DATA'] ?? join(process.cwd(), '../shared/data'), 'identity');
const PEERS: Readonly<Record<string, object>> = {
  'dataset3.csv': { pairsF1: { 'Splink at 0.5': 0.9929, 'Splink at its best threshold': 0.9954, GoldenMatch: 0.996 } },
  'historical_figures_with_errors_50k.parquet': {
    clusteredPairwiseF1: { GoldenMatch: 0.827, 'Splink, ten rules': 0.8226 },
    clusteredBCubedF1: { 'Splink, ten rules': 0.856 },
  },
};
const rounded = ({ precision, recall, f1 }: Quality): Quality => ({
  precision: Number(precision.toFixed(4)),
  recall: Number(recall.toFixed(4)),
  f1: Number(f1.toFixed(4)),
});

for (const name of ['dataset1.csv', 'dataset2.csv', 'dataset3.csv', 'historical_figures_with_errors_50k.parquet']) {
  const path = join(DATA, name);
  if (!existsSync(path)) {
    console.log(JSON.stringify({ bench: 'linkage', file: name, skipped: 'not present' }));
    continue;
  }
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const { table } = await readTable([path]);
  const columns = recogniseColumns(table);
  const ids = (table.columns.get(columns['record-id'] ?? '') ?? []).map(String);
  const linked = await linkTable(table, columns, ids, { today: new Date('2026-01-01') });
  const seconds = (performance.now() - started) / 1000;
  const cpu = process.cpuUsage(cpuBefore);

  const answer = table.columns.get('cluster');
  const entity = new Map(ids.map((id, row) => [id, answer?.[row] ?? id.split('-').slice(0, 2).join('-')]));
  const truth = linked.records.ids.map((id) => entity.get(id) ?? id);
  const { edges, clusterOf } = linked;
  const least = oddsOf(THRESHOLD);
  const matched = Array.from(edges.odds.keys()).filter((i) => (edges.odds[i] ?? 0) >= least);
  const components = new Map(componentsOf(truth.length, edges, least).flatMap((group, at) => group.map((member) => [member, at])));
  const bare = measureClusters(Array.from(truth.keys(), (at) => components.get(at) ?? -1), truth); // biome-ignore format: one measure
  const clustered = measureClusters([...clusterOf], truth);
  console.log(
    JSON.stringify({
      bench: 'linkage',
      file: name,
      threshold: THRESHOLD,
      records: truth.length,
      candidatePairs: edges.length,
      pairs: rounded(measurePairs(matched.map((i) => [edges.a[i] ?? 0, edges.b[i] ?? 0] as const), truth)), // biome-ignore format: one measure
      componentsPairwise: rounded(bare.pairwise),
      componentsBCubed: rounded(bare.bCubed),
      clusteredPairwise: rounded(clustered.pairwise),
      clusteredBCubed: rounded(clustered.bCubed),
      seconds: Number(seconds.toFixed(2)),
      cpuSeconds: Number(((cpu.user + cpu.system) / 1e6).toFixed(2)),
      // Of the whole process so far: files are linked one after another, the largest last.
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024),
      blocksRefined: linked.blocks.refined,
      blocksSkipped: linked.blocks.skipped,
      peers: PEERS[name] ?? null,
    }),
  );
}
