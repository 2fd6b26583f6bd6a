/** Rows of a large chunk leave memory while the rest of it is still being read: they wait as text in the lake's folder for temporary files. */
import type { FactFile, FactsBatch, Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { Chunk } from './chunk.ts';
import { followMoves } from './load-state.ts';

/** So many rows are held as objects, about 6 MB. */
export const ROWS_HELD_MAX = 5_000;

export class RowSpool {
  readonly #platform: Platform;
  readonly #batch: FactsBatch;
  #isClosed = false;

  constructor(platform: Platform, lake: Lake) {
    this.#platform = platform;
    this.#batch = lake.beginFacts();
  }

  /** Takes the rows the chunk holds. */
  async take(chunk: Chunk): Promise<void> {
    const moves = await followMoves(this.#platform, chunk);
    for (const [fact, rows] of chunk.takeRows()) await this.#batch.add(fact, moves === null ? rows : rows.map(moves));
  }

  async close(): Promise<FactFile[]> {
    this.#isClosed = true;
    return await this.#batch.close();
  }

  /** Forgets what was not written. Files written stay: whether they count is known to the transaction alone. */
  async end(): Promise<void> {
    if (!this.#isClosed) await this.#batch.abort();
    this.#isClosed = true;
  }
}
