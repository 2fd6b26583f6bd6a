/**
 * One step of a stream, exactly once: fact files are written and synced, then one transaction puts them into the manifest, changes what
 * they change and moves the cursor. Killed anywhere, the step has happened or it has not; files no manifest names are swept by the lake.
 */
import type { FactRow, StreamName } from '@xinglin/contracts';
import type { Collect } from '../../collect/index.ts';
import type { FactFile, Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import type { Matcher } from '../identity/matcher.ts';
import { breather } from './breathe.ts';
import type { BulkLane } from './bulk/bulk-lane.ts';
import type { Chunk } from './chunk.ts';
import { decideChunk } from './decide.ts';
import { followMoves, loadState } from './load-state.ts';
import type { Pen } from './pen.ts';
import { EDITION, type Preparer } from './prepare.ts';
import { refileMoved } from './refile-moved.ts';
import { writeChunk } from './write-chunk.ts';

export interface PipelineParts {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly collect: Collect;
  readonly engine: IdentityEngine;
  /** Null: people are told apart by numbers alone. */
  readonly matcher: Matcher | null;
  readonly preparer: Preparer;
  readonly bulkLane: BulkLane;
  readonly pen: Pen;
  /** Position up to which a rebuild replays the stream, or 0. */
  readonly replayUntil: (stream: StreamName) => number;
  readonly isRebuilding: () => boolean;
}

export interface Filed {
  readonly records: number;
  readonly facts: number;
  /** How long nobody else could file anything. */
  readonly heldMs: number;
}

/** Fewer rows than this are written together with the merged ones: two files more would cost more than the pen is held longer. */
const PLAIN_ROWS_MIN = 2_000;

export async function fileChunk(parts: PipelineParts, chunk: Chunk): Promise<Filed> {
  const { platform, lake, pen } = parts;
  await followMoves(platform, chunk);
  // Facts that need no earlier state are written before the pen is taken: that is most of a bulk chunk.
  const isPlainFirst = chunk.rowCount >= PLAIN_ROWS_MIN;
  const plain = isPlainFirst ? await writeRows(lake, [...chunk.rows]) : [];
  return pen.hold(chunk.stream.lane, async () => {
    const taken = performance.now();
    const known = await loadState(platform, chunk);
    const now = platform.clock.now();
    const decisions = await decideChunk(chunk, known, {
      ...{ keys: platform.keys, now, replayUntil: parts.replayUntil(chunk.stream), breathe: breather() },
    });
    const merged = await writeRows(lake, [
      ...(isPlainFirst ? [] : chunk.rows),
      ['person_record', decisions.personRows],
      ['encounter', decisions.encounterRows],
    ]);
    const files = [...chunk.files, ...plain, ...merged, ...(await refileMoved(lake, chunk.moves))];
    const written = await platform.db.tx((tx) =>
      writeChunk(tx, chunk, decisions, {
        ...{ platform, lake, engine: parts.engine, matcher: parts.matcher, turn: known.turn, isRebuilding: parts.isRebuilding(), files, edition: EDITION, now },
      }),
    );
    if (written.linksChanged > 0) lake.warehouse.changed('link');
    if (written.codes.isMapped) lake.warehouse.changed('dimension_map');
    if (written.codes.isNamed) lake.warehouse.changed('code_name');
    return { records: chunk.to - chunk.from, facts: files.reduce((sum, file) => sum + file.rows, 0), heldMs: performance.now() - taken };
  });
}

async function writeRows(
  lake: Lake,
  facts: readonly (readonly [Parameters<ReturnType<Lake['beginFacts']>['add']>[0], readonly FactRow[]])[],
): Promise<FactFile[]> {
  const filled = facts.filter(([, rows]) => rows.length > 0);
  if (filled.length === 0) return [];
  const batch = lake.beginFacts();
  try {
    for (const [fact, rows] of filled) await batch.add(fact, rows);
    return await batch.close();
  } catch (error) {
    await batch.abort();
    throw error;
  }
}
