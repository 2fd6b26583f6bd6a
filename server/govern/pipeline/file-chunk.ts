/**
 * One step of a stream, exactly once: fact files are written and synced, then one transaction puts them into the manifest, changes what
 * they change and moves the cursor. Killed anywhere, the step has happened or it has not; files no manifest names are swept by the lake.
 */
import type { StreamName } from '@xinglin/contracts';
import type { Collect } from '../../collect/index.ts';
import type { FactFile, Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import type { Matcher } from '../identity/matcher.ts';
import { goFirst } from './breathe.ts';
import type { BulkLane } from './bulk/bulk-lane.ts';
import type { Chunk } from './chunk.ts';
import { type Draft, draftChunk } from './draft.ts';
import type { Journal } from './journal.ts';
import { followMoves, readTurn } from './load-state.ts';
import type { Pen } from './pen.ts';
import { EDITION, type Preparer } from './prepare.ts';
import { refileMoved } from './refile-moved.ts';
import { RowSpool } from './row-spool.ts';
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
  readonly journal: Journal;
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

/** The chunk's temporary rows are gone afterwards, whatever happens. What is filed live goes before what bulk prepares. */
export const fileChunk = (parts: PipelineParts, chunk: Chunk): Promise<Filed> =>
  chunk.stream.lane === 'bulk' ? fileNow(parts, chunk) : goFirst(() => fileNow(parts, chunk));

async function fileNow(parts: PipelineParts, chunk: Chunk): Promise<Filed> {
  const { platform, lake, pen } = parts;
  try {
    // Facts that need no earlier state are written before the pen is taken: that is most of a bulk chunk.
    const plain = await writePlain(parts, chunk);
    const moves = await followMoves(platform, chunk);
    const few = [...chunk.takeRows()].map(([fact, rows]) => [fact, moves === null ? rows : rows.map(moves)] as const);
    const ahead = chunk.stream.lane === 'bulk' ? await draftChunk(parts, chunk, few, true) : null;
    return await pen.hold(chunk.stream.lane, async () => {
      const taken = performance.now();
      const draft = (await stillHolding(parts, ahead)) ?? (await draftChunk(parts, chunk, few, false));
      const files = [...chunk.files, ...plain, ...draft.files, ...(await refileMoved(lake, chunk.moves))];
      const written = await platform.db.tx((tx) =>
        writeChunk(tx, chunk, draft, {
          lake,
          platform,
          engine: parts.engine,
          matcher: parts.matcher,
          isRebuilding: parts.isRebuilding(),
          files,
          edition: EDITION,
        }),
      );
      parts.journal.record(draft.turn.number + 1, draft.keys);
      if (written.linksChanged > 0) lake.warehouse.changed('link');
      if (written.codes.isMapped) lake.warehouse.changed('dimension_map');
      if (written.codes.isNamed) lake.warehouse.changed('code_name');
      return { records: chunk.to - chunk.from, facts: chunk.statements, heldMs: performance.now() - taken };
    });
  } finally {
    await chunk.spool?.end();
  }
}

async function writePlain({ platform, lake }: PipelineParts, chunk: Chunk): Promise<FactFile[]> {
  if (chunk.spool === null && chunk.rowsHeld < PLAIN_ROWS_MIN) return [];
  chunk.spool ??= new RowSpool(platform, lake);
  await chunk.spool.take(chunk);
  return chunk.spool.close();
}

/** The draft as of this turn; null when someone changed meanwhile what it rests on. */
async function stillHolding({ platform, journal }: PipelineParts, draft: Draft | null): Promise<Draft | null> {
  if (draft === null) return null;
  const turn = await readTurn(platform.db);
  if (journal.holds(draft.turn, turn, draft.keys)) return { ...draft, turn };
  await draft.drop();
  return null;
}
