const DAY_MICROS = 86_400_000_000;
const byDay = new Map<number, string>();
/** Rows come from a few hundred days; more than this many are a sign of dates gone wrong, and cost only time. */
const DAYS_KEPT_MAX = 20_000;

/** `YYYY-MM` in UTC of an instant in microseconds. */
export function monthOf(micros: bigint): string {
  const day = Math.floor(Number(micros) / DAY_MICROS);
  let month = byDay.get(day);
  if (month === undefined) {
    month = new Date(day * 86_400_000).toISOString().slice(0, 7);
    if (byDay.size >= DAYS_KEPT_MAX) byDay.clear();
    byDay.set(day, month);
  }
  return month;
}
