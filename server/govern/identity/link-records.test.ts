import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { residentIdOf } from '../testing/resident-id.ts';
import { mrn, person, type TestGovern, testGovern } from '../testing.ts';
import { linkAllRecords } from './link-records.ts';
import { generalModel } from './linkage/index.ts';
import { createMatcher, type Matcher } from './matcher.ts';
import { identityEngine } from './resolve.ts';

let t: TestGovern;
let matcher: Matcher;
beforeAll(async () => {
  t = await testGovern();
  matcher = await createMatcher(t.platform, generalModel);
});
afterAll(() => t.close());

const ID = { type: 'resident-id', system: 'CN', value: '11010519491231002X' } as const;
const OTHER_ID = { type: 'resident-id', system: 'CN', value: '440308199901101512' } as const;
const at = (subject: ReturnType<typeof mrn>, details: Parameters<typeof person>[1]) =>
  person(subject, { ...details, identifiers: [subject, ...(details.identifiers ?? [])] });

/** Links by person, each as the sources' own numbers. */
const groups = async (): Promise<string[][]> => {
  const rows = await t.platform.db.query<{ person_id: string; record_key: string; source: string }>(
    'select l.person_id, l.record_key, r.source from govern.link l join govern.record r using (record_key) order by r.source, l.record_key',
  );
  const byPerson = new Map<string, string[]>();
  for (const row of rows) byPerson.set(row.person_id, [...(byPerson.get(row.person_id) ?? []), row.source]);
  return [...byPerson.values()].map((list) => list.sort()).sort((a, b) => (a.join() < b.join() ? -1 : 1));
};
const personOf = async (source: string): Promise<string | undefined> =>
  (
    await t.platform.db.maybe<{ person_id: string }>('select l.person_id from govern.link l join govern.record r using (record_key) where r.source = $1', [
      source,
    ])
  )?.person_id;

describe('links', () => {
  it('join by a shared resident id, and give the very persons back when the number was wrong', async () => {
    await t.tell([at(mrn('1', 'A'), { names: ['张三'] })], { source: 'a1' });
    await t.tell([at(mrn('2', 'B'), { names: ['张三'] })], { source: 'a2' });
    const [first, second] = [await personOf('a1'), await personOf('a2')];
    expect(first).not.toBe(second);
    await t.tell([at(mrn('1', 'A'), { names: ['张三'], identifiers: [ID] })], { source: 'a1' });
    await t.tell([at(mrn('2', 'B'), { names: ['张三'], identifiers: [ID] })], { source: 'a2' });
    expect(await personOf('a2')).toBe(await personOf('a1'));
    expect(await t.govern.people.recordsOf(second ?? '')).toHaveLength(2);
    expect(await t.govern.people.recordsOf(first ?? '')).toHaveLength(2);
    await t.tell([at(mrn('2', 'B'), { names: ['张三'], identifiers: [OTHER_ID] })], { source: 'a2' });
    expect([await personOf('a1'), await personOf('a2')]).toEqual([first, second]);
    expect(await t.govern.people.recordsOf(second ?? '')).toHaveLength(1);
  });

  it('obey a merge their source asked for, before or after the records are known', async () => {
    await t.tell([], { source: 'm', acts: [{ act: 'merge', survivor: mrn('new', 'M'), retired: mrn('old', 'M'), occurredAt: '2026-01-05T00:00:00Z' }] });
    expect((await groups()).filter((group) => group.includes('m'))).toEqual([['m', 'm']]);
    await t.tell([at(mrn('old', 'M'), { names: ['赵六'] })], { source: 'm' });
    expect((await groups()).filter((group) => group.includes('m'))).toEqual([['m', 'm']]);
    const bases = await t.platform.db.query(`select distinct l.linked_by from govern.link l join govern.record r using (record_key) where r.source = 'm'`);
    expect(bases).toEqual([{ linked_by: 'act:merge' }]);
  });

  it('obey a link their source stated and its end, in whatever order they come; an unlink ends an earlier merge too', async () => {
    const two = { one: mrn('n1', 'N'), other: mrn('n2', 'N') };
    const say = (act: 'link' | 'unlink', day: number) => t.tell([], { source: 'n', acts: [{ act, ...two, occurredAt: `2026-01-0${day}T00:00:00Z` }] });
    const persons = async () => (await groups()).filter((group) => group.includes('n')).map((group) => group.length);
    await say('link', 2);
    expect(await persons()).toEqual([2]);
    expect(await t.platform.db.query(`select distinct l.linked_by from govern.link l join govern.record r using (record_key) where r.source = 'n'`)).toEqual([
      { linked_by: 'act:link' },
    ]);
    await say('unlink', 3);
    expect(await persons()).toEqual([1, 1]);
    await say('link', 1);
    expect(await persons()).toEqual([1, 1]);
    await t.tell([], { source: 'n', acts: [{ act: 'merge', survivor: two.one, retired: two.other, occurredAt: '2026-01-02T00:00:00Z' }] });
    expect(await persons()).toEqual([1, 1]);
    await t.tell([], { source: 'n', acts: [{ act: 'merge', survivor: two.other, retired: two.one, occurredAt: '2026-01-04T00:00:00Z' }] });
    expect(await persons()).toEqual([2]);
  });

  it('follow a chain of merges, a merge reversed and one said again, and resolve the retired number', async () => {
    const merge = (survivor: string, retired: string, day: number) =>
      t.tell([], { source: 'q', acts: [{ act: 'merge', survivor: mrn(survivor, 'Q'), retired: mrn(retired, 'Q'), occurredAt: `2026-01-0${day}T00:00:00Z` }] });
    await merge('q2', 'q1', 1);
    await merge('q3', 'q2', 2);
    const links = () =>
      t.platform.db.query(`select record_key, person_id from govern.link l join govern.record r using (record_key) where r.source = 'q' order by 1`);
    const chained = await links();
    expect(new Set(chained.map((row) => row['person_id'])).size).toBe(1);
    expect(chained).toHaveLength(3);
    await merge('q2', 'q1', 1);
    await merge('q2', 'q3', 3);
    expect(await links()).toEqual(chained);
  });

  it('refuse a merge of a number with itself', async () => {
    await t.tell([], { source: 'self', acts: [{ act: 'merge', survivor: mrn('x', 'S'), retired: mrn('x', 'S'), occurredAt: '2026-01-05T00:00:00Z' }] });
    expect((await t.govern.quarantined('self', null, 5)).map((row) => row.code)).toEqual(['govern.merge-self']);
  });

  it('are left out, and listed, where one number has two people', async () => {
    await t.tell([at(mrn('9', 'C'), { names: ['钱七'], birthDate: '1950-01-02', identifiers: [{ type: 'passport', system: 'CN', value: 'E12345678' }] })], {
      source: 'c1',
    });
    await t.tell([at(mrn('8', 'D'), { names: ['孙八'], birthDate: '1960-01-02', identifiers: [{ type: 'passport', system: 'CN', value: 'E12345678' }] })], {
      source: 'c2',
    });
    expect(await personOf('c1')).not.toBe(await personOf('c2'));
    expect(await t.platform.db.query('select reason, type from govern.identity_conflict')).toEqual([{ reason: 'same-id-other-person', type: 'passport' }]);
    await t.tell([at(mrn('8', 'D'), { names: ['孙八', '钱七'], birthDate: '1950-01-02' })], { source: 'c2' });
    expect(await personOf('c1')).toBe(await personOf('c2'));
    expect(await t.platform.db.query('select reason, type from govern.identity_conflict')).toEqual([]);
  });

  it('ignore a number more records share than one person has', async () => {
    const crowd = Array.from({ length: 60 }, (_, i) =>
      at(mrn(`k${i}`, 'K'), { names: ['李四'], identifiers: [{ type: 'insurance', system: 'YB', value: 'DUMMY12345' }] }),
    );
    await t.tell(crowd.slice(0, 40), { source: 'k' });
    expect((await groups()).filter((group) => group.includes('k'))).toHaveLength(1);
    await t.tell(crowd.slice(40), { source: 'k' });
    expect((await groups()).filter((group) => group.includes('k'))).toHaveLength(60);
  });
});

describe('linking as records arrive', () => {
  it('gives what linking everything at once gives, in any order', async () => {
    const details = fc.record({
      id: fc.constantFrom(null, '19491231', '19990110'),
      insurance: fc.constantFrom(null, 'YB11111122', 'YB33333344'),
      name: fc.constantFrom('甲乙', '丙丁'),
      birthDate: fc.constantFrom(null, '1949-12-31', '1999-01-10'),
      number: fc.constantFrom('1', '2', '3'),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(details, { minLength: 2, maxLength: 8 }), fc.infiniteStream(fc.nat()), async (list, random) => {
        run += 1;
        const told = list.map((each, i) => ({
          source: `p${run}-${i}`,
          statement: at(mrn(each.number, `R${run}`), {
            names: [each.name],
            birthDate: each.birthDate,
            identifiers: [
              ...(each.id === null ? [] : [{ ...ID, value: residentIdOf('330106', each.id, run + 1) }]),
              ...(each.insurance === null ? [] : [{ type: 'insurance' as const, system: 'YB', value: `${each.insurance}${run}` }]),
            ],
          }),
        }));
        for (const each of [...told].sort(() => ((random.next().value as number) % 2 === 0 ? 1 : -1))) await t.tell([each.statement], { source: each.source });
        const incremental = await t.platform.db.query('select record_key, person_id, linked_by from govern.link order by 1');
        await t.platform.db.tx(async (tx) => {
          const { number } = await tx.one<{ number: number }>('update govern.turn set number = number + 1 returning number');
          const changed = await linkAllRecords(tx, { engine: identityEngine, matcher, orgId: 'demo', turn: number, now: t.clock.now() });
          expect(changed).toBe(0);
        });
        expect(await t.platform.db.query('select record_key, person_id, linked_by from govern.link order by 1')).toEqual(incremental);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
