/**
 * How well, how fast and in how much memory records are linked at the default threshold, on public files whose truth is known.
 * Peers' figures are those stated in the data's README.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measureLinkage } from '../../server/govern/index.ts';

const DATA = resolve(process.env['BENCH_DATA'] ?? join(process.cwd(), '../shared/data'), 'identity');
const TODAY = new Date('2026-01-01');
/** rec-12-org and rec-12-dup-0 are one person. */
const stem = (id: string): string => id.split('-').slice(0, 2).join('-');
const febrl = (name: string, peers: object | null) => ({ name, peers, measure: (file: string) => measureLinkage(file, { entityOf: stem, today: TODAY }) });
const FILES = [
  febrl('dataset1.csv', null),
  febrl('dataset2.csv', null),
  febrl('dataset3.csv', { pairwiseF1: { 'Splink at 0.5': 0.9929, 'Splink at its best threshold': 0.9954, GoldenMatch: 0.996 } }),
  {
    name: 'historical_figures_with_errors_50k.parquet',
    peers: { clusteredPairwiseF1: { GoldenMatch: 0.827, 'Splink, ten rules': 0.8226 }, clusteredBCubedF1: { 'Splink, ten rules': 0.856 } },
    measure: (file: string) => measureLinkage(file, { truthColumn: 'cluster', entityOf: (id, truth) => truth ?? id, today: TODAY }),
  },
];

/** Four places are enough to tell the figures apart. */
const short = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(4)) : value);
for (const { name, peers, measure } of FILES) {
  const file = join(DATA, name);
  if (!existsSync(file)) {
    console.log(JSON.stringify({ bench: 'linkage', file: name, skipped: 'not present' }));
    continue;
  }
  const before = process.cpuUsage();
  const figures = await measure(file);
  const { user, system } = process.cpuUsage(before);
  // Memory is that of the whole process so far, the server's libraries counted; the largest file comes last.
  const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ bench: 'linkage', file: name, ...figures, cpuSeconds: (user + system) / 1e6, peakMemoryMb, peers }, short));
}
