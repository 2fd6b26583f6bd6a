/**
 * Runs of rows that name the same people again and again, filed as one chunk. Facts of a run are on disk when the next one is read; what is held
 * until the transaction is the people, and to say of one that he was named fifty times costs what saying it once costs.
 */
import type { Db } from '../../../platform/index.ts';
import type { Chunk } from '../chunk.ts';
import { LANE_ROWS_MIN, NEWCOMERS_MAX, PERSONS_MAX, SHARE_ROWS_MIN } from './bulk-lane.ts';

/** Rows of a grown chunk: more would be done again after a crash. */
const ROWS_MAX = 600_000;

/**
 * Reads on behind the chunk as long as it has room for the people the last run suggests: `PERSONS_MAX`, and a `share` (0–1) of `NEWCOMERS_MAX`
 * of those nothing was known of, who must be linked while others wait. `next` files one run of at most so many rows and gives it as a chunk of its own,
 * null when there is none that could join.
 */
export async function growChunk(db: Db, chunk: Chunk, share: number, next: (from: number, rows: number) => Promise<Chunk | null>): Promise<void> {
  const newMax = Math.max(SHARE_ROWS_MIN, NEWCOMERS_MAX * share);
  let last = { rows: chunk.items, persons: chunk.persons.length, isNew: await newAmong(db, chunk, 0) };
  let isNew = last.isNew;
  // Known people are not bound to the share: of 20,000 who come again and again, room for 19,000 would mean writing all with every 19,000 rows.
  for (;;) {
    const rowsFor = (room: number, used: number): number => (used === 0 ? ROWS_MAX : Math.floor((room * last.rows) / used));
    const rows = Math.min(ROWS_MAX - chunk.items, rowsFor(PERSONS_MAX - chunk.persons.length, last.persons), rowsFor(newMax - isNew, last.isNew));
    if (rows < LANE_ROWS_MIN) return;
    const run = await next(chunk.to, rows);
    if (run === null) return;
    const before = chunk.persons.length;
    chunk.absorb(run);
    last = { rows: run.items, persons: chunk.persons.length - before, isNew: await newAmong(db, chunk, before) };
    isNew += last.isNew;
  }
}

/** Records nothing was said of before, of the statements from `since` on. */
async function newAmong(db: Db, chunk: Chunk, since: number): Promise<number> {
  const recordKeys = [...new Set(chunk.persons.slice(since).map((each) => each.recordKey))];
  if (recordKeys.length === 0) return 0;
  const { known } = await db.one<{ known: number }>('select count(*) as known from govern.vault_record where record_key = any($1::uuid[])', [recordKeys]);
  return recordKeys.length - known;
}
