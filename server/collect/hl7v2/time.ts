import { Memo } from '../../kernel/index.ts';
import { instantOf, milliseconds, offsetMinutes, type ReadTime } from '../time.ts';

const TIME = /^(\d{4})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:(\d{2})(?:\.(\d{1,4}))?)?)?)?)?)?([+-]\d{4})?$/;
/** Some engines write hundredths without the point: `2004062916460000`. */
const UNPOINTED = /^(\d{14})(\d{1,3})([+-]\d{4})?$/;

/** DTM and TS values: what they give and how precisely. Null when empty or no real time; an hour alone counts as a minute. */
export function readHl7Time(text: string, zone: string): ReadTime | null {
  if (text === '') return null;
  let known = byZone.get(zone);
  if (known === undefined) {
    known = new Memo(REMEMBERED_MAX, (given) => timeIn(given, zone));
    byZone.set(zone, known);
  }
  return known.of(text);
}

/** A message says the same few times in most of its segments, and so do its neighbours. Zones are those of the sources. */
const REMEMBERED_MAX = 5_000;
const byZone = new Map<string, Memo<ReadTime | null>>();

function timeIn(text: string, zone: string): ReadTime | null {
  const found = TIME.exec(text) ?? TIME.exec(text.replace(UNPOINTED, '$1.$2$3'));
  if (found === null) return null;
  const [, year, month, day, hour, minute, second, fraction, offset] = found;
  const precision =
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
      month: Number(month ?? 1),
      day: Number(day ?? 1),
      hour: Number(hour ?? 0),
      minute: Number(minute ?? 0),
      second: Number(second ?? 0),
      millisecond: milliseconds(fraction),
    },
    precision,
    offset === undefined ? null : offsetMinutes(offset),
    zone,
  );
}

/** A birth date as calendar date, without any zone: `YYYY-MM-DD` or coarser. */
export function readHl7Date(text: string): string | null {
  const time = readHl7Time(text.replace(/^(\d{4,8}).*$/, '$1'), 'UTC');
  if (time === null) return null;
  return time.precision === 'year' ? time.iso.slice(0, 4) : time.precision === 'month' ? time.iso.slice(0, 7) : time.iso.slice(0, 10);
}
