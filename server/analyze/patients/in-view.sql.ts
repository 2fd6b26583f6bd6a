import type { Viewer } from '@xinglin/contracts';
import type { Warehouse } from '../../lake/index.ts';
import type { Access } from '../../platform/index.ts';

/** Record keys as parameters `$1 … $n`: the files are sorted by record key, so this is what makes one person quick to read. */
export const keyList = (keys: readonly string[], first = 1): string => keys.map((_, at) => `cast($${first + at} as uuid)`).join(', ');

/** Facts by which a department knows a patient. */
const KNOWN_BY = ['encounter', 'appointment', 'followup', 'complaint'] as const;

/** Which of these record keys the viewer's row rule lets through. Hospital-wide viewers see all. */
export async function keysInView(warehouse: Warehouse, access: Pick<Access, 'scope'>, viewer: Viewer, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0 || viewer.kind !== 'staff' || viewer.departments === 'all') return new Set(keys);
  const sql = KNOWN_BY.map(
    (fact) =>
      `select distinct cast(f.record_key as varchar) as record_key from fact_${fact} f
       where f.record_key in (${keyList(keys)}) and ${access.scope(viewer, `fact_${fact}`, 'f', 'duckdb').where}`,
  ).join('\nunion\n');
  const rows = await warehouse.query<{ record_key: string }>(sql, keys);
  return new Set(rows.map((row) => row.record_key));
}

export interface Seen {
  readonly record_key: string;
  readonly encounters: number;
  readonly last_at: Date;
  readonly last_department: string | null;
}

/** Encounters in view by record key. */
export const seenByRecord = (warehouse: Warehouse, access: Pick<Access, 'scope'>, viewer: Viewer, keys: readonly string[]): Promise<Seen[]> =>
  keys.length === 0
    ? Promise.resolve([])
    : warehouse.query<Seen>(
        `select cast(f.record_key as varchar) as record_key, cast(count(*) as double) as encounters,
           max(coalesce(f.started_at, f.occurred_at)) as last_at,
           max_by(f.department, coalesce(f.started_at, f.occurred_at)) as last_department
         from fact_encounter f
         where f.record_key in (${keyList(keys)}) and ${access.scope(viewer, 'fact_encounter', 'f', 'duckdb').where}
           and coalesce(f.status, 'unknown') not in ('planned', 'cancelled')
         group by 1`,
        keys,
      );

export interface Recent {
  readonly person: string;
  readonly last_at: string;
}

/**
 * People by their last encounter in view, newest first. Only encounters after `since` are read: whoever was last seen before it cannot
 * stand before those who were seen later.
 */
export function recentPeople(
  warehouse: Warehouse,
  access: Pick<Access, 'scope'>,
  viewer: Viewer,
  page: { department: string | null; since: string | null; after: readonly [string, string] | null; limit: number },
): Promise<Recent[]> {
  const params: unknown[] = [];
  const param = (value: string): string => `$${params.push(value)}`;
  const at = 'coalesce(f.started_at, f.occurred_at)';
  const where = [
    access.scope(viewer, 'fact_encounter', 'f', 'duckdb').where,
    'f.person_id is not null',
    `coalesce(f.status, 'unknown') not in ('planned', 'cancelled')`,
    ...(page.department === null ? [] : [`f.department = ${param(page.department)}`]),
    ...(page.since === null ? [] : [`${at} > cast(${param(page.since)} as timestamp)`]),
  ];
  const having =
    page.after === null
      ? ''
      : `having max(${at}) < cast(${param(page.after[0])} as timestamp)
         or (max(${at}) = cast(${param(page.after[0])} as timestamp) and cast(f.person_id as varchar) < ${param(page.after[1])})`;
  return warehouse.query<Recent>(
    `select cast(f.person_id as varchar) as person, cast(max(${at}) as varchar) as last_at
     from fact_encounter f where ${where.join('\n       and ')}
     group by 1 ${having}
     order by max(${at}) desc, 1 desc limit ${page.limit + 1}`,
    params,
  );
}
