/** The seam at which a later engine (probabilistic, `linkage/`) takes over: what it is given and what it answers. */
import type { EvidenceType } from './identifiers.ts';

/** One record as the engine sees it: blind indexes only (hex), never a value. */
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
}
export type LinkBasis = 'single' | 'act:merge' | 'rule:resident-id' | 'rule:document' | 'rule:mrn' | 'rule:insurance';
export type ConflictReason = 'same-id-other-person' | 'different-ids' | 'several-ids-in-record';
export interface Conflict {
  readonly recordA: string;
  readonly recordB: string;
  readonly reason: ConflictReason;
  readonly type: string;
}
export interface Cluster {
  /** Sorted. */
  readonly records: readonly string[];
  /** The strongest ground on which each joined another. */
  readonly basis: ReadonlyMap<string, LinkBasis>;
}

/**
 * Must be a pure function of what is known now (not of its order), so that incremental and bulk linking agree:
 * the records given are whole connected groups, and nothing outside a group changes the answer for it.
 */
export interface IdentityEngine {
  readonly edition: string;
  resolve(records: readonly RecordEvidence[], acts: readonly MergeAct[]): { clusters: Cluster[]; conflicts: Conflict[] };
}
