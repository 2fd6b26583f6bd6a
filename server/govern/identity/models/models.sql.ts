import type { IdentityFigures } from '@xinglin/contracts/api.ts';
import type { Queryable } from '../../../platform/index.ts';

export const selectMeasured = (q: Queryable, orgId: string): Promise<{ edition: string; measured_at: Date }[]> =>
  q.query('select edition, measured_at from govern.link_model_figure where org_id = $1', [orgId]);

export const selectFigures = (q: Queryable, orgId: string, edition: string): Promise<{ measured_at: Date; figures: IdentityFigures } | undefined> =>
  q.maybe('select measured_at, figures from govern.link_model_figure where org_id = $1 and edition = $2', [orgId, edition]);

export const selectPerPerson = (q: Queryable): Promise<{ records: number; people: number }[]> =>
  q.query('select records, count(*) as people from (select count(*) as records from govern.link group by person_id) counted group by records order by records');

/** Pairs that share a number but contradict, and pairs the model would join but their groups refuse; of two people still. */
export const selectConflicts = (q: Queryable): Promise<{ reason: string; count: number }[]> =>
  q.query(
    `select reason, count(*) as count from (
       select record_a, record_b, reason from govern.identity_conflict
       union
       select record_a, record_b, held from govern.match_pair where held is not null and held <> 'decided'
     ) refused
     where exists (select from govern.link a join govern.link b on b.person_id <> a.person_id where a.record_key = record_a and b.record_key = record_b)
     group by reason order by count desc, reason`,
  );

export async function selectDecided(q: Queryable, orgId: string, since: Date): Promise<{ match: number; noMatch: number }> {
  const row = await q.one<{ match: number; no_match: number }>(
    `select count(*) filter (where kind = 'match') as match, count(*) filter (where kind = 'no-match') as no_match
     from govern.manual_act where org_id = $1 and decided_at >= $2 and revoked_at is null`,
    [orgId, since],
  );
  return { match: row.match, noMatch: row.no_match };
}
