import { addDays } from '../business-days.ts';
import type { Grain } from './slice.ts';

/** First days of the periods that touch the range; one null for the whole. Weeks begin on Monday. */
export function periodsOf(grain: Grain, from: string, to: string): (string | null)[] {
  if (grain === 'total') return [null];
  const periods: string[] = [];
  for (let day = periodStart(grain, from); day <= to; day = nextPeriod(grain, day)) periods.push(day);
  return periods;
}

function periodStart(grain: Exclude<Grain, 'total'>, day: string): string {
  if (grain === 'day') return day;
  if (grain === 'month') return `${day.slice(0, 8)}01`;
  return addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7));
}

function nextPeriod(grain: Exclude<Grain, 'total'>, day: string): string {
  if (grain !== 'month') return addDays(day, grain === 'day' ? 1 : 7);
  return `${addDays(day, 31).slice(0, 8)}01`;
}
