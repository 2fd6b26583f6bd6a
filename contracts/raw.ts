import type { Place } from './organisation.ts';

/** A stream has one cursor. Order holds within it; a big file (bulk) never delays a withdrawal (live, loop). */
export const LANES = ['live', 'bulk', 'loop'] as const;
export type Lane = (typeof LANES)[number];

export interface StreamName extends Place {
  /** Registered source, e.g. `his`, `lis`, `survey`. Matches `CODE_PATTERN`. */
  readonly source: string;
  readonly lane: Lane;
}
export const streamText = (s: StreamName): string => `${s.orgId}/${s.campusId}/${s.source}/${s.lane}`;

/**
 * How the body is to be read.
 * - `hl7v2`: one message, bytes exactly as received (before charset decoding).
 * - `fhir`: one resource or one Bundle as UTF-8 JSON.
 * - `csv`: a header line and up to a few thousand whole lines, UTF-8; `meta.mapping` names the saved mapping `id@edition`.
 * - `events`: one `/v1/batch` body, UTF-8 JSON.
 * - `loop`: one JSON statement of our own (see loop.ts).
 */
export const RAW_TYPES = ['hl7v2', 'fhir', 'csv', 'events', 'loop'] as const;
export type RawType = (typeof RAW_TYPES)[number];

/** What a way in hands over. Nothing is acknowledged before `append` resolves. */
export interface RawDelivery {
  readonly stream: StreamName;
  readonly type: RawType;
  readonly body: Uint8Array;
  /** Small facts about the delivery (mapping edition, charset, file content hash, first line); encrypted with the body. */
  readonly meta: Readonly<Record<string, string | number>>;
  /** How many messages, resources, rows or events the body holds: the unit of `accepted` and `duplicate`. */
  readonly items: number;
}

/** `position` orders deliveries of a stream; it is dense and starts at 1. */
export interface RawRecord extends RawDelivery {
  readonly position: number;
  readonly receivedAt: Date;
  /** SHA-256 of source, type, meta and body, hex: content identity within the organisation. */
  readonly sha256: string;
  /**
   * Set when the content is not there any more; the position stays, so that streams are read densely. Body and meta are empty then and
   * `items` is 0: `erased` by the rights desk, or `corrupt` on disk (reported by `lake`; restore the segment and rebuild).
   */
  readonly gap?: 'erased' | 'corrupt';
}

export type AppendOutcome = { readonly outcome: 'accepted'; readonly position: number } | { readonly outcome: 'duplicate' };

/** The answer of every bulk way in. Counts are items. */
export interface IngestReport {
  accepted: number;
  duplicate: number;
  rejected: number;
  rejections: Rejection[];
}
/** Reasons name what was wrong and what would be right; they never quote the data. */
export interface Rejection {
  file: string;
  line: number | null;
  code: string;
  reason: string;
  reasonZh: string;
}
/** Rejections listed in one report at most; `rejected` always counts all. */
export const REJECTIONS_LISTED_MAX = 1000;
