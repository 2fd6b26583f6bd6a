/**
 * How well, how fast and in how much memory records are linked at the default threshold, and Splink 5 beside it on the same files. One process per
 * file, so that memory is that of the file. `BENCH_PATIENTS` (200000) sizes the simulated hospital, `BENCH_SPLINK=off` leaves the peer out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { linkKnownFile, measureLinkage } from '../../server/govern/index.ts';
import { timeBySize } from './chart.ts';
import { type BenchFile, hospitalFile, PUBLIC_FILES, TODAY, truthOf } from './files.ts';
import { hospitalFigures, reviewFigures } from './hospital-figures.ts';
import { installSplink, runSplink } from './splink.ts';

const PATIENTS = 200_000;
/** Sizes of the chart as shares of the hospital: 10 thousand to 1 million records at 200 thousand patients. */
const SHARES = [0.01, 0.03, 0.1, 0.3, 1];

/** Seven places are enough to tell the figures apart. */
const short = (_: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toFixed(7)) : value);
const say = (line: object): void => console.log(JSON.stringify(line, short));

async function measure(file: BenchFile): Promise<object> {
  const before = process.cpuUsage();
  const linkage = await linkKnownFile(file.path, { today: TODAY });
  const { user, system } = process.cpuUsage(before);
  const cost = { cpuSeconds: (user + system) / 1e6, peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024), load: loadavg()[0] };
  const truth = await truthOf(file);
  const { candidatePairs, blocksRefined, blocksSkipped, seconds, columns, ids } = linkage;
  if (file.splink !== 'hospital') return { ...measureLinkage(linkage, (id) => truth.get(id)?.person ?? id), ...cost };
  const figures = hospitalFigures(ids, linkage.clusterOf, truth);
  return { records: ids.length, columns, ...figures, review: reviewFigures(linkage, truth), candidatePairs, blocksRefined, blocksSkipped, seconds, ...cost };
}

/** The same program again, for one file. */
function measureApart(file: BenchFile): { records: number; seconds: number } {
  const args = [...process.execArgv, '--max-old-space-size=6144', process.argv[1] ?? '', JSON.stringify(file)];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`linking ${file.name} failed`);
  return JSON.parse(stdout) as { records: number; seconds: number };
}

async function both(file: BenchFile, noSplink: string | null): Promise<{ ours: { records: number; seconds: number }; splink: object }> {
  const ours = measureApart(file);
  say({ bench: 'linkage', file: file.name, ...ours, peers: file.peers });
  const splink = noSplink === null ? runSplink(file, await truthOf(file)) : { notRun: noSplink };
  say({ bench: 'linkage', file: file.name, peer: 'Splink 5.0.0 on DuckDB', ...splink });
  return { ours, splink };
}

async function run(): Promise<void> {
  const noSplink = installSplink();
  for (const file of PUBLIC_FILES) {
    if (existsSync(file.path)) await both(file, noSplink);
    else say({ bench: 'linkage', file: file.name, skipped: 'not present' });
  }
  const patients = Number(process.env['BENCH_PATIENTS'] ?? PATIENTS);
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-hospital-'));
  const [mine, theirs]: [[number, number][], [number, number][]] = [[], []];
  try {
    for (const share of SHARES) {
      const file = await hospitalFile(folder, Math.round(patients * share));
      const { ours, splink } = await both(file, noSplink);
      mine.push([ours.records, ours.seconds]);
      if ('seconds' in splink) theirs.push([ours.records, Number(splink.seconds)]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  // A smaller run is a trial, not a figure to publish.
  if (patients < PATIENTS) return;
  const images = join(process.cwd(), 'docs/images/identity');
  mkdirSync(images, { recursive: true });
  const lines = [{ label: 'Xinglin', points: mine }, ...(theirs.length > 0 ? [{ label: 'Splink 5', points: theirs }] : [])];
  writeFileSync(join(images, 'time-by-size.svg'), timeBySize('Linking a hospital’s records, two cores', lines));
}

const [asked] = process.argv.slice(2);
if (asked === undefined) await run();
else process.stdout.write(JSON.stringify(await measure(JSON.parse(asked) as BenchFile)));
