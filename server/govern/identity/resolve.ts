/**
 * Who is one person (DOMAIN B13).
 *
 * In stages from the strongest ground to the weakest: what people decided, what a source said itself (merge, link), resident id, other
 * documents, record number of the same authority, insurance number, and last the model (`join-by-model.ts`). A stage joins the groups of the
 * stages before it. A group that would bring two different valid ids of one type together is not joined at that stage at all, and its pairs
 * are listed for a person to decide. Deciding by whole groups, never pair after pair, makes the answer independent of the order in which
 * records arrived.
 */
import type {
  Cluster,
  Conflict,
  Decision,
  HeldReason,
  IdentityEngine,
  LinkBasis,
  MergeAct,
  ModelFindings,
  ModelPair,
  RecordEvidence,
  Resolved,
  Ruled,
} from './engine.ts';
import { DOCUMENT_TYPES, type EvidenceType } from './identifiers.ts';
import { joinUnits, type Unit } from './join-by-model.ts';
import { UnionFind } from './union-find.ts';

/** A number on more records than this is a dummy or a shared desk number: it proves nothing. */
export const IDENTIFIER_HOLDERS_MAX = 50;
/** Pairs listed for one refused group; more would not help whoever reviews. */
const CONFLICTS_PER_GROUP_MAX = 50;

/** Two different ones of these are two people. Passports are re-issued with a new number, so they are not here. */
const EXCLUSIVE: ReadonlySet<EvidenceType> = new Set(DOCUMENT_TYPES.filter((type) => type !== 'passport'));

interface Stage {
  readonly basis: LinkBasis;
  readonly types: readonly EvidenceType[];
  /** Numbers of a card can be lent; a record number of one authority is given once. */
  readonly needs: 'agreement' | 'no-contradiction';
}
const STAGES: readonly Stage[] = [
  { basis: 'rule:resident-id', types: ['resident-id'], needs: 'agreement' },
  { basis: 'rule:document', types: DOCUMENT_TYPES.filter((type) => type !== 'resident-id'), needs: 'agreement' },
  { basis: 'rule:mrn', types: ['mrn'], needs: 'no-contradiction' },
  { basis: 'rule:insurance', types: ['insurance'], needs: 'agreement' },
];

interface Member extends RecordEvidence {
  readonly suspect: boolean;
  /** Valid ids by exclusive type, without types of which the record itself has several. */
  readonly exclusive: ReadonlyMap<EvidenceType, string>;
  readonly several: ReadonlySet<EvidenceType>;
}

export const identityEngine: IdentityEngine = { edition: 'identity@2', byRules: (records, acts, decisions) => new Groups(records, acts, decisions) };

class Groups implements Ruled {
  readonly #members: ReadonlyMap<string, Member>;
  readonly #groups: UnionFind;
  /** The same without decisions and acts: what the model compares. */
  readonly #proven: UnionFind;
  readonly #basis = new Map<string, LinkBasis>();
  readonly #conflicts = new Map<string, Conflict>();
  readonly #apart: readonly Decision[];

  constructor(records: readonly RecordEvidence[], acts: readonly MergeAct[], decisions: readonly Decision[]) {
    this.#members = new Map([...records].sort((a, b) => (a.recordKey < b.recordKey ? -1 : 1)).map((record) => [record.recordKey, memberOf(record)]));
    this.#groups = new UnionFind(this.#members.keys());
    this.#proven = new UnionFind(this.#members.keys());
    const known = decisions.filter(({ a, b }) => this.#members.has(a) && this.#members.has(b));
    this.#apart = known.filter((each) => each.decision === 'different');
    // Of decisions that cannot all hold, the newer ones do.
    this.#join(
      known.filter((each) => each.decision === 'same').map(({ a, b }) => ({ a, b, type: 'decision' })),
      'decision:same',
    );
    for (const kind of ['merge', 'link'] as const) {
      const said = acts.filter((act) => (act.kind ?? 'merge') === kind && this.#members.has(act.survivor) && this.#members.has(act.retired));
      this.#join(inOrder(said.map((act) => ({ a: act.survivor, b: act.retired, type: kind }))), `act:${kind}`);
    }
    for (const stage of STAGES) this.#runStage(stage);
    this.#listSeveral();
  }

  #runStage(stage: Stage): void {
    const edges: Edge[] = [];
    for (const { type, holders } of sharedNumbers(this.#members, stage.types)) {
      for (const [a, b] of pairs(holders)) {
        if (contradicts(a, b)) this.#conflict(a.recordKey, b.recordKey, 'same-id-other-person', type);
        else if (stage.needs === 'no-contradiction' || agrees(a, b)) edges.push({ a: a.recordKey, b: b.recordKey, type });
      }
    }
    const { accepted, refused } = withoutDifferentIds(edges, this.#groups, this.#members);
    // Where somebody decided that two of a group are different, the pairs that agree on most find their side first.
    this.#join(this.#apart.length === 0 ? accepted : inOrder(accepted, (edge) => this.#agreement(edge)), stage.basis);
    for (const edge of refused) this.#conflict(edge.a, edge.b, 'different-ids', edge.type);
  }

  #agreement({ a, b }: Edge): number {
    const [x, y] = [this.#members.get(a), this.#members.get(b)];
    return x === undefined || y === undefined ? 0 : Number(sharesName(x, y)) + Number(sharesBirth(x, y));
  }

  #join(edges: readonly Edge[], ground: LinkBasis): void {
    for (const { a, b } of edges) {
      if (this.#isDecidedApart(a, b)) continue;
      for (const each of [a, b]) if (!this.#basis.has(each)) this.#basis.set(each, ground);
      this.#groups.union(a, b);
      if (ground.startsWith('rule:')) this.#proven.union(a, b);
    }
  }

  #isDecidedApart(a: string, b: string): boolean {
    if (this.#apart.length === 0) return false;
    const [x, y] = [this.#groups.find(a), this.#groups.find(b)];
    return x !== y && this.#apart.some((each) => isPair([this.#groups.find(each.a), this.#groups.find(each.b)], x, y));
  }

  #conflict(a: string, b: string, reason: Conflict['reason'], type: string): void {
    const [recordA, recordB] = a < b ? [a, b] : [b, a];
    const isDecided = this.#apart.some((each) => isPair([each.a, each.b], a, b));
    if (recordA !== recordB && !isDecided) this.#conflicts.set(`${recordA}${recordB}${reason}${type}`, { recordA, recordB, reason, type });
  }

  #listSeveral(): void {
    for (const member of this.#members.values()) {
      for (const type of member.several) {
        // The other side of such a conflict is whoever shares one of the ids.
        for (const other of this.#members.values())
          if (sharesNumber(member, other, type)) this.#conflict(member.recordKey, other.recordKey, 'several-ids-in-record', type);
      }
    }
  }

  /** Groups that the pairs connect, as units that numbers make, with their pairs; pairs inside one group are settled. */
  #openGroups(given: readonly ModelPair[]): { units: Unit[]; pairs: ModelPair[] }[] {
    const open = given.filter(({ a, b }) => this.#members.has(a) && this.#members.has(b) && this.#groups.find(a) !== this.#groups.find(b));
    if (open.length === 0) return [];
    const wholes = new UnionFind(new Set(open.flatMap(({ a, b }) => [this.#groups.find(a), this.#groups.find(b)])));
    const inWhole = new Set(open.flatMap(({ a, b }) => [this.#groups.find(a), this.#groups.find(b)]));
    for (const { a, b } of open) wholes.union(this.#groups.find(a), this.#groups.find(b));
    const found = new Map<string, { units: Map<string, Unit & { records: string[] }>; pairs: ModelPair[] }>();
    for (const pair of inOrder(open)) {
      const whole = wholes.find(this.#groups.find(pair.a));
      const entry = found.get(whole) ?? { units: new Map<string, Unit & { records: string[] }>(), pairs: [] };
      found.set(whole, entry);
      entry.pairs.push(pair);
    }
    const members = new Map([...inWhole].map((group) => [group, [] as string[]]));
    for (const record of this.#members.keys()) {
      const group = this.#groups.find(record);
      const beside = members.get(group);
      if (beside === undefined) continue;
      beside.push(record);
      const units = found.get(wholes.find(group))?.units;
      const name = this.#proven.find(record);
      const unit = units?.get(name) ?? { name, records: [], group, beside };
      units?.set(name, unit);
      unit.records.push(record);
    }
    return [...found.values()].map(({ units, pairs: inside }) => ({ pairs: inside, units: [...units.values()].sort((x, y) => (x.name < y.name ? -1 : 1)) }));
  }

  inDoubt(given: readonly ModelPair[]): string[] {
    return this.#openGroups(given).flatMap(({ units }) => {
      const inside = units.flatMap((unit) => unit.records);
      return inside.length > 2 ? inside : [];
    });
  }

  finish(findings: ModelFindings | null): Resolved {
    const held: { a: string; b: string; reason: HeldReason }[] = [];
    for (const { units, pairs: inside } of findings === null ? [] : this.#openGroups(findings.pairs)) {
      const joined = joinUnits(units, inside, { barrier: (a, b) => this.#barrier(a, b) }, findings as ModelFindings);
      const join = new UnionFind(units.map((unit) => unit.name));
      for (const [a, b] of joined.joins) join.union(a, b);
      for (const [at, reason] of joined.held.entries()) {
        const { a, b } = inside[at] as ModelPair;
        if (reason !== null) held.push({ a, b, reason });
        else for (const each of [a, b]) if (!this.#basis.has(each)) this.#basis.set(each, `model:${(findings as ModelFindings).edition}`);
      }
      for (const unit of units) this.#groups.union(unit.name, join.find(unit.name));
    }
    // What another stage joined is settled; several ids in one record stay to be looked at.
    const isOpen = ({ recordA, recordB, reason }: Conflict): boolean =>
      reason === 'several-ids-in-record' || this.#groups.find(recordA) !== this.#groups.find(recordB);
    return { clusters: clustersOf(this.#groups, this.#members, this.#basis), conflicts: [...this.#conflicts.values()].filter(isOpen), held };
  }

  #barrier(a: Unit, b: Unit): 'different-ids' | 'decided' | null {
    if (this.#apart.some((each) => isPair([this.#groups.find(each.a), this.#groups.find(each.b)], this.#groups.find(a.name), this.#groups.find(b.name))))
      return 'decided';
    if (a.group === b.group) return null;
    const ids = new IdsTogether();
    for (const { group, beside } of [a, b]) for (const record of beside) ids.add(group, this.#members.get(record) as Member);
    return ids.differ() ? 'different-ids' : null;
  }
}

const isPair = (pair: readonly [string, string], a: string, b: string): boolean => (pair[0] === a && pair[1] === b) || (pair[0] === b && pair[1] === a);
/** Most first, then by name: an order of its own, whatever order things came in. */
function inOrder<E extends { readonly a: string; readonly b: string }>(edges: readonly E[], most: (edge: E) => number = () => 0): E[] {
  const name = (edge: E) => (edge.a < edge.b ? `${edge.a} ${edge.b}` : `${edge.b} ${edge.a}`);
  return edges
    .map((edge) => ({ edge, rank: most(edge), name: name(edge) }))
    .sort((x, y) => y.rank - x.rank || (x.name < y.name ? -1 : x.name > y.name ? 1 : 0))
    .map(({ edge }) => edge);
}

interface Edge {
  readonly a: string;
  readonly b: string;
  readonly type: string;
}

function memberOf(record: RecordEvidence): Member {
  const exclusive = new Map<EvidenceType, string>();
  const several = new Set<EvidenceType>();
  for (const { type, blind } of record.evidence) {
    if (!EXCLUSIVE.has(type)) continue;
    const other = exclusive.get(type);
    if (other !== undefined && other !== blind) several.add(type);
    exclusive.set(type, blind);
  }
  for (const type of several) exclusive.delete(type);
  return { ...record, exclusive, several, suspect: record.evidence.some((each) => each.isSuspect) };
}

/** Numbers held by two records or more (and not by a crowd), with their holders in key order. */
function* sharedNumbers(members: ReadonlyMap<string, Member>, types: readonly EvidenceType[]): Generator<{ type: EvidenceType; holders: Member[] }> {
  const holders = new Map<string, { type: EvidenceType; holders: Member[] }>();
  for (const member of members.values()) {
    for (const { type, blind } of member.evidence) {
      if (!types.includes(type) || member.several.has(type) || (member.isUnnamed && type !== 'mrn')) continue;
      const name = `${type} ${blind}`;
      const entry = holders.get(name) ?? { type, holders: [] };
      if (!holders.has(name)) holders.set(name, entry);
      if (entry.holders.at(-1) !== member) entry.holders.push(member);
    }
  }
  for (const entry of holders.values()) if (entry.holders.length > 1 && entry.holders.length <= IDENTIFIER_HOLDERS_MAX) yield entry;
}

function* pairs<T>(items: readonly T[]): Generator<[T, T]> {
  for (let i = 0; i < items.length; i += 1) for (let j = i + 1; j < items.length; j += 1) yield [items[i] as T, items[j] as T];
}

const sharesName = (a: Member, b: Member): boolean => a.names.some((name) => b.names.includes(name));
/** A record whose number contradicts its own birth date has, for comparing, no birth date that could agree. */
const sharesBirth = (a: Member, b: Member): boolean => a.birth !== null && a.birth === b.birth && !a.suspect && !b.suspect;
const agrees = (a: Member, b: Member): boolean => sharesName(a, b) || sharesBirth(a, b);
/** Name and birth are known on both sides and both differ. */
const contradicts = (a: Member, b: Member): boolean =>
  a.names.length > 0 && b.names.length > 0 && !sharesName(a, b) && a.birth !== null && b.birth !== null && !sharesBirth(a, b);

const sharesNumber = (a: Member, b: Member, type: EvidenceType): boolean =>
  a !== b && a.evidence.some((x) => x.type === type && b.evidence.some((y) => y.type === type && y.blind === x.blind));

/** Splits a stage's edges into groups and refuses the groups in which two different valid ids of one type would meet. */
function withoutDifferentIds(edges: readonly Edge[], groups: UnionFind, members: ReadonlyMap<string, Member>): { accepted: Edge[]; refused: Edge[] } {
  const stage = new UnionFind(members.keys());
  for (const { a, b } of edges) stage.union(groups.find(a), groups.find(b));
  const ids = new Map<string, IdsTogether>();
  for (const member of members.values()) {
    const group = groups.find(member.recordKey);
    const root = stage.find(group);
    const together = ids.get(root) ?? new IdsTogether();
    if (!ids.has(root)) ids.set(root, together);
    together.add(group, member);
  }
  const accepted: Edge[] = [];
  const refused: Edge[] = [];
  const listed = new Map<string, number>();
  for (const edge of edges) {
    const root = stage.find(groups.find(edge.a));
    if (!(ids.get(root)?.differ() ?? false)) accepted.push(edge);
    else if (groups.find(edge.a) !== groups.find(edge.b)) {
      const count = (listed.get(root) ?? 0) + 1;
      listed.set(root, count);
      if (count <= CONFLICTS_PER_GROUP_MAX) refused.push(edge);
    }
  }
  return { accepted, refused };
}

/** Ids met in a would-be group. Ids already together in one group (a source merged them) count as one. */
class IdsTogether {
  readonly #byGroup = new Map<string, Map<EvidenceType, Set<string>>>();

  add(group: string, member: Member): void {
    if (member.exclusive.size === 0) return;
    const types = this.#byGroup.get(group) ?? new Map<EvidenceType, Set<string>>();
    this.#byGroup.set(group, types);
    for (const [type, blind] of member.exclusive) types.set(type, (types.get(type) ?? new Set()).add(blind));
  }

  differ(): boolean {
    for (const type of EXCLUSIVE) {
      const sets = [...this.#byGroup.values()].flatMap((types) => types.get(type) ?? []);
      if (sets.length < 2) continue;
      const same = new UnionFind(sets.flatMap((set) => [...set]));
      for (const set of sets) {
        const [first, ...rest] = set;
        for (const other of rest) same.union(first ?? other, other);
      }
      const [first] = [...(sets[0] ?? [])];
      if (first !== undefined && sets.some((set) => [...set].some((blind) => same.find(blind) !== same.find(first)))) return true;
    }
    return false;
  }
}

function clustersOf(groups: UnionFind, members: ReadonlyMap<string, Member>, basis: ReadonlyMap<string, LinkBasis>): Cluster[] {
  const byRoot = new Map<string, string[]>();
  for (const recordKey of members.keys()) {
    const root = groups.find(recordKey);
    const cluster = byRoot.get(root);
    if (cluster === undefined) byRoot.set(root, [recordKey]);
    else cluster.push(recordKey);
  }
  return [...byRoot.values()].map((records) => ({ records, basis: new Map(records.map((key) => [key, basis.get(key) ?? 'single'] as const)) }));
}
