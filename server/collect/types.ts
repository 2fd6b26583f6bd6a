/** The faces of `collect` that `govern` and `app.ts` use. */
import type { IngestReport, LoopPort, RawRecord, Reading } from '@xinglin/contracts';

export interface IngestOptions {
  /** Files or folders; folders are walked in name order. */
  paths: readonly string[];
  source: string | null;
  /** A mapping file, or the id of a saved mapping (CSV only). */
  mapping: string | null;
  /** Who asked: a user id, `cli`, `simulator`. */
  by: string;
  onProgress?: (progress: { file: string; bytes: number; bytesAll: number; accepted: number }) => void;
}

export interface Collect {
  ingest(options: IngestOptions): Promise<IngestReport>;
  /** Reads one delivery into canonical statements. Pure but for saved mappings; the same bytes and mapping edition give the same answer for ever. */
  read(record: RawRecord): Promise<Reading>;
  readonly loop: LoopPort;
}
