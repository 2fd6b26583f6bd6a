/** From scored pairs to people: connected components first, then average linkage inside each, so that one weak bridge joins nothing. */

/** Plain disjoint sets over 0…n−1 with path halving. */
export class Sets {
  readonly #parent: Int32Array;
  constructor(length: number) {
    this.#parent = Int32Array.from({ length }, (_, at) => at);
  }
  find(member: number): number {
    let at = member;
    while (this.#parent[at] !== at) at = this.#parent[at] = this.#parent[this.#parent[at]!]!;
    return at;
  }
  /** The smaller number leads, so that the outcome does not depend on the order of joins. */
  join(a: number, b: number): void {
    const [x, y] = [this.find(a), this.find(b)];
    if (x < y) this.#parent[y] = x;
    else this.#parent[x] = y;
  }
}

export interface Edges {
  readonly length: number;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** log2 odds that both are one person. */
  readonly odds: Float64Array;
}

/** Components of the edges whose odds reach `least`: lists of members, ascending, singles included. */
export function componentsOf(length: number, edges: Edges, least: number): number[][] {
  const sets = new Sets(length);
  for (let i = 0; i < edges.length; i++) if (edges.odds[i]! >= least) sets.join(edges.a[i]!, edges.b[i]!);
  const groups = new Map<number, number[]>();
  for (let member = 0; member < length; member++) {
    const root = sets.find(member);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

/** Above this, a component is first cut by asking for stronger edges: comparing all its members would cost the square. */
export const COMPONENT_SIZE_MAX = 600;
/** Step in which the demand on edges of an oversized component rises, in log2 odds. */
const RISE = 4;
/** No single pair may speak louder than this in an average, for or against (a veto aside). */
const ODDS_FOR_MAX = 12;
const ODDS_AGAINST_MAX = 12;

/** log2 odds that two units of records are one person; far below −1000 when they can never be. */
export type ScoreUnits = (x: readonly number[], y: readonly number[]) => number;

export interface Clusters {
  /** Per record the smallest record of its cluster. */
  readonly of: Int32Array;
  /** Components that had to be cut because they were too large to compare within. */
  readonly cut: number;
}

/**
 * `score` is that of two units of records, mostly of one record each. From `proven` odds on, two records are one unit before anything is averaged (a record number or an id says so):
 * a unit is then compared as a whole. A unit with a vetoed pair inside is taken apart again.
 */
export function cluster(
  length: number,
  edges: Edges,
  { least, proven = Number.POSITIVE_INFINITY }: { readonly least: number; readonly proven?: number },
  score: ScoreUnits,
): Clusters {
  const of = Int32Array.from({ length }, (_, at) => at);
  let cut = 0;
  const units = unitsOf(length, edges, proven, score);
  const waiting = componentsOf(length, edges, least).map((members) => ({ members, floor: least }));
  let inside: Map<number, number[]> | null = null;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    const { members, floor } = part;
    if (members.length < 2) continue;
    if (members.length > COMPONENT_SIZE_MAX) {
      cut++;
      inside ??= edgesByRecord(edges, least);
      for (const smaller of cutComponent(members, edges, inside, floor + RISE)) waiting.push({ members: smaller, floor: floor + RISE });
      continue;
    }
    if (members.every((member) => units[member] === units[members[0]!])) {
      for (const member of members) of[member] = members[0]!;
      continue;
    }
    for (const group of averageLinkage(gather(members, units), least, score)) for (const member of group) of[member] = group[0]!;
  }
  return { of, cut };
}

const VETO_MAX = -1000;

/** Per record the first record of its unit. */
function unitsOf(length: number, edges: Edges, proven: number, score: ScoreUnits): Int32Array {
  const units = Int32Array.from({ length }, (_, at) => at);
  if (proven === Number.POSITIVE_INFINITY) return units;
  for (const members of componentsOf(length, edges, proven)) {
    if (members.length < 2 || members.length > COMPONENT_SIZE_MAX) continue;
    const isTorn = members.some((a, at) => members.slice(at + 1).some((b) => score([a], [b]) < VETO_MAX));
    if (!isTorn) for (const member of members) units[member] = members[0]!;
  }
  return units;
}

/** Members by unit, each ascending, in the order of their first. */
function gather(members: readonly number[], units: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  for (const member of members) {
    const group = groups.get(units[member]!);
    if (group === undefined) groups.set(units[member]!, [member]);
    else group.push(member);
  }
  return [...groups.values()];
}

function edgesByRecord(edges: Edges, least: number): Map<number, number[]> {
  const byRecord = new Map<number, number[]>();
  for (let i = 0; i < edges.length; i++) {
    if (edges.odds[i]! < least) continue;
    const list = byRecord.get(edges.a[i]!);
    if (list === undefined) byRecord.set(edges.a[i]!, [i]);
    else list.push(i);
  }
  return byRecord;
}

function cutComponent(members: readonly number[], edges: Edges, byRecord: ReadonlyMap<number, readonly number[]>, floor: number): number[][] {
  const at = new Map(members.map((member, index) => [member, index]));
  const sets = new Sets(members.length);
  for (const member of members) {
    for (const i of byRecord.get(member) ?? []) {
      if (edges.odds[i]! >= floor) sets.join(at.get(edges.a[i]!)!, at.get(edges.b[i]!)!);
    }
  }
  const groups = new Map<number, number[]>();
  members.forEach((member, index) => {
    const root = sets.find(index);
    groups.set(root, [...(groups.get(root) ?? []), member]);
  });
  return [...groups.values()];
}

/** Joins the two groups whose units agree best on average, until no average reaches `least`. Members ascending; groups come back so too. */
export function averageLinkage(units: readonly (readonly number[])[], least: number, score: ScoreUnits): number[][] {
  const n = units.length;
  const sums = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const odds = score(units[i]!, units[j]!);
      const fair = odds < VETO_MAX ? odds : Math.max(-ODDS_AGAINST_MAX, Math.min(ODDS_FOR_MAX, odds));
      sums[i * n + j] = sums[j * n + i] = fair * units[i]!.length * units[j]!.length;
    }
  }
  const sizes = Int32Array.from(units, (unit) => unit.length);
  const groups: (number[] | null)[] = units.map((unit) => [...unit]);
  const best = new Int32Array(n);
  const average = (i: number, j: number): number => sums[i * n + j]! / (sizes[i]! * sizes[j]!);
  const findBest = (i: number): void => {
    best[i] = -1;
    for (let j = 0; j < n; j++) if (j !== i && groups[j] !== null && (best[i]! < 0 || average(i, j) > average(i, best[i]!))) best[i] = j;
  };
  for (let i = 0; i < n; i++) findBest(i);
  for (;;) {
    let top = -1;
    for (let i = 0; i < n; i++) {
      if (groups[i] !== null && best[i]! >= 0 && (top < 0 || average(i, best[i]!) > average(top, best[top]!))) top = i;
    }
    if (top < 0 || average(top, best[top]!) < least) break;
    const [i, j] = [Math.min(top, best[top]!), Math.max(top, best[top]!)];
    for (let k = 0; k < n; k++) {
      if (groups[k] === null || k === i || k === j) continue;
      sums[i * n + k]! += sums[j * n + k]!;
      sums[k * n + i] = sums[i * n + k]!;
    }
    groups[i] = [...groups[i]!, ...groups[j]!];
    sizes[i]! += sizes[j]!;
    groups[j] = null;
    for (let k = 0; k < n; k++) {
      if (groups[k] === null) continue;
      if (k === i || best[k] === i || best[k] === j) findBest(k);
      else if (average(k, i) > average(k, best[k]!)) best[k] = i;
    }
  }
  return groups.filter((group) => group !== null).map((group) => group.sort((a, b) => a - b));
}
