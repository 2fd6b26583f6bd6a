import type { CanonicalAct, StaffViewer } from '@xinglin/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mrn, person, type TestGovern, testGovern } from '../testing.ts';

let t: TestGovern;
beforeEach(async () => {
  t = await testGovern();
});
afterEach(() => t.close());

const nurse: StaffViewer = { kind: 'staff', userId: 'u', role: 'nurse', orgId: 'demo', departments: 'all', purpose: 'followup' };
const consent = (granted: boolean, more: Partial<Extract<CanonicalAct, { act: 'consent' }>> = {}): CanonicalAct => ({
  ...{ act: 'consent', subject: mrn('P1'), purpose: 'followup', channel: null, granted, textEdition: 'followup@1', occurredAt: '2026-01-05T00:00:00Z' },
  ...more,
});
const recordKey = async () => (await t.platform.db.one<{ record_key: string }>('select record_key from govern.record limit 1')).record_key;
const decide = async (purpose: 'care' | 'followup' | 'marketing' = 'followup') => {
  const decision = await t.govern.consents.decide(await recordKey(), purpose, 'sms');
  return decision.allowed ? 'allowed' : decision.reason;
};

describe('a consent', () => {
  it('is denied by default, allows once granted, and ends with withdrawal', async () => {
    await t.tell([person(mrn('P1'), { names: ['张三'] })]);
    expect([await decide('care'), await decide()]).toEqual(['allowed', 'no-consent']);
    await t.tell([], { acts: [consent(true)], lane: 'bulk' });
    expect(t.signals).toEqual([]);
    expect([await decide(), await decide('marketing')]).toEqual(['allowed', 'no-consent']);
    await t.tell([], { acts: [consent(false, { occurredAt: '2026-01-05T00:30:00Z' })], lane: 'loop' });
    expect(await decide()).toBe('withdrawn');
    expect(t.signals.map((each) => each.payload)).toMatchObject([{ purpose: 'followup', granted: false, recordKey: await recordKey() }]);
  });

  it('given on one record counts for the person', async () => {
    const id = { type: 'resident-id', system: 'CN', value: '11010519491231002X' } as const;
    await t.tell([person(mrn('P1'), { names: ['张三'], identifiers: [mrn('P1'), id] })]);
    const his = await recordKey();
    await t.tell([person(mrn('L1', 'LIS'), { names: ['张三'], identifiers: [mrn('L1', 'LIS'), id] })], { source: 'lis' });
    await t.tell([], { source: 'lis', acts: [consent(true, { subject: mrn('L1', 'LIS') })] });
    expect(await t.govern.consents.decide(his, 'followup', 'sms')).toEqual({ allowed: true, basis: 'consent:followup@1' });
  });

  it('of a child needs the guardian', async () => {
    await t.tell([person(mrn('P1'), { names: ['小明'], birthDate: '2015-02-03' })], { acts: [consent(true, { by: 'patient' })] });
    expect(await decide()).toBe('minor-without-guardian');
    await t.tell([], { acts: [consent(true, { by: 'guardian', occurredAt: '2026-01-05T00:10:00Z' })] });
    expect(await decide()).toBe('allowed');
  });

  it('with a purpose or edition that is none is set aside', async () => {
    await t.tell([], { acts: [consent(true, { purpose: 'everything' }), consent(true, { textEdition: '随访同意书' })] });
    expect((await t.govern.quarantined('his', null, 5)).map((row) => row.code)).toEqual(['govern.bad-consent', 'govern.bad-consent']);
  });

  it('is read within scope, audited, and never changed by a rebuild', async () => {
    await t.tell([person(mrn('P1'), { names: ['张三'] })], { acts: [consent(true)] });
    const personId = (await t.govern.people.personOf([await recordKey()])).values().next().value ?? '';
    expect(await t.govern.consents.of(nurse, personId)).toMatchObject([{ purpose: 'followup', granted: true, textEdition: 'followup@1' }]);
    await expect(t.govern.consents.of({ ...nurse, departments: ['GS'] }, personId)).rejects.toMatchObject({ code: 'govern.not-found' });
    const before = await t.platform.db.query('select * from govern.consent');
    await t.govern.pipeline.rebuild();
    expect(await t.platform.db.query('select * from govern.consent')).toEqual(before);
    expect(t.signals).toHaveLength(1);
  });
});
