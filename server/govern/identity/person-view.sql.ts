/** Statements about persons and their records, shared by everything that reads people. */
import type { Viewer } from '@xinglin/contracts';
import type { Queryable } from '../../platform/index.ts';

/** Retired ids to the person they went into, at whatever distance; ids that live map to themselves, unknown ones are left out. */
export async function livingPersons(q: Queryable, personIds: readonly string[]): Promise<Map<string, string>> {
  if (personIds.length === 0) return new Map();
  const rows = await q.query<{ asked: string; person_id: string }>(
    `with recursive walk (asked, person_id, retired_into) as (
       select p.person_id, p.person_id, p.retired_into from govern.person p where p.person_id = any($1::uuid[])
       union all
       select w.asked, p.person_id, p.retired_into from walk w join govern.person p on p.person_id = w.retired_into
     )
     select asked, person_id from walk where retired_into is null`,
    [personIds],
  );
  return new Map(rows.map((row) => [row.asked, row.person_id]));
}

/** Of a source nobody ranked. */
export const TRUST_DEFAULT = 50;

export interface PersonRecordRow {
  readonly person_id: string;
  readonly record_key: string;
  readonly source: string;
  readonly first_seen_at: Date;
  readonly linked_by: string;
  readonly is_restricted: boolean;
  /** How far its source is trusted now, 0…100. */
  readonly trust: number;
  readonly sealed: Buffer | null;
}
/** Every record of living persons, with its sealed details; oldest record first. */
export const recordsOfPersons = (q: Queryable, personIds: readonly string[]): Promise<PersonRecordRow[]> =>
  q.query<PersonRecordRow>(
    `select l.person_id, l.record_key, r.source, r.first_seen_at, l.linked_by, r.is_restricted, coalesce(t.trust, $2) as trust, v.sealed
     from govern.link l
     join govern.record r on r.record_key = l.record_key
     left join govern.vault_record v on v.record_key = l.record_key
     left join lateral (
       select trust from govern.source_trust t where t.org_id = r.org_id and t.source = r.source order by t.since desc limit 1
     ) t on true
     where l.person_id = any($1::uuid[])
     order by r.first_seen_at, l.record_key`,
    [personIds, TRUST_DEFAULT],
  );

/**
 * Which of these living persons the viewer may see: of the viewer's organisation, and for a department's viewer with a visit in one of
 * the departments. Keeps the order asked.
 */
export async function personsInScope(q: Queryable, viewer: Viewer, personIds: readonly string[]): Promise<string[]> {
  if (personIds.length === 0) return [];
  if (viewer.kind === 'patient') {
    const [own] = (await livingPersons(q, [viewer.personId])).values();
    return personIds.filter((each) => each === own);
  }
  const departments = viewer.kind === 'staff' && viewer.departments !== 'all' ? viewer.departments : null;
  const rows = await q.query<{ person_id: string }>(
    `select p.person_id from govern.person p
     where p.person_id = any($1::uuid[]) and p.org_id = $2
       and ($3::text[] is null or exists (
         select from govern.link l
         join govern.record_department d on d.record_key = l.record_key
         join govern.dimension_code c on c.dimension = 'department' and c.source = d.source and c.source_code = d.department_code
         where l.person_id = p.person_id and c.code = any($3)))`,
    [personIds, viewer.orgId, departments],
  );
  const allowed = new Set(rows.map((row) => row.person_id));
  return personIds.filter((each) => allowed.has(each));
}
