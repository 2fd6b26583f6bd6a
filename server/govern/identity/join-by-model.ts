/**
 * Groups that rules made are joined further where the model says so: best agreement first, by the average over all pairs of records between
 * two groups, so that one alike pair (a bridge) never chains two people together. Groups that hold different valid ids, that somebody decided
 * are different, or of which two records cannot be one person, are never joined, and whoever fits two such groups about equally well goes to
 * neither. The answer depends on the groups and pairs, not on their order.
 */
import type { HeldReason, ModelFindings, ModelPair } from './engine.ts';

/** A person with more records than this was chained together; one with a long history has a few dozen. */
export const PERSON_RECORDS_MAX = 50;
/** Groups met by pairs of the model hold more records than this only when something common was taken for a person: nothing is joined. */
export const RECORDS_IN_DOUBT_MAX = 200;
/** No pair speaks louder than this in an average (log2 odds): sixteen alike pairs are not undone by one typing error, nor one pair by habit. */
const ODDS_MAX = 12;
/** Two groups join from even odds on average, and only where a pair is a match by itself. */
const AVERAGE_MIN = 0;
/** The better of two groups that exclude each other must be better by this (log2 odds: 64 times as likely), else neither is taken. */
const MARGIN = 6;

/** Records that numbers make one. Units of one `group` are one person already, because somebody or a source said so: such units are compared
 * each for itself (what two merged people look like says nothing about who belongs to one of them), but what keeps one of them apart keeps all. */
export interface Unit {
  /** The smallest record key. */
  readonly name: string;
  readonly records: readonly string[];
  readonly group: string;
  /** All records of the group. */
  readonly beside: readonly string[];
}
export interface JoinRules {
  /** Why two groups of records may never be one person. */
  barrier(a: Unit, b: Unit): 'different-ids' | 'decided' | null;
}
export interface JoinedUnits {
  readonly joins: readonly (readonly [string, string])[];
  /** By pair, in the order given; null: joined. */
  readonly held: readonly (HeldReason | null)[];
}

/** `units`: all groups that pairs lie between, one connected whole, sorted by name. */
export function joinUnits(units: readonly Unit[], pairs: readonly ModelPair[], rules: JoinRules, findings: Pick<ModelFindings, 'score'>): JoinedUnits {
  const unitOf = new Map(units.flatMap((unit, at) => unit.records.map((record) => [record, at] as const)));
  const at = (record: string): number => unitOf.get(record) ?? -1;
  if (units.reduce((sum, unit) => sum + unit.records.length, 0) > RECORDS_IN_DOUBT_MAX) return { joins: [], held: pairs.map(() => 'too-many') };

  const table = new Table(units, pairs, at, rules, findings);
  const joins: [string, string][] = [];
  for (;;) {
    const best = table.best();
    if (best === null) break;
    const rivals = table.rivalsOf(best[0], best[1]);
    if (rivals.length > 0) {
      table.hold(best[0], best[1], 'ambiguous');
      for (const [u, w] of rivals) table.hold(u, w, 'ambiguous');
      continue;
    }
    joins.push([units[best[0]]?.name ?? '', units[best[1]]?.name ?? '']);
    table.join(best[0], best[1]);
  }
  return { joins, held: pairs.map((pair) => table.reason(at(pair.a), at(pair.b))) };
}

/** Groups and what stands between each two, as square tables over the units. Joined units live on under the smaller index. */
class Table {
  readonly #n: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  readonly #isMatch: Uint8Array;
  readonly #held: (HeldReason | null)[];
  readonly #sizes: number[];
  readonly #parent: number[];
  readonly #groups: string[];

  constructor(units: readonly Unit[], pairs: readonly ModelPair[], at: (record: string) => number, rules: JoinRules, findings: Pick<ModelFindings, 'score'>) {
    const n = units.length;
    this.#n = n;
    [this.#sums, this.#counts, this.#isMatch] = [new Float64Array(n * n), new Float64Array(n * n), new Uint8Array(n * n)];
    this.#held = Array.from({ length: n * n }, () => null);
    this.#sizes = units.map((unit) => unit.records.length);
    this.#parent = units.map((_, index) => index);
    this.#groups = units.map((unit) => unit.group);
    const known = new Map(pairs.map((pair) => [`${pair.a} ${pair.b}`, pair.weight]));
    for (const pair of pairs) for (const [u, v] of both(at(pair.a), at(pair.b))) this.#isMatch[u * n + v] = 1;
    for (let u = 0; u < n; u += 1) {
      for (let v = u + 1; v < n; v += 1) {
        const [a, b] = [units[u] as Unit, units[v] as Unit];
        let held: HeldReason | null = rules.barrier(a, b);
        let [sum, count] = [0, 0];
        for (const x of a.records) {
          for (const y of b.records) {
            const weight = known.get(`${x} ${y}`) ?? known.get(`${y} ${x}`);
            const score = weight === undefined ? findings.score(x, y) : { weight, isVetoed: false };
            if (score === null) continue;
            if (score.isVetoed) held ??= 'not-alike';
            sum += Math.max(-ODDS_MAX, Math.min(ODDS_MAX, score.weight));
            count += 1;
          }
        }
        for (const [p, q] of both(u, v)) {
          this.#sums[p * n + q] = sum;
          this.#counts[p * n + q] = count;
          this.#held[p * n + q] = held;
        }
      }
    }
  }

  #average(u: number, v: number): number {
    const count = this.#counts[u * this.#n + v] ?? 0;
    return count === 0 ? Number.NEGATIVE_INFINITY : (this.#sums[u * this.#n + v] ?? 0) / count;
  }
  #isAlive = (u: number): boolean => this.#parent[u] === u;
  #wants = (u: number, v: number): boolean => this.#isMatch[u * this.#n + v] === 1 && this.#held[u * this.#n + v] === null;
  /** Known, or as good as known, to be two people; not merely in doubt. */
  #excludes(u: number, v: number): boolean {
    const held = this.#held[u * this.#n + v];
    const isUnlike = (this.#counts[u * this.#n + v] ?? 0) > 0 && this.#average(u, v) < -MARGIN;
    return held === 'different-ids' || held === 'decided' || held === 'not-alike' || isUnlike;
  }

  /** The two groups that agree best among those that may join; the first by name among equals. */
  best(): readonly [number, number] | null {
    let found: readonly [number, number] | null = null;
    let most = AVERAGE_MIN;
    for (let u = 0; u < this.#n; u += 1) {
      if (!this.#isAlive(u)) continue;
      for (let v = u + 1; v < this.#n; v += 1) {
        if (!this.#isAlive(v) || !this.#wants(u, v) || (this.#sizes[u] ?? 0) + (this.#sizes[v] ?? 0) > PERSON_RECORDS_MAX) continue;
        const average = this.#average(u, v);
        if (average > most || (found === null && average >= most)) [found, most] = [[u, v], average];
      }
    }
    return found;
  }

  /** Other groups one side would go to about as well, which exclude the other side. */
  rivalsOf(u: number, v: number): [number, number][] {
    const least = this.#average(u, v) - MARGIN;
    const rivals: [number, number][] = [];
    for (let w = 0; w < this.#n; w += 1) {
      if (!this.#isAlive(w) || this.#groups[w] === this.#groups[u] || this.#groups[w] === this.#groups[v]) continue;
      if (this.#wants(u, w) && this.#excludes(v, w) && this.#average(u, w) > least) rivals.push([u, w]);
      if (this.#wants(v, w) && this.#excludes(u, w) && this.#average(v, w) > least) rivals.push([v, w]);
    }
    return rivals;
  }

  hold(u: number, v: number, reason: HeldReason): void {
    for (const [p, q] of both(u, v)) this.#held[p * this.#n + q] = reason;
  }

  join(u: number, v: number): void {
    const n = this.#n;
    this.#parent[v] = u;
    this.#sizes[u] = (this.#sizes[u] ?? 0) + (this.#sizes[v] ?? 0);
    for (let w = 0; w < n; w += 1) {
      if (w === u || w === v || !this.#isAlive(w)) continue;
      const [sum, count] = [(this.#sums[u * n + w] ?? 0) + (this.#sums[v * n + w] ?? 0), (this.#counts[u * n + w] ?? 0) + (this.#counts[v * n + w] ?? 0)];
      const isMatch = this.#isMatch[u * n + w] === 1 || this.#isMatch[v * n + w] === 1 ? 1 : 0;
      const held = worse(this.#held[u * n + w] ?? null, this.#held[v * n + w] ?? null);
      for (const [p, q] of both(u, w)) {
        this.#sums[p * n + q] = sum;
        this.#counts[p * n + q] = count;
        this.#isMatch[p * n + q] = isMatch;
        this.#held[p * n + q] = held;
      }
    }
    this.#joinGroups(u, v);
  }

  /** Two units became one, and with them their groups: what keeps any unit of the group apart from another keeps all of them. */
  #joinGroups(u: number, v: number): void {
    const [kept, gone] = [this.#groups[u], this.#groups[v]];
    for (let w = 0; w < this.#n; w += 1) if (this.#groups[w] === gone) this.#groups[w] = kept ?? '';
    const kin = this.#groups.flatMap((group, w) => (group === kept && this.#isAlive(w) ? [w] : []));
    if (kin.length < 2) return;
    for (let w = 0; w < this.#n; w += 1) {
      if (!this.#isAlive(w) || this.#groups[w] === kept) continue;
      const bar = kin.map((k) => this.#held[k * this.#n + w] ?? null).find((held) => held === 'decided' || held === 'different-ids');
      if (bar !== undefined && bar !== null) for (const k of kin) this.hold(k, w, bar);
    }
  }

  #root(unit: number): number {
    let root = unit;
    while (this.#parent[root] !== root) root = this.#parent[root] ?? root;
    return root;
  }

  /** Why two units ended apart; null when they are one. */
  reason(a: number, b: number): HeldReason | null {
    const [u, v] = [this.#root(a), this.#root(b)];
    if (u === v || this.#groups[u] === this.#groups[v]) return null;
    const held = this.#held[u * this.#n + v];
    if (held !== null && held !== undefined) return held;
    return (this.#sizes[u] ?? 0) + (this.#sizes[v] ?? 0) > PERSON_RECORDS_MAX ? 'too-many' : 'weak-bridge';
  }
}

const both = (u: number, v: number): [number, number][] => [
  [u, v],
  [v, u],
];
const RANK: readonly (HeldReason | null)[] = ['decided', 'different-ids', 'not-alike', 'ambiguous', 'weak-bridge', 'too-many', null];
const worse = (a: HeldReason | null, b: HeldReason | null): HeldReason | null => (RANK.indexOf(a) <= RANK.indexOf(b) ? a : b);
