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
  /** `near`: same sound, one character that looks alike or cannot be read, one slip of a Latin name; `short`: one may be what friends call the other. */
  readonly name: 'same' | 'near' | 'short' | 'differ' | 'unknown';
  readonly surname: 'same' | 'differ' | 'unknown';
  /** `near`: a slip, or only the year, the month or the day is another. */
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
  /** Whether a name with what goes with it needs a number to be enough. True for patients; false for tables that hold none. */
  readonly needsNumber?: boolean;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/** `probability` is that of the score, before any rule. */
export function judge(ground: Ground, probability: number, { match, review, needsNumber = true }: Thresholds): Judgement {
  const isLikely = probability >= review;
  const held = (reason: Reason): Judgement =>
    isLikely ? { verdict: 'review', reason } : { verdict: 'no', reason: reason === 'possible' ? 'unlikely' : reason };
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
    // A second number stands in for a name that is only a nickname.
    if (isSameName || ground.birth === 'same' || ground.phone === 'same' || ground.insurance === 'same') return { verdict: 'match', reason: 'same-id' };
    return { verdict: 'review', reason: 'same-id-other-person' };
  }
  if (ground.isUnnamed) return held('unnamed');
  if (isTwinLike(ground)) return held('twins');
  if (ground.isSuspect) return held('id-contradicts-person');
  if (!needsNumber) return byScore(probability, { match, review });
  // A father and his son may share name, phone and address; nobody has two birth dates that have nothing in common.
  if (ground.birth === 'differ') return held('possible');
  const hasNumber = ground.phone === 'same' || ground.phone === 'shared' || ground.insurance === 'same';
  // Most who share a phone and no name are a family, and a rare name alone is no reason to look.
  if (ground.birth === 'unknown' && ground.insurance !== 'same' && (ground.name === 'differ' || !hasNumber)) return { verdict: 'no', reason: 'unlikely' };
  if (probability < match) return byScore(probability, { match, review });
  if (ground.insurance === 'same') return isSameName || ground.birth === 'same' ? { verdict: 'match', reason: 'same-insurance' } : held('possible');
  if (ground.phone === 'same') {
    // Brothers and sisters share their parents' phone and often a sound, now and then the whole name: without a birth date only the written name
    // tells them apart, and two record numbers of one authority say they are two.
    const isBirthKnown = ground.birth === 'same' || ground.birth === 'near';
    return isSameName && (isBirthKnown || (ground.name === 'same' && ground.mrn !== 'differ')) ? { verdict: 'match', reason: 'likely' } : held('possible');
  }
  if (ground.phone === 'shared') return held('shared-phone');
  return held(ground.name === 'same' && ground.birth === 'same' ? 'name-and-birth-only' : 'no-number');
}

const byScore = (probability: number, { match, review }: Thresholds): Judgement =>
  probability >= match
    ? { verdict: 'match', reason: 'likely' }
    : probability >= review
      ? { verdict: 'review', reason: 'possible' }
      : { verdict: 'no', reason: 'unlikely' };

/** The same surname and birth date with another Chinese given name is what twins look like, also when they share a phone. */
export const isTwinLike = (ground: Pick<Ground, 'isChinese' | 'surname' | 'name' | 'birth'>): boolean =>
  ground.isChinese && ground.birth === 'same' && ground.surname === 'same' && (ground.name === 'differ' || ground.name === 'short');
