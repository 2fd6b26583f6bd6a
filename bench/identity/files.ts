/** The files of the identity benchmark: public ones with known truth, and the simulator's hospital at any size. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { runSimulate } from '../../simulator/index.ts';

const DATA = resolve(process.env['BENCH_DATA'] ?? join(process.cwd(), '../shared/data'), 'identity');
export const TODAY = new Date('2026-11-20');

export interface BenchFile {
  readonly name: string;
  readonly path: string;
  /** Which of Splink's settings fit it. */
  readonly splink: 'febrl' | 'historical' | 'hospital';
  /** Figures others published on it. */
  readonly peers: object | null;
}

export const PUBLIC_FILES: readonly BenchFile[] = [
  { name: 'dataset1.csv', path: join(DATA, 'dataset1.csv'), splink: 'febrl', peers: null },
  { name: 'dataset2.csv', path: join(DATA, 'dataset2.csv'), splink: 'febrl', peers: null },
  {
    ...{ name: 'dataset3.csv', path: join(DATA, 'dataset3.csv'), splink: 'febrl' },
    peers: { pairwiseF1: { 'Splink at 0.5': 0.9929, 'Splink at its best threshold': 0.9954, GoldenMatch: 0.996 } },
  },
  {
    ...{ name: 'historical_figures_with_errors_50k.parquet', path: join(DATA, 'historical_figures_with_errors_50k.parquet'), splink: 'historical' },
    peers: { clusteredPairwiseF1: { GoldenMatch: 0.827, 'Splink, ten rules': 0.8226 }, clusteredBCubedF1: { 'Splink, ten rules': 0.856 } },
  },
];

/** Makes the records of a simulated hospital, each as its system holds it, and beside it who they are. About 5.4 records a patient. */
export async function hospitalFile(folder: string, patients: number): Promise<BenchFile> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `hospital-${patients}.csv`);
  if (!existsSync(path))
    await runSimulate(['--patients', String(patients), '--months', '12', '--end', '2026-11-20', '--seed', 'link', '--json', '--records', path]);
  return { name: `hospital-${patients}`, path, splink: 'hospital', peers: null };
}

export interface Truth {
  readonly person: string;
  readonly household: string;
  readonly isTwin: boolean;
  readonly dirt: readonly string[];
  readonly isLinkable: boolean;
}

/** Who each record is; read only after linking. */
export async function truthOf({ name, path, splink }: BenchFile): Promise<ReadonlyMap<string, Truth>> {
  if (splink === 'hospital') return hospitalTruth(path.replace(/\.csv$/, '.truth.csv'));
  const rows = splink === 'historical' ? await clusterColumn(path) : null;
  const plain = (person: string): Truth => ({ person, household: person, isTwin: false, dirt: [], isLinkable: true });
  if (rows !== null) return new Map(rows.map(([id, cluster]) => [id, plain(cluster)]));
  // rec-12-org and rec-12-dup-0 are one person.
  const ids = readFileSync(path, 'utf8').split('\n').slice(1).map((line) => (line.split(',')[0] ?? '').trim()).filter((id) => id !== ''); // biome-ignore format: one chain
  if (ids.length === 0) throw new Error(`${name} is empty`);
  return new Map(ids.map((id) => [id, plain(id.split('-').slice(0, 2).join('-'))]));
}

function hospitalTruth(path: string): ReadonlyMap<string, Truth> {
  const truth = new Map<string, Truth>();
  for (const line of readFileSync(path, 'utf8').split('\n').slice(1)) {
    const [id = '', person = '', household = '', twin = '', dirt = '', linkable = ''] = line.split(',');
    if (id !== '') truth.set(id, { person, household, isTwin: twin === '1', dirt: dirt === '' ? [] : dirt.split(';'), isLinkable: linkable === '1' });
  }
  return truth;
}

async function clusterColumn(path: string): Promise<(readonly [string, string])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(`select unique_id::varchar, cluster::varchar from read_parquet('${path.replaceAll("'", "''")}')`);
  const rows = read.getRows().map((row) => [String(row[0]), String(row[1])] as const);
  connection.closeSync();
  instance.closeSync();
  return rows;
}
