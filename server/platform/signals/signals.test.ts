import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../kernel/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import { createSignals } from './signals.ts';

let t: TestPlatform;
let heard: string[];
beforeEach(async () => {
  t = await testPlatform();
  heard = [];
});
afterEach(() => t.close());

const RECORD = '00000000-0000-4000-8000-00000000000';
const consent = (record: number, purpose = 'followup') => ({
  recordKey: `${RECORD}${record}`,
  purpose,
  channel: null,
  granted: true,
  occurredAt: '2026-01-05T01:00:00Z',
});
const emit = (key: string, record: number): Promise<void> =>
  t.platform.db.tx((tx) => t.platform.signals.emit(tx, 'consent.changed', key, consent(record, key)));

describe('signals', () => {
  test('reach every subscriber of their topic once, in order of emission', async () => {
    const { signals } = t.platform;
    signals.on('consent.changed', 'first', async (_tx, { purpose }) => void heard.push(`first ${purpose}`));
    signals.on('consent.changed', 'second', async (_tx, { purpose }) => void heard.push(`second ${purpose}`));
    signals.on('complaint.received', 'first', async () => void heard.push('never'));
    for (const key of ['a', 'b', 'c']) await emit(key, 1);
    await signals.idle();
    expect(heard.filter((each) => each.startsWith('first'))).toEqual(['first a', 'first b', 'first c']);
    expect(heard.filter((each) => each.startsWith('second'))).toEqual(['second a', 'second b', 'second c']);
    expect(await t.platform.db.query('select * from platform.signal_delivery')).toEqual([]);
  });

  test('with the same topic and key are one signal for ever', async () => {
    t.platform.signals.on('consent.changed', 'once', async (_tx, { purpose }) => void heard.push(purpose));
    await emit('same', 1);
    await t.platform.signals.idle();
    await emit('same', 1);
    await t.platform.db.tx((tx) =>
      t.platform.signals.emitMany(tx, 'consent.changed', [
        { key: 'new', payload: consent(1, 'new') },
        { key: 'same', payload: consent(1, 'same') },
        { key: 'new', payload: consent(1, 'twice') },
      ]),
    );
    await t.platform.signals.idle();
    expect(heard).toEqual(['same', 'new']);
  });

  test('of a transaction that rolled back are never heard', async () => {
    t.platform.signals.on('consent.changed', 'deaf', async () => void heard.push('heard'));
    const work = t.platform.db.tx(async (tx) => {
      await t.platform.signals.emit(tx, 'consent.changed', 'lost', consent(1));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await t.platform.signals.idle();
    expect(heard).toEqual([]);
  });

  test('emitted by a handler are heard before idle resolves', async () => {
    const { signals } = t.platform;
    signals.on('consent.changed', 'chain', (tx, { purpose }) =>
      signals.emit(tx, 'message.receipt', purpose, { sendKey: purpose, status: 'read', occurredAt: '2026-01-05T01:00:00Z' }),
    );
    signals.on('message.receipt', 'end', async (_tx, { sendKey }) => void heard.push(sendKey));
    await emit('x', 1);
    await signals.idle();
    expect(heard).toEqual(['x']);
  });

  test('whose handler fails are tried again, hold back later ones of the same record, and nobody else', async () => {
    const { signals } = t.platform;
    let failures = 0;
    signals.on('consent.changed', 'shaky', async (_tx, { purpose }) => {
      if (purpose === 'bad' && failures++ < 2) throw new Error('not yet');
      heard.push(purpose);
    });
    signals.on('consent.changed', 'steady', async (_tx, { purpose }) => void heard.push(`steady ${purpose}`));
    await t.platform.db.tx((tx) =>
      signals.emitMany(tx, 'consent.changed', [
        { key: '1', payload: consent(1, 'bad') },
        { key: '2', payload: consent(1, 'after-bad') },
        { key: '3', payload: consent(2, 'other') },
      ]),
    );
    await signals.idle();
    expect(heard.filter((each) => each.startsWith('steady'))).toEqual(['steady bad', 'steady after-bad', 'steady other']);
    expect(heard.filter((each) => !each.startsWith('steady'))).toEqual(['other', 'bad', 'after-bad']);
    expect(failures).toBe(3);
  });

  test("undo the handler's work when it fails", async () => {
    const { signals, db } = t.platform;
    let isFirst = true;
    signals.on('consent.changed', 'writer', async (tx, { purpose }) => {
      await tx.query('insert into platform.setting (name, value) values ($1, $2)', [`test.${purpose}`, '1']);
      if (isFirst) {
        isFirst = false;
        throw new Error('after writing');
      }
    });
    await emit('write', 1);
    await signals.idle();
    expect(await db.query(`select name from platform.setting where name like 'test.%'`)).toEqual([{ name: 'test.write' }]);
  });

  test('left by a server that died are delivered by the next one', async () => {
    t.platform.signals.on('consent.changed', 'heir', async () => {});
    await t.platform.pause();
    await emit('left', 1);
    const next = createSignals({ db: t.platform.db, log: silentLogger });
    next.on('consent.changed', 'heir', async (_tx, { purpose }) => void heard.push(purpose));
    next.start();
    await next.idle();
    await next.stop();
    expect(heard).toEqual(['left']);
  });
});
