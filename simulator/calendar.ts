/**
 * Local calendar of the city (UTC+8, no summer time). A day is a count of days since 1970-01-01; a time is local seconds since then.
 * Nothing here asks the machine's clock or zone.
 */
export const DAY = 86_400;
const ZONE_SECONDS = 8 * 3600;

/** Year, month 1–12 and day of month of a day number (Hinnant's civil-from-days). */
export function civil(day: number): { year: number; month: number; date: number } {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return { year: yoe + era * 400 + (month <= 2 ? 1 : 0), month, date: doy - Math.floor((153 * mp + 2) / 5) + 1 };
}

export function dayOf(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + date - 1;
  return era * 146_097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719_468;
}

/** Months counted from year 0, so that months can be added. */
export const monthIndexOf = (day: number): number => {
  const { year, month } = civil(day);
  return year * 12 + month - 1;
};
export const firstDayOfMonth = (monthIndex: number): number => dayOf(Math.floor(monthIndex / 12), (monthIndex % 12) + 1, 1);
export const monthText = (monthIndex: number): string => `${Math.floor(monthIndex / 12)}-${two((monthIndex % 12) + 1)}`;

/** 0 Sunday … 6 Saturday. */
export const weekday = (day: number): number => (((day + 4) % 7) + 7) % 7;

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

interface DayTexts {
  readonly dashed: string;
  readonly plain: string;
}
/** Days from 1870 to 2119 are kept by number; the texts of a birth day or a day simulated are asked for very often. */
const KEPT_FROM = -36_524;
const KEPT = 91_310;
const dayTexts: (DayTexts | undefined)[] = new Array<DayTexts | undefined>(KEPT);
function textsOf(day: number): DayTexts {
  const known = dayTexts[day - KEPT_FROM];
  if (known !== undefined) return known;
  const { year, month, date } = civil(day);
  const texts = { dashed: `${year}-${two(month)}-${two(date)}`, plain: `${year}${two(month)}${two(date)}` };
  if (day >= KEPT_FROM && day < KEPT_FROM + KEPT) dayTexts[day - KEPT_FROM] = texts;
  return texts;
}
const TWO = Array.from({ length: 100 }, (_, n) => two(n));
const clock = (seconds: number, separator: string): string =>
  `${TWO[Math.floor(seconds / 3600)]}${separator}${TWO[Math.floor(seconds / 60) % 60]}${separator}${TWO[seconds % 60]}`;

export const dayDashed = (day: number): string => textsOf(day).dashed;
export const dayPlain = (day: number): string => textsOf(day).plain;
export const dayAt = (time: number): number => Math.floor(time / DAY);
export const hourAt = (time: number): number => Math.floor((time % DAY) / 3600);
const within = (time: number): number => Math.floor(time) - dayAt(time) * DAY;

/** People sleep: what would be written before seven comes seven hours later. */
export const wakingTime = (time: number): number => (hourAt(time) < 7 ? time + 7 * 3600 : time);

/** `20250601083000`, as HL7 v2 writes it. */
export const hl7Time = (time: number): string => dayPlain(dayAt(time)) + clock(within(time), '');
/** `2025-06-01 08:30:00`, as Chinese exports write it. */
export const localText = (time: number): string => `${dayDashed(dayAt(time))} ${clock(within(time), ':')}`;
/** `2025-06-01T08:30:00+08:00`. */
export const isoTime = (time: number): string => `${dayDashed(dayAt(time))}T${clock(within(time), ':')}+08:00`;
/** `2025-06-01T00:30:00.000Z`. */
export const utcTime = (time: number): string => {
  const utc = Math.floor(time) - ZONE_SECONDS;
  return `${dayDashed(dayAt(utc))}T${clock(within(utc), ':')}.000Z`;
};
/** Local time of a machine instant in milliseconds. */
export const timeOfInstant = (milliseconds: number): number => Math.floor(milliseconds / 1000) + ZONE_SECONDS;

/** Lunar New Year, Dragon Boat and Mid-Autumn move with the moon; the days are published in any almanac. */
const MOON: Readonly<Record<number, readonly [newYear: string, dragonBoat: string, midAutumn: string]>> = {
  2022: ['0201', '0603', '0910'],
  2023: ['0122', '0622', '0929'],
  2024: ['0210', '0610', '0917'],
  2025: ['0129', '0531', '1006'],
  2026: ['0217', '0619', '0925'],
  2027: ['0206', '0609', '0915'],
  2028: ['0126', '0528', '1003'],
  2029: ['0213', '0616', '0922'],
  2030: ['0203', '0605', '0912'],
};

const holidays = new Map<number, Set<number>>();
function holidaysOf(year: number): Set<number> {
  let days = holidays.get(year);
  if (days === undefined) {
    days = new Set<number>();
    const add = (first: number, count: number): void => {
      for (let i = 0; i < count; i++) days?.add(first + i);
    };
    add(dayOf(year, 1, 1), 1);
    add(dayOf(year, 4, 4), 2);
    add(dayOf(year, 5, 1), 5);
    add(dayOf(year, 10, 1), 7);
    const moon = MOON[year];
    if (moon !== undefined) {
      const on = (text: string): number => dayOf(year, Number(text.slice(0, 2)), Number(text.slice(2)));
      add(on(moon[0]) - 1, 8);
      add(on(moon[1]), 1);
      add(on(moon[2]), 1);
    }
    holidays.set(year, days);
  }
  return days;
}
export const isHoliday = (day: number): boolean => holidaysOf(civil(day).year).has(day);
/** Weekends and public holidays: clinics are thin, emergency is not. Make-up workdays (调休) are left out. */
export const isRestDay = (day: number): boolean => weekday(day) % 6 === 0 || isHoliday(day);
