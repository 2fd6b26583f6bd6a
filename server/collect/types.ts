/** The faces of `collect` that `govern` and `app.ts` use. */

import type { AppendOutcome, Canonical, FactName, IngestReport, LoopPort, RawRecord, Reading, SourceId } from '@xinglin/contracts';
import type { DeliveryRow, RejectionRow, SourceRow } from '@xinglin/contracts/api.ts';

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

/** One file as it arrives (an upload). It is split while it streams; nothing of it is written in plain text. */
export interface IngestStreamOptions {
  name: string;
  bytes: AsyncIterable<Uint8Array>;
  source: string | null;
  /** Id of a saved or shipped mapping, `id` or `id@edition` (CSV only). */
  mapping: string | null;
  by: string;
}

export interface SourceRegistration {
  readonly source: string;
  readonly nameZh: string;
  readonly nameEn: string | null;
  /** Department or person who answers for the data. */
  readonly owner: string | null;
  /** Campus its deliveries belong to; null: the instance's own. */
  readonly campusId: string | null;
  /** Whose record numbers its exports and events carry, as that system names itself in PID-3.4; null or absent: the HIS's. Counts for what comes from now on. */
  readonly mrnAuthority?: string | null;
}

/**
 * How a CSV mapping reads a row, as DuckDB SQL over a relation whose columns are the header's, all varchar, so that millions of rows need
 * not become objects. The door has already refused every row these expressions could not read; they give what `read` gives, row for row.
 */
export interface BulkPlan {
  readonly mapping: string;
  readonly fact: FactName;
  /** Header names the expressions use, as they stand in the file. */
  readonly columns: readonly string[];
  /**
   * Cleaned cells by the column name under which the other expressions find them: `select *, ${cleaned} as "${name}" …` comes first. Where no cell
   * has anything to take off (see `isPlainText`) the column itself will do.
   */
  readonly cells: Readonly<Record<string, { readonly column: string; readonly cleaned: string }>>;
  /**
   * Whom a row is about: varchar, the number itself when there is one kind of it; else the place of its kind in `kinds`, `|` and the number.
   * Null when the rows are about nobody.
   */
  readonly subject: { readonly kinds: readonly Omit<SourceId, 'value'>[]; readonly sql: string } | null;
  /** The person a row names in passing or registers; null when it names nobody. */
  readonly person: BulkPersonPlan | null;
  /** varchar: the cleaned free text of a row; null when the header has none. */
  readonly text: string | null;
  /** varchar: natural key within source and fact. */
  readonly localId: string;
  readonly encounterLocalId: string | null;
  /** timestamp (UTC) and its precision. */
  readonly occurredAt: string;
  readonly precision: string;
  /** timestamp (UTC) or null when the receiving order decides. */
  readonly versionAt: string | null;
  readonly isDeleted: string;
  /** Fact columns by name. */
  readonly values: Readonly<Record<string, BulkValue>>;
}

/** Typed as the column kind asks; codes as the source writes them, with the name it gave beside (varchar) and their coding system. */
export interface BulkValue {
  readonly sql: string;
  readonly displaySql: string | null;
  readonly system?: string;
  /** All that both are read from, the value's own cell first; none for a constant. */
  readonly cells: readonly string[];
  /** Of codes and words: what `sql` and `displaySql` give for such cells. Different cells are few, and reading them here spares the engine its long expressions. */
  read(cells: readonly (string | null)[]): { code: string | null; display: string | null };
}

/** What rows say of a person: read from the few rows that say something new, by what reads every row otherwise. */
export interface BulkPersonPlan {
  /** Header names whose cells, as they stand in the file, decide what is said. */
  readonly columns: readonly string[];
  /** The version of what is said is the row's own; otherwise it is said in passing. */
  readonly isRegistration: boolean;
  /** The statement about the person (its times and version left dull) by the cells of `columns` in order; null when a cell does not fit. */
  read(cells: readonly string[]): Canonical | null;
}

export interface WriteKeyOptions {
  /** A key chosen beforehand (the demo's); otherwise one is made. */
  readonly given?: string;
  /** Only for keys kept on servers: its events may name patients by record number. A key in a web page is public. */
  readonly mayIdentify?: boolean;
}
export interface WriteKey {
  readonly source: string;
  readonly campusId: string;
  readonly mayIdentify: boolean;
  readonly mrnAuthority?: string | null;
}
/** A body of the Segment specification: the batch and what its members share. */
export interface EventBatch {
  readonly events: readonly unknown[];
  readonly sentAt: unknown;
  readonly context: unknown;
}
export interface EventsAnswer {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly rejections: readonly { readonly index: number; readonly code: string; readonly reason: string; readonly reasonZh: string }[];
}

/** Reads of the delivery log, for the pages about sources. Pages are newest first; `before` is where the last one ended. */
export interface DeliveryLog {
  sources(): Promise<readonly SourceTotals[]>;
  isKnown(source: string): Promise<boolean>;
  deliveries(source: string, before: PageMark | null, limit: number): Promise<readonly DeliveryRow[]>;
  rejections(source: string, before: PageMark | null, limit: number): Promise<readonly (RejectionRow & { readonly mark: PageMark })[]>;
}
export interface PageMark {
  readonly at: string;
  readonly id: string;
}
export type SourceTotals = Omit<SourceRow, 'quarantined' | 'facts'>;

export interface Collect {
  ingest(options: IngestOptions): Promise<IngestReport>;
  ingestStream(options: IngestStreamOptions): Promise<IngestReport>;
  /** Reads one delivery into canonical statements. Pure but for saved mappings; the same bytes and mapping edition give the same answer for ever. */
  read(record: RawRecord): Promise<Reading>;
  /**
   * Null when rows must be read one by one. `mapping` is `id@edition`, as in a record's `meta.mapping`; `header` the names in the first line of
   * its body. Rows of one body that share a natural key are versions of one thing: the last one stands; so do those that name one person.
   */
  bulkPlan(mapping: string, header: readonly string[], record: Pick<RawRecord, 'stream' | 'meta'>): Promise<BulkPlan | null>;
  /** One message from a listener (lane `live`). Resolves when it is durable; throws a refusal when it is not structurally HL7. */
  deliverHl7(options: { source: string; bytes: Uint8Array; charset?: string }): Promise<AppendOutcome>;
  registerSource(source: SourceRegistration, by: string): Promise<void>;
  /** Makes a write key for the events interface and returns it once; only its hash is kept. */
  addWriteKey(source: string, options?: WriteKeyOptions): Promise<string>;
  /** The events of one request, already parsed. Resolves when they are durable. */
  deliverEvents(key: WriteKey, batch: EventBatch): Promise<EventsAnswer>;
  /** Null when the key is unknown or revoked. */
  writeKey(key: string): Promise<WriteKey | null>;
  readonly log: DeliveryLog;
  readonly loop: LoopPort;
  /** Writes what is still only counted in memory. Call before the database closes. */
  close(): Promise<void>;
}
