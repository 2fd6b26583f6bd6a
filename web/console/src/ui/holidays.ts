/**
 * Public holidays that move visits and moods, for the marks on trend charts. Lunar ones come from the browser's Chinese calendar.
 * Days off and make-up days (调休) are the server's loadable calendar; a mark needs only the day itself.
 */
export type Holiday = 'newYear' | 'spring' | 'qingming' | 'labour' | 'dragonBoat' | 'midAutumn' | 'national';

const SOLAR: Readonly<Record<string, Holiday>> = { '01-01': 'newYear', '05-01': 'labour', '10-01': 'national' };
const LUNAR: Readonly<Record<string, Holiday>> = { '1-1': 'spring', '5-5': 'dragonBoat', '8-15': 'midAutumn' };
const DAY_MS = 86_400_000;
/** More marks than this say nothing. */
const RANGE_DAYS_MAX = 800;

const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', { timeZone: 'UTC', month: 'numeric', day: 'numeric' });

/** Qingming of this century: the day the sun reaches 15°, by the usual formula. */
const qingming = (year: number): string => `04-${String(Math.floor((year % 100) * 0.2422 + 4.81) - Math.floor((year % 100) / 4)).padStart(2, '0')}`;

export function holidaysBetween(from: string, to: string): { day: string; holiday: Holiday }[] {
  const found: { day: string; holiday: Holiday }[] = [];
  const first = Date.parse(`${from}T00:00:00Z`);
  const last = Math.min(Date.parse(`${to}T00:00:00Z`), first + RANGE_DAYS_MAX * DAY_MS);
  for (let at = first; at <= last; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const holiday = SOLAR[day.slice(5)] ?? (day.slice(5) === qingming(Number(day.slice(0, 4))) ? 'qingming' : LUNAR[lunarDay(at)]);
    if (holiday !== undefined) found.push({ day, holiday });
  }
  return found;
}

/** `8-15`; a leap month carries a mark (`8bis`) and never matches. */
function lunarDay(at: number): string {
  const parts = lunar.formatToParts(at);
  return `${parts.find((part) => part.type === 'month')?.value}-${parts.find((part) => part.type === 'day')?.value}`;
}
