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
import { DisjointPlaces, UnionFind } from './union-find.ts';

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
  readonly exclusive: readonly (readonly [EvidenceType, string])[];
  readonly several: ReadonlySet<EvidenceType>;
}

export const identityEngine: IdentityEngine = { edition: 'identity@2', byRules: (records, acts, decisions) => new Groups(records, acts, decisions) };

/** Records are known by their place in the order of their keys, so that the smallest place of a group is its smallest key. */
class Groups implements Ruled {
  readonly #members: readonly Member[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #groups: DisjointPlaces;
  /** The same without decisions and acts: what the model compares. */
  readonly #proven: DisjointPlaces;
  readonly #basis: (LinkBasis | undefined)[];
  readonly #conflicts = new Map<string, Conflict>();
  readonly #apart: readonly Decision[];
  #opened: { readonly given: readonly ModelPair[]; readonly groups: OpenGroup[] } | null = null;

  constructor(records: readonly RecordEvidence[], acts: readonly MergeAct[], decisions: readonly Decision[]) {
    this.#members = records.map(memberOf).sort((a, b) => (a.recordKey < b.recordKey ? -1 : 1));
    this.#places = new Map(this.#members.map((member, place) => [member.recordKey, place]));
    this.#groups = new DisjointPlaces(this.#members.length);
    this.#proven = new DisjointPlaces(this.#members.length);
    this.#basis = Array.from({ length: this.#members.length });
    const known = decisions.filter(({ a, b }) => this.#places.has(a) && this.#places.has(b));
    this.#apart = known.filter((each) => each.decision === 'different');
    // Of decisions that cannot all hold, the newer ones do.
    for (const { a, b } of known.filter((each) => each.decision === 'same')) this.#join(this.#placeOf(a), this.#placeOf(b), 'decision:same');
    for (const kind of ['merge', 'link'] as const) {
      const said = acts.filter((act) => (act.kind ?? 'merge') === kind && this.#places.has(act.survivor) && this.#places.has(act.retired));
      for (const { a, b } of inOrder(said.map((act) => ({ a: act.survivor, b: act.retired })))) this.#join(this.#placeOf(a), this.#placeOf(b), `act:${kind}`);
    }
    const numbers = sharedNumbers(this.#members);
    for (const stage of STAGES) this.#runStage(stage, numbers);
    this.#listSeveral();
  }

  #placeOf = (recordKey: string): number => this.#places.get(recordKey) as number;
  #keyAt = (place: number): string => (this.#members[place] as Member).recordKey;
  #groupOf = (recordKey: string): number => this.#groups.find(this.#placeOf(recordKey));

  #runStage(stage: Stage, numbers: readonly SharedNumber[]): void {
    const edges: Edge[] = [];
    for (const { type, holders } of numbers) {
      if (!stage.types.includes(type)) continue;
      for (const [a, b] of pairs(holders)) {
        const [x, y] = [this.#members[a] as Member, this.#members[b] as Member];
        if (contradicts(x, y)) this.#conflict(a, b, 'same-id-other-person', type);
        else if (stage.needs === 'no-contradiction' || agrees(x, y)) edges.push({ a, b, type });
      }
    }
    if (edges.length === 0) return;
    const { accepted, refused } = withoutDifferentIds(edges, this.#groups, this.#members);
    // Where somebody decided that two of a group are different, the pairs that agree on most find their side first.
    for (const { a, b } of this.#apart.length === 0 ? accepted : this.#byAgreement(accepted)) this.#join(a, b, stage.basis);
    for (const edge of refused) this.#conflict(edge.a, edge.b, 'different-ids', edge.type);
  }

  #byAgreement(edges: readonly Edge[]): Edge[] {
    const named = edges.map((edge) => ({ a: this.#keyAt(edge.a), b: this.#keyAt(edge.b), edge }));
    return inOrder(named, ({ edge }) => {
      const [x, y] = [this.#members[edge.a] as Member, this.#members[edge.b] as Member];
      return Number(sharesName(x, y)) + Number(sharesBirth(x, y));
    }).map(({ edge }) => edge);
  }

  #join(a: number, b: number, ground: LinkBasis): void {
    if (this.#isDecidedApart(a, b)) return;
    this.#basis[a] ??= ground;
    this.#basis[b] ??= ground;
    this.#groups.union(a, b);
    if (ground.startsWith('rule:')) this.#proven.union(a, b);
  }

  #isDecidedApart(a: number, b: number): boolean {
    if (this.#apart.length === 0) return false;
    const [x, y] = [this.#groups.find(a), this.#groups.find(b)];
    return x !== y && this.#areApart(x, y);
  }
  #areApart = (x: number, y: number): boolean => this.#apart.some((each) => isPair([this.#groupOf(each.a), this.#groupOf(each.b)], x, y));

  #conflict(x: number, y: number, reason: Conflict['reason'], type: string): void {
    const [recordA, recordB] = [this.#keyAt(Math.min(x, y)), this.#keyAt(Math.max(x, y))];
    const isDecided = this.#apart.some((each) => isPair([each.a, each.b], recordA, recordB));
    if (recordA !== recordB && !isDecided) this.#conflicts.set(`${recordA}${recordB}${reason}${type}`, { recordA, recordB, reason, type });
  }

  #listSeveral(): void {
    for (const [place, member] of this.#members.entries()) {
      for (const type of member.several) {
        // The other side of such a conflict is whoever shares one of the ids.
        for (const [beside, other] of this.#members.entries())
          if (sharesNumber(member, other, type)) this.#conflict(place, beside, 'several-ids-in-record', type);
      }
    }
  }

  /** Groups that the pairs connect, as units that numbers make, with their pairs; pairs inside one group are settled. */
  #openGroups(given: readonly ModelPair[]): OpenGroup[] {
    if (this.#opened?.given === given) return this.#opened.groups;
    const open = given.filter(({ a, b }) => this.#places.has(a) && this.#places.has(b) && this.#groupOf(a) !== this.#groupOf(b));
    const wholes = new DisjointPlaces(open.length === 0 ? 0 : this.#members.length);
    const beside = new Map<number, string[]>();
    for (const { a, b } of open) {
      wholes.union(this.#groupOf(a), this.#groupOf(b));
      beside.set(this.#groupOf(a), []).set(this.#groupOf(b), []);
    }
    const found = new Map<number, { units: Map<number, Unit & { records: string[] }>; pairs: ModelPair[] }>();
    for (const pair of inOrder(open)) {
      const whole = wholes.find(this.#groupOf(pair.a));
      const entry = found.get(whole) ?? { units: new Map<number, Unit & { records: string[] }>(), pairs: [] };
      found.set(whole, entry);
      entry.pairs.push(pair);
    }
    if (open.length > 0) {
      for (const [place, { recordKey }] of this.#members.entries()) {
        const group = this.#groups.find(place);
        const own = beside.get(group);
        if (own === undefined) continue;
        own.push(recordKey);
        const units = found.get(wholes.find(group))?.units;
        const first = this.#proven.find(place);
        const unit = units?.get(first) ?? { name: this.#keyAt(first), records: [], group: this.#keyAt(group), beside: own };
        units?.set(first, unit);
        unit.records.push(recordKey);
      }
    }
    const groups = [...found.values()].map(({ units, pairs: inside }) => ({
      pairs: inside,
      units: [...units.values()].sort((x, y) => (x.name < y.name ? -1 : 1)),
    }));
    this.#opened = { given, groups };
    return groups;
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
        else for (const each of [a, b]) this.#basis[this.#placeOf(each)] ??= `model:${(findings as ModelFindings).edition}`;
      }
      for (const unit of units) this.#groups.union(this.#placeOf(unit.name), this.#placeOf(join.find(unit.name)));
    }
    this.#opened = null;
    // What another stage joined is settled; several ids in one record stay to be looked at.
    const isOpen = ({ recordA, recordB, reason }: Conflict): boolean => reason === 'several-ids-in-record' || this.#groupOf(recordA) !== this.#groupOf(recordB);
    return { clusters: this.#clusters(), conflicts: [...this.#conflicts.values()].filter(isOpen), held };
  }

  #barrier(a: Unit, b: Unit): 'different-ids' | 'decided' | null {
    if (this.#apart.length > 0 && this.#areApart(this.#groupOf(a.name), this.#groupOf(b.name))) return 'decided';
    if (a.group === b.group) return null;
    const ids = new IdsTogether();
    for (const { group, beside } of [a, b]) for (const record of beside) ids.add(this.#placeOf(group), this.#members[this.#placeOf(record)] as Member);
    return ids.differ() ? 'different-ids' : null;
  }

  #clusters(): Cluster[] {
    const byRoot = new Map<number, { records: string[]; basis: LinkBasis[] }>();
    for (const [place, { recordKey }] of this.#members.entries()) {
      const root = this.#groups.find(place);
      const cluster = byRoot.get(root) ?? { records: [], basis: [] };
      if (cluster.records.length === 0) byRoot.set(root, cluster);
      cluster.records.push(recordKey);
      cluster.basis.push(this.#basis[place] ?? 'single');
    }
    return [...byRoot.values()];
  }
}

interface OpenGroup {
  readonly units: Unit[];
  readonly pairs: ModelPair[];
}

const isPair = <T>(pair: readonly [T, T], a: T, b: T): boolean => (pair[0] === a && pair[1] === b) || (pair[0] === b && pair[1] === a);
/** Most first, then by name: an order of its own, whatever order things came in. */
function inOrder<E extends { readonly a: string; readonly b: string }>(edges: readonly E[], most: (edge: E) => number = () => 0): E[] {
  const name = (edge: E) => (edge.a < edge.b ? `${edge.a} ${edge.b}` : `${edge.b} ${edge.a}`);
  return edges
    .map((edge) => ({ edge, rank: most(edge), name: name(edge) }))
    .sort((x, y) => y.rank - x.rank || (x.name < y.name ? -1 : x.name > y.name ? 1 : 0))
    .map(({ edge }) => edge);
}

/** Two records by place, of a stage that would join them. */
interface Edge {
  readonly a: number;
  readonly b: number;
  readonly type: string;
}

const NO_TYPES: ReadonlySet<EvidenceType> = new Set();
function memberOf(record: RecordEvidence): Member {
  const exclusive: (readonly [EvidenceType, string])[] = [];
  let several: Set<EvidenceType> | null = null;
  let suspect = false;
  for (const { type, blind, isSuspect } of record.evidence) {
    if (isSuspect) suspect = true;
    if (!EXCLUSIVE.has(type)) continue;
    const other = exclusive.find(([known]) => known === type);
    if (other === undefined) exclusive.push([type, blind]);
    else if (other[1] !== blind) several = (several ?? new Set<EvidenceType>()).add(type);
  }
  const { recordKey, evidence, names, birth, isUnnamed } = record;
  const valid = several === null ? exclusive : exclusive.filter(([type]) => !several.has(type));
  return { recordKey, evidence, names, birth, isUnnamed, exclusive: valid, several: several ?? NO_TYPES, suspect };
}

interface SharedNumber {
  readonly type: EvidenceType;
  /** Places, in order. */
  readonly holders: number[];
}
/** Numbers held by two records or more (and not by a crowd). */
function sharedNumbers(members: readonly Member[]): SharedNumber[] {
  const byType = new Map<EvidenceType, Map<string, SharedNumber>>();
  const found: SharedNumber[] = [];
  for (const [place, member] of members.entries()) {
    for (const { type, blind } of member.evidence) {
      if (member.several.has(type) || (member.isUnnamed && type !== 'mrn')) continue;
      let numbers = byType.get(type);
      if (numbers === undefined) {
        numbers = new Map();
        byType.set(type, numbers);
      }
      const known = numbers.get(blind);
      if (known === undefined) {
        const entry = { type, holders: [place] };
        numbers.set(blind, entry);
        found.push(entry);
      } else if (known.holders.at(-1) !== place) known.holders.push(place);
    }
  }
  return found.filter(({ holders }) => holders.length > 1 && holders.length <= IDENTIFIER_HOLDERS_MAX);
}

function* pairs<T>(items: readonly T[]): Generator<[T, T]> {
  for (let i = 0; i < items.length; i += 1) for (let j = i + 1; j < items.length; j += 1) yield [items[i] as T, items[j] as T];
}

type Told = Pick<RecordEvidence, 'names' | 'birth'> & { readonly suspect?: boolean };
const sharesName = (a: Told, b: Told): boolean => a.names.some((name) => b.names.includes(name));
/** A record whose number contradicts its own birth date has, for comparing, no birth date that could agree. */
const sharesBirth = (a: Told, b: Told): boolean => a.birth !== null && a.birth === b.birth && a.suspect !== true && b.suspect !== true;
const agrees = (a: Member, b: Member): boolean => sharesName(a, b) || sharesBirth(a, b);
/** Name and birth are known on both sides and both differ. */
export const contradicts = (a: Told, b: Told): boolean =>
  a.names.length > 0 && b.names.length > 0 && !sharesName(a, b) && a.birth !== null && b.birth !== null && !sharesBirth(a, b);

const sharesNumber = (a: Member, b: Member, type: EvidenceType): boolean =>
  a !== b && a.evidence.some((x) => x.type === type && b.evidence.some((y) => y.type === type && y.blind === x.blind));

/** Splits a stage's edges into groups and refuses the groups in which two different valid ids of one type would meet. */
function withoutDifferentIds(edges: readonly Edge[], groups: DisjointPlaces, members: readonly Member[]): { accepted: readonly Edge[]; refused: Edge[] } {
  const stage = new DisjointPlaces(members.length);
  for (const { a, b } of edges) stage.union(groups.find(a), groups.find(b));
  const rootOf = (place: number): number => stage.find(groups.find(place));
  const differing = differingRoots(members, groups, rootOf);
  if (differing.size === 0) return { accepted: edges, refused: [] };
  const accepted: Edge[] = [];
  const refused: Edge[] = [];
  const listed = new Map<number, number>();
  for (const edge of edges) {
    const root = rootOf(edge.a);
    if (!differing.has(root)) accepted.push(edge);
    else if (groups.find(edge.a) !== groups.find(edge.b)) {
      const count = (listed.get(root) ?? 0) + 1;
      listed.set(root, count);
      if (count <= CONFLICTS_PER_GROUP_MAX) refused.push(edge);
    }
  }
  return { accepted, refused };
}

/** Would-be groups in which ids differ. Only where two different ones of a type meet at all it is looked at what belongs together already. */
function differingRoots(members: readonly Member[], groups: DisjointPlaces, rootOf: (place: number) => number): Set<number> {
  const met = new Map<EvidenceType, Map<number, string>>([...EXCLUSIVE].map((type) => [type, new Map()]));
  const doubtful = new Map<number, IdsTogether>();
  for (const [place, { exclusive }] of members.entries()) {
    if (exclusive.length === 0) continue;
    const root = rootOf(place);
    for (const [type, blind] of exclusive) {
      const byRoot = met.get(type) as Map<number, string>;
      const known = byRoot.get(root);
      if (known === undefined) byRoot.set(root, blind);
      else if (known !== blind) doubtful.set(root, new IdsTogether());
    }
  }
  if (doubtful.size > 0) for (const [place, member] of members.entries()) doubtful.get(rootOf(place))?.add(groups.find(place), member);
  return new Set([...doubtful].flatMap(([root, ids]) => (ids.differ() ? [root] : [])));
}

/** Ids met in a would-be group. Ids already together in one group (a source merged them) count as one. */
class IdsTogether {
  readonly #byGroup = new Map<number, Map<EvidenceType, Set<string>>>();

  add(group: number, member: Member): void {
    if (member.exclusive.length === 0) return;
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
