/** `xinglin link`: CSV or Parquet in, people out. Only record ids and probabilities are written. */
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Columns, ROLES, type Role, recogniseColumns, type Table } from './columns.ts';
import { refuse } from './errors.ts';
import { type Linked, linkTable, THRESHOLD } from './link.ts';
import { chanceOf, oddsOf } from './model.ts';
import { readTable } from './read-table.ts';

/** What `xinglin link FILE… [--config FILE] [--threshold P] --out clusters.csv [--pairs pairs.csv] [--json]` takes. */
export interface LinkCommandOptions {
  readonly files: readonly string[];
  /** JSON: `{"columns": {"full-name": "…", …}, "threshold": 0.5}`; both optional. */
  readonly config?: string | undefined;
  /** Probability from which two records are one person, 0…1; before the config's; 0.5 when neither says. */
  readonly threshold?: number | undefined;
  readonly out: string;
  readonly pairs?: string | undefined;
  /** Dates of birth in resident ids must lie before it. */
  readonly today: Date;
}

/** What the command tells when it is done; with `--json` printed as it is. Counts and column names only. */
export interface LinkSummary {
  readonly records: number;
  /** Rows that repeated an earlier row word for word under the same id, counted once. */
  readonly repeated: number;
  readonly people: number;
  readonly columns: Columns;
  readonly threshold: number;
  readonly candidatePairs: number;
  readonly matchedPairs: number;
  readonly blocksRefined: number;
  readonly blocksSkipped: number;
  readonly seconds: number;
}

/** Rejects with a `Refusal` of one sentence when the input cannot be used; nothing is written then. */
export async function linkFiles(options: LinkCommandOptions): Promise<LinkSummary> {
  const started = performance.now();
  const config = options.config === undefined ? {} : readConfig(options.config);
  const threshold = options.threshold ?? config.threshold ?? THRESHOLD;
  if (!(threshold > 0 && threshold < 1)) throw refuse('bad-threshold');
  checkFiles(options);
  const { table, rowsPerFile } = await readTable(options.files).catch((cause: unknown) => {
    throw refuse('bad-file', { file: options.files.join(', ') }, cause);
  });
  if (table.length === 0) throw refuse('no-rows');
  for (const name of Object.values(config.columns ?? {})) {
    if (!table.columns.has(name)) throw refuse('bad-config', { file: options.config ?? '', reason: `no column is named ${name}` });
  }
  const columns = recogniseColumns(table, config.columns);
  const evidence = Object.keys(columns).filter((role) => role !== 'record-id').length;
  if (evidence < 2) throw refuse('no-evidence', { count: evidence });
  const rows = distinctRows(table, columns, { files: options.files, rowsPerFile });
  const linked = await linkTable(rows.table, columns, rows.ids, { threshold, today: options.today });
  const people = describePeople(linked);
  writeCsv(options.out, ['record_id', 'cluster_id', 'probability'], people);
  const matched = matchedPairs(linked, oddsOf(threshold));
  if (options.pairs !== undefined) writeCsv(options.pairs, ['record_id_a', 'record_id_b', 'probability'], matched);
  return {
    records: rows.ids.length,
    repeated: table.length - rows.ids.length,
    people: new Set(linked.clusterOf).size,
    columns,
    threshold,
    candidatePairs: linked.edges.length,
    matchedPairs: matched.length,
    blocksRefined: linked.blocks.refined,
    blocksSkipped: linked.blocks.skipped,
    seconds: (performance.now() - started) / 1000,
  };
}

function checkFiles({ files, out, pairs }: LinkCommandOptions): void {
  for (const file of files) {
    try {
      accessSync(file, constants.R_OK);
    } catch (cause) {
      throw refuse('no-file', { file }, cause);
    }
  }
  const taken = new Set(files.map((file) => resolve(file)));
  for (const file of pairs === undefined ? [out] : [out, pairs]) {
    if (taken.has(resolve(file))) throw refuse('bad-output', { file });
    taken.add(resolve(file));
  }
}

function readConfig(file: string): { columns?: Columns; threshold?: number } {
  const wrong = (reason: string, cause?: unknown): Error => refuse('bad-config', { file, reason }, cause);
  let config: unknown;
  try {
    config = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw wrong('it is not a readable JSON file', cause);
  }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) throw wrong('it must be an object with columns and threshold');
  const read: { columns?: Columns; threshold?: number } = {};
  for (const [key, value] of Object.entries(config)) {
    if (key === 'threshold' && typeof value === 'number') read.threshold = value;
    else if (key === 'columns' && typeof value === 'object' && value !== null) {
      for (const [role, name] of Object.entries(value)) {
        if (!ROLES.includes(role as Role) || typeof name !== 'string') throw wrong(`columns may name ${ROLES.join(', ')}, each with the name of a column`);
      }
      read.columns = value as Columns; // every role and name was looked at above
    } else throw wrong('it may hold columns (an object) and threshold (a number)');
  }
  return read;
}

/**
 * Names every row. A row that repeats an earlier one word for word under the same id is the same record and is left out.
 * Without an id column a record is called by its line (and file, when there are several); ids that several files share are preceded by the file's name.
 */
export function distinctRows(
  table: Table,
  columns: Columns,
  { files, rowsPerFile }: { readonly files: readonly string[]; readonly rowsPerFile: readonly number[] },
): { table: Table; ids: string[] } {
  const fileOf = rowsPerFile.flatMap((count, file) => new Array<number>(count).fill(file));
  const named = columns['record-id'] === undefined ? null : (table.columns.get(columns['record-id']) ?? null);
  const firstRow = rowsPerFile.map((_, file) => fileOf.indexOf(file));
  const nameOf = (row: number): string => named?.[row] ?? `line ${row - (firstRow[fileOf[row] ?? 0] ?? 0) + 2}`;
  const content = (row: number): string => table.names.map((name) => table.columns.get(name)?.[row] ?? '').join('\u0001');
  const contents = new Map<string, string>();
  const clashes = new Set<string>();
  let isShared = false;
  const keep: number[] = [];
  const owner = new Map<string, number>();
  for (let row = 0; row < table.length; row++) {
    const id = nameOf(row);
    const file = fileOf[row] ?? 0;
    const written = content(row);
    const known = contents.get(id);
    if (known === written && named !== null) continue;
    if (known !== undefined && owner.get(id) === file) clashes.add(id);
    else if (known !== undefined) isShared = true;
    contents.set(id, written);
    owner.set(id, file);
    keep.push(row);
  }
  if (clashes.size > 0) throw refuse('repeated-id', { column: columns['record-id'] ?? '', count: clashes.size, file: files.join(', ') });
  const ids = keep.map((row) => (isShared ? `${basename(files[fileOf[row] ?? 0] ?? '')}:${nameOf(row)}` : nameOf(row)));
  if (keep.length === table.length) return { table, ids };
  const kept = new Map(table.names.map((name) => [name, keep.map((row) => table.columns.get(name)?.[row] ?? null)]));
  return { table: { names: table.names, columns: kept, length: keep.length }, ids };
}

type Line = readonly [string, string, number];
const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Each record with its person (called by the least of its record ids) and how sure that is: its best link inside, or for a lone record that no link holds. */
export function describePeople({ records, clusterOf, edges, scorer }: Linked): Line[] {
  const names = new Map<number, string>();
  clusterOf.forEach((root, record) => {
    const id = records.ids[record] ?? '';
    const name = names.get(root);
    if (name === undefined || id < name) names.set(root, id);
  });
  const sizes = new Int32Array(records.length);
  for (const root of clusterOf) sizes[root] = (sizes[root] ?? 0) + 1;
  const inside = new Float64Array(records.length).fill(-Infinity);
  const outside = new Float64Array(records.length).fill(-Infinity);
  for (let i = 0; i < edges.length; i++) {
    const [a, b, odds] = [edges.a[i]!, edges.b[i]!, edges.odds[i]!];
    const best = clusterOf[a] === clusterOf[b] ? inside : outside;
    best[a] = Math.max(best[a]!, odds);
    best[b] = Math.max(best[b]!, odds);
  }
  const lines = Array.from(clusterOf, (root, record): Line => {
    const odds = inside[record] === -Infinity && root !== record ? scorer.score(root, record) : inside[record]!;
    const chance = sizes[root] === 1 ? 1 - chanceOf(outside[record]!) : chanceOf(odds);
    return [records.ids[record] ?? '', names.get(root) ?? '', chance];
  });
  return lines.sort((a, b) => inOrder(a[1], b[1]) || inOrder(a[0], b[0]));
}

/** Pairs whose own score reaches the threshold, before clustering. */
export function matchedPairs({ records, edges }: Linked, least: number): Line[] {
  const lines: Line[] = [];
  for (let i = 0; i < edges.length; i++) {
    if (edges.odds[i]! < least) continue;
    const [a, b] = [records.ids[edges.a[i]!] ?? '', records.ids[edges.b[i]!] ?? ''];
    lines.push(a < b ? [a, b, chanceOf(edges.odds[i]!)] : [b, a, chanceOf(edges.odds[i]!)]);
  }
  return lines.sort((a, b) => inOrder(a[0], b[0]) || inOrder(a[1], b[1]));
}

const PLACES = 6;
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function writeCsv(file: string, header: readonly string[], lines: readonly Line[]): void {
  const text = lines.map(([a, b, chance]) => `${cell(a)},${cell(b)},${chance.toFixed(PLACES)}\n`).join('');
  try {
    writeFileSync(file, `${header.join(',')}\n${text}`, { mode: 0o600 });
  } catch (cause) {
    throw refuse('bad-output', { file }, cause);
  }
}
