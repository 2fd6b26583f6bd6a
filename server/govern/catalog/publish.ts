/** Small relations whose truth is in PostgreSQL, shown to the warehouse. */
import type { Lake } from '../../lake/index.ts';
import type { Db } from '../../platform/index.ts';

/** Read from PostgreSQL at a time: a page of links is a few megabytes. */
const PAGE_ROWS = 50_000;

export function publishRelations(lake: Lake, db: Db): void {
  lake.warehouse.publish(
    'link',
    [
      { name: 'record_key', type: 'uuid' },
      { name: 'person_id', type: 'uuid' },
    ],
    async function* links() {
      for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
        const rows = await db.query<{ record_key: string; person_id: string }>(
          'select record_key, person_id from govern.link where record_key > $1 order by record_key limit $2',
          [after, PAGE_ROWS],
        );
        for (const row of rows) yield [row.record_key, row.person_id];
        const last = rows.at(-1);
        if (last === undefined || rows.length < PAGE_ROWS) return;
        after = last.record_key;
      }
    },
  );
  const text = (...names: string[]) => names.map((name) => ({ name, type: 'varchar' as const }));
  const rowsOf = (sql: string) =>
    async function* rows() {
      for (const row of await db.query<Record<string, string | null>>(sql)) yield Object.values(row);
    };
  lake.warehouse.publish(
    'dimension_map',
    text('dimension', 'source', 'source_code', 'code'),
    rowsOf('select dimension, source, source_code, code from govern.dimension_code where code is not null order by 1, 2, 3'),
  );
  lake.warehouse.publish(
    'dimension_entry',
    text('dimension', 'code', 'name_zh', 'name_en', 'parent_code'),
    rowsOf('select dimension, code, name_zh, name_en, parent_code from govern.dimension_entry order by 1, 2'),
  );
  // Names sources gave their codes: titles for a timeline while nobody has mapped them.
  lake.warehouse.publish(
    'code_name',
    text('dimension', 'source', 'code', 'name'),
    rowsOf(`select dimension, source, source_code as code, display as name from govern.dimension_code where display is not null order by 1, 2, 3`),
  );
}
