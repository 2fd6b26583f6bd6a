import type { Queryable } from '../../platform/index.ts';
import type { IndexValue } from './combine.ts';
import { INDEX_FACTS, type IndexSeries } from './compute.ts';
import { INDICES, indexEdition } from './definition.ts';

/** Stands for all campuses of the organisation. */
export const ALL_CAMPUSES = '*';
export const EDITIONS = INDICES.map(indexEdition).join(' ');

export interface IndexState {
  readonly editions: string;
  readonly generation: number;
  readonly computed_from: string | null;
  readonly computed_to: string | null;
}

/** Where the stored indices stand; the row stays locked until the transaction ends. */
export async function lockState(tx: Queryable, orgId: string, now: Date): Promise<IndexState> {
  await tx.query(
    `insert into "analyze".index_state (org_id, campus_id, editions, generation, computed_at)
     values ($1, $2, '', 0, $3) on conflict do nothing`,
    [orgId, ALL_CAMPUSES, now],
  );
  return tx.one<IndexState>(
    `select editions, generation, computed_from, computed_to
     from "analyze".index_state where org_id = $1 and campus_id = $2 for update`,
    [orgId, ALL_CAMPUSES],
  );
}

export const setState = (tx: Queryable, orgId: string, state: IndexState, now: Date): Promise<unknown> =>
  tx.query(
    `update "analyze".index_state
     set editions = $3, generation = $4, computed_from = $5, computed_to = $6, computed_at = $7
     where org_id = $1 and campus_id = $2`,
    [orgId, ALL_CAMPUSES, state.editions, state.generation, state.computed_from, state.computed_to, now],
  );

/** The newest generation that brought a file, and the earliest month among the files that came since `generation`. */
export const news = (q: Queryable, generation: number): Promise<{ generation: number; month: string | null }> =>
  q.one(
    `select coalesce(max(generation_added), 0) as generation,
       min(month) filter (where generation_added > $1 and fact = any($2)) as month
     from lake.live_fact_file`,
    [generation, INDEX_FACTS],
  );

/** Rows of the facts the indices rest on. */
export const evidenceRows = async (q: Queryable): Promise<number> =>
  (await q.one<{ rows: number }>('select coalesce(sum(row_count), 0)::bigint as rows from lake.live_fact_file where fact = any($1)', [INDEX_FACTS])).rows;

/** One statement for any range; a day computed again replaces what was there. */
export const saveSeries = (tx: Queryable, orgId: string, series: IndexSeries): Promise<unknown> => {
  const rows = INDICES.flatMap((index) =>
    series[index.id].map(({ day, value, lower, upper, n, parts }) => ({
      index_id: index.id,
      edition: indexEdition(index),
      day,
      value,
      lower,
      upper,
      n,
      parts,
    })),
  );
  return tx.query(
    `insert into "analyze".index_day (org_id, campus_id, index_id, edition, day, value, lower, upper, n, parts)
     select $1, $2, index_id, edition, day, value, lower, upper, n, parts
     from jsonb_to_recordset($3::jsonb) as given (
       index_id text, edition text, day date, value double precision, lower double precision, upper double precision, n int, parts jsonb)
     on conflict (org_id, campus_id, index_id, edition, day)
     do update set value = excluded.value, lower = excluded.lower, upper = excluded.upper, n = excluded.n, parts = excluded.parts`,
    [orgId, ALL_CAMPUSES, JSON.stringify(rows)],
  );
};

/** Days before the first fact have no index; after a rebuild the first fact may have moved. */
export const forgetBefore = (tx: Queryable, orgId: string, day: string): Promise<unknown> =>
  tx.query('delete from "analyze".index_day where org_id = $1 and campus_id = $2 and (day < $3 or not (edition = any($4)))', [
    orgId,
    ALL_CAMPUSES,
    day,
    INDICES.map(indexEdition),
  ]);

export async function readSeries(q: Queryable, orgId: string, from: string, to: string): Promise<IndexSeries> {
  const rows = await q.query<IndexValue & { index_id: keyof IndexSeries }>(
    `select index_id, day, value, lower, upper, n, parts from "analyze".index_day
     where org_id = $1 and campus_id = $2 and day between $3 and $4 and edition = any($5) order by index_id, day`,
    [orgId, ALL_CAMPUSES, from, to, INDICES.map(indexEdition)],
  );
  const of = (id: keyof IndexSeries): IndexValue[] => rows.filter((row) => row.index_id === id);
  return { heat: of('heat'), 'word-of-mouth': of('word-of-mouth'), loyalty: of('loyalty') };
}
