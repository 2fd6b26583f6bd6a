import { expect, test } from 'vitest';
import {
  civil,
  dayDashed,
  dayOf,
  hl7Time,
  isHoliday,
  isoTime,
  isRestDay,
  localText,
  monthIndexOf,
  monthText,
  timeOfInstant,
  utcTime,
  weekday,
} from './calendar.ts';

test('days and dates agree with the platform’s calendar over two centuries', () => {
  for (let day = dayOf(1900, 1, 1); day < dayOf(2100, 1, 1); day += 37) {
    const date = new Date(day * 86_400_000);
    expect(civil(day)).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, date: date.getUTCDate() });
    expect(weekday(day)).toBe(date.getUTCDay());
    expect(dayDashed(day)).toBe(date.toISOString().slice(0, 10));
  }
});

test('one moment reads the same in every way it is written', () => {
  const time = timeOfInstant(Date.parse('2026-06-01T00:30:05Z'));
  expect([hl7Time(time), localText(time), isoTime(time), utcTime(time)]).toEqual([
    '20260601083005',
    '2026-06-01 08:30:05',
    '2026-06-01T08:30:05+08:00',
    '2026-06-01T00:30:05.000Z',
  ]);
});

test('months count on over the year and holidays move with the moon', () => {
  expect(monthText(monthIndexOf(dayOf(2025, 12, 31)) + 1)).toBe('2026-01');
  expect([dayOf(2026, 2, 17), dayOf(2026, 10, 1), dayOf(2025, 5, 31)].every(isHoliday)).toBe(true);
  expect(isRestDay(dayOf(2026, 11, 20))).toBe(false);
});
