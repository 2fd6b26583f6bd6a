/** Which pairs an act decides. Pure: what is in force and who has which records in, decisions out. */
import type { DecisionReason } from '@xinglin/contracts/api.ts';

export type ActKind = 'match' | 'no-match' | 'later' | 'merge' | 'split';
export interface PairDecision {
  readonly a: string;
  readonly b: string;
  readonly decision: 'same' | 'different' | 'later';
}
export interface Plan {
  readonly kind: ActKind;
  readonly reason: DecisionReason;
  /** The pair the act is shown under. */
  readonly a: string;
  readonly b: string;
  readonly decisions: readonly PairDecision[];
  /** Every record whose person may change. */
  readonly records: readonly string[];
}
export interface Party {
  readonly personId: string;
  /** The one compared first. */
  readonly record: string;
  readonly records: readonly string[];
}

const ordered = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a]);
const pair = (x: string, y: string, decision: PairDecision['decision']): PairDecision => {
  const [a, b] = ordered(x, y);
  return { a, b, decision };
};
const cross = (one: readonly string[], other: readonly string[], decision: PairDecision['decision']): PairDecision[] =>
  one.flatMap((x) => other.map((y) => pair(x, y, decision)));
const planOf = (kind: ActKind, reason: DecisionReason, x: Party, y: Party, decisions: readonly PairDecision[]): Plan => {
  const [a, b] = ordered(x.record, y.record);
  return { kind, reason, a, b, decisions, records: [...new Set([...x.records, ...y.records])] };
};

/**
 * Both are one person: one `same` about the pair, and about every pair of theirs somebody had decided to be different, else two truths
 * would stand against one another.
 */
export function planSame(kind: 'match' | 'merge', reason: DecisionReason, x: Party, y: Party, apart: readonly (readonly [string, string])[]): Plan {
  const known = pair(x.record, y.record, 'same');
  const overruled = apart.map(([a, b]) => pair(a, b, 'same')).filter(({ a, b }) => a !== known.a || b !== known.b);
  return planOf(kind, reason, x, y, [known, ...overruled]);
}

/**
 * They are two: every record of one is different from every record of the other, so that no later evidence about a sibling asks again.
 * Of two records that are one person already, only this pair is parted; with whom the others go, the evidence says.
 */
export function planDifferent(reason: DecisionReason, x: Party, y: Party): Plan {
  const decisions = x.personId === y.personId ? [pair(x.record, y.record, 'different')] : cross(x.records, y.records, 'different');
  return planOf('no-match', reason, x, y, decisions);
}

export const planLater = (reason: DecisionReason, x: Party, y: Party): Plan => planOf('later', reason, x, y, [pair(x.record, y.record, 'later')]);

/** These records leave the others. */
export function planSplit(reason: DecisionReason, personId: string, leaving: readonly string[], staying: readonly string[]): Plan | null {
  const [first, second] = [leaving[0], staying[0]];
  if (first === undefined || second === undefined) return null;
  const party = (record: string, records: readonly string[]): Party => ({ personId, record, records });
  return planOf('split', reason, party(first, leaving), party(second, staying), cross(leaving, staying, 'different'));
}
