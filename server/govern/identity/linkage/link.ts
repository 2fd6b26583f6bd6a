/** The engine: records in, people out. Pure but for loading the tables of Chinese; no names leave memory. */
import { type Blocks, forEachPair, makeBlocks } from './blocking.ts';
import { cluster, componentsOf, type Edges } from './cluster.ts';
import type { Columns, Table } from './columns.ts';
import { type Records, readFields } from './fields.ts';
import { type Model, oddsOf, Patterns, rarityOf, Scorer, samplePatterns, trainModel } from './model.ts';
import { HAN, loadChinese } from './normalise.ts';

/** Two records are one person from this probability on, unless the caller says otherwise. */
export const THRESHOLD = 0.5;

/** How much better than the threshold an edge must be (log2 odds) to count as one person while values are counted. */
const SURE = 4;

export interface Linked {
  readonly records: Records;
  readonly blocks: Blocks;
  readonly model: Model;
  readonly edges: Edges;
  /** Per record the first record of its cluster. */
  readonly clusterOf: Int32Array;
  readonly scorer: Scorer;
  readonly cutComponents: number;
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
  const model = trainModel(records, patterns, samplePatterns(records));
  const least = oddsOf(threshold);
  const scored = (scorer: Scorer): Edges => {
    const odds = Float64Array.from({ length: pairs.length }, (_, i) => scorer.scoreLevels(pairs.a[i]!, pairs.b[i]!, patterns.levels[pairs.pattern[i]!]!));
    return { length: pairs.length, a: pairs.a, b: pairs.b, odds };
  };
  // Once people are known, a value is as rare as the people who have it, however many records each of them left.
  const draft = scored(
    new Scorer(
      records,
      model,
      rarityOf(records, model, () => 1),
    ),
  );
  const people = componentsOf(records.length, draft, least + SURE);
  const share = new Float64Array(records.length);
  for (const members of people) for (const member of members) share[member] = 1 / members.length;
  const scorer = new Scorer(
    records,
    model,
    rarityOf(records, model, (record) => share[record]!),
  );
  const edges = scored(scorer);
  const { of, cut } = cluster(records.length, edges, least, (a, b) => scorer.score(a, b));
  return { records, blocks, model, edges, clusterOf: of, scorer, cutComponents: cut };
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
