import { columnsOf, FACT_NAMES, type FactName } from '@xinglin/contracts';
import type { FactFile, Lake } from '../../lake/index.ts';
import type { MoveWork } from './chunk.ts';

/** Facts of a visit that is decided elsewhere (its own state is merged) or that belong to no visit. */
const NOT_REFILED: ReadonlySet<FactName> = new Set(['person_record', 'encounter']);

/**
 * A source moved a visit to another patient: what was filed for it is filed again under that record, as a newer version.
 * The move is alone in its chunk, so everything the stream said before is in the manifest.
 */
export async function refileMoved(lake: Lake, moves: readonly MoveWork[]): Promise<FactFile[]> {
  if (moves.length === 0) return [];
  await lake.warehouse.refresh();
  const batch = lake.beginFacts();
  try {
    for (const move of moves) {
      for (const fact of FACT_NAMES) {
        if (NOT_REFILED.has(fact)) continue;
        const columns = columnsOf(fact).map(({ name }) => {
          if (name === 'record_key') return '$2::uuid as record_key';
          if (name === 'version') return 'greatest(version + 1, $3::bigint) as version';
          return name;
        });
        await batch.addFrom(fact, `select ${columns.join(', ')} from fact_${fact} where encounter_key = $1::uuid and record_key is distinct from $2::uuid`, [
          move.encounterKey,
          move.recordKey,
          BigInt(move.version),
        ]);
      }
    }
    return await batch.close();
  } catch (error) {
    await batch.abort();
    throw error;
  }
}
