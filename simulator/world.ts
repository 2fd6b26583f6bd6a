/** What a run is about, worked out once from its options: the time simulated, the hospital, the market. Everything else follows from it and numbers. */

import { buildMarket, type Market } from './behaviour/market.ts';
import { civil, DAY, dayAt, dayDashed, dayOf, firstDayOfMonth, isRestDay, monthIndexOf, timeOfInstant } from './calendar.ts';
import { buildHospital, type Hospital } from './city/hospital.ts';
import { seedOf } from './random.ts';

export interface SimulateOptions {
  /** People with a record in the hospital by the end; 8 to 5,000,000. */
  readonly patients: number;
  /** Calendar months, the last one being that of `end`; 1 to 120. */
  readonly months: number;
  readonly seed?: string | number;
  /** `YYYY-MM-DD` (that day included), or an instant with zone: nothing later than it has happened yet. */
  readonly end: string;
}

export const HORIZON_DAYS = 60;

export interface World {
  readonly options: SimulateOptions;
  readonly seed: number;
  readonly patients: number;
  readonly months: number;
  readonly startDay: number;
  /** The last day of the last month; plans reach `HORIZON_DAYS` beyond it, so that bookings ahead and a live run have something to come. */
  readonly spanEnd: number;
  readonly horizon: number;
  /** The day of the cut. */
  readonly lastDay: number;
  /** Local seconds; what would happen at or after it is left out. */
  readonly cut: number;
  readonly firstMonth: number;
  /** Rest days from `startDay - 60` on, looked up by `isRest`. */
  isRest(day: number): boolean;
  readonly hospital: Hospital;
  readonly market: Market;
}

export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
}

function cutOf(end: string): number {
  if (/^\d{4}-\d{2}-\d{2}$/.test(end)) {
    const [year, month, date] = end.split('-').map(Number) as [number, number, number];
    const day = dayOf(year, month, date);
    if (dayDashed(day) === end) return (day + 1) * DAY;
  } else if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(end)) {
    const at = Date.parse(end);
    if (!Number.isNaN(at)) return timeOfInstant(at);
  }
  throw new SimulatorError(`end: not a day; write YYYY-MM-DD or an instant with its zone, such as 2026-11-20T09:30:00+08:00.`);
}

const whole = (name: string, value: number, low: number, high: number): number => {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new SimulatorError(`${name}: must be a whole number from ${low} to ${high}.`);
  }
  return value;
};

/** Throws `SimulatorError` with one sentence when an option does not fit. */
export function createWorld(options: SimulateOptions): World {
  const patients = whole('patients', options.patients, 8, 5_000_000);
  const months = whole('months', options.months, 1, 120);
  const cut = cutOf(options.end);
  const lastDay = dayAt(cut - 1);
  const firstMonth = monthIndexOf(lastDay) - months + 1;
  const startDay = firstDayOfMonth(firstMonth);
  if (civil(startDay).year < 2000) throw new SimulatorError('end: the months simulated must not begin before the year 2000.');
  const seed = seedOf(String(options.seed ?? '1'));
  const spanEnd = firstDayOfMonth(firstMonth + months) - 1;
  const from = startDay - 60;
  const rest = Uint8Array.from({ length: spanEnd - from + 400 }, (_, i) => (isRestDay(from + i) ? 1 : 0));
  const hospital = buildHospital(seed, patients, startDay, spanEnd);
  return {
    options: { patients, months, end: options.end, seed: options.seed ?? '1' },
    seed,
    patients,
    months,
    startDay,
    spanEnd,
    horizon: spanEnd + HORIZON_DAYS,
    lastDay,
    cut,
    firstMonth,
    isRest: (day) => rest[day - from] === 1,
    hospital,
    market: buildMarket(seed, startDay, spanEnd),
  };
}
