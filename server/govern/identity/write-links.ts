/** Writes the difference between the links in force and the groups decided, with its history. */
import { uuidv7 } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { assignPersons, type CurrentLink, type Founder } from './assign.ts';
import type { LinkContext } from './decide-groups.ts';
import type { Cluster } from './engine.ts';

/** Returns how many records came to another person. */
export async function writeLinks(tx: Tx, records: readonly string[], clusters: readonly Cluster[], context: LinkContext): Promise<number> {
  const links = await tx.query<{ record_key: string; person_id: string; linked_by: string }>(
    'select record_key, person_id, linked_by from govern.link where record_key = any($1::uuid[])',
    [records],
  );
  const current: CurrentLink[] = links.map((row) => ({ recordKey: row.record_key, personId: row.person_id }));
  const founders = current.length === 0 ? [] : await loadFounders(tx, records);
  const assignment = assignPersons(clusters, current, founders, () => uuidv7(context.now.getTime()));
  await writePersons(tx, assignment, context);

  const before = new Map(links.map((row) => [row.record_key, row]));
  const changed: { recordKey: string; personId: string; basis: string; isMove: boolean }[] = [];
  clusters.forEach((cluster, index) => {
    const personId = assignment.persons[index] as string;
    for (const recordKey of cluster.records) {
      const old = before.get(recordKey);
      const basis = cluster.basis.get(recordKey) ?? 'single';
      if (old?.person_id === personId && old.linked_by === basis) continue;
      changed.push({ recordKey, personId, basis, isMove: old?.person_id !== personId });
    }
  });
  await writeChanged(tx, changed, before, context);
  return changed.filter((each) => each.isMove).length;
}

/** The founders of all persons these records have or had: of records still there, the one that had the person first. */
async function loadFounders(tx: Tx, records: readonly string[]): Promise<Founder[]> {
  const rows = await tx.query<{ person_id: string; record_key: string; turn: number; is_retired: boolean }>(
    `with asked as (
       select person_id from govern.link where record_key = any($1::uuid[])
       union
       select person_id from govern.link_history where record_key = any($1::uuid[])
     ),
     held as (
       select h.person_id, h.record_key, h.from_turn as turn from asked a join govern.link_history h on h.person_id = a.person_id
       union all
       select l.person_id, l.record_key, l.since_turn from asked a join govern.link l on l.person_id = a.person_id
     )
     select distinct on (h.person_id) h.person_id, h.record_key, h.turn, p.retired_into is not null as is_retired
     from held h
     join govern.record r on r.record_key = h.record_key
     join govern.person p on p.person_id = h.person_id
     order by h.person_id, h.turn, h.record_key`,
    [records],
  );
  return rows.map((row) => ({ personId: row.person_id, recordKey: row.record_key, turn: row.turn, isRetired: row.is_retired }));
}

async function writePersons(tx: Tx, assignment: ReturnType<typeof assignPersons>, context: LinkContext): Promise<void> {
  const { created, retired, revived } = assignment;
  if (created.length > 0) {
    await tx.query('insert into govern.person (person_id, org_id, created_at) select unnest($1::uuid[]), $2, $3', [created, context.orgId, context.now]);
  }
  if (revived.length > 0) await tx.query('update govern.person set retired_into = null, retired_at = null where person_id = any($1::uuid[])', [revived]);
  if (retired.length > 0) {
    await tx.query(
      `update govern.person p set retired_into = gone.into_id, retired_at = $3
       from unnest($1::uuid[], $2::uuid[]) as gone(person_id, into_id) where p.person_id = gone.person_id`,
      [retired.map((each) => each.personId), retired.map((each) => each.into), context.now],
    );
  }
}

async function writeChanged(
  tx: Tx,
  changed: readonly { recordKey: string; personId: string; basis: string; isMove: boolean }[],
  isKnown: { has(recordKey: string): boolean },
  context: LinkContext,
): Promise<void> {
  if (changed.length === 0) return;
  const moved = changed.filter((each) => each.isMove && isKnown.has(each.recordKey)).map((each) => each.recordKey);
  if (moved.length > 0) {
    await tx.query(
      `insert into govern.link_history (record_key, person_id, linked_by, from_turn, from_at, to_turn, to_at)
       select record_key, person_id, linked_by, since_turn, since, $2, $3 from govern.link where record_key = any($1::uuid[])`,
      [moved, context.turn, context.now],
    );
  }
  await tx.query(
    `insert into govern.link as l (record_key, person_id, linked_by, since, since_turn)
     select record_key, person_id, basis, $4, $5 from unnest($1::uuid[], $2::uuid[], $3::text[]) as new(record_key, person_id, basis)
     on conflict (record_key) do update set
       person_id = excluded.person_id,
       linked_by = excluded.linked_by,
       since = case when l.person_id = excluded.person_id then l.since else excluded.since end,
       since_turn = case when l.person_id = excluded.person_id then l.since_turn else excluded.since_turn end`,
    [changed.map((each) => each.recordKey), changed.map((each) => each.personId), changed.map((each) => each.basis), context.now, context.turn],
  );
}
