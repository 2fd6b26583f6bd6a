import type { Tx } from '../../platform/index.ts';
import type { LearnedWork } from '../pipeline/chunk.ts';

/**
 * Remembers codes as sources use them. A code the hospital's own list has too maps itself; a mapping made by hand is left alone.
 * Says whether a mapping or a name came about, so that the warehouse looks again.
 */
export async function writeLearnedCodes(tx: Tx, codes: readonly LearnedWork[]): Promise<{ isMapped: boolean; isNamed: boolean }> {
  if (codes.length === 0) return { isMapped: false, isNamed: false };
  const rows = await tx.query<{ is_new: boolean; code: string | null; display: string | null }>(
    `insert into govern.dimension_code as old (dimension, source, source_code, display, code, seen)
     select new.dimension, new.source, new.source_code, new.display, entry.code, new.seen
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[]) as new(dimension, source, source_code, display, seen)
     left join govern.dimension_entry entry on entry.dimension = new.dimension and entry.code = new.source_code
     on conflict (dimension, source, source_code) do update set
       seen = old.seen + excluded.seen,
       display = coalesce(old.display, excluded.display),
       code = coalesce(old.code, excluded.code)
     returning xmax = 0 as is_new, code, display`,
    [
      codes.map((each) => each.dimension),
      codes.map((each) => each.source),
      codes.map((each) => each.sourceCode),
      codes.map((each) => each.display),
      codes.map((each) => each.seen),
    ],
  );
  const learned = rows.filter((row) => row.is_new);
  return { isMapped: learned.some((row) => row.code !== null), isNamed: learned.some((row) => row.display !== null) };
}
