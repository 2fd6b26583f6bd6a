/** What will show under another person once these records do. Nothing is moved: rows keep their record key and are only reached another way. */
import { FACT_NAMES } from '@xinglin/contracts';
import type { Lake } from '../../../lake/index.ts';
import type { Queryable } from '../../../platform/index.ts';

export interface Move {
  /** `schema.table` or `fact.name`. */
  readonly what: string;
  readonly rows: number;
}

/** Identity's own books: they say who somebody is, not what hangs on them. */
const NOT_SHOWN: ReadonlySet<string> = new Set([
  ...['record', 'vault_record', 'vault_past', 'record_identifier', 'link', 'link_history', 'merge_act', 'identity_conflict', 'record_department'],
  ...['match_key', 'match_pair', 'manual_act', 'manual_decision', 'encounter_item', 'encounter_move'],
]);

export async function countMoves(q: Queryable, lake: Lake, records: readonly string[]): Promise<Move[]> {
  if (records.length === 0) return [];
  const columns = await q.query<{ schema_name: string; table_name: string; column_name: string }>(
    `select r.schema_name, r.table_name, r.column_name from platform.person_reference r
     join information_schema.columns c on c.table_schema = r.schema_name and c.table_name = r.table_name and c.column_name = r.column_name
     where c.data_type = 'uuid' and not (r.schema_name = 'govern' and r.table_name = any($1::text[])) and r.schema_name <> 'platform'
     order by 1, 2, 3`,
    [[...NOT_SHOWN]],
  );
  // Names come from our own migrations, quoted all the same.
  const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const counts = await q.query<{ what: string; rows: number }>(
    columns
      .map(
        (each) =>
          `select '${each.schema_name}.${each.table_name}' as what, count(*) as rows
           from ${name(each.schema_name)}.${name(each.table_name)} where ${name(each.column_name)} = any($1::uuid[])`,
      )
      .join(' union all '),
    [records],
  );
  await lake.warehouse.refresh();
  const list = records.map((_, at) => `cast($${at + 1} as uuid)`).join(', ');
  const facts = await lake.warehouse.query<{ what: string; rows: number }>(
    FACT_NAMES.map((fact) => `select 'fact.${fact}' as what, cast(count(*) as double) as rows from fact_${fact} where record_key in (${list})`).join(
      ' union all ',
    ),
    records,
  );
  const sums = new Map<string, number>();
  for (const { what, rows } of [...counts, ...facts]) if (rows > 0) sums.set(what, (sums.get(what) ?? 0) + rows);
  return [...sums].map(([what, rows]) => ({ what, rows }));
}
