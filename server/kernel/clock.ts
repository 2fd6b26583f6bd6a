/**
 * Business time. Everything that is due, planned, limited or reported asks this clock; SQL never calls `now()` for business.
 * Wall time (sessions, lockout, audit, one-time codes) is `wallNow()`.
 */
export interface Clock {
  now(): Date;
  readonly isSimulated: boolean;
}

export const systemClock: Clock = { now: () => new Date(), isSimulated: false };

/** Moves only when told; never backwards. */
export class SimulatedClock implements Clock {
  readonly isSimulated = true;
  #now: Date;

  constructor(start: Date) {
    this.#now = start;
  }

  now(): Date {
    return new Date(this.#now);
  }

  advanceTo(time: Date): void {
    if (time < this.#now) throw new RangeError('simulated time cannot go backwards');
    this.#now = new Date(time);
  }
}

export const wallNow = (): Date => new Date();

/** Local day (`YYYY-MM-DD`) of an instant. Hospitals here are in one zone; the campus names it. */
export function localDay(instant: Date, timeZone = 'Asia/Shanghai'): string {
  let format = dayFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    dayFormats.set(timeZone, format);
  }
  return format.format(instant);
}
const dayFormats = new Map<string, Intl.DateTimeFormat>();
