import { afterAll, beforeAll, expect, test } from 'vitest';
import { detailsOf, packState, unpackState } from '../privacy/person-state.ts';
import { mrn, person, type TestGovern, testGovern } from '../testing.ts';
import { generalModel } from './linkage/index.ts';
import { createMatcher } from './matcher.ts';

let t: TestGovern;
beforeAll(async () => {
  t = await testGovern();
}, 60_000);
afterAll(() => t.close());

test('every record is opened, also when more are asked for than are kept in memory', async () => {
  await t.tell(Array.from({ length: 6 }, (_, at) => person(mrn(`P${at}`), { names: ['王小明'], birthDate: `1980-01-0${at + 1}` })));
  const all = (await t.platform.db.query<{ k: string }>('select record_key as k from govern.vault_record order by record_key')).map((row) => row.k);
  const matcher = await createMatcher(t.platform, generalModel, 3);
  // The last ones are known, the first ones push them out while they are being opened.
  await matcher.open(t.platform.db, all.slice(4));
  for (let times = 0; times < 3; times += 1) expect([...(await matcher.open(t.platform.db, all)).keys()].sort()).toEqual(all);
});

test('a record just described is what opening it would give, as long as the vault holds what was sealed of it then', async () => {
  const { db, keys } = t.platform;
  const said = { names: ['李晓东'], birthDate: '1980-03-15', phones: ['13912345671'], sex: 'male' as const, addresses: [{ text: '浙江省杭州市西湖区文三路18号', district: null }] }; // biome-ignore format: one person
  await t.tell([person(mrn('K001'), said)]);
  const number = [keys.blindIndex('number', 'K001')];
  const { k } = await db.one<{ k: string }>(`select record_key as k from govern.record_identifier where type = 'number' and blind = any($1::bytea[])`, [
    number,
  ]);
  const { sealed } = await db.one<{ sealed: Buffer }>('select sealed from govern.vault_record where record_key = $1', [k]);
  const key = (await keys.subjectKeys(db, [k], false)).get(k) as Buffer;
  const state = unpackState(keys.open(key, sealed));

  const opened = (await (await createMatcher(t.platform, generalModel)).open(db, [k])).get(k);
  const matcher = await createMatcher(t.platform, generalModel);
  const described = matcher.describe(detailsOf(state));
  expect(described).toEqual(opened);
  // Sealed in a transaction that did not happen: the same words under another nonce.
  matcher.remember(k, keys.seal(key, packState(state)), { ...described, names: [] });
  expect((await matcher.open(db, [k])).get(k)).toEqual(opened);
  matcher.remember(k, sealed, described);
  expect((await matcher.open(db, [k])).get(k)).toBe(described);
});
