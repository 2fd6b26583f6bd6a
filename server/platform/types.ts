/** The faces of `platform`: what every room is given. Implementations sit in the folders beside. */

import type { Readable, Writable } from 'node:stream';
import type { ChannelPort, ConsentPort, ContactPort, Permission, Purpose, SignalPayloads, Topic, Viewer } from '@xinglin/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import type { Clock, Config, Logger } from '../kernel/index.ts';

// ── db ─────────────────────────────────────────────────────────────────────
/** int8 arrives as number (throws beyond 2^53), date as `YYYY-MM-DD`, timestamptz as Date, uuid as text, bytea as Buffer. */
export type CopiedColumn<R> = readonly [
  name: string,
  type: 'uuid' | 'text' | 'bytea' | 'boolean' | 'integer' | 'bigint' | 'float8' | 'date' | 'timestamptz' | 'jsonb',
  of: (row: R) => unknown,
];
export interface Queryable {
  query<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Exactly one row, else an invariant stops. */
  one<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R>;
  maybe<R = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R | undefined>;
  /** Set-based writing: `COPY table (columns) FROM STDIN` in text format. Rows are arrays in column order; null is NULL. */
  copyIn(table: string, columns: readonly string[], rows: Iterable<readonly unknown[]> | AsyncIterable<readonly unknown[]>): Promise<number>;
  /** The same in the binary format, for many rows: each column with its type and how a row gives it. Every value must plainly be of its type, or null. */
  copyTyped<R>(table: string, columns: readonly CopiedColumn<R>[], rows: Iterable<R>): Promise<void>;
}
/** One transaction. `afterCommit` runs once it is durable, never when it rolled back. */
export interface Tx extends Queryable {
  readonly isTx: true;
  afterCommit(work: () => void): void;
}
export interface Db extends Queryable {
  /** Retries serialization failures and deadlocks a few times; anything else is thrown mapped (no DETAIL, no values). */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

// ── jobs (wall time, pg-boss) ──────────────────────────────────────────────
export interface Jobs {
  /** `name` is `room.job`. A handler that throws is retried with back-off, then shown on the job board. */
  work<T extends object>(name: string, handler: (data: T) => Promise<void>): Promise<void>;
  send<T extends object>(tx: Tx | null, name: string, data: T, options?: { singletonKey?: string; startAfterSeconds?: number }): Promise<void>;
  schedule(name: string, cron: string, data?: object): Promise<void>;
}

// ── due (business time) ────────────────────────────────────────────────────
/** Everything that waits sits in one table. `(kind, key)` is unique: scheduling again moves it. */
export interface Due {
  on<T extends object>(kind: string, handler: (tx: Tx, item: { key: string; dueAt: Date; payload: T }) => Promise<void>): void;
  schedule(tx: Tx, item: { kind: string; key: string; dueAt: Date; payload: object }): Promise<void>;
  /** Set-based schedule for plans with many steps; a `(kind, key)` at most once per call. */
  scheduleMany(tx: Tx, items: readonly { kind: string; key: string; dueAt: Date; payload: object }[]): Promise<void>;
  cancel(tx: Tx, kind: string, key: string): Promise<void>;
  /** When the next item of a kind with a handler will be tried; null when none waits. */
  nextAt(): Promise<Date | null>;
  /** Runs everything due at the clock's now, in due order, each in its own transaction with its row's removal. Returns how many. */
  runDue(): Promise<number>;
}

// ── signals ────────────────────────────────────────────────────────────────
export interface Signals {
  /** Several rooms may listen to one topic; each hears each signal once, in its own transaction, in order of emission. */
  on<T extends Topic>(topic: T, subscriber: string, handler: (tx: Tx, signal: SignalPayloads[T]) => Promise<void>): void;
  /** `key` is unique per topic for ever: the same news twice is one signal. */
  emit<T extends Topic>(tx: Tx, topic: T, key: string, payload: SignalPayloads[T]): Promise<void>;
  /** Set-based emit for bulk processing. */
  emitMany<T extends Topic>(tx: Tx, topic: T, items: readonly { key: string; payload: SignalPayloads[T] }[]): Promise<void>;
  /** Resolves when nothing waits to be delivered (tests, graceful stop). */
  idle(): Promise<void>;
}

// ── outbox: one contact, one door ──────────────────────────────────────────
export interface OutboxMessage {
  /** Deterministic: the same intention has the same key and is sent once. */
  sendKey: string;
  orgId: string;
  campusId: string;
  recordKey: string;
  channel: string;
  purpose: Purpose;
  /** template `id@edition` and its parameters; parameters are codes, days and links, never details of the person. */
  template: string;
  params: Readonly<Record<string, string | number>>;
  notBefore: Date | null;
}
export interface Outbox {
  enqueue(tx: Tx, message: OutboxMessage): Promise<'queued' | 'already'>;
  /** Cancels what is queued and unclaimed for a subject and purpose (withdrawal takes effect at once). Returns how many. */
  cancel(tx: Tx, filter: { recordKey: string; purpose?: Purpose; channel?: string }): Promise<number>;
  /** Rooms register the ways to send and the words; app.ts the ports. */
  addChannel(channel: ChannelPort): void;
  setRenderer(
    render: (template: string, params: Readonly<Record<string, string | number>>) => Promise<{ title: string; body: string; link: string | null }>,
  ): void;
  setPorts(ports: { consent: ConsentPort; contact: ContactPort }): void;
  /** Called after each send, skip or failure; app.ts joins it to the loop. */
  onStatus(listener: (status: { message: OutboxMessage; status: 'sent' | 'skipped' | 'failed'; reason: string | null; at: Date }) => Promise<void>): void;
  /** Sends what is ready now. Returns how many were attempted. */
  drain(): Promise<number>;
  /** Closes a message whose outcome is unknown, by a receipt or a person's decision; `again` queues it once more. False when it was not open. */
  settle(tx: Tx, sendKey: string, outcome: 'sent' | 'failed' | 'again'): Promise<boolean>;
  /** Resolves when nothing that is ready now waits to be sent and every outcome has been told. */
  idle(): Promise<void>;
}

// ── keys ───────────────────────────────────────────────────────────────────
export interface Keys {
  /** HMAC-SHA-256 of the parts (length-prefixed) under the instance's pseudonym key, cut to 128 bits, as UUID text. */
  pseudonym(...parts: readonly string[]): string;
  /** The same HMAC's inner and outer pads (64 bytes each), for composing it set-based in SQL: sha256(outer || sha256(inner || netstrings)). Memory only. */
  pseudonymPads(): { inner: Buffer; outer: Buffer };
  /**
   * Keys of what one source numbers, of which there are millions: SHA-256 of a secret of the kind's own and the number, cut to 128 bits, as UUID text.
   * One hash of one block where `pseudonym` takes four. `secret`: for composing it in SQL, sha256(secret || number). Memory only.
   */
  numberKeys(...kind: readonly string[]): { of(number: string): string; secret: Buffer };
  /** Blind index of a normalised identifying value: 16 bytes under its own key, separate per kind. */
  blindIndex(kind: string, normalised: string): Buffer;
  /** HMAC-SHA-256 under the audit key, for the audit chain. */
  mac(kind: string, data: string | Uint8Array): Buffer;
  /** AES-256-GCM with the subject's own key (made on first use from a stored salt and the master key, gone with the salt on erasure). */
  seal(subjectKey: Buffer, plain: Uint8Array): Buffer;
  open(subjectKey: Buffer, sealed: Uint8Array): Buffer;
  /** One data key per subject (record key), created in the transaction; set-based. Missing ones are created when `create`. */
  subjectKeys(q: Queryable, subjects: readonly string[], create: boolean): Promise<Map<string, Buffer>>;
  destroySubjectKey(tx: Tx, subject: string): Promise<void>;
  /** Keys for raw segments: current id for writing, any id for reading. 32 bytes each. */
  segmentKey(id?: number): { id: number; key: Buffer };
  /** Signed, expiring, single-purpose token for patient links, URL-safe, without personal data. */
  signToken(purpose: string, subject: string, expiresAt: Date): string;
  /** Null when forged, expired or for another purpose. Expiry is business time. */
  readToken(purpose: string, token: string, now: Date): { subject: string } | null;
}

// ── access and audit ───────────────────────────────────────────────────────
export type Engine = 'postgres' | 'duckdb';
/** Row rule as a SQL condition over the relation's own columns (literals are escaped codes), and the columns to hide. `false` when nothing may be seen. */
export interface Scope {
  readonly where: string;
  readonly hidden: ReadonlySet<string>;
  /** For the page: what the viewer is looking at. */
  readonly label: { zh: string; en: string };
}
export interface Access {
  /** The viewer of a request; 401 when signed out, 403 when the role lacks the permission (and the refusal is audited). */
  viewer(request: FastifyRequest, permission: Permission): Promise<Viewer & { kind: 'staff' }>;
  patient(request: FastifyRequest): Promise<Viewer & { kind: 'patient' }>;
  scope(viewer: Viewer, relation: string, alias?: string, engine?: Engine): Scope;
  may(viewer: Viewer, permission: Permission): boolean;
  /** Staff by id for names and owners; staff who hold a permission. */
  staff(filter?: {
    permission?: Permission;
    department?: string;
  }): Promise<{ userId: string; displayName: string; role: string; departments: readonly string[] | 'all' }[]>;
}
export interface Audit {
  /** `subject` is an opaque id (person, record, case); `count` how many rows were read. In `tx` when part of a change. */
  record(entry: {
    viewer: Viewer;
    action: string;
    relation: string | null;
    subject: string | null;
    outcome: 'allowed' | 'refused';
    count?: number;
    detail?: string;
    ip?: string | null;
    q?: Queryable;
  }): Promise<void>;
  verify(): Promise<{ isIntact: boolean; checked: number; firstBroken: number | null }>;
}

// ── all of it ──────────────────────────────────────────────────────────────
export interface Platform {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly db: Db;
  readonly jobs: Jobs;
  readonly due: Due;
  readonly signals: Signals;
  readonly outbox: Outbox;
  readonly keys: Keys;
  readonly access: Access;
  readonly audit: Audit;
  readonly metrics: Registry;
  /** Base address for links to patients. */
  publicUrl(): string;
  /** Hospital, organisation and its campuses as set up. */
  readonly hospital: { nameZh: string; nameEn: string };
}

/** A room's HTTP face; app.ts registers each under /api/v1 (or another prefix the room names). */
export type RoutePlugin = (app: FastifyInstance) => Promise<void>;
export type { Readable, Writable };
