import { HOUR_MS } from '../../engage/index.ts';

/** Service limits in calendar hours from the moment the patient spoke (DOMAIN C4), also across midnight and holidays. */
export const SURVEY_LIMIT_HOURS = 24;
/** 48 h is the rapid channel of complaints. */
export const COMPLAINT_LIMIT_HOURS: Readonly<Record<string, number>> = { high: 24, medium: 48, low: 72, unknown: 48 };
export const ALERT_LIMIT_HOURS: Readonly<Record<'emergency' | 'same-day' | 'within-24h', number>> = { emergency: 1, 'same-day': 6, 'within-24h': 24 };
/** A reopened case has a day again. */
export const REOPENED_LIMIT_HOURS = 24;

export const ESCALATION_SHARES = [0.5, 0.8, 1] as const;

export interface EscalationTimes {
  readonly dueAt: Date;
  /** When each level is reached, levels 1 to 3 in order. */
  readonly levels: readonly { readonly level: number; readonly at: Date }[];
}

export function escalationTimes(from: Date, limitHours: number): EscalationTimes {
  const at = (share: number) => new Date(from.getTime() + limitHours * HOUR_MS * share);
  return { dueAt: at(1), levels: ESCALATION_SHARES.map((share, index) => ({ level: index + 1, at: at(share) })) };
}
