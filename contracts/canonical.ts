/**
 * What `collect` reads out of a delivery and `govern` takes on: still identified, only in memory, never logged or written.
 * `govern` keys, masks and files it: details and text go to the vault, the rest becomes a fact row.
 */
import type { FactName } from './facts.ts';

/** A local id as the source writes it. `system` is the assigning authority (or the source when it names none). */
export interface SourceId {
  readonly type: IdentifierType;
  readonly system: string;
  readonly value: string;
}

export const IDENTIFIER_TYPES = [
  'mrn',
  'resident-id',
  'insurance',
  'passport',
  'hk-macau-permit',
  'taiwan-permit',
  'foreign-permanent',
  'birth-certificate',
  'app-account',
  'openid',
  'other',
] as const;
export type IdentifierType = (typeof IDENTIFIER_TYPES)[number];

export interface PersonDetails {
  readonly names: readonly string[];
  readonly identifiers: readonly SourceId[];
  readonly phones: readonly string[];
  readonly addresses: readonly { readonly text: string; readonly district: string | null }[];
  /** `YYYY-MM-DD`, or coarser when the source says so. */
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | 'unknown';
  readonly insuranceType: string | null;
  readonly deceased: boolean;
  readonly guardian: { readonly name: string; readonly phone: string | null; readonly relation: string } | null;
  readonly nickname: string | null;
  /** What the source took back explicitly (HL7 `""`); empty lists and nulls above only mean it said nothing. */
  readonly cleared?: readonly ('names' | 'phones' | 'addresses' | 'birthDate' | 'sex' | 'insuranceType' | 'guardian')[];
}

/** A source's own code with the name it gave; the name teaches the dictionary, only the code reaches a fact. */
export interface SourceCode {
  readonly code: string;
  readonly display: string | null;
  /** Coding system (`LOINC`, `ICD-10`, `SNOMED`, a URL …) or null for the source's own list. */
  readonly system: string | null;
}

export type CanonicalValue = string | number | boolean | null | SourceCode;

export interface Canonical {
  readonly fact: FactName;
  /** The person's record this is about; null only for anonymous events, answers and voices. `system` `record-key`: the value already is one. */
  readonly subject: SourceId | null;
  /** Natural key within source and fact name. The same statement sent again has the same one. */
  readonly localId: string;
  /** The visit it belongs to, as the source numbers it. */
  readonly encounterLocalId: string | null;
  /** ISO 8601 UTC instant, and how much of it the source gave. */
  readonly occurredAt: string;
  readonly precision: TimePrecision;
  /**
   * The source's own version or message time, ISO 8601; null: the receiving order decides. The year 1970 marks what was said only in
   * passing (the patient lines of a result or a bill): it introduces a person and never overrides a registration.
   */
  readonly versionAt: string | null;
  /** A cancel, a `D` result, an entered-in-error: a tombstone version. */
  readonly deleted: boolean;
  /**
   * Columns of the fact's schema, before codes are mapped. Unknown names are a programming error.
   * A column left out: the source said nothing about it (HL7 empty field); null: it says there is none (HL7 `""`).
   * Times are ISO 8601 UTC; columns of kind `dimension:*` and `code` are a `SourceCode`; `key` columns are the source's own string
   * (`govern` makes the key), except in deliveries of type `loop`, where subject, visit and keys already are keys (see loop.ts).
   */
  readonly values: Readonly<Record<string, CanonicalValue>>;
  /** Free text to keep in the vault, known from the fact by `text_id`. */
  readonly text: string | null;
  /** Only for `person_record`. */
  readonly person: PersonDetails | null;
}
export type TimePrecision = 'year' | 'month' | 'day' | 'minute' | 'second' | 'millisecond';

/** Instructions that are not facts: they act on links and consents, in stream order. */
export type CanonicalAct =
  | { readonly act: 'merge'; readonly survivor: SourceId; readonly retired: SourceId; readonly occurredAt: string }
  /** Two numbers of one person that both live on (HL7 A24, FHIR seealso), and the end of what was said of the two before (A37). */
  | { readonly act: 'link' | 'unlink'; readonly one: SourceId; readonly other: SourceId; readonly occurredAt: string }
  | { readonly act: 'move-encounter'; readonly encounterLocalId: string; readonly to: SourceId; readonly occurredAt: string }
  | {
      readonly act: 'consent';
      readonly subject: SourceId;
      readonly purpose: string;
      readonly channel: string | null;
      readonly granted: boolean;
      readonly textEdition: string;
      readonly occurredAt: string;
      /** Who decided; left out: the patient when it comes through the loop, else an import. A minor's consent needs `guardian`. */
      readonly by?: 'patient' | 'guardian' | 'staff' | 'import';
    };

/** What reading one delivery gives. Items that cannot be read are named; the others go on. */
export interface Reading {
  readonly facts: readonly Canonical[];
  readonly acts: readonly CanonicalAct[];
  readonly quarantined: readonly { readonly item: number; readonly code: string; readonly reason: string; readonly reasonZh: string }[];
}
