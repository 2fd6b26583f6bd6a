/** What must be known of earlier data before a chunk can be decided; checked against the turn when it is written. */
import { COMMON_COLUMNS, type FactRow } from '@xinglin/contracts';
import type { Platform } from '../../platform/index.ts';
import { type PersonState, unpackState } from '../privacy/person-state.ts';
import type { Chunk } from './chunk.ts';
import { type EncounterState, type KeptEncounter, recallEncounter } from './encounter-state.ts';

export interface Turn {
  readonly number: number;
  readonly generation: number;
}
export interface KnownState {
  readonly turn: Turn;
  readonly persons: ReadonlyMap<string, PersonState>;
  readonly encounters: ReadonlyMap<string, EncounterState>;
  /** Visits whose statements follow another record, with what they are moved to; those moved in this chunk included. */
  readonly moves: ReadonlyMap<string, string>;
  /** What is known of visits moved in this chunk. */
  readonly moving: readonly { readonly factKey: string; readonly encounterKey: string; readonly state: EncounterState }[];
}

interface EncounterRow {
  readonly fact_key: string;
  readonly encounter_key: string;
  readonly record_key: string | null;
  readonly state: KeptEncounter | null;
  readonly is_announced: boolean;
  readonly generation: number;
}

export const readTurn = (db: Platform['db']): Promise<Turn> => db.one<Turn>('select number, generation from govern.turn');

export async function loadState(platform: Platform, chunk: Chunk): Promise<KnownState> {
  const { db, keys } = platform;
  const turn = await readTurn(db);
  const persons = new Map<string, PersonState>();
  const recordKeys = [...new Set(chunk.persons.map((each) => each.recordKey))];
  if (recordKeys.length > 0) {
    const rows = await db.query<{ record_key: string; sealed: Buffer }>(
      'select record_key, sealed from govern.vault_record where record_key = any($1::uuid[]) and generation = $2',
      [recordKeys, turn.generation],
    );
    const subjectKeys =
      rows.length === 0
        ? new Map<string, Buffer>()
        : await keys.subjectKeys(
            db,
            rows.map((row) => row.record_key),
            false,
          );
    for (const row of rows) {
      const key = subjectKeys.get(row.record_key);
      if (key !== undefined) persons.set(row.record_key, unpackState(keys.open(key, row.sealed)));
    }
  }
  const encounters = new Map<string, EncounterState>();
  const moving: { factKey: string; encounterKey: string; state: EncounterState }[] = [];
  const factKeys = [...new Set(chunk.encounters.map((each) => each.factKey))];
  const movingKeys = chunk.moves.map((each) => each.encounterKey);
  if (factKeys.length > 0 || movingKeys.length > 0) {
    const rows = await db.query<EncounterRow>(
      `select fact_key, encounter_key, record_key, state, is_announced, generation from govern.encounter_state
       where fact_key = any($1::uuid[]) or encounter_key = any($2::uuid[])`,
      [factKeys, movingKeys],
    );
    for (const row of rows) {
      // What a rebuild has not replayed yet counts as unsaid, but that its end was told stays known.
      const current = row.generation === turn.generation ? row.state : null;
      const state = current === null ? { ...UNSAID, isAnnounced: row.is_announced } : recallEncounter(current, row.record_key, row.is_announced);
      encounters.set(row.fact_key, state);
      if (current !== null && movingKeys.includes(row.encounter_key)) moving.push({ factKey: row.fact_key, encounterKey: row.encounter_key, state });
    }
  }
  return { turn, persons, encounters, moves: await loadMoves(platform, chunk), moving };
}

const RECORD_KEY = COMMON_COLUMNS.findIndex((column) => column.name === 'record_key');
const ENCOUNTER_KEY = COMMON_COLUMNS.findIndex((column) => column.name === 'encounter_key');

/**
 * Rows of visits moved earlier go to the record they were moved to, whatever number their source still sends. Null when nothing of the
 * chunk was moved.
 */
export async function followMoves(platform: Platform, chunk: Chunk): Promise<((row: FactRow) => FactRow) | null> {
  const { any } = await platform.db.one<{ any: boolean }>('select exists (select from govern.encounter_move) as any');
  if (!any) return null;
  const moves = await loadMoves(platform, chunk);
  if (moves.size === 0) return null;
  return (row) => {
    const to = moves.get(String(row[ENCOUNTER_KEY]));
    return to === undefined ? row : row.with(RECORD_KEY, to);
  };
}

async function loadMoves(platform: Platform, chunk: Chunk): Promise<Map<string, string>> {
  const encounterKeys = [...chunk.encounterKeys];
  const rows =
    encounterKeys.length === 0
      ? []
      : await platform.db.query<{ encounter_key: string; record_key: string }>(
          'select encounter_key, record_key from govern.encounter_move where encounter_key = any($1::uuid[])',
          [encounterKeys],
        );
  return new Map([
    ...rows.map((row) => [row.encounter_key, row.record_key] as const),
    ...chunk.moves.map((each) => [each.encounterKey, each.recordKey] as const),
  ]);
}

const UNSAID: Omit<EncounterState, 'isAnnounced'> = {
  ...{ stamp: [-1, -1], revision: 0, occurredAt: 0, precision: 'second', recordKey: null, isDeleted: false, columns: {} },
};
