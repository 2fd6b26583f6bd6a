/** The faces of `govern` that later rooms use (read side) and `app.ts` joins. */
import type { ConsentPort, ContactPort, Dimension, DimensionEntry, LoopPort, MatchPort, SourceFiguresPort, StreamName, Viewer } from '@xinglin/contracts';
import type { Tx } from '../platform/index.ts';
import type { IdentityModels } from './identity/models/index.ts';
import type { IdentityDesk } from './identity/review/desk.ts';
import type { PatientDirectory } from './privacy/contacts.ts';

export interface PersonSummary {
  personId: string;
  /** Masked for the viewer (see DOMAIN D2 masking). */
  name: string;
  sex: 'male' | 'female' | 'unknown';
  birthMonth: string | null;
  phone: string | null;
  residentId: string | null;
  district: string | null;
  insuranceType: string | null;
  records: { source: string; recordKey: string; since: Date; linkedBy: string }[];
}

export interface People {
  /** Exact look-up by a full identifier (MRN, resident id, insurance number, phone) or full name, through blind indexes. Audited. */
  search(viewer: Viewer, text: string, limit: number): Promise<string[]>;
  /** In the order asked; out of scope or unknown are left out. Audited with the count. */
  summaries(viewer: Viewer, personIds: readonly string[]): Promise<PersonSummary[]>;
  /** Record keys of a person, and back. Retired person ids resolve. */
  recordsOf(personId: string): Promise<string[]>;
  personOf(recordKeys: readonly string[]): Promise<Map<string, string>>;
  /** Free text from the vault; redacted unless the viewer holds `patient.identity`. Audited. */
  text(viewer: Viewer, textIds: readonly string[]): Promise<Map<string, string>>;
}

export interface Dimensions {
  /** Names of the hospital's own codes; cached. */
  entries(dimension: Dimension): Promise<Map<string, DimensionEntry>>;
  upsert(tx: Tx, entries: readonly DimensionEntry[]): Promise<void>;
  /** Source code → own code. */
  map(tx: Tx, dimension: Dimension, source: string, sourceCode: string, code: string): Promise<void>;
  unmapped(dimension: Dimension): Promise<{ source: string; sourceCode: string; display: string | null; seen: number }[]>;
}

export interface Consents extends ConsentPort {
  of(viewer: Viewer, personId: string): Promise<{ purpose: string; channel: string | null; granted: boolean; changedAt: Date; textEdition: string }[]>;
}

export interface Pipeline {
  /** Follows every stream from its cursor; bulk, live and loop each with their own pace. */
  start(): void;
  /** Resolves when every stream is at its end (tests, CLI ingest). Reports progress. */
  drain(onProgress?: (left: number) => void): Promise<void>;
  stop(): Promise<void>;
  /** Throws facts and rule-made links away and makes them again from raw; emits no signals. */
  rebuild(onProgress?: (done: number, all: number) => void): Promise<{ records: number; facts: number }>;
  waiting(): Promise<{ stream: StreamName; waiting: number }[]>;
  /** Resolves when everyone has been compared again with the model in force. Goes on in the background while the pipeline follows. */
  relink(): Promise<void>;
}

export interface Govern extends SourceFiguresPort {
  readonly people: People;
  readonly dimensions: Dimensions;
  readonly consents: Consents;
  /** What people do about who is one person. */
  readonly identity: IdentityDesk;
  /** Care of the model that decides it. */
  readonly models: IdentityModels;
  readonly contacts: ContactPort;
  readonly patientDirectory: PatientDirectory;
  readonly pipeline: Pipeline;
  /** Who somebody described is. */
  readonly match: MatchPort;
}
export type { LoopPort };
