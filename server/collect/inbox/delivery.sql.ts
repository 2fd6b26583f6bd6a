/** The delivery log, one function per statement. Counts are items. */
import type { Lane, Rejection } from '@xinglin/contracts';
import type { Queryable, Tx } from '../../platform/index.ts';

export interface DeliveryRow {
  readonly deliveryId: string;
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  readonly lastPosition: number | null;
}
export interface NewDelivery {
  readonly deliveryId: string;
  readonly orgId: string;
  readonly campusId: string;
  readonly source: string;
  readonly lane: Lane;
  readonly type: string;
  readonly fileName: string | null;
  readonly sha256: Buffer | null;
  readonly mapping: string | null;
  readonly reader: string;
  readonly by: string;
  readonly at: Date;
}
export interface Counts {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
}

export async function insertDelivery(
  q: Queryable,
  given: NewDelivery,
  more: { state: 'open' | 'complete'; counts: Counts; sameAs: string | null } = {
    state: 'open',
    counts: { accepted: 0, duplicate: 0, rejected: 0 },
    sameAs: null,
  },
): Promise<void> {
  await q.query(
    `insert into collect.delivery (delivery_id, org_id, campus_id, source, lane, type, file_name, file_sha256, mapping, reader, received_by,
       received_at, last_at, state, accepted, duplicate, rejected, same_as)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16, $17)`,
    [
      ...[
        given.deliveryId,
        given.orgId,
        given.campusId,
        given.source,
        given.lane,
        given.type,
        given.fileName,
        given.sha256,
        given.mapping,
        given.reader,
        given.by,
        given.at,
      ],
      ...[more.state, more.counts.accepted, more.counts.duplicate, more.counts.rejected, more.sameAs],
    ],
  );
}

const COLUMNS = `delivery_id as "deliveryId", accepted, duplicate, rejected, last_position as "lastPosition"`;

/** The first complete delivery of the same content, read in the same way. */
export const knownFile = (q: Queryable, given: Pick<NewDelivery, 'orgId' | 'source' | 'sha256' | 'mapping' | 'reader'>): Promise<DeliveryRow | undefined> =>
  q.maybe<DeliveryRow>(
    `select ${COLUMNS} from collect.delivery
     where org_id = $1 and source = $2 and file_sha256 = $3 and reader = $4 and mapping is not distinct from $5
       and state = 'complete' and same_as is null
     order by received_at, delivery_id limit 1`,
    [given.orgId, given.source, given.sha256, given.reader, given.mapping],
  );

/** The attempt at the same content that never ended. */
export const interruptedFile = (q: Queryable, given: Pick<NewDelivery, 'orgId' | 'source' | 'sha256'>): Promise<DeliveryRow | undefined> =>
  q.maybe<DeliveryRow>(
    `select ${COLUMNS} from collect.delivery
     where org_id = $1 and source = $2 and file_sha256 = $3 and state = 'interrupted'
     order by received_at desc, delivery_id limit 1`,
    [given.orgId, given.source, given.sha256],
  );

/** An interrupted delivery begins again: what was appended stays counted, refusals are found anew. */
export async function reopenDelivery(tx: Tx, given: { deliveryId: string; mapping: string | null; reader: string; at: Date }): Promise<void> {
  await tx.query('delete from collect.rejection where delivery_id = $1', [given.deliveryId]);
  await tx.query(`update collect.delivery set state = 'open', duplicate = 0, rejected = 0, mapping = $2, reader = $3, last_at = $4 where delivery_id = $1`, [
    given.deliveryId,
    given.mapping,
    given.reader,
    given.at,
  ]);
}

export async function writeProgress(
  q: Queryable,
  deliveryId: string,
  given: Counts & { mapping: string | null; firstPosition: number | null; lastPosition: number | null; at: Date },
): Promise<void> {
  await q.query(
    `update collect.delivery
     set accepted = $2, duplicate = $3, rejected = $4, mapping = coalesce($5, mapping),
       first_position = coalesce(first_position, $6), last_position = coalesce($7, last_position), last_at = $8
     where delivery_id = $1`,
    [deliveryId, given.accepted, given.duplicate, given.rejected, given.mapping, given.firstPosition, given.lastPosition, given.at],
  );
}

export async function endDelivery(
  q: Queryable,
  deliveryId: string,
  given: { state: 'complete' | 'interrupted'; sha256: Buffer | null; sameAs: string | null },
): Promise<void> {
  await q.query(`update collect.delivery set state = $2, file_sha256 = coalesce($3, file_sha256), same_as = $4 where delivery_id = $1`, [
    deliveryId,
    given.state,
    given.sha256,
    given.sameAs,
  ]);
}

export interface NumberedRefusal {
  readonly number: number;
  readonly line: number | null;
  readonly code: string;
  readonly reason: string;
  readonly reasonZh: string;
}

export async function insertRejections(
  q: Queryable,
  delivery: Pick<NewDelivery, 'deliveryId' | 'orgId' | 'campusId' | 'source'>,
  refusals: readonly NumberedRefusal[],
  at: Date,
): Promise<void> {
  if (refusals.length === 0) return;
  await q.query(
    `insert into collect.rejection (delivery_id, number, org_id, campus_id, source, rejected_at, line, code, reason_zh, reason_en)
     select $1, given.number, $2, $3, $4, $5, given.line, given.code, given.reason_zh, given.reason_en
     from unnest($6::int[], $7::bigint[], $8::text[], $9::text[], $10::text[]) as given (number, line, code, reason_zh, reason_en)`,
    [
      ...[delivery.deliveryId, delivery.orgId, delivery.campusId, delivery.source, at],
      refusals.map((each) => each.number),
      refusals.map((each) => each.line),
      refusals.map((each) => each.code),
      refusals.map((each) => each.reasonZh),
      refusals.map((each) => each.reason),
    ],
  );
}

export const deleteRejections = (q: Queryable, deliveryId: string): Promise<unknown> =>
  q.query('delete from collect.rejection where delivery_id = $1', [deliveryId]);

/** In the order of the file, as many as a report lists. */
export const storedRejections = (q: Queryable, deliveryId: string, limit: number): Promise<Omit<Rejection, 'file'>[]> =>
  q.query<Omit<Rejection, 'file'>>(
    `select line, code, reason_en as reason, reason_zh as "reasonZh" from collect.rejection where delivery_id = $1 order by number limit $2`,
    [deliveryId, limit],
  );
