/** The faces of `lake`: raw zone, facts zone, warehouse. */
import type { AppendOutcome, FactName, FactRow, RawDelivery, RawRecord, StreamName } from '@xinglin/contracts';
import type { Tx } from '../platform/index.ts';

export interface RawZone {
  /** Resolves when every accepted delivery is on disk (one group sync). A delivery whose content is already there is `duplicate`. */
  append(deliveries: readonly RawDelivery[]): Promise<AppendOutcome[]>;
  /** Records after `after`, in order, up to the limits (at least one when there is one). */
  read(stream: StreamName, after: number, limit: { records: number; bytes: number }): Promise<RawRecord[]>;
  streams(): Promise<{ stream: StreamName; end: number }[]>;
  onAppend(listener: (stream: StreamName) => void): void;
  /** Content hash a delivery will have, for callers that ask before they read a whole file. */
  hashOf(delivery: RawDelivery): string;
}

/** A Parquet file written and synced, not yet in the manifest. */
export interface FactFile {
  readonly fact: FactName;
  readonly month: string;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
}

export interface FactsBatch {
  add(fact: FactName, rows: readonly FactRow[]): Promise<void>;
  /** Set-based way in: a SELECT over the warehouse's engine giving `columnsOf(fact)` by name. */
  addFrom(fact: FactName, select: string, params?: readonly unknown[]): Promise<void>;
  /**
   * Parquet files in the lake's temporary folder, made elsewhere by one statement of `filesSql`, each with rows of one month (UTC). They are checked
   * like rows are, and become files of their own.
   */
  adopt(fact: FactName, paths: readonly string[]): Promise<void>;
  /** Writes and syncs one file per fact and month. */
  close(): Promise<FactFile[]>;
  abort(): Promise<void>;
}

export interface Warehouse {
  /**
   * Portable SQL (the subset DuckDB and Trino share, see lake/dialect.ts) over the live manifest generation.
   * Relations: `fact_NAME` (the winning version of each fact, tombstones gone; `person_id` from the link view; each `dimension:X` column
   * also as `X`, mapped, null when unmapped), `fact_NAME_history` (every version), and relations published by rooms (`link`, `dimension`).
   * bigint → number, decimal → number, timestamp → Date, date → `YYYY-MM-DD`, uuid → text.
   */
  query<R = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Moves on when the manifest or a published relation changed: the cache key for marts and answers. */
  generation(): string;
  /** The moment the answers stand for. */
  asOf(): Date;
  /** A small relation whose truth is in PostgreSQL; loaded again after `changed(name)`. Rows in column order. */
  publish(
    name: string,
    columns: readonly { name: string; type: 'uuid' | 'varchar' | 'integer' | 'timestamp' | 'date' | 'boolean' | 'double' }[],
    load: () => AsyncIterable<readonly unknown[]>,
  ): void;
  changed(name: string): void;
  /** Brings in what was committed since. Called before each query when something changed; cheap when nothing did. */
  refresh(): Promise<void>;
}

export interface Lake {
  readonly raw: RawZone;
  readonly warehouse: Warehouse;
  cursor(stream: StreamName): Promise<number>;
  beginFacts(): FactsBatch;
  /** In the caller's transaction: files into the manifest, cursor from `from` to `to`. Throws when the cursor is not at `from` (fencing). */
  commit(tx: Tx, done: { stream: StreamName; from: number; to: number; files: readonly FactFile[]; edition: string }): Promise<void>;
  /** Merges small files and superseded versions into one sorted file per fact and month; readers keep their generation. */
  compact(options?: { minFiles?: number }): Promise<{ merged: number; removed: number }>;
  /** For `xinglin rebuild`: takes all facts out of the manifest and sets every cursor to 0. */
  forgetFacts(tx: Tx): Promise<void>;
  /** Removes files no generation names (after a crash, or once readers have moved on). */
  sweep(): Promise<number>;
  close(): Promise<void>;
}
