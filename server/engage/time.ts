import { localDay } from '../kernel/index.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** The instant at which it is `hour` o'clock on a local day. Looks the zone's offset up, so a zone with summer time works too. */
export function atLocal(day: string, hour: number, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`) + hour * HOUR_MS;
  // Two rounds: the offset at the guess, then at the corrected guess (they differ only on a day the clocks change).
  const first = asUtc - offsetMs(new Date(asUtc), timeZone);
  return new Date(asUtc - offsetMs(new Date(first), timeZone));
}

export const addDays = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** Whole days from one local day to another. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS);

/**
 * News of something past comes in a hand-over of many streams: what hangs on it is not decided in the same second, because the consents
 * may be a few files behind.
 */
export const HANDOVER_MS = 2 * 60_000;
const BACKLOG_SPREAD_MS = HOUR_MS / 2;
/** Somebody never asked may be asked any moment; while a step or an invitation still makes sense it looks again this often. */
export const CONSENT_RECHECK_MS = HOUR_MS;

/** Patients are not written to between 21:00 and 08:00 of their day. */
export const QUIET_FROM_HOUR = 21;
export const QUIET_UNTIL_HOUR = 8;

/** The instant itself, or the next eight in the morning when it falls into the quiet hours. */
export function outsideQuietHours(instant: Date, timeZone: string): Date {
  const day = localDay(instant, timeZone);
  if (instant < atLocal(day, QUIET_UNTIL_HOUR, timeZone)) return atLocal(day, QUIET_UNTIL_HOUR, timeZone);
  return instant >= atLocal(day, QUIET_FROM_HOUR, timeZone) ? atLocal(addDays(day, 1), QUIET_UNTIL_HOUR, timeZone) : instant;
}

/**
 * When somebody is written to about what was heard of late: after the hand-over, and each at a moment of their own within half an hour. A backlog of days
 * comes in one file; sent in one second, those who answer badly would all have to be called back at once. `key`: a uuid whose last digits are evenly spread.
 */
export function afterHandover(now: Date, key: string, timeZone: string): Date {
  const share = Number.parseInt(key.slice(-6), 16) / 0x100_0000;
  const spread = Math.floor(share * BACKLOG_SPREAD_MS);
  const at = new Date(now.getTime() + HANDOVER_MS + spread);
  const free = outsideQuietHours(at, timeZone);
  return free > at ? new Date(free.getTime() + spread) : at;
}

function offsetMs(instant: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const local = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
  return local - Math.floor(instant.getTime() / 1000) * 1000;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(timeZone, format);
  }
  return format;
}
