import type { QuarantinedItem, SourceFiguresPort } from '@xinglin/contracts';
import type { Db } from '../../platform/index.ts';

interface QuarantineRow {
  readonly id: string;
  readonly received_at: Date;
  readonly code: string;
  readonly reason_zh: string;
  readonly reason_en: string;
}

export function createSourceFigures(db: Db): SourceFiguresPort {
  return {
    async figures() {
      const rows = await db.query<{ source: string; facts: number; quarantined: number }>(
        `select source, sum(facts)::bigint as facts, sum(quarantined)::bigint as quarantined
         from (select source, facts, 0 as quarantined from govern.source_figure
               union all
               select source, 0, count(*) from govern.quarantine group by source) figures
         group by source`,
      );
      return new Map(rows.map((row) => [row.source, { facts: row.facts, quarantined: row.quarantined }]));
    },

    /** An id is `lane:position:item:code`; a page continues after the item it names. */
    async quarantined(source, before, limit): Promise<QuarantinedItem[]> {
      const [lane, position, item, code] = before?.split(':') ?? [];
      const rows = await db.query<QuarantineRow>(
        `select concat_ws(':', lane, position, item, code) as id, received_at, code, reason_zh, reason_en
         from govern.quarantine q
         where source = $1 and ($2::text is null or (received_at, lane, position, item, code) < (
           select received_at, lane, position, item, code from govern.quarantine
           where source = $1 and lane = $2 and position = $3 and item = $4 and code = $5 limit 1))
         order by received_at desc, lane desc, position desc, item desc, code desc limit $6`,
        [source, lane ?? null, Number(position ?? 0), Number(item ?? 0), code ?? '', limit],
      );
      return rows.map((row) => ({ id: row.id, at: row.received_at, code: row.code, reasonZh: row.reason_zh, reasonEn: row.reason_en }));
    },
  };
}
