/**
 * Who is one person, by identifiers alone (DOMAIN B13).
 *
 * In stages from the strongest ground to the weakest: what a source said itself (merge), resident id, other documents, record number
 * of the same authority, insurance number. A stage joins the groups of the stages before it. A group that would bring two different
 * valid ids of one type together is not joined at that stage at all, and its pairs are listed for a person to decide. Deciding by
 * whole groups, never pair after pair, makes the answer independent of the order in which records arrived.
 */
import type { Cluster, Conflict, IdentityEngine, LinkBasis, MergeAct, RecordEvidence } from './engine.ts';
import { DOCUMENT_TYPES, type EvidenceType } from './identifiers.ts';
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

export const identifierEngine: IdentityEngine = { edition: 'identifiers@1', resolve };

function resolve(records: readonly RecordEvidence[], acts: readonly MergeAct[]): { clusters: Cluster[]; conflicts: Conflict[] } {
  const members = new Map([...records].sort((a, b) => (a.recordKey < b.recordKey ? -1 : 1)).map((record) => [record.recordKey, memberOf(record)]));
  const groups = new UnionFind(members.keys());
  const basis = new Map<string, LinkBasis>();
  const conflicts = new Map<string, Conflict>();
  const conflict = (a: string, b: string, reason: Conflict['reason'], type: string) => {
    const [recordA, recordB] = a < b ? [a, b] : [b, a];
    if (recordA !== recordB) conflicts.set(`${recordA}${recordB}${reason}${type}`, { recordA, recordB, reason, type });
  };
  const join = (edges: readonly Edge[], ground: LinkBasis) => {
    for (const { a, b } of edges) {
      for (const each of [a, b]) if (!basis.has(each)) basis.set(each, ground);
      groups.union(a, b);
    }
  };

  join(
    acts.filter((act) => members.has(act.survivor) && members.has(act.retired)).map((act) => ({ a: act.survivor, b: act.retired, type: 'merge' })),
    'act:merge',
  );
  for (const stage of STAGES) {
    const edges: Edge[] = [];
    for (const { type, holders } of sharedNumbers(members, stage.types)) {
      for (const [a, b] of pairs(holders)) {
        if (contradicts(a, b)) conflict(a.recordKey, b.recordKey, 'same-id-other-person', type);
        else if (stage.needs === 'no-contradiction' || agrees(a, b)) edges.push({ a: a.recordKey, b: b.recordKey, type });
      }
    }
    const { accepted, refused } = withoutDifferentIds(edges, groups, members);
    join(accepted, stage.basis);
    for (const edge of refused) conflict(edge.a, edge.b, 'different-ids', edge.type);
  }
  for (const member of members.values()) {
    for (const type of member.several) {
      // The other side of such a conflict is whoever shares one of the ids.
      for (const other of members.values()) if (sharesNumber(member, other, type)) conflict(member.recordKey, other.recordKey, 'several-ids-in-record', type);
    }
  }
  return { clusters: clustersOf(groups, members, basis), conflicts: [...conflicts.values()] };
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
