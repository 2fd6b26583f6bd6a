/** The review queue as statements: pairs of records grouped to pairs of persons, without those somebody decided already. */
import type { Queryable } from '../../../platform/index.ts';

export interface QueueFilter {
  readonly orgId: string;
  /** Null: the whole hospital. Else both persons must have been seen in one of these. */
  readonly departments: readonly string[] | null;
  readonly state?: 'pending' | 'later' | undefined;
  readonly reason?: string | undefined;
  readonly source?: string | undefined;
  /** Found at or after, and before. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly personId?: string | undefined;
}
export interface QueueRow {
  readonly person_a: string;
  readonly person_b: string;
  /** The pair that speaks loudest for the two. */
  readonly record_a: string;
  readonly record_b: string;
  readonly reason: string;
  readonly probability: number | null;
  readonly weight: number | null;
  readonly pairs: number;
  readonly sources: readonly string[];
  readonly found_at: Date;
  readonly state: 'pending' | 'later';
  readonly rank: number;
}

/** A shared number between two who may not be one is as urgent as a score of this many bits. */
const CONFLICT_RANK = 20;

/**
 * `different` decided about any records of two persons settles all pairs between them, also those found later or brought along by a merge.
 * `later` keeps the item, at the end. Pairs of one person are nobody's business any more.
 */
const ITEMS = `
  with found as (
    select record_a, record_b, reason, weight, probability, found_at from govern.pair_to_review where reason <> 'decided'
    union all
    (-- One number may stand against another for several reasons; the pair is one. A pair that has a score is here by its score.
    select distinct on (c.record_a, c.record_b) c.record_a, c.record_b, c.reason, null, null, c.found_at
    from govern.identity_conflict c
    where not exists (select from govern.pair_to_review p where p.record_a = c.record_a and p.record_b = c.record_b and p.reason <> 'decided')
    order by record_a, record_b, reason)
  ),
  pair as (
    select least(a.person_id, b.person_id) as person_a, greatest(a.person_id, b.person_id) as person_b, f.*, ra.source as source_a, rb.source as source_b
    from found f
    join govern.link a on a.record_key = f.record_a
    join govern.link b on b.record_key = f.record_b
    join govern.record ra on ra.record_key = f.record_a
    join govern.record rb on rb.record_key = f.record_b
    where a.person_id <> b.person_id and ra.org_id = $1 and ($8::uuid is null or $8 in (a.person_id, b.person_id))
  ),
  decided as (
    select least(a.person_id, b.person_id) as person_a, greatest(a.person_id, b.person_id) as person_b,
      bool_or(d.decision = 'different') as is_apart, bool_or(d.decision = 'later') as is_later
    from (
      select record_a, record_b, decision from govern.decision_in_force where decision = 'different'
      union all
      select record_a, record_b, decision from govern.manual_decision where decision = 'later' and revoked_at is null
    ) d
    join govern.link a on a.record_key = d.record_a
    join govern.link b on b.record_key = d.record_b
    group by 1, 2
  ),
  item as (
    select p.person_a, p.person_b, count(*) as pairs, min(p.found_at) as found_at,
      (array_agg(p.record_a order by p.weight desc nulls last, p.record_a, p.record_b, p.reason))[1] as record_a,
      (array_agg(p.record_b order by p.weight desc nulls last, p.record_a, p.record_b, p.reason))[1] as record_b,
      (array_agg(p.reason order by p.weight desc nulls last, p.record_a, p.record_b, p.reason))[1] as reason,
      max(p.weight) as weight, max(p.probability) as probability,
      max(coalesce(p.weight, ${CONFLICT_RANK})) as rank,
      array_agg(distinct p.source_a) || array_agg(distinct p.source_b) as sources,
      case when coalesce(d.is_later, false) then 'later' else 'pending' end as state
    from pair p
    left join decided d on d.person_a = p.person_a and d.person_b = p.person_b
    where not coalesce(d.is_apart, false)
    group by p.person_a, p.person_b, d.is_later
  ),
  visible as (
    select * from item i
    where $2::text[] is null or not exists (
      select from (values (i.person_a), (i.person_b)) as asked(person_id)
      where not exists (
        select from govern.link l
        join govern.record_department d on d.record_key = l.record_key
        join govern.dimension_code c on c.dimension = 'department' and c.source = d.source and c.source_code = d.department_code
        where l.person_id = asked.person_id and c.code = any($2)))
  ),
  fitting as (
    select * from visible
    where ($3::text is null or state = $3)
      and ($4::text is null or reason = $4)
      and ($5::text is null or $5 = any(sources))
      and ($6::timestamptz is null or found_at >= $6)
      and ($7::timestamptz is null or found_at < $7)
  )`;
const values = (filter: QueueFilter): unknown[] => [
  ...[filter.orgId, filter.departments, filter.state ?? null, filter.reason ?? null, filter.source ?? null],
  ...[filter.from ?? null, filter.until ?? null, filter.personId ?? null],
];

type QueuePlace = readonly [rank: number, personA: string, personB: string];
/** One row more than a page tells whether there is another. */
export const selectItems = (q: Queryable, filter: QueueFilter, after: QueuePlace | null, limit: number): Promise<(QueueRow & { total: number })[]> =>
  q.query(
    `${ITEMS},
     counted as (select count(*) as total from fitting)
     select f.*, c.total from fitting f cross join counted c
     where $9::float8 is null or f.rank < $9 or (f.rank = $9 and (f.person_a, f.person_b) > ($10::uuid, $11::uuid))
     order by f.rank desc, f.person_a, f.person_b limit $12`,
    [...values(filter), after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
  );

export interface SummaryRow {
  readonly state: 'pending' | 'later';
  readonly reason: string;
  readonly sources: readonly string[];
  readonly found_at: Date;
  readonly items: number;
}
/** Items by what the filters offer; small, because equal ones are counted together. */
export const selectCounts = (q: Queryable, filter: QueueFilter): Promise<SummaryRow[]> =>
  q.query(
    `${ITEMS} select state, reason, sources, date_trunc('hour', found_at) as found_at, count(*) as items from fitting group by 1, 2, 3, 4`,
    values(filter),
  );

export const countDecided = (q: Queryable, orgId: string, since: Date): Promise<{ match: number; no_match: number }> =>
  q.one(
    `select count(*) filter (where kind in ('match', 'merge')) as match, count(*) filter (where kind in ('no-match', 'split')) as no_match
     from govern.manual_act where org_id = $1 and decided_at >= $2 and revoked_at is null`,
    [orgId, since],
  );

/** The item of one pair of persons, whatever its state; undefined when the queue does not hold it. */
export const selectItemOf = async (q: Queryable, filter: QueueFilter, personA: string, personB: string): Promise<QueueRow | undefined> =>
  (await selectItems(q, { ...filter, personId: personA }, null, 200)).find((row) => row.person_a === personB || row.person_b === personB);
