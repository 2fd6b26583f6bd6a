/** Scores pairs of a table: the sum of weights, the rarity of what agrees exactly, and the rules above it. In log2 odds with the prior. */
import { DATE_OTHER, EXACT, levelOf, MISSING, NAME_EXCHANGED, NAME_LOOK, NAME_SHORT } from './compare.ts';
import type { FieldName, Records } from './fields.ts';
import { chanceOf, type Model, oddsOf, type Rarity } from './model.ts';
import { type Ground, type Judgement, judge, type Reason, type Thresholds } from './rules.ts';

/** What makes a pair impossible whatever the other fields say. */
export const VETO = -1e6;
/** Where the rules take a number for proof, what it is proof of is as good as certain (log2 odds). */
export const PROVEN = 60;
/** How far below the threshold a pair counts that a rule leaves open. */
const OPEN = 1;
/** Such pairs are two people also when a third record stands between them; other reasons only say that nobody joins them unseen. */
export const VETOES: ReadonlySet<Reason> = new Set(['different-ids', 'unnamed', 'twins']);

export interface Outcome extends Judgement {
  /** What the score says before any rule. */
  readonly odds: number;
}

export interface Shape {
  readonly base: number;
  /** Fields that agree and whose value's rarity counts. */
  readonly exact: readonly number[];
  readonly hasProof: boolean;
}

export class Scorer {
  readonly #records: Records;
  readonly #model: Model;
  readonly #rarity: Rarity;
  readonly #thresholds: Thresholds;
  readonly #least: number;
  readonly #isMrnProof: boolean;
  readonly #levels: Uint8Array;
  readonly #at: Readonly<Record<'given' | 'surname' | 'birth' | 'sex' | 'id' | 'mrn' | 'insurance' | 'phone', number>>;

  /** `isProof`: whether an equal record number proves one person; where it does not, only its weight counts. */
  constructor(records: Records, model: Model, rarity: Rarity, thresholds: Thresholds, isProof: { readonly mrn: boolean } = { mrn: true }) {
    this.#records = records;
    this.#model = model;
    this.#rarity = rarity;
    this.#thresholds = thresholds;
    this.#isMrnProof = isProof.mrn;
    this.#least = oddsOf(thresholds.match);
    this.#levels = new Uint8Array(records.fields.length);
    const at = (name: FieldName): number => records.fields.findIndex((field) => field.name === name);
    this.#at = {
      ...{ given: at('given-name'), surname: at('surname'), birth: at('birth-date'), sex: at('sex') },
      ...{ id: at('id-number'), mrn: at('mrn'), insurance: at('insurance'), phone: at('phone') },
    };
  }

  /** As `scoreLevels`, levels worked out here. */
  score(a: number, b: number): number {
    return this.scoreLevels(a, b, this.levelsOf(a, b));
  }

  /**
   * Two units of records, each known to be one person: compared field by field by what agrees best, as one record would be that holds all values
   * of its unit. `VETO` when any pair across is; below the threshold when no pair across may be joined by itself.
   */
  scoreUnits(x: readonly number[], y: readonly number[]): number {
    if (x.length === 1 && y.length === 1) return this.score(x[0]!, y[0]!);
    const best = new Float64Array(this.#records.fields.length).fill(Number.NEGATIVE_INFINITY);
    let isJoined = false;
    let birth = Number.POSITIVE_INFINITY;
    for (const a of x) {
      for (const b of y) {
        const levels = this.levelsOf(a, b);
        const outcome = this.outcome(a, b, levels);
        if (this.oddsAfter(outcome) === VETO) return VETO;
        if (outcome.verdict === 'match') isJoined = true;
        if (this.#at.birth >= 0 && levels[this.#at.birth] !== MISSING) birth = Math.min(birth, levels[this.#at.birth]!);
        for (let f = 0; f < levels.length; f++) if (levels[f] !== MISSING) best[f] = Math.max(best[f]!, this.#weight(a, f, levels[f]!));
      }
    }
    const odds = best.reduce((sum, weight) => (weight === Number.NEGATIVE_INFINITY ? sum : sum + weight), this.#model.prior);
    const isOther = this.#thresholds.needsNumber === true && Number.isFinite(birth) && birth >= DATE_OTHER;
    if (isOther) return Math.min(odds, -PROVEN);
    return isJoined ? odds : Math.min(odds, this.#least - OPEN);
  }

  levelsOf(a: number, b: number): Uint8Array {
    const { fields } = this.#records;
    for (let f = 0; f < fields.length; f++) this.#levels[f] = levelOf(this.#records, fields[f]!, a, b);
    return this.#levels;
  }

  /** Odds with rules: see `oddsAfter`. */
  scoreLevels(a: number, b: number, levels: ArrayLike<number>): number {
    return this.oddsAfter(this.outcome(a, b, levels));
  }

  /** `VETO` where two records can never be one person, from `PROVEN` on where a number proves it, below the threshold where a rule leaves it open. */
  oddsAfter({ odds, verdict, reason }: Outcome): number {
    if (verdict === 'match') return reason === 'same-id' || reason === 'same-mrn' ? PROVEN + Math.max(0, odds) : Math.min(odds, PROVEN - 1);
    return VETOES.has(reason) ? VETO : Math.min(odds, this.#least - OPEN);
  }

  outcome(a: number, b: number, levels: ArrayLike<number>, odds = this.#odds(a, levels)): Outcome {
    return { odds, ...judge(this.#ground(a, b, levels), chanceOf(odds), this.#thresholds) };
  }

  /** What all pairs of a pattern have in common. */
  shapeOf(levels: ArrayLike<number>): Shape {
    let base = this.#model.prior;
    const exact: number[] = [];
    for (let f = 0; f < levels.length; f++) {
      base += this.#model.weights[f]![levels[f]!]!;
      if (levels[f] === EXACT && this.#rarity[f] !== null) exact.push(f);
    }
    return { base, exact, hasProof: [this.#at.id, this.#at.mrn].some((f) => f >= 0 && levels[f] === EXACT) };
  }

  oddsOfShape(a: number, { base, exact }: Shape): number {
    let odds = base;
    for (const f of exact) odds += this.#rarity[f]![this.#records.fields[f]!.codes[a]!]!;
    return odds;
  }

  /** Nothing proves and too little speaks for these two: no rule can change that. */
  isBeneathRules(odds: number, { hasProof }: Shape): boolean {
    return odds < this.#least && !hasProof;
  }

  #odds(a: number, levels: ArrayLike<number>): number {
    let odds = this.#model.prior;
    for (let f = 0; f < levels.length; f++) odds += this.#weight(a, f, levels[f]!);
    return odds;
  }

  #weight(a: number, f: number, level: number): number {
    const weight = this.#model.weights[f]![level]!;
    return level === EXACT ? weight + (this.#rarity[f]?.[this.#records.fields[f]!.codes[a]!] ?? 0) : weight;
  }

  #ground(a: number, b: number, levels: ArrayLike<number>): Ground {
    const { fields, isVerified, isUnnamed, isSuspect, isSharedPhone } = this.#records;
    const at = this.#at;
    const level = (field: number): number => (field < 0 ? MISSING : levels[field]!);
    const code = (field: number, record: number): number => fields[field]!.codes[record]!;
    const said = (field: number): 'same' | 'differ' | 'unknown' => (level(field) === MISSING ? 'unknown' : level(field) === EXACT ? 'same' : 'differ');
    const isNear = (field: number): boolean => level(field) <= NAME_LOOK || level(field) === NAME_EXCHANGED;
    const isReal = (record: number): boolean => isVerified[code(at.id, record)] === 1;
    const id = said(at.id);
    const [surname, given, birth] = [level(at.surname), level(at.given), level(at.birth)];
    const isHan = (field: number): boolean =>
      level(field) !== MISSING && fields[field]!.dictionary.words[code(field, a)]!.isHan && fields[field]!.dictionary.words[code(field, b)]!.isHan;
    return {
      // Only real numbers prove or contradict: any other may be a slip, or not a person's number at all. Those speak by weight.
      id: id !== 'unknown' && isReal(a) && isReal(b) ? id : 'unknown',
      mrn: this.#isMrnProof ? said(at.mrn) : 'unknown',
      insurance: said(at.insurance),
      phone: level(at.phone) === EXACT && isSharedPhone[code(at.phone, a)] === 1 ? 'shared' : said(at.phone),
      name:
        surname === MISSING && given === MISSING
          ? 'unknown'
          : surname <= EXACT && given <= EXACT
            ? 'same'
            : isNear(at.surname) && isNear(at.given)
              ? 'near'
              : given === NAME_SHORT
                ? 'short'
                : 'differ',
      surname: surname === MISSING ? 'unknown' : isNear(at.surname) ? 'same' : 'differ',
      birth: birth === MISSING ? 'unknown' : birth === EXACT ? 'same' : birth < DATE_OTHER ? 'near' : 'differ',
      sex: said(at.sex),
      isChinese: isHan(at.given) || isHan(at.surname),
      isUnnamed: isUnnamed[a] === 1 || isUnnamed[b] === 1,
      isSuspect: isSuspect[a] === 1 || isSuspect[b] === 1,
    };
  }
}
