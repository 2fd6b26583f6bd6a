import { createHash, createHmac, hkdfSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../kernel/index.ts';
import { type TestPlatform, testPlatform } from '../testing.ts';
import { createKeys, loadKeyFile, netstrings, openKeys } from './index.ts';

let test0: TestPlatform;
const folder = mkdtempSync(join(tmpdir(), 'xinglin-keys-'));
beforeAll(async () => {
  test0 = await testPlatform();
});
afterAll(async () => {
  await test0.close();
  rmSync(folder, { recursive: true });
});
const keys = createKeys(loadKeyFile(join(folder, 'one'), true));

describe('keys', () => {
  test('the key file is readable by its owner only and never made twice', () => {
    const path = join(folder, 'one', 'keys.json');
    expect(statSync(path).mode & 0o077).toBe(0);
    const before = readFileSync(path, 'utf8');
    loadKeyFile(join(folder, 'one'), true);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  test('a damaged key file is refused with its name, not replaced', () => {
    const broken = join(folder, 'broken');
    loadKeyFile(broken, true);
    writeFileSync(join(broken, 'keys.json'), '{"format":1');
    expect(() => loadKeyFile(broken, true)).toThrow(/keys\.json cannot be read/);
  });

  test('a pseudonym depends on every part and on where the parts divide', () => {
    expect(keys.pseudonym('a', 'bc')).not.toBe(keys.pseudonym('ab', 'c'));
    expect(keys.pseudonym('demo', 'his', 'mrn', '1')).toBe(keys.pseudonym('demo', 'his', 'mrn', '1'));
    expect(keys.pseudonym('张')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the pads compose the same pseudonym from plain SHA-256, as SQL does', () => {
    const { inner, outer } = keys.pseudonymPads();
    const message = Buffer.from(netstrings(['demo', 'his', '张三']));
    const digest = createHash('sha256').update(outer).update(createHash('sha256').update(inner).update(message).digest()).digest('hex');
    expect(keys.pseudonym('demo', 'his', '张三').replaceAll('-', '')).toBe(digest.slice(0, 32));
  });

  test('the key of a number is plain SHA-256 of its kind’s secret and the number, of which half is kept', () => {
    const { of, secret } = keys.numberKeys('fact', 'demo', 'his', 'charge');
    for (const number of ['F1', '流水1', '', 'x'.repeat(5000)]) {
      expect(of(number).replaceAll('-', '')).toBe(createHash('sha256').update(secret).update(number).digest('hex').slice(0, 32));
    }
    const others = [
      ['fact', 'demo', 'his', 'charge1'],
      ['fact', 'demo', 'hisc', 'harge'],
    ];
    for (const kind of others) expect(keys.numberKeys(...kind).secret).not.toEqual(secret);
  });

  test('a blind index is the HMAC of the value under the key of its kind, cut to 128 bits', () => {
    const file = loadKeyFile(join(folder, 'one'), false);
    const own = Buffer.from(hkdfSync('sha256', Buffer.from(file.blind, 'base64'), '', 'blind index phone', 32));
    for (const value of ['13900001111', '张三', '\u{20164}', '', 'x'.repeat(5000), '\ud800']) {
      expect(keys.blindIndex('phone', value)).toEqual(createHmac('sha256', own).update(value).digest().subarray(0, 16));
    }
  });

  test('what is sealed opens with the same key only, and not after a change', () => {
    const key = Buffer.alloc(32, 1);
    const sealed = keys.seal(key, Buffer.from('words'));
    expect(keys.open(key, sealed).toString()).toBe('words');
    expect(() => keys.open(Buffer.alloc(32, 2), sealed)).toThrow(/cannot be opened/);
    sealed[20] = (sealed[20] ?? 0) ^ 1;
    expect(() => keys.open(key, sealed)).toThrow(/cannot be opened/);
  });

  test('a token is for one purpose, expires, and cannot be forged', () => {
    const token = keys.signToken('survey', 'invitation-1', new Date('2026-02-01'));
    expect(keys.readToken('survey', token, new Date('2026-01-31'))).toEqual({ subject: 'invitation-1' });
    expect(keys.readToken('survey', token, new Date('2026-02-02'))).toBeNull();
    expect(keys.readToken('inbox', token, new Date('2026-01-31'))).toBeNull();
    expect(keys.readToken('survey', `${token.slice(0, -2)}AA`, new Date('2026-01-31'))).toBeNull();
    expect(keys.readToken('survey', 'not a token', new Date('2026-01-31'))).toBeNull();
  });

  test('a subject keeps its data key until it is destroyed, and what it sealed is then lost', async () => {
    const { db } = test0.platform;
    const own = test0.platform.keys;
    const subject = uuidv7();
    const first = await own.subjectKeys(db, [subject], true);
    const again = await own.subjectKeys(db, [subject], false);
    expect(again.get(subject)).toEqual(first.get(subject));
    await db.tx((tx) => own.destroySubjectKey(tx, subject));
    expect((await own.subjectKeys(db, [subject], false)).size).toBe(0);
  });

  test('a data key that an earlier release sealed with the master key still opens what it sealed', async () => {
    const { db } = test0.platform;
    const file = loadKeyFile(join(folder, 'one'), false);
    const [old, made] = [uuidv7(), uuidv7()];
    const dataKey = Buffer.alloc(32, 7);
    await db.query('insert into platform.subject_key (subject, wrapped) values ($1, $2)', [old, keys.seal(Buffer.from(file.master, 'base64'), dataKey)]);
    const both = await keys.subjectKeys(db, [old, made], true);
    expect(both.get(old)).toEqual(dataKey);
    expect(both.get(made)).toHaveLength(32);
    // Another process reads the same from what is stored.
    expect((await createKeys(file).subjectKeys(db, [old, made], false)).get(made)).toEqual(both.get(made));
  });

  test("a database whose keys are gone, or someone else's, refuses to open", async () => {
    const { db, config } = test0.platform;
    await expect(openKeys({ ...config, keysDir: join(folder, 'empty') }, 'x', db)).rejects.toThrow(/Restore that key file/);
    loadKeyFile(join(folder, 'other', 'x'), true);
    await expect(openKeys({ ...config, keysDir: join(folder, 'other') }, 'x', db)).rejects.toThrow(/do not belong/);
  });
});
