/** Local times as sources write them → UTC instants. Pure. */
import type { TimePrecision } from '@xinglin/contracts';
import { Memo } from '../kernel/index.ts';

export const ZONE = 'Asia/Shanghai';

export interface ReadTime {
  /** ISO 8601 UTC with milliseconds. */
  readonly iso: string;
  readonly precision: TimePrecision;
}
export interface TimeParts {
  readonly year: number;
  readonly month?: number;
  readonly day?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly millisecond?: number;
}

const HOUR_MS = 3_600_000;
/** China has had one unchanging zone since this moment; before it, summer times are looked up. */
const SHANGHAI_PLAIN_SINCE = Date.UTC(1992, 0, 1);
const YEAR_MIN = 1880;
const YEAR_MAX = 2199;

/** Null when it is not a real date and time. `offsetMinutes` null: local time of the zone. */
export function instantOf(parts: TimeParts, precision: TimePrecision, offsetMinutes: number | null, zone: string): ReadTime | null {
  const { year, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = parts;
  if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  return offsetMinutes === null ? wallTime(wall, precision, zone) : { iso: isoOf(wall - offsetMinutes * 60_000), precision };
}

/** `wall`: what the zone's clock shows, in milliseconds as if it were UTC. */
export const wallTime = (wall: number, precision: TimePrecision, zone: string): ReadTime => ({ iso: isoOf(wall - offsetOf(zone, wall)), precision });

const DAY_MS = 24 * HOUR_MS;
/** Years from 1880 on have as many days, and few come up. */
const DAYS_REMEMBERED_MAX = 20_000;
const daysKnown = new Map<number, string>();
const TWO_DIGITS = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** What `toISOString` gives, for a fifth of the time: every row has a time, and many have one day. */
function isoOf(utc: number): string {
  const day = Math.floor(utc / DAY_MS);
  let date = daysKnown.get(day);
  if (date === undefined) {
    if (daysKnown.size >= DAYS_REMEMBERED_MAX) daysKnown.clear();
    date = new Date(day * DAY_MS).toISOString().slice(0, 11);
    daysKnown.set(day, date);
  }
  const millis = utc - day * DAY_MS;
  const seconds = Math.floor(millis / 1000);
  const clock = `${TWO_DIGITS[Math.floor(seconds / 3600)]}:${TWO_DIGITS[Math.floor(seconds / 60) % 60]}:${TWO_DIGITS[seconds % 60]}`;
  return `${date}${clock}.${String(millis % 1000).padStart(3, '0')}Z`;
}

/** Milliseconds the zone's wall clock is ahead of UTC when it shows `wall`. */
function offsetOf(zone: string, wall: number): number {
  if (zone === ZONE && wall >= SHANGHAI_PLAIN_SINCE) return 8 * HOUR_MS;
  if (zone === 'UTC') return 0;
  const first = offsetAt(zone, wall);
  return offsetAt(zone, wall - first);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function offsetAt(zone: string, utc: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  const part = Object.fromEntries(format.formatToParts(utc).map((each) => [each.type, Number(each.value)]));
  return (
    Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day'] ?? 1, part['hour'] ?? 0, part['minute'] ?? 0, part['second'] ?? 0) -
    Math.floor(utc / 1000) * 1000
  );
}

const ISO = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** ISO 8601 and FHIR date, dateTime, instant: `2011`, `2011-07`, `2011-07-15`, `2011-07-15T07:02:12.722+00:00`. Null when it is none. */
export function readIsoTime(text: unknown, zone: string): ReadTime | null {
  if (typeof text !== 'string') return null;
  let known = isoByZone.get(zone);
  if (known === undefined) {
    known = new Memo(TIMES_REMEMBERED_MAX, (given) => isoTimeIn(given, zone));
    isoByZone.set(zone, known);
  }
  return known.of(text);
}

/** A resource says the same few times in several places. Zones are those of the sources. */
const TIMES_REMEMBERED_MAX = 5_000;
const isoByZone = new Map<string, Memo<ReadTime | null>>();

function isoTimeIn(text: string, zone: string): ReadTime | null {
  const found = ISO.exec(text.trim());
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = found;
  const precision: TimePrecision =
    month === undefined
      ? 'year'
      : day === undefined
        ? 'month'
        : hour === undefined
          ? 'day'
          : second === undefined
            ? 'minute'
            : fraction === undefined
              ? 'second'
              : 'millisecond';
  return instantOf(
    {
      year: Number(year),
      ...(month === undefined ? {} : { month: Number(month) }),
      ...(day === undefined ? {} : { day: Number(day) }),
      ...(hour === undefined ? {} : { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0), millisecond: milliseconds(fraction) }),
    },
    precision,
    offset === undefined ? null : offsetMinutes(offset),
    zone,
  );
}

export const milliseconds = (fraction: string | undefined): number => (fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0')));

/** `Z`, `+0800`, `+08:00` → minutes ahead of UTC. */
export function offsetMinutes(offset: string): number {
  if (offset === 'Z' || offset === 'z') return 0;
  const digits = offset.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return digits.startsWith('-') ? -minutes : minutes;
}

/** The calendar date a source wrote, `YYYY-MM-DD` or coarser, without any zone: for birth dates. */
export function readDateText(text: string): string | null {
  const found = /^(\d{4})(?:[-/.年]?(\d{1,2})(?:[-/.月]?(\d{1,2})日?)?月?)?年?/.exec(text.trim());
  if (found === null) return null;
  const [, year, month, day] = found;
  const parts = { year: Number(year), ...(month === undefined ? {} : { month: Number(month) }), ...(day === undefined ? {} : { day: Number(day) }) };
  if (instantOf(parts, 'day', 0, ZONE) === null) return null;
  return [year, month?.padStart(2, '0'), day?.padStart(2, '0')].filter((each) => each !== undefined).join('-');
}
