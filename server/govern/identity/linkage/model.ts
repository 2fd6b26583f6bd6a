/**
 * The Fellegi–Sunter model (JASA 64, 1969): for every field and level, m = how often matching pairs show it and u = how often others do.
 * Patterns of levels are counted and scored, not pairs. u comes from sampled pairs, m from expectation–maximisation over the blocked pairs.
 */
import { EXACT, GRADES, levelOf, MISSING } from './compare.ts';
import type { Records } from './fields.ts';

export interface Model {
  /** log2(m/u) per field and level; 0 where a value is missing. */
  readonly weights: readonly Float64Array[];
  readonly m: readonly Float64Array[];
  readonly u: readonly Float64Array[];
  /** log2 of the odds that two records taken at random are one person. */
  readonly prior: number;
  readonly rounds: number;
}

/** A pattern and a mask are one key: a whole number in a double. More masks than this are never met. */
const MASKS_MAX = 8192;

/** Distinct patterns of levels and how many pairs show them; `learn` are the fields that may learn from these pairs. */
export class Patterns {
  readonly levels: Uint8Array[] = [];
  readonly learn: number[] = [];
  readonly counts: number[] = [];
  readonly #numbers = new Map<number, number>();
  readonly #radix: number[];
  readonly #records: Records;
  readonly #levels: Uint8Array;
  readonly #masks = new Map([[0, 0]]);
  readonly #masksMax: number;

  constructor(records: Records) {
    this.#records = records;
    this.#radix = records.fields.map((field) => GRADES[field.kind].length);
    this.#levels = new Uint8Array(records.fields.length);
    this.#masksMax = Math.min(MASKS_MAX, Math.floor(Number.MAX_SAFE_INTEGER / this.#radix.reduce((product, each) => product * each, 1)));
  }

  /** Compares two records, counts their pattern and answers with its number. */
  add(a: number, b: number, learn: number): number {
    let mask = this.#masks.get(learn);
    if (mask === undefined) {
      // One more combination of rules than there is room for teaches nothing; it is still scored.
      if (this.#masks.size >= this.#masksMax) return this.add(a, b, 0);
      this.#masks.set(learn, (mask = this.#masks.size));
    }
    let key = 0;
    for (let f = 0; f < this.#radix.length; f++) {
      const level = levelOf(this.#records, this.#records.fields[f]!, a, b);
      this.#levels[f] = level;
      key = key * this.#radix[f]! + level;
    }
    const full = key * this.#masksMax + mask;
    let number = this.#numbers.get(full);
    if (number === undefined) {
      number = this.counts.push(0) - 1;
      this.#numbers.set(full, number);
      this.levels.push(this.#levels.slice());
      this.learn.push(learn);
    }
    this.counts[number]!++;
    return number;
  }
}

/** A small generator (mulberry32): the same seed draws the same pairs. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * All pairs where there are no more than this. Enough for a u of one in ten thousand to be known within a third. The u of an exact agreement needs no more: the rarity of the value takes its place in the score.
 */
export const SAMPLED_PAIRS = 120_000;
const SEED = 20260101;

export function samplePatterns(records: Records, pairs = SAMPLED_PAIRS): Patterns {
  const patterns = new Patterns(records);
  const random = randomFrom(SEED);
  const every = (records.length * (records.length - 1)) / 2;
  if (every <= pairs) {
    for (let a = 0; a < records.length; a++) for (let b = a + 1; b < records.length; b++) patterns.add(a, b, 0);
    // As much weight as a sample of a larger table has against what was never seen.
    for (let at = 0; at < patterns.counts.length; at++) patterns.counts[at]! *= pairs / every;
    return patterns;
  }
  for (let i = 0; i < pairs; i++) {
    const a = Math.floor(random() * records.length);
    const b = Math.floor(random() * (records.length - 1));
    patterns.add(a, b >= a ? b + 1 : b, 0);
  }
  return patterns;
}

/** Where EM starts: matching pairs agree nine times in ten, the rest falls off evenly. */
const startM = (levels: number): Float64Array => {
  const m = new Float64Array(levels);
  for (let level = 1; level < levels; level++) m[level] = level === EXACT ? 0.85 : 0.15 / (levels - 2);
  return m;
};
const ROUNDS_MAX = 25;
/** Change of any m below which another round tells nothing. */
const CHANGE_MIN = 1e-4;
/** Pairs added to every level, so that what was never seen is rare, not impossible. */
const UNSEEN = 0.5;

/** `isRuledOut` names patterns that can be no match whatever their weight: families share phone and address, and would teach that one person has several birth dates. */
export function trainModel(records: Records, blocked: Patterns, sample: Patterns, isRuledOut: (pattern: Uint8Array) => boolean = () => false): Model {
  const levels = records.fields.map((field) => GRADES[field.kind].length);
  const everyPair = (records.length * (records.length - 1)) / 2;
  const agreeing = records.fields.map(agreeingPairs);
  const ruledOut = Uint8Array.from(blocked.levels, (pattern) => (isRuledOut(pattern) ? 1 : 0));
  let m = levels.map(startM);
  let u = learnRates(levels, sample, () => 1);
  let prior = Math.log2(1 / Math.max(2, records.length));
  let rounds = 0;
  for (; rounds < ROUNDS_MAX; rounds++) {
    const weights = weightsOf(m, u);
    const chances = blocked.levels.map((pattern, at) => (ruledOut[at] === 1 ? 0 : chanceOf(scorePattern(pattern, weights) + prior)));
    const learned = learnRates(levels, blocked, (pattern) => chances[pattern]!, true);
    const matches = chances.reduce((sum, chance, at) => sum + chance * blocked.counts[at]!, 0);
    const change = Math.max(...learned.map((rates, f) => Math.max(...rates.map((rate, level) => Math.abs(rate - m[f]![level]!)))));
    m = learned;
    u = learnRates(levels, sample, (pattern) => 1 - chanceOf(scorePattern(sample.levels[pattern]!, weights) + prior));
    countExact(u, records, agreeing, blocked, chances);
    prior = Math.log2(Math.max(1, matches) / Math.max(1, everyPair - matches));
    if (change < CHANGE_MIN) break;
  }
  return { m, u, weights: weightsOf(m, u), prior, rounds };
}

/** How many pairs of all records agree exactly, and of how many both say something. */
function agreeingPairs(field: Records['fields'][number]): { readonly same: number; readonly said: number } {
  const counts = new Float64Array(field.dictionary.words.length);
  let said = 0;
  for (const code of field.codes) {
    if (code < 0) continue;
    counts[code]!++;
    said++;
  }
  return { same: counts.reduce((sum, count) => sum + (count * (count - 1)) / 2, 0), said: (said * (said - 1)) / 2 };
}

/**
 * The u of an exact agreement is counted over all pairs instead of sampled: all that agree less those that are matches (which blocking has brought
 * together). A sample of a hundred thousand pairs may hold not one pair with the same phone.
 */
function countExact(
  u: Float64Array[],
  records: Records,
  agreeing: readonly { same: number; said: number }[],
  blocked: Patterns,
  chances: readonly number[],
): void {
  for (let f = 0; f < records.fields.length; f++) {
    if (records.fields[f]!.kind === 'category') continue;
    let [same, said] = [agreeing[f]!.same, agreeing[f]!.said];
    if (said < 1) continue;
    blocked.levels.forEach((pattern, at) => {
      const level = pattern[f]!;
      if (level === MISSING) return;
      const matches = chances[at]! * blocked.counts[at]!;
      said -= matches;
      if (level === EXACT) same -= matches;
    });
    const rates = u[f]!;
    const exact = Math.min(0.5, Math.max(same, UNSEEN) / Math.max(said, 1));
    const others = 1 - rates[EXACT]!;
    for (let level = EXACT + 1; level < rates.length; level++) rates[level] = (rates[level]! / others) * (1 - exact);
    rates[EXACT] = exact;
  }
}

function learnRates(levels: readonly number[], patterns: Patterns, share: (pattern: number) => number, isMasked = false): Float64Array[] {
  const rates = levels.map((count) => new Float64Array(count).fill(UNSEEN));
  patterns.levels.forEach((pattern, at) => {
    const pairs = patterns.counts[at]! * share(at);
    for (let f = 0; f < pattern.length; f++) if (!isMasked || (patterns.learn[at]! & (1 << f)) !== 0) rates[f]![pattern[f]!]! += pairs;
  });
  for (const rate of rates) {
    rate[MISSING] = 0;
    const sum = rate.reduce((a, b) => a + b, 0);
    for (let level = 0; level < rate.length; level++) rate[level]! /= sum;
  }
  return rates;
}

const weightsOf = (m: readonly Float64Array[], u: readonly Float64Array[]): Float64Array[] =>
  m.map((rates, f) => rates.map((rate, level) => (level === MISSING ? 0 : Math.log2(rate / u[f]![level]!))));

export function scorePattern(pattern: Uint8Array, weights: readonly Float64Array[]): number {
  let score = 0;
  for (let f = 0; f < pattern.length; f++) score += weights[f]![pattern[f]!]!;
  return score;
}

/** Probability of log2 odds. */
export const chanceOf = (odds: number): number => 1 / (1 + 2 ** -odds);
export const oddsOf = (chance: number): number => Math.log2(chance / (1 - chance));

/** Adds to the weight of an exact agreement what the value's own rarity says beyond the average. */
export type Rarity = readonly (Float64Array | null)[];

/** `weigh` is the share of a person a record stands for: 1 at first, one over the size of its cluster once clusters are known. */
export function rarityOf(records: Records, model: Model, weigh: (record: number) => number): Rarity {
  return records.fields.map((field, f) => {
    if (field.kind === 'category') return null;
    const counts = new Float64Array(field.dictionary.words.length);
    let all = 0;
    for (let record = 0; record < records.length; record++) {
      const code = field.codes[record]!;
      if (code < 0) continue;
      const weight = weigh(record);
      counts[code]! += weight;
      all += weight;
    }
    const average = Math.log2(model.u[f]![EXACT]!);
    return counts.map((count) => average - Math.log2(Math.max(count, 1) / Math.max(all, 1)));
  });
}
