/**
 * What is news. Signals start work (plans, cases, calls), so importing history must not.
 *
 * - A visit that ended counts from any lane (many hospitals hand over discharges in a nightly file) when it ended in the last seven days
 *   of business time; its reopening only when its end had been news.
 * - Answers and complaints count from the live and loop lanes only, and not older than seven days: a file of answers is history.
 * - A receipt of a message is always news; it can only be about a message of ours.
 * - A consent withdrawn is always news; one granted only when it did not come in a bulk import.
 * - Nothing is news while a rebuild replays it.
 */
import type { Lane } from '@xinglin/contracts';

const NEWS_DAYS = 7;
/** A clock somewhere runs ahead; further than this the time is wrong, not early. */
const AHEAD_DAYS = 1;
const DAY_MS = 86_400_000;

export const isFresh = (occurredAt: Date, now: Date): boolean => {
  const age = now.getTime() - occurredAt.getTime();
  return age <= NEWS_DAYS * DAY_MS && age >= -AHEAD_DAYS * DAY_MS;
};
export const isVoiceNews = (lane: Lane, occurredAt: Date, now: Date): boolean => lane !== 'bulk' && isFresh(occurredAt, now);
export const isConsentNews = (lane: Lane, isGranted: boolean): boolean => !isGranted || lane !== 'bulk';
