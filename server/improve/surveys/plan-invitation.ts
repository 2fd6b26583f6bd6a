import type { EncounterSignal } from '@xinglin/contracts';
import { addDays, afterHandover, atLocal, DAY_MS, HOUR_MS, outsideQuietHours } from '../../engage/index.ts';
import { localDay } from '../../kernel/index.ts';
import { editionOf, inpatient, outpatient } from './definitions/index.ts';

/** After a clinic visit people are on their way home; after a stay the first night is over. */
const OUTPATIENT_DELAY_HOURS = 2;
const INPATIENT_HOUR = 10;
/** A visit heard of later than this is history and is not asked about. */
export const INVITE_WITHIN_DAYS = 3;
/** Contact budget: one survey a person in this many days. */
export const SURVEY_EVERY_DAYS = 30;
/** A link works this long. */
export const ANSWER_WITHIN_DAYS = 14;

export type InvitationDecision =
  | { readonly invite: true; readonly survey: string; readonly sendAt: Date; readonly expiresAt: Date }
  | { readonly invite: false; readonly why: 'died' | 'history' | 'class' };

/** Whether and when a visit or stay that ended is asked about. Nobody is written to at night; a backlog goes out over half an hour. */
export function planInvitation(visit: EncounterSignal, now: Date, timeZone: string): InvitationDecision {
  if (visit.disposition === 'died') return { invite: false, why: 'died' };
  const endedAt = new Date(visit.endedAt);
  if (now.getTime() - endedAt.getTime() > INVITE_WITHIN_DAYS * DAY_MS) return { invite: false, why: 'history' };
  const plan = planOf(visit.encounterClass, endedAt, timeZone);
  if (plan === null) return { invite: false, why: 'class' };
  const sendAt = plan.sendAt > now ? outsideQuietHours(plan.sendAt, timeZone) : afterHandover(now, visit.encounterKey, timeZone);
  return { invite: true, survey: plan.survey, sendAt, expiresAt: new Date(sendAt.getTime() + ANSWER_WITHIN_DAYS * DAY_MS) };
}

function planOf(encounterClass: string, endedAt: Date, timeZone: string): { survey: string; sendAt: Date } | null {
  switch (encounterClass) {
    case 'outpatient':
    case 'emergency':
      return { survey: editionOf(outpatient), sendAt: new Date(endedAt.getTime() + OUTPATIENT_DELAY_HOURS * HOUR_MS) };
    case 'inpatient':
      return { survey: editionOf(inpatient), sendAt: atLocal(addDays(localDay(endedAt, timeZone), 1), INPATIENT_HOUR, timeZone) };
    default:
      return null;
  }
}
