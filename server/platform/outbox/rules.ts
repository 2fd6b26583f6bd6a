/** When and how often a person may be contacted: pure decisions. */
import { PURPOSES, type Purpose } from '@xinglin/contracts';

/** Care is never counted or delayed; marketing has its own, smaller budget; everything else is service. */
export type PurposeClass = 'care' | 'service' | 'marketing';
export const classOf = (purpose: Purpose): PurposeClass => (purpose === 'care' || purpose === 'marketing' ? purpose : 'service');
export const purposesOf = (wanted: PurposeClass): Purpose[] => PURPOSES.filter((each) => classOf(each) === wanted);

export const BUDGET_DAYS = 7;

/** Minutes after local midnight; `from` after `to` spans midnight, equal means no quiet hours. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}
export interface ContactRules {
  readonly quiet: QuietHours;
  /** Contacts per record in seven days. */
  readonly budget: Readonly<Record<Exclude<PurposeClass, 'care'>, number>>;
}
export const DEFAULT_RULES: ContactRules = { quiet: { from: 21 * 60, to: 8 * 60 }, budget: { service: 6, marketing: 1 } };

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** When a contact planned for `now` may go out: `now` itself, or the end of the quiet hours it falls into. */
export function quietUntil(now: Date, purpose: Purpose, quiet: QuietHours, timeZone: string): Date {
  if (classOf(purpose) === 'care' || quiet.from === quiet.to) return now;
  const minute = minuteOfDay(now, timeZone);
  const isQuiet = quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
  if (!isQuiet) return now;
  const wait = (quiet.to - minute + DAY_MINUTES) % DAY_MINUTES;
  return new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS + wait * MINUTE_MS);
}

const formats = new Map<string, Intl.DateTimeFormat>();
function minuteOfDay(instant: Date, timeZone: string): number {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    formats.set(timeZone, format);
  }
  const [hour = 0, minute = 0] = format.format(instant).split(':').map(Number);
  return hour * 60 + minute;
}

/** Pause before an unknown outcome is tried again with a provider that honours our key: 5 s, 30 s, 3 min, 18 min, 108 min. */
export const retryAt = (now: Date, attempts: number): Date => new Date(now.getTime() + 5_000 * 6 ** attempts);
export const ATTEMPTS_MAX = 6;
