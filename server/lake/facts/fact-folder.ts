/** The folder of fact files: `fact=NAME/month=YYYY-MM/UUID.parquet`. A file here counts only once the manifest names it. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { columnsOf, type FactName } from '@xinglin/contracts';
import { invariant, uuidv7 } from '../../kernel/index.ts';
import { type Engine, identifier, literal } from '../engine/duckdb.ts';
import { syncPath } from '../sync-path.ts';
import type { FactFile } from '../types.ts';
import { columnsPrint, type FewTexts, sqlType, typedSelect } from './columns.ts';

/** The second version's encodings of numbers, times and texts make files a tenth smaller, and neither writing nor reading them takes longer. */
const PARQUET = 'format parquet, parquet_version v2';
const FILE_FORMAT = `${PARQUET}, compression zstd`;
/**
 * Of files just come, small and soon merged: a quarter less CPU for a hundredth more bytes (24 files of 170 rows: 18 → 13 ms). A dictionary is not
 * tried for long where most values differ.
 */
const QUICK_FORMAT = `${PARQUET}, compression snappy, dictionary_size_limit 4096`;
/** No fact has a column of this name; it is in the path of a file, not in the file. */
const MONTH = 'x_month';
/** A DuckDB statement that writes rows of a fact, each month (UTC) to a folder of its own below `into`, which must not exist. */
const monthlySql = (select: string, into: string): string =>
  `copy (select *, strftime(occurred_at, '%Y-%m') as ${MONTH} from (${select})) to ${literal(into)} (${QUICK_FORMAT}, partition_by (${MONTH}), return_stats)`;
/**
 * The same of what a SELECT of at least the fact's columns gives: files for `FactsBatch.adopt`. Where all rows are of one month, `into` becomes the one
 * file itself: dealing rows out to folders takes a tenth of the writing.
 */
export function filesSql(fact: FactName, select: string, into: string, { few, isOneMonth }: { few: FewTexts; isOneMonth: boolean }): string {
  const typed = typedSelect(fact, select, few);
  return isOneMonth ? `copy (${typed}) to ${literal(into)} (${QUICK_FORMAT}, return_stats)` : monthlySql(typed, into);
}

export type FileKind = 'fresh' | 'winners' | 'superseded';

/** What the manifest needs to know of a file beyond `FactFile`. `path` is relative to the folder. */
export interface WrittenFile extends FactFile {
  readonly kind: FileKind;
  readonly versionMin: number;
  readonly versionMax: number;
  readonly columnsPrint: string;
}

/** What DuckDB says of a file it wrote. */
interface FileStats {
  readonly count: number;
  readonly file_size_bytes: number;
  readonly column_statistics: Readonly<Record<string, { min?: string; max?: string }>>;
}
/** Without statistics the file may hold any version. */
function rowsOf({ count, column_statistics }: FileStats): Pick<WrittenFile, 'rows' | 'versionMin' | 'versionMax'> {
  const version = column_statistics['"version"'];
  return { rows: count, versionMin: Number(version?.min ?? Number.MIN_SAFE_INTEGER), versionMax: Number(version?.max ?? Number.MAX_SAFE_INTEGER) };
}

export type StoredFile = Pick<WrittenFile, 'path' | 'columnsPrint'>;

export class FactFolder {
  readonly root: string;
  readonly #engine: Engine;
  readonly #columns = new Map<string, readonly string[]>();
  /** Written by this process and not yet in the manifest: `sweep` leaves them. */
  readonly pending = new Set<string>();

  constructor(root: string, engine: Engine) {
    this.root = root;
    this.#engine = engine;
  }

  path(file: Pick<FactFile, 'path'>): string {
    return join(this.root, file.path);
  }

  /** Writes what the SELECT gives, which is of one month, in its order. `isQuick`: soon to be merged. Not durable before `sync`. */
  async write(file: { fact: FactName; month: string; kind: FileKind; select: string; isQuick?: boolean }): Promise<WrittenFile> {
    const path = this.#newPath(file.fact, file.month);
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    const format = file.isQuick === true ? QUICK_FORMAT : FILE_FORMAT;
    const [stats] = await this.#engine.write((run) => run<FileStats>(`copy (${file.select}) to ${literal(full)} (${format}, return_stats)`));
    invariant(stats !== undefined, 'writing a file gives its size');
    return { fact: file.fact, month: file.month, kind: file.kind, path, bytes: stats.file_size_bytes, columnsPrint: columnsPrint(file.fact), ...rowsOf(stats) };
  }

  /** Fresh files of what the SELECT gives, whatever months it is of, by way of a folder `into` on the same file system. Not durable before `sync`. */
  async writeMonths(fact: FactName, select: string, into: string): Promise<WrittenFile[]> {
    const stats = await this.#engine.write((run) => run<FileStats & { filename: string; partition_keys: Record<string, string> }>(monthlySql(select, into)));
    const written: WrittenFile[] = [];
    for (const file of stats) written.push(this.adopt(file.filename, { fact, month: String(file.partition_keys[MONTH]), ...rowsOf(file) }));
    // Folders emptied just now.
    rmSync(into, { recursive: true, force: true });
    return written;
  }

  /**
   * Takes over a fresh file of one month from the same file system. Not durable before `sync`. Names are changed at once: that takes some 30 µs,
   * asking the thread pool three times takes longer, and each time the answer waits for its turn.
   */
  adopt(from: string, { fact, month, rows, versionMin, versionMax }: Pick<WrittenFile, 'fact' | 'month' | 'rows' | 'versionMin' | 'versionMax'>): WrittenFile {
    const path = this.#newPath(fact, month);
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true, mode: 0o700 });
    const { size } = statSync(from);
    renameSync(from, full);
    return { fact, month, kind: 'fresh', path, rows, bytes: size, versionMin, versionMax, columnsPrint: columnsPrint(fact) };
  }

  #newPath(fact: FactName, month: string): string {
    const path = `fact=${fact}/month=${month}/${uuidv7()}.parquet`;
    this.pending.add(path);
    return path;
  }

  /**
   * SELECT of the fact's columns over files as `r`, with `more` columns. Files written before a column was added are read by name, and
   * what no file has is null. `file_index` counts within the list.
   */
  async select(fact: FactName, files: readonly StoredFile[], more: readonly string[] = []): Promise<string> {
    const prints = new Set(files.map((file) => file.columnsPrint));
    const own = columnsPrint(fact);
    const present = new Set<string>();
    for (const print of prints) for (const name of await this.#columnsOf(fact, print, files)) present.add(name);
    const columns = columnsOf(fact).map(({ name, kind }) =>
      present.has(name) ? `r.${identifier(name)}` : `cast(null as ${sqlType(kind)}) as ${identifier(name)}`,
    );
    const byName = prints.size > 1 || !prints.has(own);
    return `select ${[...columns, ...more].join(', ')} from ${this.parquet(files, byName)} r`;
  }

  parquet(files: readonly Pick<FactFile, 'path'>[], byName = false): string {
    const paths = files.map((file) => literal(this.path(file))).join(', ');
    return `read_parquet([${paths}], hive_partitioning = false${byName ? ', union_by_name = true' : ''})`;
  }

  async #columnsOf(fact: FactName, print: string, files: readonly StoredFile[]): Promise<readonly string[]> {
    if (print === columnsPrint(fact)) return columnsOf(fact).map((column) => column.name);
    let names = this.#columns.get(print);
    if (names === undefined) {
      const one = files.filter((file) => file.columnsPrint === print).slice(0, 1);
      const rows = await this.#engine.read<{ column_name: string }>(`describe select * from ${this.parquet(one)}`);
      names = rows.map((row) => row.column_name);
      this.#columns.set(print, names);
    }
    return names;
  }

  /** Afterwards files and names survive a power cut. */
  async sync(files: readonly WrittenFile[]): Promise<void> {
    const paths = new Set(files.map((file) => this.path(file)));
    for (const path of [...paths]) {
      const month = dirname(path);
      for (const folder of [month, dirname(month), this.root]) paths.add(folder);
    }
    for (const path of paths) await syncPath(path);
  }

  async discard(files: readonly Pick<FactFile, 'path'>[]): Promise<void> {
    for (const file of files) {
      await rm(this.path(file), { force: true });
      this.pending.delete(file.path);
    }
  }

  /** Every Parquet file there is, relative to the folder. */
  async list(): Promise<string[]> {
    const names = await readdir(this.root, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return names.filter((name) => name.endsWith('.parquet')).map((name) => name.replaceAll('\\', '/'));
  }
}
