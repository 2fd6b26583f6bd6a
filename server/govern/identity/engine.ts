/** What deciding who is one person is given and what it answers; `resolve.ts` does it, `link-records.ts` feeds it. */
import type { EvidenceType } from './identifiers.ts';

/** One record as deciding sees it: blind indexes only (as text, whatever the writing), never a value. */
export interface RecordEvidence {
  readonly recordKey: string;
  readonly evidence: readonly { readonly type: EvidenceType; readonly blind: string; readonly isSuspect: boolean }[];
  readonly names: readonly string[];
  readonly birth: string | null;
  /** A newborn or unknown person: linked by record numbers only. */
  readonly isUnnamed: boolean;
}
export interface MergeAct {
  readonly survivor: string;
  readonly retired: string;
  /** `merge`: one number took the place of another; `link`: both live on. */
  readonly kind?: 'merge' | 'link';
}
/** What a person decided about two records. It stands above everything else. Newest first where several are given. */
export interface Decision {
  readonly a: string;
  readonly b: string;
  readonly decision: 'same' | 'different';
}
/** Two records the model would join. */
export interface ModelPair {
  readonly a: string;
  readonly b: string;
  /** log2 odds that both are one person. */
  readonly weight: number;
}
/** What comparing two records comes to; null when one of them has no details. */
export interface PairScore {
  readonly weight: number;
  /** Cannot be one person whatever else they share: twins, a newborn beside the mother, different valid ids. */
  readonly isVetoed: boolean;
}
export interface ModelFindings {
  readonly edition: string;
  readonly pairs: readonly ModelPair[];
  /** Any two records of groups named by `inDoubt`. */
  score(a: string, b: string): PairScore | null;
}

export type LinkBasis =
  | 'single'
  | 'decision:same'
  | 'act:merge'
  | 'act:link'
  | 'rule:resident-id'
  | 'rule:document'
  | 'rule:mrn'
  | 'rule:insurance'
  | `model:${string}`;
export type ConflictReason = 'same-id-other-person' | 'different-ids' | 'several-ids-in-record';
export interface Conflict {
  readonly recordA: string;
  readonly recordB: string;
  readonly reason: ConflictReason;
  readonly type: string;
}
/** Why a pair the model would join was not: for a person to decide, except what one decided already. */
export type HeldReason = 'different-ids' | 'decided' | 'not-alike' | 'ambiguous' | 'weak-bridge' | 'too-many';
export interface Cluster {
  /** Sorted. */
  readonly records: readonly string[];
  /** The strongest ground on which each joined another, in the order of the records. */
  readonly basis: readonly LinkBasis[];
}
export interface Resolved {
  readonly clusters: readonly Cluster[];
  readonly conflicts: readonly Conflict[];
  /** Pairs of the model that were not joined. */
  readonly held: readonly { readonly a: string; readonly b: string; readonly reason: HeldReason }[];
}

/** Groups by decisions, acts and numbers; `finish` lets the model join more. */
export interface Ruled {
  /** Records of groups that pairs of the model may join to something larger than a pair: all of them must be comparable. */
  inDoubt(pairs: readonly ModelPair[]): string[];
  finish(findings: ModelFindings | null): Resolved;
}

/**
 * Must be a pure function of what is known now (not of its order), so that incremental and bulk linking agree:
 * the records given are whole connected groups, and nothing outside a group changes the answer for it.
 */
export interface IdentityEngine {
  readonly edition: string;
  byRules(records: readonly RecordEvidence[], acts: readonly MergeAct[], decisions: readonly Decision[]): Ruled;
}
