/**
 * Compaction: many small files become one sorted file per fact and month, and versions that lost move out of the way of queries.
 *
 * Two depths. *Folding* takes the fresh files of a month into `winners`: each key is compared with every `winners` file of the fact, so a
 * newer version in another month also takes the older one out there, and a late one goes straight to `superseded`. *Merging* only makes
 * one fresh file of many, for a month whose `winners` file is so much larger that writing it again is not worth it yet.
 *
 * Tombstones stay in `winners` for ever: were one dropped, an older version arriving late would bring back what the source took away.
 * Superseded versions stay in files of their own, for `fact_X_history`. Nothing is lost here; a crash leaves files nobody names.
 */
import type { FactName } from '@xinglin/contracts';
import { columnsOf } from '@xinglin/contracts';
import { uuidv7, wallNow } from '../../kernel/index.ts';
import type { Db } from '../../platform/index.ts';
import { type Engine, identifier } from '../engine/duckdb.ts';
import { WINNER_FIRST } from '../warehouse/winning.ts';
import type { FactFolder, FileKind, WrittenFile } from './fact-folder.ts';
import { addFiles, type LiveFile, nextGeneration, removeFiles } from './manifest.ts';

/** Small files of a month are worth a rewrite from this many on. */
export const FILES_MIN = 4;
/** A month with this many rows not folded yet is due whatever its number of files. */
const ROWS_DUE = 250_000;
/** A `winners` file up to this size is written again in well under a second, so it is always folded. */
const WINNERS_SMALL_ROWS = 200_000;
/** Above it, folding waits until the fresh rows are a tenth: each row is then rewritten about ten times at most. */
const WINNERS_PER_FRESH_MAX = 10;

/** How files are ordered here, so that one person's rows lie together. What just came stays in the order it came: it is small, and one row group. */
const FILE_ORDER = 'order by record_key, occurred_at';

export interface CompactionDeps {
  readonly engine: Engine;
  readonly db: Db;
  readonly folder: FactFolder;
}
export interface Compaction {
  /** Files that are not live any more. */
  merged: number;
  /** Versions that moved to `superseded`. */
  removed: number;
  /** Null when nothing was due. */
  generation: number | null;
}
export interface Plan {
  readonly fold: readonly string[];
  readonly merge: readonly string[];
}

/** Months of one fact that are due. `filesMin` of 1 folds everything. */
export function planCompaction(files: readonly LiveFile[], filesMin: number): Plan {
  const fold: string[] = [];
  const merge: string[] = [];
  for (const month of new Set(files.map((file) => file.month))) {
    const fresh = files.filter((file) => file.month === month && file.kind === 'fresh');
    const freshRows = sumRows(fresh);
    const winnersRows = sumRows(files.filter((file) => file.month === month && file.kind === 'winners'));
    if (fresh.length === 0 || (fresh.length < filesMin && freshRows < ROWS_DUE)) continue;
    const isWorthIt = filesMin <= 1 || winnersRows <= Math.max(WINNERS_SMALL_ROWS, WINNERS_PER_FRESH_MAX * freshRows);
    if (isWorthIt) fold.push(month);
    else if (fresh.length > 1) merge.push(month);
  }
  return { fold, merge };
}
const sumRows = (files: readonly LiveFile[]): number => files.reduce((sum, file) => sum + file.rows, 0);

export async function compactFact(deps: CompactionDeps, fact: FactName, files: readonly LiveFile[], plan: Plan): Promise<Compaction> {
  const done: Compaction = { merged: 0, removed: 0, generation: null };
  const add = ({ merged, removed, generation }: Compaction): void => {
    done.merged += merged;
    done.removed += removed;
    done.generation = generation ?? done.generation;
  };
  if (plan.fold.length > 0) add(await new Rewrite(deps, fact, files, plan.fold, 'winners').run());
  if (plan.merge.length > 0)
    add(
      await new Rewrite(
        deps,
        fact,
        files.filter((file) => file.kind !== 'winners'),
        plan.merge,
        'fresh',
      ).run(),
    );
  return done;
}

/** Fresh files of some months, rewritten as files of one kind together with the files they change. */
class Rewrite {
  readonly #deps: CompactionDeps;
  readonly #fact: FactName;
  readonly #kind: FileKind;
  readonly #fresh: readonly LiveFile[];
  readonly #winners: readonly LiveFile[];
  readonly #superseded: readonly LiveFile[];
  readonly #months: ReadonlySet<string>;
  readonly #prefix = `c_${uuidv7()}`;
  /** Rows whose key has a rival, with `x_settled` (from `winners`) and `x_wins`. */
  readonly #rivals = this.#table('rivals');

  constructor(deps: CompactionDeps, fact: FactName, files: readonly LiveFile[], months: readonly string[], kind: FileKind) {
    this.#deps = deps;
    this.#fact = fact;
    this.#kind = kind;
    this.#months = new Set(months);
    this.#fresh = files.filter((file) => file.kind === 'fresh' && this.#months.has(file.month));
    this.#winners = files.filter((file) => file.kind === 'winners');
    this.#superseded = files.filter((file) => file.kind === 'superseded');
  }

  async run(): Promise<Compaction> {
    const written: WrittenFile[] = [];
    try {
      await this.#findRivals();
      const { winners, superseded, removed } = await this.#affected();
      for (const month of winners) written.push(...(await this.#write(month, this.#kind, await this.#keptRows(month))));
      for (const month of superseded) written.push(...(await this.#write(month, 'superseded', await this.#lostRows(month))));
      const inputs = [
        ...this.#fresh,
        ...this.#winners.filter((file) => winners.has(file.month)),
        ...this.#superseded.filter((file) => superseded.has(file.month)),
      ];
      await this.#deps.folder.sync(written);
      const generation = await this.#commit(inputs, written);
      if (generation === null) await this.#deps.folder.discard(written);
      for (const file of written) this.#deps.folder.pending.delete(file.path);
      return { merged: generation === null ? 0 : inputs.length, removed: generation === null ? 0 : removed, generation };
    } catch (error) {
      await this.#deps.folder.discard(written);
      throw error;
    } finally {
      await this.#deps.engine.write(async (run) => {
        for (const name of ['keys', 'contested', 'met', 'rivals']) await run(`drop table if exists ${this.#table(name)}`);
      });
    }
  }

  async #findRivals(): Promise<void> {
    const { engine, folder } = this.#deps;
    const [keys, contested, met] = [this.#table('keys'), this.#table('contested'), this.#table('met')];
    await engine.write((run) => run(`create table ${keys} as select fact_key, count(*) as times from ${folder.parquet(this.#fresh)} group by fact_key`));
    await engine.write((run) => run(`create table ${contested} as select fact_key from ${keys} where times > 1`));
    let older: readonly LiveFile[] = [];
    if (this.#winners.length > 0) {
      const settled = folder.parquet(this.#winners);
      await engine.write((run) => run(`create table ${met} as select fact_key, file_index from ${settled} where fact_key in (select fact_key from ${keys})`));
      const rows = await engine.write(async (run) => {
        await run(`insert into ${contested} select fact_key from ${met} where fact_key not in (select fact_key from ${contested})`);
        return await run<{ file_index: number }>(`select distinct file_index from ${met}`);
      });
      older = rows.map((row) => this.#winners[row.file_index]).filter((file) => file !== undefined);
    }
    // Names no fact column has: facts have an `origin` and more.
    const rows = (files: readonly LiveFile[], isSettled: boolean): Promise<string> =>
      folder.select(this.#fact, files, [`${isSettled} as x_settled`, 'file_index as x_file', 'file_row_number as x_row']);
    const every = [await rows(this.#fresh, false), ...(older.length === 0 ? [] : [await rows(older, true)])];
    await engine.write((run) =>
      run(
        `create table ${this.#rivals} as
         select * exclude (x_file, x_row),
                row_number() over (partition by fact_key order by ${WINNER_FIRST}, x_settled desc, x_file, x_row) = 1 as x_wins
         from (${every.join('\nunion all\n')}) every
         where fact_key in (select fact_key from ${contested})`,
      ),
    );
  }

  /** Months to write: those folded, those where a `winners` row lost, and those of rows that lost. */
  async #affected(): Promise<{ winners: Set<string>; superseded: Set<string>; removed: number }> {
    const rows = await this.#deps.engine.write((run) =>
      run<{ month: string; x_settled: boolean; losers: number }>(
        `select strftime(occurred_at, '%Y-%m') as month, x_settled, count(*) as losers from ${this.#rivals} where not x_wins group by 1, 2`,
      ),
    );
    return {
      winners: new Set([...this.#months, ...rows.filter((row) => row.x_settled).map((row) => row.month)]),
      superseded: new Set(rows.map((row) => row.month)),
      removed: rows.reduce((sum, row) => sum + row.losers, 0),
    };
  }

  /** What wins in a month: settled rows and fresh rows without a rival, and those that won. */
  async #keptRows(month: string): Promise<string> {
    const parts: string[] = [];
    for (const files of [this.#winners, this.#fresh].map((list) => list.filter((file) => file.month === month))) {
      if (files.length === 0) continue;
      const rows = await this.#deps.folder.select(this.#fact, files);
      parts.push(`${rows} where r.fact_key not in (select fact_key from ${this.#rivals})`);
    }
    return [...parts, this.#rivalRows(month, 'x_wins')].join('\nunion all\n');
  }

  async #lostRows(month: string): Promise<string> {
    const before = this.#superseded.filter((file) => file.month === month);
    const parts = before.length === 0 ? [] : [await this.#deps.folder.select(this.#fact, before)];
    return [...parts, this.#rivalRows(month, 'not x_wins')].join('\nunion all\n');
  }

  #rivalRows(month: string, which: string): string {
    const columns = columnsOf(this.#fact).map(({ name }) => identifier(name));
    return `select ${columns.join(', ')} from ${this.#rivals} where ${which} and strftime(occurred_at, '%Y-%m') = '${month}'`;
  }

  async #write(month: string, kind: FileKind, select: string): Promise<WrittenFile[]> {
    const file = await this.#deps.folder.write({ fact: this.#fact, month, kind, select: `${select}\n${FILE_ORDER}` });
    if (file.rows > 0) return [file];
    await this.#deps.folder.discard([file]);
    return [];
  }

  /** Null when someone else took one of the files out meanwhile (a rebuild): then nothing changes. */
  async #commit(inputs: readonly LiveFile[], written: readonly WrittenFile[]): Promise<number | null> {
    const editions = [...new Set(inputs.map((file) => file.edition))].join(' ').slice(0, EDITIONS_LENGTH_MAX);
    const generationData = Math.max(...inputs.map((file) => file.generationData));
    try {
      return await this.#deps.db.tx(async (tx) => {
        const now = wallNow();
        const generation = await nextGeneration(tx, 'compaction', now);
        if (
          !(await removeFiles(
            tx,
            inputs.map((file) => file.id),
            generation,
            now,
          ))
        )
          throw new Overtaken();
        await addFiles(tx, written, { generation, edition: editions, generationData });
        return generation;
      });
    } catch (error) {
      if (error instanceof Overtaken) return null;
      throw error;
    }
  }

  #table(name: string): string {
    return identifier(`${this.#prefix}_${name}`);
  }
}
class Overtaken extends Error {}
/** Editions named in the manifest for a file made of many. */
const EDITIONS_LENGTH_MAX = 500;
