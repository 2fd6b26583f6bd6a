/** The hospital's own lists and how sources' codes map onto them. What is not mapped shows as 未映射, never as a guess. */
import { type Dimension, type DimensionEntry, LISTS } from '@xinglin/contracts';
import type { Lake } from '../../lake/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { isSafeDimensionCode } from '../privacy/safe-values.ts';
import type { Dimensions } from '../types.ts';

const UNMAPPED_LISTED_MAX = 1000;

export const isDimension = (name: string): name is Dimension => (LISTS as readonly string[]).includes(name);

export function createDimensions(platform: Platform, lake: Lake): Dimensions {
  const { db, config } = platform;
  const cache = new Map<Dimension, Map<string, DimensionEntry>>();
  const published = (tx: Tx) =>
    tx.afterCommit(() => {
      cache.clear();
      lake.warehouse.changed('dimension_entry');
      lake.warehouse.changed('dimension_map');
    });

  return {
    async entries(dimension) {
      const known = cache.get(dimension);
      if (known !== undefined) return known;
      const rows = await db.query<{ code: string; name_zh: string; name_en: string | null; parent_code: string | null }>(
        `select code, name_zh, name_en, parent_code from govern.dimension_entry where dimension = $1 order by name_zh collate "C"`,
        [dimension],
      );
      const entries = new Map(
        rows.map((row) => [row.code, { dimension, code: row.code, nameZh: row.name_zh, nameEn: row.name_en, parentCode: row.parent_code }] as const),
      );
      cache.set(dimension, entries);
      return entries;
    },

    async upsert(tx, entries) {
      if (entries.length === 0) return;
      for (const { dimension, code, nameZh } of entries) {
        if (!isDimension(dimension)) throw refuse('unknown-dimension', { dimension });
        if (!isSafeDimensionCode(code) || nameZh.trim() === '') throw refuse('bad-code', { dimension });
      }
      const newest = [...new Map(entries.map((entry) => [`${entry.dimension} ${entry.code}`, entry])).values()];
      await tx.query(
        `insert into govern.dimension_entry (dimension, code, org_id, name_zh, name_en, parent_code)
         select dimension, code, $6, name_zh, name_en, parent_code
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as new(dimension, code, name_zh, name_en, parent_code)
         on conflict (dimension, code) do update set name_zh = excluded.name_zh, name_en = excluded.name_en, parent_code = excluded.parent_code`,
        [
          newest.map((entry) => entry.dimension),
          newest.map((entry) => entry.code),
          newest.map((entry) => entry.nameZh),
          newest.map((entry) => entry.nameEn),
          newest.map((entry) => entry.parentCode),
          config.orgId,
        ],
      );
      // A source that already uses the hospital's own code needs no mapping.
      await tx.query(
        `update govern.dimension_code c set code = c.source_code
         from unnest($1::text[], $2::text[]) as new(dimension, code)
         where c.dimension = new.dimension and c.source_code = new.code and c.code is null`,
        [newest.map((entry) => entry.dimension), newest.map((entry) => entry.code)],
      );
      published(tx);
    },

    async map(tx, dimension, source, sourceCode, code) {
      const own = await tx.maybe('select 1 from govern.dimension_entry where dimension = $1 and code = $2', [dimension, code]);
      if (own === undefined) throw refuse('unknown-code', { dimension, code });
      const mapped = await tx.maybe(
        'update govern.dimension_code set code = $4 where dimension = $1 and source = $2 and source_code = $3 returning 1 as mapped',
        [dimension, source, sourceCode, code],
      );
      if (mapped === undefined) throw refuse('unknown-source-code', { dimension, source });
      published(tx);
    },

    async unmapped(dimension) {
      const rows = await db.query<{ source: string; source_code: string; display: string | null; seen: number }>(
        `select source, source_code, display, seen from govern.dimension_code
         where dimension = $1 and code is null order by seen desc, source, source_code limit $2`,
        [dimension, UNMAPPED_LISTED_MAX],
      );
      return rows.map((row) => ({ source: row.source, sourceCode: row.source_code, display: row.display, seen: row.seen }));
    },
  };
}
