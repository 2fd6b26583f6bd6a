/**
 * Whether a person may be contacted for a purpose over a channel (DOMAIN D1, PIPL 13–16, 28–31).
 *
 * States of one purpose and channel: never asked → granted → withdrawn → granted …; only `care` is allowed without being asked.
 * - A choice for the channel is more specific than one for the purpose; the latest of each kind counts.
 * - A general withdrawal ends every earlier grant it covers; a later general grant does not lift a withdrawal made for one channel.
 * - Below fourteen only a guardian's choice grants anything but care; at the fourteenth birthday it lapses and the person is asked anew.
 */
import type { ConsentDecision, Purpose } from '@xinglin/contracts';

export interface ConsentEntry {
  readonly purpose: string;
  readonly channel: string | null;
  readonly isGranted: boolean;
  readonly givenBy: 'patient' | 'guardian' | 'staff' | 'import';
  readonly textEdition: string;
  readonly occurredAt: Date;
  /** Order of arrival, for choices of the same moment. */
  readonly position: number;
}

/** Lawful basis per purpose (PIPL 13). Those on `consent` are denied until granted. */
export const BASIS: Readonly<Record<Purpose, 'contract' | 'consent' | 'never-contact'>> = {
  care: 'contract',
  followup: 'consent',
  satisfaction: 'consent',
  'health-education': 'consent',
  marketing: 'consent',
  'research-identified': 'consent',
  'research-deidentified': 'consent',
  'device-data': 'consent',
  'family-access': 'consent',
  // Work inside the hospital: never a reason to write to a person.
  operations: 'never-contact',
  administration: 'never-contact',
};

const MINOR_BELOW_YEARS = 14;

export interface ConsentSubject {
  readonly isKnown: boolean;
  readonly isDeceased: boolean;
  readonly isRestricted: boolean;
  /** `YYYY-MM-DD`, or less of it; null when unknown (then age is no bar: consent was given by whoever had the phone). */
  readonly birthDate: string | null;
}

export function decideConsent(
  subject: ConsentSubject,
  entries: readonly ConsentEntry[],
  purpose: Purpose,
  channel: string,
  /** Local day at the campus. */
  today: string,
): ConsentDecision {
  if (!subject.isKnown) return { allowed: false, reason: 'unknown-person' };
  if (subject.isDeceased) return { allowed: false, reason: 'deceased' };
  if (subject.isRestricted) return { allowed: false, reason: 'restricted' };
  const current = effectiveEntry(entries, purpose, channel);
  const basis = BASIS[purpose];
  if (basis === 'contract' && (current === null || current.isGranted || current.channel === null)) return { allowed: true, basis: 'contract' };
  if (basis === 'never-contact' || current === null) return { allowed: false, reason: 'no-consent' };
  if (!current.isGranted) return { allowed: false, reason: 'withdrawn' };
  const adultFrom = subject.birthDate === null ? null : fourteenthBirthday(subject.birthDate);
  if (adultFrom !== null && today < adultFrom) {
    if (current.givenBy !== 'guardian') return { allowed: false, reason: 'minor-without-guardian' };
  } else if (current.givenBy === 'guardian' && adultFrom !== null) return { allowed: false, reason: 'no-consent' };
  return { allowed: true, basis: `consent:${current.textEdition}` };
}

/** The choice that counts for a purpose and channel, or null when none was ever made. */
export function effectiveEntry(entries: readonly ConsentEntry[], purpose: string, channel: string): ConsentEntry | null {
  let general: ConsentEntry | null = null;
  let specific: ConsentEntry | null = null;
  for (const entry of entries) {
    if (entry.purpose !== purpose) continue;
    if (entry.channel === null && isLater(entry, general)) general = entry;
    if (entry.channel === channel && isLater(entry, specific)) specific = entry;
  }
  if (specific === null || general === null) return specific ?? general;
  return !general.isGranted && isLater(general, specific) ? general : specific;
}

const isLater = (a: ConsentEntry, b: ConsentEntry | null): boolean => {
  if (b === null) return true;
  const difference = a.occurredAt.getTime() - b.occurredAt.getTime();
  // Grant and withdrawal of the same moment: the one that protects wins, whichever arrived first.
  if (difference === 0 && a.isGranted !== b.isGranted) return !a.isGranted;
  return difference > 0 || (difference === 0 && a.position > b.position);
};

/** A birth date known only to the month or year counts as its last day: the person is taken as younger, so more is protected. */
export function fourteenthBirthday(birthDate: string): string {
  const [year = '0000', month = '12', day] = birthDate.split('-');
  const turned = String(Number(year) + MINOR_BELOW_YEARS).padStart(4, '0');
  if (day !== undefined) return `${turned}-${month}-${day}`;
  return `${turned}-${month}-31`;
}
