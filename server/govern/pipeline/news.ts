/**
 * What is news. Signals start work (plans, cases, calls), so importing history must not.
 *
 * - A visit that ended counts from any lane (many hospitals hand over discharges in a nightly file) when it ended in the last fourteen
 *   days of business time; plans and surveys have narrower windows of their own. Its reopening is news only when its end had been.
 * - Answers and complaints count from any lane when they are not older than seven days: survey platforms hand answers over in nightly files,
 *   and a low score among them is as urgent as one given here. Older ones are history.
 * - A receipt of a message is always news; it can only be about a message of ours.
 * - A consent withdrawn is always news; one granted only when it did not come in a bulk import.
 * - Nothing is news while a rebuild replays it.
 */
import type { Lane } from '@xinglin/contracts';

const VISIT_DAYS = 14;
const VOICE_DAYS = 7;
/** A clock somewhere runs ahead; further than this the time is wrong, not early. */
const AHEAD_DAYS = 1;
const DAY_MS = 86_400_000;

const isWithin = (days: number, occurredAt: Date, now: Date): boolean => {
  const age = now.getTime() - occurredAt.getTime();
  return age <= days * DAY_MS && age >= -AHEAD_DAYS * DAY_MS;
};
export const isVisitNews = (endedAt: Date, now: Date): boolean => isWithin(VISIT_DAYS, endedAt, now);
export const isVoiceNews = (occurredAt: Date, now: Date): boolean => isWithin(VOICE_DAYS, occurredAt, now);
/** Neither it nor anything before it is news. */
export const isVoiceHistory = (latest: Date, now: Date): boolean => now.getTime() - latest.getTime() > VOICE_DAYS * DAY_MS;
export const isConsentNews = (lane: Lane, isGranted: boolean): boolean => !isGranted || lane !== 'bulk';
