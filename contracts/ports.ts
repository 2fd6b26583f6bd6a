/** Interfaces an earlier room needs and a later room implements; `server/app.ts` joins them. */
import type { PersonDetails } from './canonical.ts';
import type { LoopKind, LoopStatements } from './loop.ts';
import type { Place } from './organisation.ts';
import type { Purpose, Viewer } from './viewer.ts';

/** Implemented by `collect/loop`; used by `engage` and `improve`. Resolves when the statement is durable. */
export interface LoopPort {
  deliver<K extends LoopKind>(place: Place, kind: K, body: LoopStatements[K]): Promise<void>;
}

/** Implemented by `govern/consent`; asked by `platform/outbox` about an opaque subject (a record key). */
export interface ConsentPort {
  decide(recordKey: string, purpose: Purpose, channel: string): Promise<ConsentDecision>;
}
export type ConsentDecision =
  | { readonly allowed: true; readonly basis: string }
  | { readonly allowed: false; readonly reason: 'no-consent' | 'withdrawn' | 'minor-without-guardian' | 'deceased' | 'restricted' | 'unknown-person' };

/** Implemented by `govern/privacy`: the only way from a record key to how a person is reached. Null: nothing on file. */
export interface ContactPort {
  /** For `inbox` the person id, for `sms` and `phone` the number from the vault. */
  addressOf(recordKey: string, channel: string): Promise<string | null>;
}

/** A way to send. `send` gets the deterministic key, so a provider that honours keys never sends twice. */
export interface ChannelPort {
  readonly channel: string;
  /** Sandbox channels may be used with simulated time; a real one refuses to start there. */
  readonly isSandbox: boolean;
  /** True when the provider de-duplicates by our key, so an unknown outcome may be tried again. */
  readonly honoursKey: boolean;
  send(message: {
    sendKey: string;
    address: string;
    title: string;
    body: string;
    link: string | null;
    occurredAt: Date;
  }): Promise<'sent' | 'failed' | 'unknown'>;
}

/** Implemented by `govern`; used by the pages about sources in `collect`. */
export interface SourceFiguresPort {
  /** Facts filed and items quarantined, by source. */
  figures(): Promise<ReadonlyMap<string, { readonly facts: number; readonly quarantined: number }>>;
  /** Quarantined items of a source, newest first; `before` is the id of the last row of the previous page. */
  quarantined(source: string, before: string | null, limit: number): Promise<readonly QuarantinedItem[]>;
}
export interface QuarantinedItem {
  readonly id: string;
  readonly at: Date;
  readonly code: string;
  readonly reasonZh: string;
  readonly reasonEn: string;
}

/** Implemented by `govern/identity`; asked by the FHIR operation `Patient/$match` in `collect`. Within the viewer's scope; audited. */
export interface MatchPort {
  match(viewer: Viewer, details: PersonDetails, options: { limit: number; onlyCertain: boolean; ip?: string | null }): Promise<MatchOutcome>;
}
/** HL7's match-grade. */
export type MatchGrade = 'certain' | 'probable' | 'possible' | 'certainly-not';
export interface MatchOutcome {
  /** One per person, best first. */
  readonly candidates: readonly {
    readonly personId: string;
    readonly grade: MatchGrade;
    /** 0…1 */
    readonly score: number;
    readonly reason: string;
    /** Masked for the viewer. */
    readonly person: {
      readonly name: string;
      readonly sex: 'male' | 'female' | 'unknown';
      /** `YYYY-MM` */
      readonly birthMonth: string | null;
      readonly phone: string | null;
      readonly residentId: string | null;
    };
  }[];
  /** Someone may have been left out; then nobody is certain. */
  readonly isCutShort: boolean;
}
