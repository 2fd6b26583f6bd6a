/** Reads of the delivery log for the pages about sources. */
import type { StreamName } from '@xinglin/contracts';
import type { DeliveryRow, RejectionRow } from '@xinglin/contracts/api.ts';
import type { Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import type { DeliveryLog, PageMark, SourceTotals } from '../types.ts';

const DAY_MS = 24 * 3_600_000;

export function createDeliveryLog(platform: Platform, lake: Lake, flush: () => Promise<void>): DeliveryLog {
  const { db, config, clock } = platform;

  return {
    async sources(): Promise<SourceTotals[]> {
      await flush();
      const rows = await db.query<Omit<SourceTotals, 'waiting' | 'lastReceivedAt'> & { lastReceivedAt: Date | null }>(
        `select source.source, source.name_zh as "nameZh", source.name_en as "nameEn", source.owner,
           coalesce(array_agg(distinct delivery.type order by delivery.type) filter (where delivery.type is not null), '{}') as types,
           coalesce(sum(delivery.accepted), 0)::bigint as accepted,
           coalesce(sum(delivery.duplicate), 0)::bigint as duplicate,
           coalesce(sum(delivery.rejected) filter (where delivery.same_as is null), 0)::bigint as rejected,
           max(delivery.last_at) as "lastReceivedAt",
           coalesce(sum(delivery.accepted) filter (where delivery.last_at > $2), 0)::bigint as "accepted24h"
         from collect.source
         left join collect.delivery using (org_id, source)
         where source.org_id = $1
         group by source.org_id, source.source
         order by max(delivery.last_at) desc nulls last, source.source`,
        [config.orgId, new Date(clock.now().getTime() - DAY_MS)],
      );
      const waiting = await waitingItems(platform, lake);
      return rows.map((row) => ({ ...row, lastReceivedAt: row.lastReceivedAt?.toISOString() ?? null, waiting: waiting.get(row.source) ?? 0 }));
    },

    async isKnown(source) {
      const { known } = await db.one<{ known: boolean }>('select exists (select from collect.source where org_id = $1 and source = $2) as known', [
        config.orgId,
        source,
      ]);
      return known;
    },

    async deliveries(source: string, before: PageMark | null, limit: number): Promise<DeliveryRow[]> {
      await flush();
      const rows = await db.query<Omit<DeliveryRow, 'receivedAt'> & { receivedAt: Date }>(
        `select delivery_id as id, source, received_at as "receivedAt", type, file_name as "fileName", received_by as by,
           accepted, duplicate, rejected, state = 'complete' as "isComplete"
         from collect.delivery
         where org_id = $1 and source = $2 and ($3::timestamptz is null or (received_at, delivery_id) < ($3, $4::uuid))
         order by received_at desc, delivery_id desc limit $5`,
        [config.orgId, source, before?.at ?? null, before?.id ?? null, limit],
      );
      return rows.map((row) => ({ ...row, receivedAt: row.receivedAt.toISOString() }));
    },

    async rejections(source: string, before: PageMark | null, limit: number): Promise<(RejectionRow & { mark: PageMark })[]> {
      await flush();
      const [deliveryId, number] = before?.id.split(':') ?? [null, null];
      const rows = await db.query<{
        deliveryId: string;
        number: number;
        at: Date;
        file: string | null;
        line: number | null;
        code: string;
        reasonZh: string;
        reasonEn: string;
      }>(
        `select rejection.delivery_id as "deliveryId", rejection.number, rejection.rejected_at as at, delivery.file_name as file, rejection.line,
           rejection.code, rejection.reason_zh as "reasonZh", rejection.reason_en as "reasonEn"
         from collect.rejection
         join collect.delivery using (delivery_id)
         where rejection.org_id = $1 and rejection.source = $2
           and ($3::timestamptz is null or (rejection.rejected_at, rejection.delivery_id, rejection.number) < ($3, $4::uuid, $5::int))
         order by rejection.rejected_at desc, rejection.delivery_id desc, rejection.number desc limit $6`,
        [config.orgId, source, before?.at ?? null, deliveryId, number, limit],
      );
      return rows.map(({ deliveryId: of, number: at, ...row }) => {
        const id = `${of}:${at}`;
        return { ...row, id, stage: 'door' as const, at: row.at.toISOString(), mark: { at: row.at.toISOString(), id } };
      });
    },
  };
}

/** Items accepted and not yet filed, by source: of the deliveries beyond each cursor, the part that lies beyond it. */
async function waitingItems(platform: Platform, lake: Lake): Promise<Map<string, number>> {
  const streams = (await lake.raw.streams()).filter(({ stream }) => stream.orgId === platform.config.orgId);
  const behind: { stream: StreamName; cursor: number }[] = [];
  for (const { stream, end } of streams) {
    const cursor = await lake.cursor(stream);
    if (cursor < end) behind.push({ stream, cursor });
  }
  if (behind.length === 0) return new Map();
  const rows = await platform.db.query<{ source: string; waiting: number }>(
    `select delivery.source,
       ceil(sum(delivery.accepted * (delivery.last_position - greatest(delivery.first_position - 1, stream.position))::numeric
         / (delivery.last_position - delivery.first_position + 1)))::bigint as waiting
     from unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) as stream (campus_id, source, lane, position)
     join collect.delivery on delivery.org_id = $1 and delivery.campus_id = stream.campus_id and delivery.source = stream.source
       and delivery.lane = stream.lane and delivery.last_position > stream.position
     group by delivery.source`,
    [
      platform.config.orgId,
      behind.map(({ stream }) => stream.campusId),
      behind.map(({ stream }) => stream.source),
      behind.map(({ stream }) => stream.lane),
      behind.map(({ cursor }) => cursor),
    ],
  );
  return new Map(rows.map((row) => [row.source, row.waiting]));
}
