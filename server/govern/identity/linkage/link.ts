/** The engine: records in, people out. Pure but for loading the tables of Chinese; no names leave memory. */
import { type Blocks, forEachPair, makeBlocks } from './blocking.ts';
import { cluster, componentsOf, type Edges } from './cluster.ts';
import type { Columns, Table } from './columns.ts';
import { DATE_OTHER, EXACT, MISSING, NAME_LOOK } from './compare.ts';
import { type FieldName, type Records, readFields } from './fields.ts';
import { type Model, oddsOf, Patterns, rarityOf, samplePatterns, trainModel } from './model.ts';
import { HAN, loadChinese } from './normalise.ts';
import type { Reason } from './rules.ts';
import { PROVEN, Scorer, VETOES } from './scorer.ts';

/** Two records are one person from this probability on, unless the caller says otherwise. */
export const THRESHOLD = 0.5;

/** How much better than the threshold an edge must be (log2 odds) to count as one person while values are counted. */
const SURE = 4;

export interface Linked {
  readonly records: Records;
  readonly blocks: Blocks;
  readonly model: Model;
  /** Candidate pairs; a pair that a rule keeps apart or leaves for people to decide has odds below those of the threshold. */
  readonly edges: Edges;
  /** Pairs that score the threshold and that a rule keeps from being joined by itself: for people to look at. */
  readonly held: readonly HeldPair[];
  /** How many pairs score the threshold and can never be one person by rule; all of them are in `held`. */
  readonly vetoed: number;
  /** Per record the first record of its cluster. */
  readonly clusterOf: Int32Array;
  readonly scorer: Scorer;
  readonly cutComponents: number;
}
export interface HeldPair {
  readonly a: number;
  readonly b: number;
  /** log2 odds before the rule. */
  readonly odds: number;
  readonly reason: Reason;
}

export interface LinkSettings {
  readonly threshold?: number;
  readonly today: Date;
}

/** `ids` name the rows of the table, one each, all different. The outcome depends on what the rows say, not on their order. */
export async function linkTable(table: Table, columns: Columns, ids: readonly string[], settings: LinkSettings): Promise<Linked> {
  const isChinese = Object.values(columns).some((name) => table.columns.get(name)?.some((value) => value !== null && HAN.test(value)));
  const records = readFields(table, columns, ids, isChinese ? await loadChinese() : null, settings.today);
  return linkRecords(records, settings.threshold ?? THRESHOLD);
}

export function linkRecords(records: Records, threshold: number): Linked {
  const blocks = makeBlocks(records);
  const patterns = new Patterns(records);
  const pairs = new PairList();
  forEachPair(blocks, records.length, (a, b, learn) => pairs.add(a, b, patterns.add(a, b, learn)));
  const needsNumber = hasNumbers(records);
  const model = trainModel(records, patterns, samplePatterns(records), needsNumber ? otherPersons(records) : undefined);
  // Record numbers prove something only where they are one authority's; files of several hospitals use the same numbers for different people.
  const isProof = { mrn: isTrusted(records, patterns, 'mrn') };
  const least = oddsOf(threshold);
  const thresholds = { match: threshold, review: threshold, needsNumber };
  // Once people are known, a value is as rare as the people who have it, however many records each of them left.
  const firstRarity = rarityOf(records, model, () => 1);
  const draft = scorePairs(pairs, patterns, new Scorer(records, model, firstRarity, thresholds, isProof), null);
  const people = componentsOf(records.length, draft, least + SURE);
  const share = new Float64Array(records.length);
  for (const members of people) for (const member of members) share[member] = 1 / members.length;
  const scorer = new Scorer(
    records,
    model,
    rarityOf(records, model, (record) => share[record]!),
    thresholds,
    isProof,
  );
  const held: HeldPair[] = [];
  const edges = scorePairs(pairs, patterns, scorer, held);
  const { of, cut } = cluster(records.length, edges, { least, proven: PROVEN }, (x, y) => scorer.scoreUnits(x, y));
  // What a third record joined needs nobody's eyes any more.
  const apart = held.filter(({ a, b }) => of[a] !== of[b]);
  return { records, blocks, model, edges, held: apart, vetoed: held.filter(isVetoed).length, clusterOf: of, scorer, cutComponents: cut };
}

export const isVetoed = ({ reason }: { readonly reason: Reason }): boolean => VETOES.has(reason);

/** Patterns the rules keep apart whatever they weigh: birth dates with nothing in common and no number that proves one person. */
function otherPersons(records: Records): (pattern: Uint8Array) => boolean {
  const at = (name: FieldName): number => records.fields.findIndex((field) => field.name === name);
  const [birth, id, mrn] = [at('birth-date'), at('id-number'), at('mrn')];
  return (pattern) => birth >= 0 && pattern[birth]! >= DATE_OTHER && pattern[id] !== EXACT && pattern[mrn] !== EXACT;
}

/** Where a number is shared, are name and birth date those of one person? At most one pair in fifty may say plainly that they are not. */
const CONTRADICTED_MAX = 0.02;
function isTrusted(records: Records, patterns: Patterns, number: FieldName): boolean {
  const at = (name: FieldName): number => records.fields.findIndex((field) => field.name === name);
  const [field, given, birth] = [at(number), at('given-name'), at('birth-date')];
  if (field < 0 || given < 0 || birth < 0) return true;
  let [said, against] = [0, 0];
  patterns.levels.forEach((levels, pattern) => {
    if (levels[field] !== EXACT || levels[given] === MISSING || levels[birth] === MISSING) return;
    said += patterns.counts[pattern]!;
    if (levels[given]! > NAME_LOOK && levels[birth]! >= DATE_OTHER) against += patterns.counts[pattern]!;
  });
  return against <= said * CONTRADICTED_MAX;
}

/** Weights are summed once per pattern; a pair adds the rarity of what it agrees in, and meets the rules only where they can matter. */
function scorePairs(pairs: PairList, patterns: Patterns, scorer: Scorer, held: HeldPair[] | null): Edges {
  const shapes = patterns.levels.map((levels) => scorer.shapeOf(levels));
  const odds = new Float64Array(pairs.length);
  for (let i = 0; i < pairs.length; i++) {
    const [a, b, pattern] = [pairs.a[i]!, pairs.b[i]!, pairs.pattern[i]!];
    const plain = scorer.oddsOfShape(a, shapes[pattern]!);
    if (scorer.isBeneathRules(plain, shapes[pattern]!)) {
      odds[i] = plain;
      continue;
    }
    const outcome = scorer.outcome(a, b, patterns.levels[pattern]!, plain);
    odds[i] = scorer.oddsAfter(outcome);
    if (outcome.verdict === 'review') held?.push({ a, b, odds: outcome.odds, reason: outcome.reason });
  }
  return { length: pairs.length, a: pairs.a, b: pairs.b, odds };
}

/** Chinese records with numbers of persons: a name and a birth date alone are then not enough, because names are common and numbers were to be had. */
function hasNumbers(records: Records): boolean {
  const has = (name: FieldName): boolean => records.fields.some((field) => field.name === name);
  const isChinese = records.fields.some((field) => field.name === 'given-name' && field.dictionary.words.some((word) => word.isHan));
  return isChinese && (has('mrn') || has('phone') || has('insurance') || records.isVerified.some((is) => is === 1));
}

const FIRST_CAPACITY = 1 << 16;

/** Pairs in three growing columns: 12 bytes each. */
class PairList {
  length = 0;
  a = new Int32Array(FIRST_CAPACITY);
  b = new Int32Array(FIRST_CAPACITY);
  pattern = new Int32Array(FIRST_CAPACITY);

  add(a: number, b: number, pattern: number): void {
    if (this.length === this.a.length) {
      this.a = grown(this.a);
      this.b = grown(this.b);
      this.pattern = grown(this.pattern);
    }
    this.a[this.length] = a;
    this.b[this.length] = b;
    this.pattern[this.length++] = pattern;
  }
}
const grown = (column: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
};
