/**
 * The `position` of a fact row: place of its delivery in the stream, lane, place of the statement in the delivery, in one integer below 2^53.
 * It orders statements of the same version: within a stream by arrival, between the lanes of a source in a fixed way.
 */
import { LANES, type Lane } from '@xinglin/contracts';

const ITEMS = 2 ** 18;
export const ITEM_MAX = ITEMS - 1;
export const positionOf = (recordPosition: number, lane: Lane, item: number): number =>
  (recordPosition * LANES.length + LANES.indexOf(lane)) * ITEMS + Math.min(item, ITEM_MAX);

/** Local day of an instant, remembered by the hour: formatting each row would cost more than the rest of it. */
export function dayTeller(localDay: (instant: Date) => string): (micros: bigint) => string {
  const byQuarter = new Map<number, string>();
  return (micros) => {
    // Zones differ from UTC by whole quarters of an hour.
    const quarter = Math.floor(Number(micros) / 900_000_000);
    let day = byQuarter.get(quarter);
    if (day === undefined) {
      if (byQuarter.size > 50_000) byQuarter.clear();
      day = localDay(new Date(Number(micros / 1000n)));
      byQuarter.set(quarter, day);
    }
    return day;
  };
}
