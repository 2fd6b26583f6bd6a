import type { ConsentPort, ContactPort, Purpose } from '@xinglin/contracts';
import { type Clock, invariant } from '../../kernel/index.ts';
import type { Audit, Db } from '../types.ts';
import { spentBudget } from './outbox.sql.ts';
import { BUDGET_DAYS, type ContactRules, classOf, purposesOf, quietUntil } from './rules.ts';

export type ContactPoint =
  | { readonly is: 'open'; readonly address: string }
  | { readonly is: 'later'; readonly at: Date }
  /** `quiet` never refuses, it delays. */
  | { readonly is: 'closed'; readonly reason: string };

export interface ContactParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly audit?: Audit | undefined;
  readonly timeZone: string;
  readonly orgId: string;
}
export interface ContactPorts {
  readonly consent: ConsentPort;
  readonly contact: ContactPort;
}

/**
 * The one place where a record becomes a phone number or an openid: quiet hours, the contact budget, consent (with the clinical
 * guards behind it: deceased, restricted, minors) and the address, in this order, and an audit entry for every decision.
 */
export async function contactPoint(
  parts: ContactParts,
  ports: ContactPorts | null,
  rules: ContactRules,
  asked: { readonly recordKey: string; readonly channel: string; readonly purpose: Purpose; readonly orgId: string },
): Promise<ContactPoint> {
  invariant(ports !== null, 'consent and contact ports are joined before anything is sent');
  const now = parts.clock.now();
  const at = quietUntil(now, asked.purpose, rules.quiet, parts.timeZone);
  if (at > now) return { is: 'later', at };
  const decision = await decide(parts, ports, rules, asked, now);
  await parts.audit?.record({
    viewer: { kind: 'system', room: 'platform', orgId: asked.orgId, purpose: asked.purpose },
    action: 'outbox.contact',
    relation: 'contact',
    subject: asked.recordKey,
    outcome: decision.is === 'open' ? 'allowed' : 'refused',
    detail: decision.is === 'closed' ? `${asked.channel} ${decision.reason}` : asked.channel,
  });
  return decision;
}

async function decide(
  parts: ContactParts,
  ports: ContactPorts,
  rules: ContactRules,
  { recordKey, channel, purpose }: { recordKey: string; channel: string; purpose: Purpose },
  now: Date,
): Promise<Exclude<ContactPoint, { is: 'later' }>> {
  const purposeClass = classOf(purpose);
  if (purposeClass !== 'care') {
    const since = new Date(now.getTime() - BUDGET_DAYS * 86_400_000);
    const spent = await spentBudget(parts.db, recordKey, purposesOf(purposeClass), since);
    if (spent >= rules.budget[purposeClass]) return { is: 'closed', reason: 'contact-budget' };
  }
  const consent = await ports.consent.decide(recordKey, purpose, channel);
  if (!consent.allowed) return { is: 'closed', reason: consent.reason };
  const address = await ports.contact.addressOf(recordKey, channel);
  return address === null ? { is: 'closed', reason: 'no-address' } : { is: 'open', address };
}
