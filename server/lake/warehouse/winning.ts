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
    `select fact_key, ${ORDERED_BY.join(', ')}, ${origin} as origin, file_index, file_row_number
     from ${folder.parquet(list)}`;
  const oldest = Math.min(...files.fresh.map((file) => file.versionMin));
  const rivals = files.winners.filter((file) => file.versionMax >= oldest);
  const contested = identifier(`${name}_contested`);
  const placed = identifier(`${name}_placed`);
  const keys = identifier(`${name}_keys`);
  await run(`create table ${keys} as select fact_key, count(*) as times from (${rows(files.fresh, 0)}) fresh group by fact_key`);
  await run(
    `create table ${contested} as select fact_key from ${keys} where times > 1
     ${rivals.length === 0 ? '' : `union select fact_key from ${folder.parquet(rivals)} where fact_key in (select fact_key from ${keys})`}`,
  );
  // A fresh row that agrees with a row of `winners` in everything the order looks at is the same statement: the settled one stays.
  await run(
    `create table ${placed} as
     select fact_key, origin, file_index, file_row_number,
            row_number() over (partition by fact_key order by ${WINNER_FIRST}, origin desc, file_index, file_row_number) as place
     from (${rows(files.fresh, 0)} ${rivals.length === 0 ? '' : `union all ${rows(rivals, 1)}`}) every
     where fact_key in (select fact_key from ${contested})`,
  );
  await run(`drop table ${contested}`);
  const lost = identifier(`${name}_lost`);
  await run(`create table ${lost} as select file_index, file_row_number from ${placed} where origin = 0 and place > 1`);
  const [{ losers } = { losers: 0 }] = await run<{ losers: number }>(`select count(*) as losers from ${lost}`);
  if (losers === 0) await run(`drop table ${lost}`);
  const beaten = identifier(`${name}_beaten`);
  if (files.winners.length > 0) {
    await run(
      `create table ${beaten} as select fact_key from ${keys}
       where fact_key not in (select fact_key from ${placed} where origin = 1 and place = 1)`,
    );
  }
  await run(`drop table ${placed}`);
  await run(`drop table ${keys}`);
  return { beatenKeys: files.winners.length > 0 ? `${name}_beaten` : null, lostRows: losers > 0 ? `${name}_lost` : null };
}
