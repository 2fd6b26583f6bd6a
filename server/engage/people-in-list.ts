import type { Viewer } from '@xinglin/contracts';
import type { Govern } from '../govern/index.ts';

export interface PersonInList {
  readonly personId: string | null;
  readonly name: string;
  readonly sex: string;
  /** Whole years at `now`; ages above 89 read 90 (DOMAIN D2). */
  readonly age: number | null;
}

/** Rows of a worklist's page, when nobody asks for another number. */
export const PAGE_ROWS = 50;
const AGE_SHOWN_MAX = 90;

/** Names as this viewer may see them, for the records of a page of rows; one look-up for all. Whoever is out of scope stays a number. */
export async function peopleInList(
  { people }: Govern,
  viewer: Viewer,
  recordKeys: readonly string[],
  now: Date,
): Promise<(recordKey: string | null) => PersonInList> {
  const personOf = await people.personOf([...new Set(recordKeys)]);
  const summaries = personOf.size === 0 ? [] : await people.summaries(viewer, [...new Set(personOf.values())]);
  const byPerson = new Map(summaries.map((summary) => [summary.personId, summary]));
  return (recordKey) => {
    const summary = recordKey === null ? undefined : byPerson.get(personOf.get(recordKey) ?? '');
    if (summary === undefined) return { personId: null, name: recordKey === null ? '匿名' : `患者 ${recordKey.slice(0, 4)}`, sex: 'unknown', age: null };
    return { personId: summary.personId, name: summary.name, sex: summary.sex, age: ageAt(summary.birthMonth, now) };
  };
}

export function ageAt(birthMonth: string | null, now: Date): number | null {
  const [year, month] = (birthMonth ?? '').split('-').map(Number);
  if (year === undefined || month === undefined || !(year > 0) || !(month > 0)) return null;
  const months = (now.getUTCFullYear() - year) * 12 + (now.getUTCMonth() + 1 - month);
  return months < 0 ? null : Math.min(AGE_SHOWN_MAX, Math.floor(months / 12));
}

/** Display names of the staff, by user id. */
export const staffNames = async (access: { staff(): Promise<{ userId: string; displayName: string }[]> }): Promise<Map<string, string>> =>
  new Map((await access.staff()).map(({ userId, displayName }) => [userId, displayName]));
