import type { ChannelPort, ConsentDecision, Purpose } from '@xinglin/contracts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger, systemClock } from '../../kernel/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import type { Outbox, OutboxMessage } from '../types.ts';
import { createOutbox, type RunningOutbox } from './outbox.ts';

const RECORD = '00000000-0000-4000-8000-000000000001';
const OTHER = '00000000-0000-4000-8000-000000000002';
/** Monday, 09:00 in Shanghai. */
const MORNING = new Date('2026-01-05T01:00:00Z');
const hours = (count: number): Date => new Date(MORNING.getTime() + count * 3_600_000);

let t: TestPlatform;
let sent: { sendKey: string; address: string; at: string }[];
let told: string[];
let answer: 'sent' | 'failed' | 'unknown' | 'throws';
let consent: (recordKey: string, purpose: Purpose) => ConsentDecision;

const channel = (honoursKey: boolean): ChannelPort => ({
  channel: 'inbox',
  isSandbox: true,
  honoursKey,
  async send({ sendKey, address, occurredAt }) {
    sent.push({ sendKey, address, at: occurredAt.toISOString() });
    if (answer === 'throws') throw new Error('line broke');
    return answer;
  },
});
const message = (sendKey: string, more: Partial<OutboxMessage> = {}): OutboxMessage => ({
  ...{
    sendKey,
    orgId: 'demo',
    campusId: 'main',
    recordKey: RECORD,
    channel: 'inbox',
    purpose: 'followup',
    template: 'hello@1',
    params: { day: '2026-01-05' },
    notBefore: null,
  },
  ...more,
});
const enqueue = (...messages: OutboxMessage[]) =>
  t.platform.db.tx(async (tx) => {
    const outcomes = [];
    for (const each of messages) outcomes.push(await t.platform.outbox.enqueue(tx, each));
    return outcomes;
  });
const row = (sendKey: string) =>
  t.platform.db.one<{ status: string; reason: string | null; attempts: number }>(
    'select status, reason, attempts from platform.outbox_message where send_key = $1',
    [sendKey],
  );
const join = (outbox: Outbox, honoursKey = false): void => {
  outbox.addChannel(channel(honoursKey));
  outbox.setRenderer(async (template, params) => {
    if (template === 'broken@1') throw new Error('no such words');
    return { title: template, body: String(params['day']), link: null };
  });
  outbox.setPorts({
    consent: { decide: async (recordKey, purpose) => consent(recordKey, purpose) },
    contact: { addressOf: async (recordKey) => (recordKey === OTHER ? null : 'person-1') },
  });
  outbox.onStatus(async ({ message: { sendKey }, status, reason }) => void told.push(`${sendKey} ${status}${reason === null ? '' : ` ${reason}`}`));
};
/** A second sender on the same database, as after a restart. */
const successor = (honoursKey: boolean): RunningOutbox => {
  const { db, clock, due, audit, config } = t.platform;
  const fresh = createOutbox({ db, clock, log: silentLogger, due: { ...due, on: () => {}, schedule: due.schedule.bind(due) }, audit, config });
  join(fresh, honoursKey);
  return fresh;
};

beforeEach(async () => {
  t = await testPlatform({ now: MORNING });
  sent = [];
  told = [];
  answer = 'sent';
  consent = () => ({ allowed: true, basis: 'consent' });
});
afterEach(() => t.close());

describe('a message', () => {
  beforeEach(() => join(t.platform.outbox));

  test('goes out once, after the commit, to the address found at the last moment', async () => {
    expect(await enqueue(message('k1'), message('k1'))).toEqual(['queued', 'already']);
    await t.platform.outbox.idle();
    expect(await enqueue(message('k1'))).toEqual(['already']);
    await t.platform.outbox.idle();
    expect(sent).toEqual([{ sendKey: 'k1', address: 'person-1', at: MORNING.toISOString() }]);
    expect(told).toEqual(['k1 sent']);
    expect(await row('k1')).toEqual({ status: 'sent', reason: null, attempts: 1 });
  });

  test('of a transaction that rolled back is never sent', async () => {
    const work = t.platform.db.tx(async (tx) => {
      await t.platform.outbox.enqueue(tx, message('k1'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await t.platform.outbox.idle();
    expect(sent).toEqual([]);
  });

  test('for later waits for its time', async () => {
    await enqueue(message('k1', { notBefore: hours(3) }));
    await t.advance(hours(2));
    expect(sent).toEqual([]);
    await t.advance(hours(4));
    expect(sent.map((each) => each.at)).toEqual([hours(3).toISOString()]);
  });

  test('cancelled before it was claimed is not sent, and the listeners hear it', async () => {
    await enqueue(message('k1', { notBefore: hours(3) }), message('k2', { notBefore: hours(3), purpose: 'marketing' }));
    const count = await t.platform.db.tx((tx) => t.platform.outbox.cancel(tx, { recordKey: RECORD, purpose: 'marketing' }));
    await t.advance(hours(4));
    expect(count).toBe(1);
    expect(sent.map((each) => each.sendKey)).toEqual(['k1']);
    expect(told).toEqual(['k2 skipped cancelled', 'k1 sent']);
  });

  test('keeps nothing of what it said once its outcome is told', async () => {
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    expect(await t.platform.db.query('select params, is_reported from platform.outbox_message')).toEqual([{ params: {}, is_reported: true }]);
  });
});

describe('a contact is refused', () => {
  beforeEach(() => join(t.platform.outbox));
  const refusals: [string, ConsentDecision & { allowed: false }][] = (
    ['no-consent', 'withdrawn', 'minor-without-guardian', 'deceased', 'restricted', 'unknown-person'] as const
  ).map((reason) => [reason, { allowed: false, reason }]);

  test.each(refusals)('when the consent decision is %s', async (reason, decision) => {
    consent = () => decision;
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    expect(sent).toEqual([]);
    expect(told).toEqual([`k1 skipped ${reason}`]);
    const audited = await t.platform.db.one(`select outcome, subject, detail from platform.audit_entry where action = 'outbox.contact'`);
    expect(audited).toEqual({ outcome: 'refused', subject: RECORD, detail: `inbox ${reason}` });
  });

  test('when consent is given for another purpose only', async () => {
    consent = (_record, purpose) => (purpose === 'followup' ? { allowed: true, basis: 'consent' } : { allowed: false, reason: 'no-consent' });
    await enqueue(message('k1'), message('k2', { purpose: 'marketing' }));
    await t.platform.outbox.idle();
    expect(told.sort()).toEqual(['k1 sent', 'k2 skipped no-consent']);
  });

  test('when there is no address', async () => {
    await enqueue(message('k1', { recordKey: OTHER }));
    await t.platform.outbox.idle();
    expect(told).toEqual(['k1 skipped no-address']);
  });

  test('when nobody serves the channel', async () => {
    await enqueue(message('k1', { channel: 'pigeon' }));
    await t.platform.outbox.idle();
    expect(told).toEqual(['k1 skipped no-channel']);
  });

  test('when its budget for the week is spent, per class of purpose; a week later it is open again, and care is never counted', async () => {
    const many = (prefix: string, count: number, purpose: Purpose) => Array.from({ length: count }, (_, i) => message(`${prefix}${i}`, { purpose }));
    await enqueue(...many('s', 8, 'followup'), ...many('m', 2, 'marketing'), ...many('c', 9, 'care'));
    await t.platform.outbox.idle();
    expect(told.filter((each) => each.endsWith('sent')).length).toBe(6 + 1 + 9);
    expect(told.filter((each) => each.endsWith('contact-budget')).sort()).toEqual([
      'm1 skipped contact-budget',
      's6 skipped contact-budget',
      's7 skipped contact-budget',
    ]);
    await t.advance(hours(7 * 24 + 1));
    await enqueue(message('next-week'));
    await t.platform.outbox.idle();
    expect(told.at(-1)).toBe('next-week sent');
  });

  test('by limits the hospital has set itself', async () => {
    await t.platform.db.query(`insert into platform.setting (name, value) values ('outbox.week-budget', '{"service":1,"marketing":0}')`);
    await enqueue(message('k1'), message('k2'), message('k3', { purpose: 'marketing' }));
    await t.platform.outbox.idle();
    expect(told).toEqual(['k1 sent', 'k2 skipped contact-budget', 'k3 skipped contact-budget']);
  });
});

describe('quiet hours', () => {
  beforeEach(() => join(t.platform.outbox));

  test('delay a message to the morning, but not one for care', async () => {
    await t.advance(hours(14));
    await enqueue(message('night'), message('urgent', { purpose: 'care' }));
    await t.platform.outbox.idle();
    expect(sent.map((each) => each.sendKey)).toEqual(['urgent']);
    await t.advance(hours(24));
    expect(sent.at(-1)).toEqual({ sendKey: 'night', address: 'person-1', at: hours(23).toISOString() });
    const audited = await t.platform.db.query(`select 1 from platform.audit_entry where action = 'outbox.contact'`);
    expect(audited).toHaveLength(2);
  });

  test('are asked again in the morning: consent withdrawn overnight holds', async () => {
    await t.advance(hours(14));
    await enqueue(message('night'));
    await t.platform.outbox.idle();
    consent = () => ({ allowed: false, reason: 'withdrawn' });
    await t.advance(hours(24));
    expect(sent).toEqual([]);
    expect(told).toEqual(['night skipped withdrawn']);
  });
});

describe('an unknown outcome', () => {
  test.each(['unknown', 'throws'] as const)('(%s) is not repeated when the provider does not honour our key', async (how) => {
    join(t.platform.outbox);
    answer = how;
    await enqueue(message('k1'));
    await t.advance(hours(9));
    expect(sent).toHaveLength(1);
    expect(told).toEqual([]);
    expect(await row('k1')).toEqual({ status: 'unknown', reason: 'outcome-unknown', attempts: 1 });
  });

  test('is repeated under the same key when the provider honours it, until it is known', async () => {
    join(t.platform.outbox, true);
    answer = 'unknown';
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    answer = 'sent';
    await t.advance(hours(1));
    expect(sent.map((each) => each.sendKey)).toEqual(['k1', 'k1']);
    expect(told).toEqual(['k1 sent']);
  });

  test('is given up after six attempts', async () => {
    join(t.platform.outbox, true);
    answer = 'unknown';
    await enqueue(message('k1'));
    await t.advance(hours(72));
    expect(sent).toHaveLength(6);
    expect((await row('k1')).status).toBe('unknown');
  });

  test('is closed by a receipt', async () => {
    join(t.platform.outbox);
    answer = 'unknown';
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    await t.platform.db.tx((tx) =>
      t.platform.signals.emit(tx, 'message.receipt', 'r1', { sendKey: 'k1', status: 'delivered', occurredAt: MORNING.toISOString() }),
    );
    await t.platform.signals.idle();
    await t.platform.outbox.idle();
    expect(told).toEqual(['k1 sent']);
  });

  test('is sent again when a person decides so, and a settled one is not', async () => {
    join(t.platform.outbox);
    answer = 'unknown';
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    answer = 'sent';
    const again = () => t.platform.db.tx((tx) => t.platform.outbox.settle(tx, 'k1', 'again'));
    expect(await again()).toBe(true);
    await t.platform.outbox.idle();
    expect(await again()).toBe(false);
    expect(sent).toHaveLength(2);
  });

  test('a plain failure is told as one', async () => {
    join(t.platform.outbox);
    answer = 'failed';
    await enqueue(message('k1'), message('k2', { template: 'broken@1' }));
    await t.platform.outbox.idle();
    expect(told.sort()).toEqual(['k1 failed channel-refused', 'k2 failed render-failed']);
  });
});

describe('a server killed', () => {
  const claim = (sendKey: string) =>
    t.platform.db.query(`update platform.outbox_message set status = 'claimed', claimed_at = $2, attempts = 1 where send_key = $1`, [sendKey, MORNING]);

  test('between claim and send leaves an unknown outcome, not a second message', async () => {
    await t.platform.pause();
    await enqueue(message('k1'));
    await claim('k1');
    await successor(false).drain();
    expect(sent).toEqual([]);
    expect((await row('k1')).status).toBe('unknown');
  });

  test('between claim and send is made good when the provider honours our key', async () => {
    await t.platform.pause();
    await enqueue(message('k1'));
    await claim('k1');
    const next = successor(true);
    await next.drain();
    t.clock.advanceTo(hours(1));
    await next.drain();
    expect(sent.map((each) => each.sendKey)).toEqual(['k1']);
    expect(told).toEqual(['k1 sent']);
  });

  test('before the claim loses nothing', async () => {
    await t.platform.pause();
    await enqueue(message('k1'));
    await successor(false).drain();
    expect(told).toEqual(['k1 sent']);
  });

  test('before the listeners heard tells them after the restart', async () => {
    join(t.platform.outbox);
    t.platform.outbox.onStatus(() => Promise.reject(new Error('listener is down')));
    await enqueue(message('k1'));
    await t.platform.outbox.idle();
    await t.platform.pause();
    told = [];
    await successor(false).drain();
    expect(told).toEqual(['k1 sent']);
    expect(sent).toHaveLength(1);
  });
});

describe('channels', () => {
  test('that really send are refused with simulated time, and allowed on the system clock', () => {
    const real = { ...channel(false), isSandbox: false };
    expect(() => t.platform.outbox.addChannel(real)).toThrow(expect.objectContaining({ code: 'outbox.real-channel-in-simulated-time' }));
    const { db, due, config } = t.platform;
    createOutbox({ db, clock: systemClock, log: silentLogger, due: { ...due, on: () => {} }, config }).addChannel(real);
  });

  test('are served by one sender each', () => {
    t.platform.outbox.addChannel(channel(false));
    expect(() => t.platform.outbox.addChannel(channel(false))).toThrow(expect.objectContaining({ code: 'outbox.channel-taken' }));
  });
});
