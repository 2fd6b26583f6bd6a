/**
 * Appending to a stream and counting what was appended are two steps, and a crash may fall between them. Before a delivery appends, the
 * turn of the stream names it, with the position up to which everything is counted; `recover` counts the rest for it at the next start.
 */
import { type RawRecord, type StreamName, streamText } from '@xinglin/contracts';
import type { Lake } from '../../lake/index.ts';
import type { Platform, Queryable } from '../../platform/index.ts';

/** Records read at once while recovering. */
const RECOVER_RECORDS = 1000;
const RECOVER_BYTES = 16 * 1024 * 1024;

export class Turns {
  readonly #platform: Platform;
  readonly #lake: Lake;
  readonly #owners = new Map<string, string>();
  readonly #uncounted = new Set<string>();
  readonly #queues = new Map<string, Promise<unknown>>();

  constructor(platform: Platform, lake: Lake) {
    this.#platform = platform;
    this.#lake = lake;
  }

  /** Work on one stream, one after the other: the append and its counting belong together. */
  inTurn<T>(stream: StreamName, work: () => Promise<T>): Promise<T> {
    const key = streamText(stream);
    const before = this.#queues.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#queues.set(key, settled);
    void settled.then(() => {
      if (this.#queues.get(key) === settled) this.#queues.delete(key);
    });
    return mine;
  }

  /** Says durably that what is appended next is this delivery's. Costs nothing while it stays so. */
  async take(stream: StreamName, deliveryId: string): Promise<void> {
    const key = streamText(stream);
    if (this.#uncounted.has(key)) {
      await this.#recoverStream(stream, async () => undefined);
      this.#uncounted.delete(key);
      this.#owners.delete(key);
    }
    if (this.#owners.get(key) === deliveryId) return;
    await this.#platform.db.query(
      `insert into collect.turn (org_id, campus_id, source, lane, delivery_id, position)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (org_id, campus_id, source, lane) do update set delivery_id = excluded.delivery_id`,
      [stream.orgId, stream.campusId, stream.source, stream.lane, deliveryId, await this.endOf(stream)],
    );
    this.#owners.set(key, deliveryId);
  }

  /** Something was appended and could not be counted (the database went away): it is counted before the next one takes the turn. */
  leftUncounted(stream: StreamName): void {
    this.#uncounted.add(streamText(stream));
  }

  /** Everything up to here is counted. In the transaction that wrote the counts. */
  async counted(q: Queryable, stream: StreamName, position: number): Promise<void> {
    await q.query('update collect.turn set position = $5 where org_id = $1 and campus_id = $2 and source = $3 and lane = $4 and position < $5', [
      stream.orgId,
      stream.campusId,
      stream.source,
      stream.lane,
      position,
    ]);
  }

  async endOf(stream: StreamName): Promise<number> {
    const key = streamText(stream);
    return (await this.#lake.raw.streams()).find((each) => streamText(each.stream) === key)?.end ?? 0;
  }

  /** At start: counts what a crash left uncounted; `each` sees those records too. Deliveries still open then are interrupted. */
  async recover(each: (stream: StreamName, records: readonly RawRecord[]) => Promise<void>): Promise<void> {
    const { db, config } = this.#platform;
    const streams = await db.query<StreamName>(`select org_id as "orgId", campus_id as "campusId", source, lane from collect.turn where org_id = $1`, [
      config.orgId,
    ]);
    for (const stream of streams) await this.#recoverStream(stream, each);
    await db.query(`update collect.delivery set state = 'interrupted' where org_id = $1 and state = 'open' and live_hour is null`, [config.orgId]);
  }

  async #recoverStream(stream: StreamName, each: (stream: StreamName, records: readonly RawRecord[]) => Promise<void>): Promise<void> {
    const { db } = this.#platform;
    const turn = await db.maybe<{ deliveryId: string; position: number }>(
      `select delivery_id as "deliveryId", position from collect.turn where org_id = $1 and campus_id = $2 and source = $3 and lane = $4`,
      [stream.orgId, stream.campusId, stream.source, stream.lane],
    );
    for (let after = turn?.position ?? Number.POSITIVE_INFINITY; turn !== undefined; ) {
      const records = await this.#lake.raw.read(stream, after, { records: RECOVER_RECORDS, bytes: RECOVER_BYTES });
      const last = records.at(-1);
      if (last === undefined) return;
      const items = records.reduce((sum, record) => sum + record.items, 0);
      await each(stream, records);
      await db.tx(async (tx) => {
        await tx.query(
          `update collect.delivery set accepted = accepted + $2, first_position = coalesce(first_position, $3), last_position = $4 where delivery_id = $1`,
          [turn.deliveryId, items, records[0]?.position ?? null, last.position],
        );
        await this.counted(tx, stream, last.position);
      });
      after = last.position;
    }
  }
}
