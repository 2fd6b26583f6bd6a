/** Writes the difference between the links in force and the groups decided, with its history. */
import { uuidv7 } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { assignPersons, type CurrentLink, type Founder } from './assign.ts';
import type { LinkContext } from './decide-groups.ts';
import type { Cluster, LinkBasis } from './engine.ts';
import type { KnownGroups, LinkRow } from './known-groups.ts';

/** Returns how many records came to another person. */
export async function writeLinks(tx: Tx, { records, links }: KnownGroups, clusters: readonly Cluster[], context: LinkContext): Promise<number> {
  const current: CurrentLink[] = [...links.values()].map((row) => ({ recordKey: row.record_key, personId: row.person_id }));
  const founders = current.length === 0 ? [] : await loadFounders(tx, [...records.keys()], links);
  const assignment = assignPersons(clusters, current, founders, () => uuidv7(context.now.getTime()));
  await writePersons(tx, assignment, context);

  const changed: ChangedLink[] = [];
  clusters.forEach((cluster, index) => {
    const personId = assignment.persons[index] as string;
    for (const [at, recordKey] of cluster.records.entries()) {
      const old = links.get(recordKey);
      const basis = cluster.basis[at] as LinkBasis;
      if (old?.person_id === personId && old.linked_by === basis) continue;
      changed.push({ recordKey, personId, basis, isNew: old === undefined, isMove: old?.person_id !== personId });
    }
  });
  await writeChanged(tx, changed, context);
  return changed.filter((each) => each.isMove).length;
}

/**
 * The founders of all persons these records have or had: of records still there, the one that had the person first. Most persons never lost a
 * record: of them the links in force say everything.
 */
async function loadFounders(tx: Tx, records: readonly string[], links: ReadonlyMap<string, LinkRow>): Promise<Founder[]> {
  const earliest = new Map<string, Omit<Founder, 'isRetired'>>();
  const consider = (personId: string, recordKey: string, turn: number): void => {
    const known = earliest.get(personId);
    if (known === undefined || turn < known.turn || (turn === known.turn && recordKey < known.recordKey)) earliest.set(personId, { personId, recordKey, turn });
  };
  const gone = await selectGone(tx, [...links.keys()]);
  for (const row of links.values()) if (!gone.has(row.record_key)) consider(row.person_id, row.record_key, row.since_turn);
  const persons = [...new Set([...links.values()].map((row) => row.person_id))];
  for (const row of await selectPastHolders(tx, records, persons)) consider(row.person_id, row.record_key, row.turn);
  // A person with a link lives; others may have gone into somebody.
  const isLiving = new Set(persons);
  const others = [...earliest.keys()].filter((personId) => !isLiving.has(personId));
  const retired = await selectRetired(tx, others);
  return [...earliest.values()].flatMap((founder) => {
    const isRetired = isLiving.has(founder.personId) ? false : retired.get(founder.personId);
    return isRetired === undefined ? [] : [{ ...founder, isRetired }];
  });
}

/** Which of these are no records (any more): a source may name a number nobody ever heard of, and a rebuild may find that a record was never said. */
async function selectGone(tx: Tx, records: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ record_key: string }>(
    `select given.record_key from unnest($1::uuid[]) as given(record_key)
     where not exists (select from govern.record r where r.record_key = given.record_key)`,
    [records],
  );
  return new Set(rows.map((row) => row.record_key));
}

/** Records that had one of these persons once, and all that had or have one of the persons these records had once. */
const selectPastHolders = (
  tx: Tx,
  records: readonly string[],
  persons: readonly string[],
): Promise<{ person_id: string; record_key: string; turn: number }[]> =>
  tx.query(
    `with past as (select distinct person_id from govern.link_history where record_key = any($1::uuid[])),
     held as (
       select h.person_id, h.record_key, h.from_turn as turn
       from (select person_id from past union select person_id from unnest($2::uuid[]) as own(person_id)) asked
       cross join lateral (select person_id, record_key, from_turn from govern.link_history h where h.person_id = asked.person_id offset 0) h
       union all
       select l.person_id, l.record_key, l.since_turn
       from past cross join lateral (select person_id, record_key, since_turn from govern.link l where l.person_id = past.person_id offset 0) l
     )
     select * from held where exists (select from govern.record r where r.record_key = held.record_key)`,
    [records, persons],
  );

/** Of persons that are on file, whether they went into somebody. */
async function selectRetired(tx: Tx, persons: readonly string[]): Promise<Map<string, boolean>> {
  if (persons.length === 0) return new Map();
  const rows = await tx.query<{ person_id: string; is_retired: boolean }>(
    'select person_id, retired_into is not null as is_retired from govern.person where person_id = any($1::uuid[])',
    [persons],
  );
  return new Map(rows.map((row) => [row.person_id, row.is_retired]));
}

async function writePersons(tx: Tx, assignment: ReturnType<typeof assignPersons>, context: LinkContext): Promise<void> {
  const { created, retired, revived } = assignment;
  await insertPersons(tx, created, context);
  if (revived.length > 0) await tx.query('update govern.person set retired_into = null, retired_at = null where person_id = any($1::uuid[])', [revived]);
  if (retired.length > 0) {
    await tx.query(
      `update govern.person p set retired_into = gone.into_id, retired_at = $3
       from unnest($1::uuid[], $2::uuid[]) as gone(person_id, into_id) where p.person_id = gone.person_id`,
      [retired.map((each) => each.personId), retired.map((each) => each.into), context.now],
    );
  }
}

export const insertPersons = (tx: Tx, persons: readonly string[], { orgId, now }: LinkContext): Promise<void> =>
  tx.copyTyped(
    'govern.person',
    [
      ['person_id', 'uuid', (personId) => personId],
      ['org_id', 'text', () => orgId],
      ['created_at', 'timestamptz', () => now],
    ],
    persons,
  );

/** Of records that have none. */
export const insertLinks = (tx: Tx, links: readonly NewLink[], { now, turn }: LinkContext): Promise<void> =>
  tx.copyTyped(
    'govern.link',
    [
      ['record_key', 'uuid', (each) => each.recordKey],
      ['person_id', 'uuid', (each) => each.personId],
      ['linked_by', 'text', (each) => each.basis],
      ['since', 'timestamptz', () => now],
      ['since_turn', 'bigint', () => turn],
    ],
    links,
  );

export interface NewLink {
  readonly recordKey: string;
  readonly personId: string;
  readonly basis: LinkBasis;
}
interface ChangedLink extends NewLink {
  /** It had no link. */
  readonly isNew: boolean;
  /** To another person, or to its first. */
  readonly isMove: boolean;
}
async function writeChanged(tx: Tx, changed: readonly ChangedLink[], context: LinkContext): Promise<void> {
  const kept = changed.filter((each) => !each.isNew);
  const moved = kept.filter((each) => each.isMove).map((each) => each.recordKey);
  if (moved.length > 0) {
    await tx.query(
      `insert into govern.link_history (record_key, person_id, linked_by, from_turn, from_at, to_turn, to_at)
       select record_key, person_id, linked_by, since_turn, since, $2, $3 from govern.link where record_key = any($1::uuid[])`,
      [moved, context.turn, context.now],
    );
  }
  if (kept.length > 0) {
    await tx.query(
      `insert into govern.link as l (record_key, person_id, linked_by, since, since_turn)
       select record_key, person_id, basis, $4, $5 from unnest($1::uuid[], $2::uuid[], $3::text[]) as new(record_key, person_id, basis)
       on conflict (record_key) do update set
         person_id = excluded.person_id,
         linked_by = excluded.linked_by,
         since = case when l.person_id = excluded.person_id then l.since else excluded.since end,
         since_turn = case when l.person_id = excluded.person_id then l.since_turn else excluded.since_turn end`,
      [kept.map((each) => each.recordKey), kept.map((each) => each.personId), kept.map((each) => each.basis), context.now, context.turn],
    );
  }
  await insertLinks(tx, changed.filter((each) => each.isNew), context); // biome-ignore format: one call
}
