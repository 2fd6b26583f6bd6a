/** What a model says of the hospital's records: scores of pairs worth comparing, expected mistakes, and who cannot be linked at all. */
import type { IdentityFigures } from '@xinglin/contracts/api.ts';
import type { Platform } from '../../../platform/index.ts';
import { chanceOf, compareRecords, type LinkModel, type LinkRecord } from '../linkage/index.ts';
import type { Matcher } from '../matcher.ts';
import { UnionFind } from '../union-find.ts';
import { drawSample, eachPair, eachSingle, openAll } from './sample.ts';
import { wilson, Z95 } from './statistics.ts';
import type { Drawn, TellPhase } from './train-model.ts';

/** Probabilities a line could be drawn at. */
export const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999] as const;
/** Scores are counted in steps of so many bits; what lies outside goes into the first or last step. */
const STEP = 4;
const [SCORE_MIN, SCORE_MAX] = [-60, 100];
/** Of one pair no model is surer than this: evidence it does not see (a mistyped register, a lent card) is not rarer. */
const SURE_MAX = 30;

const METERS = { phone: (r: LinkRecord) => r.phones.length > 0, id: (r: LinkRecord) => r.ids.length > 0, birth: (r: LinkRecord) => r.birth !== null };

/** Links that rest on one number, not on the score. */
const BY_NUMBER: ReadonlySet<string> = new Set(['same-id', 'same-mrn']);

interface Join {
  readonly a: number;
  readonly b: number;
  readonly isByNumber: boolean;
  readonly weight: number;
  readonly stands: number;
}

export interface MeasureAsk {
  readonly model: LinkModel;
  readonly recordsMax: number;
  /** What was drawn and opened already. */
  readonly drawn?: Drawn | undefined;
}
export async function measureModel(platform: Platform, matcher: Matcher, { model, recordsMax, drawn }: MeasureAsk, tell: TellPhase): Promise<IdentityFigures> {
  const { db } = platform;
  await tell('drawing')(0, 1);
  const sample = drawn?.sample ?? (await drawSample(db, recordsMax));
  const opened = drawn?.opened ?? (await openAll(db, matcher, sample.keys, tell('opening')));
  const scores = new Scores();
  const joins: Join[] = [];
  const pairs = await eachPair(
    sample,
    opened,
    ({ a, b, x, y, stands }) => {
      const comparison = compareRecords(x, y, model);
      scores.add(comparison, stands);
      if (comparison.verdict === 'match') joins.push({ a, b, isByNumber: BY_NUMBER.has(comparison.reason), weight: comparison.weight, stands });
    },
    tell('measuring'),
  );
  const alone = new Alone(model);
  await eachSingle(platform, matcher, ({ record, source }) => alone.add(record, source), tell('singles'));
  return {
    edition: model.edition,
    records: sample.records,
    people: sample.people,
    recordsOpened: sample.keys.length,
    share: sample.share,
    pairsCompared: pairs,
    ...scores.figures(),
    falseMerges: expectedMistakes(joins, sample.records, sample.keys.length),
    unlinkable: alone.figures(),
  };
}

/**
 * Every step of joining is one merge that is right with the probability of its pair; surest first, so that no merge is counted twice. What an id or
 * a record number joins is counted apart: the score does not decide it, so it cannot say how often it is wrong.
 */
function expectedMistakes(joins: Join[], records: number, places: number): IdentityFigures['falseMerges'] {
  joins.sort((x, y) => Number(y.isByNumber) - Number(x.isByNumber) || y.weight - x.weight || x.a - y.a || x.b - y.b);
  const people = new UnionFind(Array.from({ length: places }, (_, at) => String(at)));
  let [merges, byNumber, mistakes, squares] = [0, 0, 0, 0];
  for (const { a, b, isByNumber, weight, stands } of joins) {
    const [x, y] = [people.find(String(a)), people.find(String(b))];
    if (x === y) continue;
    people.union(x, y);
    if (isByNumber) {
      byNumber += stands;
      continue;
    }
    merges += stands;
    const chance = stands * (1 - chanceOf(Math.min(weight, SURE_MAX)));
    mistakes += chance;
    squares += chance * chance;
  }
  const per = (count: number): number => (records === 0 ? 0 : (count / records) * 100_000);
  // How much the sum would differ with other merges of the same kind; not what the model itself may get wrong.
  const half = Z95 * Math.sqrt(squares);
  return { merges, byNumber, expected: mistakes, perHundredThousand: per(mistakes), lower: per(Math.max(0, mistakes - half)), upper: per(mistakes + half) };
}

/** Pairs by score, by what was decided, and by where a line could be drawn. */
class Scores {
  readonly #bins = new Map<number, { match: number; review: number; no: number }>();
  readonly #reasons = new Map<string, number>();
  /** By threshold: pairs at or above it, and the right ones among them. */
  readonly #above = THRESHOLDS.map(() => ({ pairs: 0, right: 0 }));
  readonly #verdicts = { match: 0, review: 0, no: 0 };
  #right = 0;

  add({ weight, probability, verdict, reason }: ReturnType<typeof compareRecords>, stands: number): void {
    const from = Math.floor(Math.max(SCORE_MIN, Math.min(SCORE_MAX - STEP, weight)) / STEP) * STEP;
    const bin = this.#bins.get(from) ?? { match: 0, review: 0, no: 0 };
    this.#bins.set(from, bin);
    bin[verdict] += stands;
    this.#verdicts[verdict] += stands;
    if (verdict !== 'no') this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + stands);
    this.#right += probability * stands;
    THRESHOLDS.forEach((threshold, at) => {
      const above = this.#above[at];
      if (above === undefined || probability < threshold) return;
      above.pairs += stands;
      above.right += probability * stands;
    });
  }

  figures(): Pick<IdentityFigures, 'scores' | 'verdicts' | 'reasons' | 'expected'> {
    return {
      scores: [...this.#bins].sort(([a], [b]) => a - b).map(([from, counts]) => ({ from, to: from + STEP, ...counts })),
      verdicts: this.#verdicts,
      reasons: [...this.#reasons].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([reason, pairs]) => ({ reason, pairs })),
      expected: THRESHOLDS.map((threshold, at) => {
        const { pairs, right } = this.#above[at] ?? { pairs: 0, right: 0 };
        return { threshold, pairs, precision: pairs === 0 ? null : right / pairs, recall: this.#right === 0 ? null : right / this.#right };
      }),
    };
  }
}

/** A record compared with itself agrees in all it has: what that comes to is the most it can ever come to. */
class Alone {
  readonly #model: LinkModel;
  readonly #below = THRESHOLDS.map(() => 0);
  readonly #bySource = new Map<string, { n: number; below: number }>();
  readonly #without = { phone: 0, id: 0, birth: 0 };
  #n = 0;
  #unlinkable = 0;

  constructor(model: LinkModel) {
    this.#model = model;
  }

  add(record: LinkRecord, source: string): void {
    this.#n += 1;
    // Its own record number is one no other record has.
    const itself = { ...record, mrns: [] };
    const { probability } = compareRecords(itself, itself, this.#model);
    THRESHOLDS.forEach((threshold, at) => {
      if (probability < threshold) this.#below[at] = (this.#below[at] ?? 0) + 1;
    });
    const isBelow = probability < this.#model.thresholds.match;
    const counted = this.#bySource.get(source) ?? { n: 0, below: 0 };
    this.#bySource.set(source, counted);
    counted.n += 1;
    if (isBelow) {
      counted.below += 1;
      this.#unlinkable += 1;
    }
    for (const [name, has] of Object.entries(METERS)) if (!has(record)) this.#without[name as keyof typeof METERS] += 1;
  }

  figures(): IdentityFigures['unlinkable'] {
    const interval = wilson(this.#unlinkable, this.#n);
    return {
      n: this.#n,
      share: this.#n === 0 ? null : this.#unlinkable / this.#n,
      lower: interval?.lower ?? null,
      upper: interval?.upper ?? null,
      byThreshold: THRESHOLDS.map((threshold, at) => ({ threshold, share: this.#n === 0 ? null : (this.#below[at] ?? 0) / this.#n })),
      bySource: [...this.#bySource].sort(([a], [b]) => (a < b ? -1 : 1)).map(([source, { n, below }]) => ({ source, n, share: below / n })),
      without: (Object.keys(METERS) as (keyof typeof METERS)[]).map((what) => ({ what, share: this.#n === 0 ? null : this.#without[what] / this.#n })),
    };
  }
}
