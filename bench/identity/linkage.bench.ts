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
import { brokenPromises, hospitalFigures, reviewFigures } from './hospital-figures.ts';
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
  const { candidatePairs, blocksRefined, blocksSkipped, seconds, columns, ids, vetoed } = linkage;
  if (file.splink !== 'hospital') return { ...measureLinkage(linkage, (id) => truth.get(id)?.person ?? id), ...cost };
  const figures = hospitalFigures(ids, linkage.clusterOf, truth);
  const broken = brokenPromises(figures, linkage);
  return {
    records: ids.length,
    columns,
    ...figures,
    review: reviewFigures(linkage, truth),
    vetoed,
    broken,
    candidatePairs,
    blocksRefined,
    blocksSkipped,
    seconds,
    ...cost,
  };
}

interface Cost {
  /** Promises a hospital's file did not keep. */
  readonly broken?: readonly string[];
  readonly records: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** The same program again, for one file. */
function ours(file: BenchFile): Cost {
  const args = [...process.execArgv, '--max-old-space-size=6144', process.argv[1] ?? '', JSON.stringify(file)];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`linking ${file.name} failed`);
  const figures = JSON.parse(stdout) as Cost;
  say({ bench: 'linkage', file: file.name, ...figures, peers: file.peers });
  if ((figures.broken ?? []).length > 0) process.exitCode = 1;
  return figures;
}

/** CPU seconds, or null when it did not run; why is said either way. */
async function theirs(file: BenchFile, noSplink: string | null): Promise<number | null> {
  const figures = noSplink === null ? runSplink(file, await truthOf(file)) : { notRun: noSplink };
  say({ bench: 'linkage', file: file.name, peer: 'Splink 5.0.0 on DuckDB', ...figures });
  return 'cpuSeconds' in figures ? Number(figures.cpuSeconds) : null;
}

async function run(): Promise<void> {
  const noSplink = installSplink();
  for (const file of PUBLIC_FILES) {
    if (!existsSync(file.path)) {
      say({ bench: 'linkage', file: file.name, skipped: 'not present' });
      continue;
    }
    ours(file);
    await theirs(file, noSplink);
  }
  const patients = Number(process.env['BENCH_PATIENTS'] ?? PATIENTS);
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-hospital-'));
  const [mine, peer]: [[number, number][], [number, number][]] = [[], []];
  try {
    const files: BenchFile[] = [];
    for (const share of SHARES) files.push(await hospitalFile(folder, Math.round(patients * share)));
    const sizes = files.map((file) => {
      const cost = ours(file);
      mine.push([cost.records, cost.cpuSeconds]);
      return cost.records;
    });
    for (const [at, file] of files.entries()) {
      const seconds = await theirs(file, noSplink);
      if (seconds !== null) peer.push([sizes[at] ?? 0, seconds]);
      // A smaller run is a trial, not a figure to publish.
      if (patients >= PATIENTS) draw(mine, peer);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** CPU seconds, because they do not depend on what else the machine does; ours are of one thread, Splink's of both cores. */
function draw(mine: [number, number][], peer: [number, number][]): void {
  const images = join(process.cwd(), 'docs/images/identity');
  mkdirSync(images, { recursive: true });
  const lines = [{ label: 'Xinglin', points: mine }, ...(peer.length > 0 ? [{ label: 'Splink 5', points: peer }] : [])];
  writeFileSync(join(images, 'time-by-size.svg'), timeBySize('CPU seconds to link a hospital’s records', lines));
}

const [asked] = process.argv.slice(2);
if (asked === undefined) await run();
else process.stdout.write(JSON.stringify(await measure(JSON.parse(asked) as BenchFile)));
