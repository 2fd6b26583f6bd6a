/**
 * Which version of each fact wins: the greatest (version, position); of two that agree in both, the later received, then the tombstone.
 *
 * Files are of two kinds here. `winners` files, made by compaction, hold each fact key once, and what they hold wins over everything that
 * was folded into them. `fresh` files are as they were committed. So the winning rows are
 *
 *   rows of `winners` files whose key is in no fresh file (unless the fresh row is late)
 *   and rows of `fresh` files that lose neither to another fresh row nor to a newer row of a `winners` file.
 *
 * Both exceptions are worked out once per list of files, into two small tables: the fresh keys that beat whatever is in `winners`, and
 * the fresh rows (by file and row number) that lose. A query over `winners` then pays one anti-join on the key, and nothing at all when
 * there is no fresh file. A `winners` file is looked at for late rows only when its newest version is not older than the oldest fresh one,
 * which for data that comes in order is never.
 *
 * `winning.test.ts` holds this against the plain definition (one window over every row) on random histories.
 */
import { identifier, type Run } from '../engine/duckdb.ts';
import type { FactFolder } from '../facts/fact-folder.ts';
import type { LiveFile } from '../facts/manifest.ts';

/** Order of the versions of one fact key, the winner first. */
export const WINNER_FIRST = 'version desc, position desc, received_at desc, is_deleted desc';
/** File and row number of a fresh row as one number; a file has far fewer rows than 2^40. */
export const ROW_PLACE = '(file_index * 1099511627776 + file_row_number)';
const ORDERED_BY = ['version', 'position', 'received_at', 'is_deleted'];

export interface FactFiles {
  readonly winners: readonly LiveFile[];
  readonly fresh: readonly LiveFile[];
  readonly superseded: readonly LiveFile[];
}
/** Names of the two tables; null when there is nothing to keep out. */
export interface Losers {
  readonly beatenKeys: string | null;
  readonly lostRows: string | null;
}

/** `name` is free for tables made from it; the caller drops them when nobody reads them any more. */
export async function workOutLosers(run: Run, name: string, files: FactFiles, folder: Pick<FactFolder, 'parquet'>): Promise<Losers> {
  if (files.fresh.length === 0) return { beatenKeys: null, lostRows: null };
  const rows = (list: readonly LiveFile[], origin: number): string =>
    `select fact_key, ${ORDERED_BY.join(', ')}, ${origin} as x_origin, file_index, file_row_number
     from ${folder.parquet(list)}`;
  const oldest = Math.min(...files.fresh.map((file) => file.versionMin));
  const rivals = files.winners.filter((file) => file.versionMax >= oldest);
  const keys = identifier(`${name}_keys`);
  await run(`create table ${keys} as select fact_key, count(*) as times from (${rows(files.fresh, 0)}) fresh group by fact_key`);
  const [{ repeated } = { repeated: 0 }] = await run<{ repeated: number }>(`select count(*) as repeated from ${keys} where times > 1`);
  const lostRows = repeated === 0 && rivals.length === 0 ? null : await placeContested();
  if (files.winners.length === 0) await run(`drop table ${keys}`);
  return { beatenKeys: files.winners.length === 0 ? null : `${name}_keys`, lostRows };

  /** Orders the versions of keys that occur more than once; late keys leave `keys`. Returns the table of fresh rows that lost. */
  async function placeContested(): Promise<string | null> {
    const [contested, placed, lost] = ['contested', 'placed', 'lost'].map((part) => identifier(`${name}_${part}`));
    await run(
      `create table ${contested} as select fact_key from ${keys} where times > 1
       ${rivals.length === 0 ? '' : `union select fact_key from ${folder.parquet(rivals)} where fact_key in (select fact_key from ${keys})`}`,
    );
    // A fresh row that agrees with a row of `winners` in everything the order looks at is the same statement: the settled one stays.
    await run(
      `create table ${placed} as
       select fact_key, x_origin, file_index, file_row_number,
              row_number() over (partition by fact_key order by ${WINNER_FIRST}, x_origin desc, file_index, file_row_number) as x_place
       from (${rows(files.fresh, 0)} ${rivals.length === 0 ? '' : `union all ${rows(rivals, 1)}`}) every
       where fact_key in (select fact_key from ${contested})`,
    );
    await run(`delete from ${keys} where fact_key in (select fact_key from ${placed} where x_origin = 1 and x_place = 1)`);
    await run(`create table ${lost} as select ${ROW_PLACE} as place from ${placed} where x_origin = 0 and x_place > 1`);
    const [{ losers } = { losers: 0 }] = await run<{ losers: number }>(`select count(*) as losers from ${lost}`);
    for (const table of [contested, placed, ...(losers === 0 ? [lost] : [])]) await run(`drop table ${table}`);
    return losers === 0 ? null : `${name}_lost`;
  }
}
