/** Takes what a door found in one file or upload to the raw zone, in batches, and keeps its row of the log. */
import { type AppendOutcome, type RawDelivery, type RawType, REJECTIONS_LISTED_MAX, type Rejection, type StreamName } from '@xinglin/contracts';
import type { Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import { insertRejections, type NewDelivery, type NumberedRefusal, writeProgress } from './delivery.sql.ts';
import type { DoorItem } from './item.ts';
import type { Turns } from './turns.ts';

/** One group sync and one row of the log for so many; a crash repeats at most one batch. */
const BATCH_DELIVERIES = 1000;
const BATCH_BYTES = 4 * 1024 * 1024;
/** A file that is refused row by row needs no more examples than this in the log; the count stays exact. */
const REJECTIONS_STORED_MAX = 10_000;

export interface WriterDeps {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly turns: Turns;
}

export class BulkWriter {
  /** Of this run; the row of the log also holds what an interrupted run had taken in. */
  accepted = 0;
  duplicate = 0;
  rejected = 0;
  /** The first ones, as a report lists them. */
  readonly rejections: Omit<Rejection, 'file'>[] = [];
  mapping: string | null = null;
  readonly #deps: WriterDeps;
  readonly #delivery: NewDelivery;
  readonly #stream: StreamName;
  readonly #type: RawType;
  readonly #acceptedBefore: number;
  #deliveries: RawDelivery[] = [];
  #refusals: NumberedRefusal[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: WriterDeps, delivery: NewDelivery, type: RawType, acceptedBefore: number) {
    this.#deps = deps;
    this.#delivery = delivery;
    this.#stream = { orgId: delivery.orgId, campusId: delivery.campusId, source: delivery.source, lane: delivery.lane };
    this.#type = type;
    this.#acceptedBefore = acceptedBefore;
  }

  /** Returns when there is room for more: one batch may be on its way while the next is gathered. */
  async add(items: readonly DoorItem[]): Promise<void> {
    for (const item of items) {
      if (item.kind === 'refused') this.#refuse(item);
      else {
        this.#deliveries.push({
          stream: this.#stream,
          type: this.#type,
          body: item.body,
          items: item.items,
          meta: { ...item.meta, file: this.#delivery.deliveryId, line: item.line },
        });
        this.#bytes += item.body.length;
      }
      if (this.#deliveries.length >= BATCH_DELIVERIES || this.#bytes >= BATCH_BYTES || this.#refusals.length >= BATCH_DELIVERIES) await this.#flush();
    }
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  #refuse(item: DoorItem & { kind: 'refused' }): void {
    this.rejected += 1;
    const { line, code, reason, reasonZh } = item;
    if (this.rejections.length < REJECTIONS_LISTED_MAX) this.rejections.push({ line, code, reason, reasonZh });
    if (this.rejected <= REJECTIONS_STORED_MAX) this.#refusals.push({ number: this.rejected, line, code, reason, reasonZh });
  }

  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#deliveries.length === 0 && this.#refusals.length === 0) return;
    const deliveries = this.#deliveries;
    const refusals = this.#refusals;
    const rejected = this.rejected;
    this.#deliveries = [];
    this.#refusals = [];
    this.#bytes = 0;
    const writing = this.#deps.turns.inTurn(this.#stream, () => this.#write(deliveries, refusals, rejected));
    // An error is thrown by the next flush or finish; until then nobody listens.
    writing.catch(() => undefined);
    this.#writing = writing;
  }

  async #write(deliveries: readonly RawDelivery[], refusals: readonly NumberedRefusal[], rejected: number): Promise<void> {
    const { platform, lake, turns } = this.#deps;
    let outcomes: AppendOutcome[] = [];
    if (deliveries.length > 0) {
      await turns.take(this.#stream, this.#delivery.deliveryId);
      outcomes = await lake.raw.append(deliveries);
    }
    const positions: number[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      const items = deliveries[at]?.items ?? 0;
      if (outcome.outcome === 'accepted') {
        positions.push(outcome.position);
        this.accepted += items;
      } else this.duplicate += items;
    }
    const last = positions.length === 0 ? null : Math.max(...positions);
    const at = platform.clock.now();
    const counting = platform.db.tx(async (tx) => {
      await writeProgress(tx, this.#delivery.deliveryId, {
        accepted: this.#acceptedBefore + this.accepted,
        // What the interrupted run had appended comes out as duplicate now; it is counted as accepted already.
        duplicate: Math.max(0, this.duplicate - this.#acceptedBefore),
        rejected,
        mapping: this.mapping,
        firstPosition: positions.length === 0 ? null : Math.min(...positions),
        lastPosition: last,
        at,
      });
      await insertRejections(tx, this.#delivery, refusals, at);
      if (last !== null) await turns.counted(tx, this.#stream, last);
    });
    await counting.catch((error: unknown) => {
      if (last !== null) turns.leftUncounted(this.#stream);
      throw error;
    });
  }
}
