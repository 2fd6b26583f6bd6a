/**
 * Learns rates from patterns of grades (Fellegi and Sunter 1969): u, how often strangers show a grade, from random pairs; m, how often one person's
 * records do, by expectation–maximisation over pairs that share a key (Winkler 1988). A field learns only from pairs found by a key that does not
 * contain it. Where the data is thin the base model's rates stand. Pure; sums run in the order of the patterns' names, so the same pairs give the
 * same rates in whatever order they come.
 */
import type { Grade } from '../linkage/compare.ts';
import { type Comparison, chanceOf, LINK_FIELDS, type LinkField, type LinkModel, type Rate } from '../linkage/index.ts';
import type { Rule } from './sample.ts';

/** Fields inside the keys of a rule. */
const USED: Readonly<Record<Rule, readonly LinkField[]>> = {
  id: ['id-number', 'document'],
  mrn: ['mrn'],
  insurance: ['insurance'],
  phone: ['phone'],
  'birth-surname': ['birth-date', 'surname'],
  'sound-year': ['surname', 'given-name', 'birth-date'],
  'birth-given': ['birth-date', 'given-name'],
  'name-district': ['surname', 'given-name', 'address'],
};
/** Pairs the base model's m counts for where few were seen. */
const BASE_PAIRS = 20;
/** A slip is never taken for rarer than this share of what the base says: systems that copy from one another teach nothing of the slips a busy desk makes. */
const SLIP_FLOOR = 0.1;
const ROUNDS_MAX = 50;
/** Change of any m below which another round tells nothing. */
const CHANGE_MIN = 1e-5;
/** Nothing is impossible: no rate is taken for less. */
const RATE_MIN = 1e-9;

export interface Pattern {
  readonly grades: Readonly<Partial<Record<LinkField, Grade>>>;
  /** Fields that may learn from these pairs. */
  readonly learns: ReadonlySet<LinkField>;
  /** The rules say these are two people. */
  readonly isVetoed: boolean;
  count: number;
}

/** Pairs counted by the grades they show. */
export class Patterns {
  readonly #byName = new Map<string, Pattern>();

  add(comparison: Comparison, rules: ReadonlySet<Rule> | null, count: number): void {
    // A phone many people share has a grade but no weight: it is no evidence, here as in the score.
    const graded = comparison.fields.filter(({ field, weight }) => !(field === 'phone' && weight === 0));
    const isVetoed = rules !== null && VETOES.has(comparison.reason);
    const ruleNames = rules === null ? [] : [...rules].sort();
    const name = `${graded.map(({ field, grade }) => `${field}=${grade}`).join(' ')}|${ruleNames.join(' ')}|${isVetoed ? 'veto' : ''}`;
    const known = this.#byName.get(name);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    const grades = Object.fromEntries(graded.map(({ field, grade }) => [field, grade])) as Pattern['grades'];
    const learns = new Set(LINK_FIELDS.filter((field) => ruleNames.some((rule) => !USED[rule].includes(field))));
    this.#byName.set(name, { grades, learns, isVetoed, count });
  }

  /** In the order of their names. */
  list(): Pattern[] {
    return [...this.#byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pattern]) => pattern);
  }
}
const VETOES: ReadonlySet<string> = new Set(['different-ids', 'twins', 'unnamed']);

type Rates = Partial<Record<LinkField, Partial<Record<Grade, Rate>>>>;
export interface Learned {
  readonly fields: Rates;
  readonly prior: number;
  readonly rounds: number;
  /** Pairs taken for one person. */
  readonly matches: number;
}

/** `records`: of the whole, for the prior. */
export function learnRates(blocked: readonly Pattern[], strangers: readonly Pattern[], base: LinkModel, records: number): Learned {
  const everyPair = Math.max(1, (records * (records - 1)) / 2);
  let fields: Rates = base.fields;
  let prior = Math.max(base.prior, Math.log2(1 / Math.max(2, records)));
  let [rounds, matches] = [0, 0];
  while (rounds < ROUNDS_MAX) {
    rounds += 1;
    const chances = blocked.map((pattern) => (pattern.isVetoed ? 0 : chanceOf(scoreOf(pattern, fields) + prior)));
    const foreign = strangers.map((pattern) => 1 - chanceOf(scoreOf(pattern, fields) + prior));
    const next = nextRates(base, { blocked, chances, strangers, foreign });
    matches = blocked.reduce((sum, pattern, at) => sum + pattern.count * (chances[at] ?? 0), 0);
    prior = Math.log2(Math.max(1, matches) / Math.max(1, everyPair - matches));
    const change = largestChange(fields, next);
    fields = next;
    if (change < CHANGE_MIN) break;
  }
  return { fields, prior, rounds, matches };
}

function scoreOf(pattern: Pattern, fields: Rates): number {
  let score = 0;
  for (const field of LINK_FIELDS) {
    const grade = pattern.grades[field];
    const rate = grade === undefined ? undefined : fields[field]?.[grade];
    if (rate !== undefined) score += Math.log2(rate.m / rate.u);
  }
  return score;
}

interface Seen {
  readonly blocked: readonly Pattern[];
  readonly chances: readonly number[];
  readonly strangers: readonly Pattern[];
  readonly foreign: readonly number[];
}
function nextRates(base: LinkModel, seen: Seen): Rates {
  const rates: Rates = {};
  for (const field of LINK_FIELDS) {
    const known = base.fields[field];
    if (known === undefined) continue;
    const grades = Object.keys(known) as Grade[];
    const m = learnM(field, grades, known, seen);
    const u = learnU(field, grades, known, seen);
    rates[field] = Object.fromEntries(grades.map((grade) => [grade, { m: m.get(grade) ?? RATE_MIN, u: u.get(grade) ?? RATE_MIN }])) as Partial<
      Record<Grade, Rate>
    >;
  }
  return rates;
}

type Known = Readonly<Partial<Record<Grade, Rate>>>;
/** The base counts for `BASE_PAIRS` pairs; what lies between the same and different has a floor. */
function learnM(field: LinkField, grades: readonly Grade[], known: Known, { blocked, chances }: Seen): Map<Grade, number> {
  const baseSum = grades.reduce((sum, grade) => sum + (known[grade]?.m ?? 0), 0) || 1;
  const counts = new Map(grades.map((grade) => [grade, (BASE_PAIRS * (known[grade]?.m ?? 0)) / baseSum]));
  blocked.forEach((pattern, at) => {
    const grade = pattern.grades[field];
    if (grade === undefined || !pattern.learns.has(field) || !counts.has(grade)) return;
    counts.set(grade, (counts.get(grade) ?? 0) + pattern.count * (chances[at] ?? 0));
  });
  const floor = (grade: Grade): number => (grade === 'same' || grade === 'different' ? 0 : (SLIP_FLOOR * (known[grade]?.m ?? 0)) / baseSum);
  return shares(new Map([...shares(counts)].map(([grade, m]) => [grade, Math.max(m, floor(grade))])));
}

/** What random pairs never or hardly showed is as rare as the base says, but never commoner than the pairs allow. */
function learnU(field: LinkField, grades: readonly Grade[], known: Known, { strangers, foreign }: Seen): Map<Grade, number> {
  const counts = new Map<Grade, number>(grades.map((grade) => [grade, 0]));
  let all = 0;
  strangers.forEach((pattern, at) => {
    const grade = pattern.grades[field];
    if (grade === undefined || !counts.has(grade)) return;
    const pairs = pattern.count * (foreign[at] ?? 0);
    counts.set(grade, (counts.get(grade) ?? 0) + pairs);
    all += pairs;
  });
  const baseSum = grades.reduce((sum, grade) => sum + (known[grade]?.u ?? 0), 0) || 1;
  return shares(
    new Map(
      grades.map((grade) => {
        const before = (known[grade]?.u ?? RATE_MIN) / baseSum;
        if (all < 1) return [grade, before];
        const seen = (counts.get(grade) ?? 0) / all;
        return [grade, Math.max(seen, Math.min(before, 0.5 / all))];
      }),
    ),
  );
}

function shares(counts: ReadonlyMap<Grade, number>): Map<Grade, number> {
  const sum = [...counts.values()].reduce((all, count) => all + count, 0) || 1;
  return new Map([...counts].map(([grade, count]) => [grade, Math.max(RATE_MIN, count / sum)]));
}

function largestChange(before: Rates, after: Rates): number {
  let most = 0;
  for (const field of LINK_FIELDS)
    for (const [grade, rate] of Object.entries(after[field] ?? {})) most = Math.max(most, Math.abs(rate.m - (before[field]?.[grade as Grade]?.m ?? 0)));
  return most;
}
