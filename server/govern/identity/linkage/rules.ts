/**
 * What stands above the score: the deterministic rules and vetoes for patients (DOMAIN B13). The score says how likely two records are one
 * person; these say when likelihood alone must not decide. Pure, over what two records agree in.
 */
export type Verdict = 'match' | 'review' | 'no';

/** Why a pair was decided so; stable codes, shown in words by whoever shows them. */
export const REASONS = [
  'same-id',
  'same-mrn',
  'same-insurance',
  'likely',
  'same-id-other-person',
  'same-mrn-other-person',
  'id-contradicts-person',
  'different-ids',
  'unnamed',
  'twins',
  'shared-phone',
  'name-and-birth-only',
  'no-number',
  'possible',
  'unlikely',
] as const;
export type Reason = (typeof REASONS)[number];

/** What two records agree and differ in. `unknown`: at least one of them does not say. */
export interface Ground {
  /** Valid numbers of one exclusive kind (resident id, permits, birth certificate): `differ` when any kind differs. */
  readonly id: 'same' | 'differ' | 'unknown';
  /** Record numbers of one authority. */
  readonly mrn: 'same' | 'differ' | 'unknown';
  readonly insurance: 'same' | 'differ' | 'unknown';
  /** `shared`: the same number, but one that many people have, or a landline. */
  readonly phone: 'same' | 'shared' | 'differ' | 'unknown';
  /** `near`: same sound, one character that looks alike or cannot be read, one slip of a Latin name. */
  readonly name: 'same' | 'near' | 'differ' | 'unknown';
  readonly surname: 'same' | 'differ' | 'unknown';
  readonly birth: 'same' | 'near' | 'differ' | 'unknown';
  readonly sex: 'same' | 'differ' | 'unknown';
  readonly isChinese: boolean;
  /** One of them is a newborn without a name or an unknown person. */
  readonly isUnnamed: boolean;
  /** The resident id of one of them contradicts its own birth date or sex. */
  readonly isSuspect: boolean;
}

export interface Thresholds {
  /** Probability from which a pair is joined by itself, where no rule forbids it. */
  readonly match: number;
  /** From here on people look at it. */
  readonly review: number;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/** `probability` is that of the score, before any rule. */
export function judge(ground: Ground, probability: number, { match, review }: Thresholds): Judgement {
  const isLikely = probability >= review;
  const held = (reason: Reason): Judgement => ({ verdict: isLikely ? 'review' : 'no', reason });
  if (ground.id === 'differ') return held('different-ids');
  const isSameName = ground.name === 'same' || ground.name === 'near';
  const isOtherPerson = ground.name === 'differ' && ground.birth === 'differ';
  if (ground.mrn === 'same') {
    // A record number is given once; only a name and a birth date that both say otherwise are stronger.
    return isOtherPerson ? { verdict: 'review', reason: 'same-mrn-other-person' } : { verdict: 'match', reason: 'same-mrn' };
  }
  if (ground.id === 'same') {
    if (isOtherPerson) return { verdict: 'review', reason: 'same-id-other-person' };
    if (ground.isSuspect) return { verdict: 'review', reason: 'id-contradicts-person' };
    if (isSameName || ground.birth === 'same') return { verdict: 'match', reason: 'same-id' };
    return { verdict: 'review', reason: 'same-id-other-person' };
  }
  if (ground.isUnnamed) return held('unnamed');
  if (isTwinLike(ground)) return held('twins');
  if (ground.isSuspect) return held('id-contradicts-person');
  if (probability < match) return isLikely ? { verdict: 'review', reason: 'possible' } : { verdict: 'no', reason: 'unlikely' };
  if (ground.insurance === 'same') return isSameName || ground.birth === 'same' ? { verdict: 'match', reason: 'same-insurance' } : held('possible');
  if (ground.phone === 'same') return isSameName ? { verdict: 'match', reason: 'likely' } : held('possible');
  if (ground.phone === 'shared') return held('shared-phone');
  if (ground.name === 'same' && ground.birth === 'same') return held('name-and-birth-only');
  return held('no-number');
}

/** The same surname and birth date with another Chinese given name is what twins look like, also when they share a phone. */
export const isTwinLike = (ground: Pick<Ground, 'isChinese' | 'surname' | 'name' | 'birth'>): boolean =>
  ground.isChinese && ground.birth === 'same' && ground.surname === 'same' && ground.name === 'differ';
