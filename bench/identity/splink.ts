/** Splink 5 from PyPI beside us, in a virtual environment of its own under the system's temporary folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureClusters, measurePairs } from '../../server/govern/index.ts';
import type { BenchFile, Truth } from './files.ts';
import { hospitalFigures } from './hospital-figures.ts';

const VERSION = '5.0.0';
const HOME = join(tmpdir(), `xinglin-splink-${VERSION}`);
const PYTHON = join(HOME, 'bin/python');
const INSTALL_MS = 300_000;
const RUN_MS = 1_200_000;

/** Null when it is there; else in one sentence why not. */
export function installSplink(): string | null {
  if (process.env['BENCH_SPLINK'] === 'off') return 'BENCH_SPLINK is off';
  const run = (command: string, args: readonly string[]): boolean => spawnSync(command, args, { stdio: 'ignore', timeout: INSTALL_MS }).status === 0;
  if (existsSync(PYTHON) && run(PYTHON, ['-c', 'import splink, duckdb'])) return null;
  if (!run('python3', ['-m', 'venv', HOME])) return 'no python3 with venv on this machine';
  return run(PYTHON, ['-m', 'pip', 'install', '--quiet', `splink==${VERSION}`]) ? null : `splink ${VERSION} could not be installed from PyPI`;
}

/** Figures of one run at its fixed threshold 0.5, measured as ours are. */
export function runSplink(file: BenchFile, truth: ReadonlyMap<string, Truth>): object {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-splink-run-'));
  try {
    const [clusters, pairs] = [join(folder, 'clusters.csv'), join(folder, 'pairs.csv')];
    const script = join(process.cwd(), 'bench/identity/splink-link.py');
    const { status, stdout, stderr, error } = spawnSync(PYTHON, [script, file.splink, file.path, clusters, pairs], { encoding: 'utf8', timeout: RUN_MS });
    if (status !== 0) return { failed: error === undefined ? (stderr.trim().split('\n').at(-1) ?? 'unknown') : error.message };
    const cost = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { seconds: number; cpuSeconds: number; peakMemoryMb: number };
    const rows = (path: string): string[][] => readFileSync(path, 'utf8').trim().split('\n').slice(1).map((line) => line.split(',')); // biome-ignore format: one chain
    const found = rows(clusters);
    const ids = found.map(([id = '']) => id);
    const labels = found.map(([, cluster = '']) => cluster);
    const people = ids.map((id) => truth.get(id)?.person ?? id);
    if (file.splink === 'hospital') {
      const { byDirt, ...figures } = hospitalFigures(ids, labels, truth);
      return { ...figures, recallByDirt: Object.fromEntries(Object.entries(byDirt).map(([kind, { recall }]) => [kind, recall])), ...cost };
    }
    const at = new Map(ids.map((id, place) => [id, place]));
    const scored = rows(pairs).map(([a = '', b = '']) => [at.get(a) ?? -1, at.get(b) ?? -1] as const);
    return { pairs: measurePairs(scored, people), clustered: measureClusters(labels, people), ...cost };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
