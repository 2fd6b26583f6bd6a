import { afterAll, beforeAll, expect, test } from 'vitest';
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
