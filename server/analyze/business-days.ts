/** Days as `YYYY-MM-DD` of the campus, and how SQL gets from an instant to one. */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const time = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const addDays = (day: string, days: number): string => new Date(time(day) + days * DAY_MS).toISOString().slice(0, 10);
export const daysBetween = (from: string, to: string): number => Math.round((time(to) - time(from)) / DAY_MS);

/** The earliest of some days; days compare as text. */
export const earliest = (first: string, ...others: (string | null)[]): string => [first, ...others].filter((day) => day !== null).sort()[0] ?? first;

/** True for a day that exists, written in full. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(time(text)) && new Date(time(text)).toISOString().slice(0, 10) === text;

/** Hours the zone is ahead of UTC. One number serves because mainland China has no summer time; a zone that has needs the engine's own tables. */
export function zoneHours(timeZone: string, at: Date): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const match = /GMT([+-]\d{2})/.exec(parts.find((each) => each.type === 'timeZoneName')?.value ?? '');
  return match === null ? 0 : Number(match[1]);
}

/** SQL for the local day of an instant. */
export const localDaySql = (instant: string, hours: number): string => `cast((${instant}) + interval '${hours}' hour as date)`;

/** An instant the way both engines read a timestamp in UTC. */
export const timestampText = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

/** Local midnight of a day. */
export const midnightOf = (day: string, hours: number): Date => new Date(time(day) - hours * HOUR_MS);
