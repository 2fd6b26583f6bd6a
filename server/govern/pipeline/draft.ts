/**
 * What a chunk comes to, given what is known at that moment: decided, its merged rows written, its details sealed. Nothing of it counts before
 * `writeChunk`. A bulk chunk is drafted before it takes the pen, so that others wait for its transaction only.
 */
import type { FactName, FactRow } from '@xinglin/contracts';
import type { FactFile } from '../../lake/index.ts';
import { breather } from './breathe.ts';
import type { Chunk } from './chunk.ts';
import { type Decisions, decideChunk } from './decide.ts';
import type { PipelineParts } from './file-chunk.ts';
import { loadState, type Turn } from './load-state.ts';
import { type SealedVault, sealVault } from './seal-vault.ts';
import type { VaultRow } from './write-chunk.sql.ts';

export interface Draft {
  readonly turn: Turn;
  readonly now: Date;
  readonly decisions: Decisions;
  readonly vault: SealedVault;
  readonly files: readonly FactFile[];
  /** The records and visits it rests on. */
  readonly keys: ReadonlySet<string>;
  /** Removes its files. */
  drop(): Promise<void>;
}

/** `rows` are the chunk's own, when they were too few to be written ahead. `isPolite`: nobody who goes first waits for it. */
export async function draftChunk(
  parts: PipelineParts,
  chunk: Chunk,
  rows: Iterable<readonly [FactName, readonly FactRow[]]>,
  isPolite: boolean,
): Promise<Draft> {
  const { platform, lake } = parts;
  const known = await loadState(platform, chunk);
  const now = platform.clock.now();
  const breathe = breather(isPolite);
  const decisions = await decideChunk(chunk, known, {
    keys: platform.keys,
    matcher: parts.matcher,
    now,
    replayUntil: parts.replayUntil(chunk.stream),
    breathe,
  });
  const batch = lake.beginFacts();
  try {
    for (const [fact, own] of [...rows, ['person_record', decisions.personRows], ['encounter', decisions.encounterRows]] as const) {
      if (own.length > 0) await batch.add(fact, own);
    }
    const files = await batch.close();
    const vault = await sealVault(platform, chunk, decisions, breathe);
    // Whoever comes after them is compared with them: they need not be opened then.
    for (const [at, { recordKey, described }] of decisions.persons.entries())
      if (described !== null) parts.matcher?.remember(recordKey, (vault.records[at] as VaultRow).sealed, described.record);
    return { turn: known.turn, now, decisions, vault, files, keys: keysOf(chunk), drop: () => batch.abort() };
  } catch (error) {
    await batch.abort();
    throw error;
  }
}

/** Of a chunk: what it reads of earlier data is also what it changes. */
export function keysOf(chunk: Chunk): ReadonlySet<string> {
  const keys = new Set<string>(chunk.encounterKeys);
  for (const each of chunk.persons) keys.add(each.recordKey);
  for (const each of chunk.encounters) keys.add(each.factKey);
  for (const each of chunk.moves) keys.add(each.encounterKey);
  return keys;
}
