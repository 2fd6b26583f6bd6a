import type { Purpose } from '@xinglin/contracts';
import { describe, expect, it } from 'vitest';
import { type ConsentEntry, type ConsentSubject, decideConsent } from './decide.ts';

const adult: ConsentSubject = { isKnown: true, isDeceased: false, isRestricted: false, birthDate: '1970-03-04' };
const entry = (day: number, isGranted: boolean, more: Partial<ConsentEntry> = {}): ConsentEntry => ({
  purpose: 'followup',
  channel: null,
  isGranted,
  givenBy: 'patient',
  textEdition: 'followup@1',
  occurredAt: new Date(Date.UTC(2026, 0, day)),
  position: day,
  ...more,
});
const decide = (entries: ConsentEntry[], more: { purpose?: Purpose; channel?: string; subject?: Partial<ConsentSubject>; today?: string } = {}) => {
  const decision = decideConsent({ ...adult, ...more.subject }, entries, more.purpose ?? 'followup', more.channel ?? 'sms', more.today ?? '2026-06-01');
  return decision.allowed ? decision.basis : decision.reason;
};

describe('a contact', () => {
  it('for care needs no asking, every other purpose does', () => {
    expect(decide([], { purpose: 'care' })).toBe('contract');
    expect(decide([])).toBe('no-consent');
    expect(decide([], { purpose: 'marketing' })).toBe('no-consent');
    expect(decide([], { purpose: 'operations' })).toBe('no-consent');
  });
  it('for one purpose is not allowed by consent to another', () => {
    expect(decide([entry(1, true)], { purpose: 'marketing' })).toBe('no-consent');
    expect(decide([entry(1, true), entry(2, false, { purpose: 'marketing' })])).toBe('consent:followup@1');
  });
  it('follows the latest choice', () => {
    expect(decide([entry(1, true), entry(2, false)])).toBe('withdrawn');
    expect(decide([entry(2, false), entry(3, true), entry(1, true)])).toBe('consent:followup@1');
    expect(decide([entry(1, true), entry(1, false)])).toBe('withdrawn');
  });
  it('follows the choice for its channel before the general one', () => {
    const noSms = entry(1, false, { channel: 'sms' });
    expect(decide([entry(2, true), noSms])).toBe('withdrawn');
    expect(decide([entry(2, true), noSms], { channel: 'inbox' })).toBe('consent:followup@1');
    expect(decide([entry(1, false), entry(2, true, { channel: 'sms' })])).toBe('consent:followup@1');
  });
  it('ends on all channels with a general withdrawal', () => expect(decide([entry(1, true, { channel: 'sms' }), entry(2, false)])).toBe('withdrawn'));
  it('never goes to the dead, the restricted or the unknown', () => {
    expect(decide([entry(1, true)], { subject: { isDeceased: true } })).toBe('deceased');
    expect(decide([entry(1, true)], { subject: { isRestricted: true } })).toBe('restricted');
    expect(decide([entry(1, true)], { subject: { isKnown: false } })).toBe('unknown-person');
    expect(decide([], { purpose: 'care', subject: { isDeceased: true } })).toBe('deceased');
  });
});

describe('a child below fourteen', () => {
  const child = { birthDate: '2012-06-02' };
  it('needs the guardian', () => {
    expect(decide([entry(1, true)], { subject: child })).toBe('minor-without-guardian');
    expect(decide([entry(1, true, { givenBy: 'guardian' })], { subject: child })).toBe('consent:followup@1');
  });
  it('is asked anew on the fourteenth birthday', () => {
    const guardian = [entry(1, true, { givenBy: 'guardian' })];
    expect(decide(guardian, { subject: child, today: '2026-06-01' })).toBe('consent:followup@1');
    expect(decide(guardian, { subject: child, today: '2026-06-02' })).toBe('no-consent');
    expect(decide([...guardian, entry(5, true)], { subject: child, today: '2026-06-02' })).toBe('consent:followup@1');
  });
  it('is taken as the younger when only the month is known', () => {
    expect(decide([entry(1, true)], { subject: { birthDate: '2012-06' }, today: '2026-06-15' })).toBe('minor-without-guardian');
  });
});
