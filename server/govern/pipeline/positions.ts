/**
 * The `position` of a fact row: place of its delivery in the stream, lane, place of the statement in the delivery, in one integer below 2^53.
 * It orders statements of the same version: within a stream by arrival, between the lanes of a source in a fixed way.
 */
import { LANES, type Lane } from '@xinglin/contracts';

const ITEMS = 2 ** 18;
export const ITEM_MAX = ITEMS - 1;
export const positionOf = (recordPosition: number, lane: Lane, item: number): number =>
  (recordPosition * LANES.length + LANES.indexOf(lane)) * ITEMS + Math.min(item, ITEM_MAX);

/** Of the delivery the position lies in. */
export const recordPositionOf = (position: number): number => Math.floor(position / ITEMS / LANES.length);

const QUARTERS = 96;
/** A day of UTC meets two local days: `before` and, from the quarter of an hour `cut` on, `after`. */
interface MetDays {
  readonly cut: number;
  readonly before: string;
  readonly after: string;
}

/** Local day of an instant, looked up by the day of UTC: formatting each row would cost more than the rest of it. Zones differ from UTC by whole quarters. */
export function dayTeller(localDay: (instant: Date) => string): (micros: bigint) => string {
  const known = new Map<number, MetDays>();
  const dayAt = (quarter: number): string => localDay(new Date(quarter * 900_000));
  const meet = (first: number): MetDays => {
    const before = dayAt(first);
    let [low, high] = [first, first + QUARTERS];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (dayAt(middle) === before) low = middle;
      else high = middle;
    }
    return { cut: high, before, after: high === first + QUARTERS ? before : dayAt(high) };
  };
  return (micros) => {
    const quarter = Math.floor(Number(micros) / 900_000_000);
    const day = Math.floor(quarter / QUARTERS);
    let days = known.get(day);
    if (days === undefined) {
      if (known.size > 50_000) known.clear();
      days = meet(day * QUARTERS);
      known.set(day, days);
    }
    return quarter < days.cut ? days.before : days.after;
  };
}
