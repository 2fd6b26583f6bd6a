import type { PersonDetails } from '@xinglin/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { residentIdOf } from '../testing/resident-id.ts';
import { mrn, person, type TestGovern, testGovern } from '../testing.ts';
import { KEY_HOLDERS_MAX } from './match-keys.ts';

let t: TestGovern;
afterEach(() => t.close());

const resident = (serial: number, birth = '19800315') => ({ type: 'resident-id' as const, system: 'CN', value: residentIdOf('330106', birth, serial) });
const told = (source: string, number: string, details: Partial<PersonDetails>) =>
  person(mrn(number, source), { ...details, identifiers: [mrn(number, source), ...(details.identifiers ?? [])] });
const tell = (source: string, number: string, details: Partial<PersonDetails>) => t.tell([told(source, number, details)], { source });
const personOf = async (number: string): Promise<string> => {
  const rows = await t.platform.db.query<{ person_id: string }>(
    `select l.person_id from govern.link l join govern.record_identifier i on i.record_key = l.record_key where i.type = 'number' and i.blind = $1`,
    [t.platform.keys.blindIndex('number', number.toUpperCase())],
  );
  return rows[0]?.person_id ?? `no ${number}`;
};
const sameperson = async (a: string, b: string): Promise<boolean> => (await personOf(a)) === (await personOf(b));
const pairs = () =>
  t.platform.db.query<{ verdict: string; reason: string; held: string | null }>('select verdict, reason, held from govern.match_pair order by 1, 2, 3');
const basis = async () => (await t.platform.db.query<{ by: string }>('select distinct linked_by as by from govern.link order by 1')).map((row) => row.by);

const WEI = { names: ['张伟'], birthDate: '1980-03-15', sex: 'male', phones: ['13912345671'] } as const;

describe('a new record', () => {
  it('finds its person by name, birth date and phone, without any number', async () => {
    t = await testGovern();
    await tell('his', 'H001', WEI);
    await tell('lis', 'L001', { ...WEI, names: ['章伟'] });
    expect(await sameperson('H001', 'L001')).toBe(true);
    expect(await basis()).toEqual(['model:general@1']);
    const [only] = await t.platform.db.query<{ grades: unknown }>('select grades from govern.match_pair');
    expect(JSON.stringify(only?.grades)).toContain('same-sound');
    expect(JSON.stringify(only)).not.toMatch(/张伟|章伟|1391234|1980/);
  });
  it('leaves it again when it turns out to be somebody else, and the very persons come back', async () => {
    t = await testGovern();
    await tell('his', 'H001', WEI);
    await tell('lis', 'L001', { ...WEI, phones: [] });
    const before = [await personOf('H001'), await personOf('L001')];
    expect(before[0]).not.toBe(before[1]);
    await tell('lis', 'L001', WEI);
    expect(await sameperson('H001', 'L001')).toBe(true);
    await tell('lis', 'L001', { ...WEI, names: ['李强'], birthDate: '1955-12-01', phones: ['13900000018'] });
    expect([await personOf('H001'), await personOf('L001')]).toEqual(before);
  });
  it('with name, birth date and sex only is for a person to look at', async () => {
    t = await testGovern();
    await tell('his', 'H001', { ...WEI, phones: [] });
    await tell('lis', 'L001', { ...WEI, phones: [] });
    expect(await sameperson('H001', 'L001')).toBe(false);
    expect(await pairs()).toMatchObject([{ verdict: 'review', reason: 'name-and-birth-only' }]);
    expect(await t.platform.db.query('select reason from govern.pair_to_review')).toEqual([{ reason: 'name-and-birth-only' }]);
  });
  it('with another valid id is never joined by the model', async () => {
    t = await testGovern();
    await tell('his', 'H001', { ...WEI, identifiers: [resident(123)] });
    await tell('lis', 'L001', { ...WEI, identifiers: [resident(145)] });
    expect(await sameperson('H001', 'L001')).toBe(false);
    expect(await pairs()).toMatchObject([{ verdict: 'review', reason: 'different-ids' }]);
  });
  it('that fits two persons with different ids goes to neither', async () => {
    t = await testGovern();
    await tell('his', 'H001', { ...WEI, identifiers: [resident(123)] });
    await tell('emr', 'E001', { ...WEI, identifiers: [resident(145)] });
    await tell('lis', 'L001', WEI);
    expect(new Set([await personOf('H001'), await personOf('E001'), await personOf('L001')]).size).toBe(3);
    expect((await pairs()).map((each) => each.held ?? each.reason).sort()).toEqual(['ambiguous', 'ambiguous', 'different-ids']);
  });
  it('of a twin without a name goes by its record number alone: not to its mother, not to the other twin, whatever they share', async () => {
    t = await testGovern();
    const mothers = { phones: ['13912345672'], identifiers: [{ type: 'insurance' as const, system: 'CN', value: '33010012345' }] };
    const twin = { ...mothers, birthDate: '2026-01-05', sex: 'male' } as const;
    await tell('his', 'M001', { ...mothers, names: ['王丽'], birthDate: '1996-04-02', sex: 'female' });
    await tell('his', 'T001', { ...twin, names: ['王丽之长子'] });
    await tell('his', 'T002', { ...twin, names: ['王丽之次子'] });
    await tell('lis', 'L001', { ...twin, names: ['王丽之长子'] });
    expect(new Set([await personOf('M001'), await personOf('T001'), await personOf('T002'), await personOf('L001')]).size).toBe(4);
  });
  it('of twins on one phone stays apart from the other twin', async () => {
    t = await testGovern();
    const twin = { birthDate: '2015-06-01', sex: 'male', phones: ['13912345672'] } as const;
    await tell('his', 'T001', { ...twin, names: ['李晓东'] });
    await tell('his', 'T002', { ...twin, names: ['李晓西'] });
    await tell('lis', 'T003', { ...twin, names: ['李晓东'] });
    expect(await sameperson('T001', 'T003')).toBe(true);
    expect(await sameperson('T001', 'T002')).toBe(false);
    expect((await pairs()).map((each) => each.reason)).toContain('twins');
  });
  it('of a newborn or an unknown person is linked by record number only', async () => {
    t = await testGovern();
    const baby = { names: ['王芳之子'], birthDate: '2026-01-04', sex: 'male', phones: ['13912345673'] } as const;
    await tell('his', 'B001', baby);
    await tell('lis', 'B002', baby);
    expect(await sameperson('B001', 'B002')).toBe(false);
    await t.tell([told('his', 'B001', baby)], { source: 'emr' });
    const { count } = await t.platform.db.one<{ count: number }>('select count(distinct person_id) as count from govern.link');
    expect(count).toBe(2);
  });
  it('in a chain of likenesses does not pull two people together', async () => {
    t = await testGovern();
    // A and C share nothing; B has the name and phone of A, and the name of C with another of its phones.
    await tell('his', 'C001', { names: ['刘洋'], birthDate: '1991-02-03', phones: ['13912345681'] });
    await tell('lis', 'C002', { names: ['刘洋'], phones: ['13912345681', '15800761249'] });
    await tell('emr', 'C003', { names: ['刘洋'], birthDate: '1964-11-30', phones: ['15800761249'] });
    expect(await sameperson('C001', 'C003')).toBe(false);
  });
});

describe('what a person decided', () => {
  const decide = async (a: string, b: string, decision: 'same' | 'different') => {
    const keys = await t.platform.db.query<{ record_key: string }>(
      `select record_key from govern.record_identifier where type = 'number' and blind = any($1::bytea[]) order by record_key`,
      [[a, b].map((number) => t.platform.keys.blindIndex('number', number))],
    );
    const [first, second] = keys.map((row) => row.record_key);
    const act = '019b8bab-0680-7000-8000-00000000000'.concat(String(decision.length % 10));
    await t.platform.db.query(
      `insert into govern.manual_act (act_id, org_id, kind, reason, record_a, record_b, decided_by, decided_at, decided_turn, request_key)
       values ($1, 'demo', 'match', 'other', $2, $3, 'u', $4, 0, $5)`,
      [act, first, second, t.clock.now(), act],
    );
    await t.platform.db.query(
      `insert into govern.manual_decision (act_id, org_id, record_a, record_b, decision, reason, decided_by, decided_at) values ($1, 'demo', $2, $3, $4, 'other', 'u', $5)`,
      [act, first, second, decision, t.clock.now()],
    );
  };
  it('to be different stands against name, phone and even a shared id that comes later', async () => {
    t = await testGovern();
    await tell('his', 'H001', WEI);
    await tell('lis', 'L001', { ...WEI, phones: [] });
    await decide('H001', 'L001', 'different');
    await tell('lis', 'L001', { ...WEI, identifiers: [resident(123)] });
    await tell('his', 'H001', { ...WEI, identifiers: [resident(123)] });
    expect(await sameperson('H001', 'L001')).toBe(false);
    expect(await t.platform.db.query('select * from govern.pair_to_review')).toEqual([]);
  });
  it('to be the same stands against different ids', async () => {
    t = await testGovern();
    await tell('his', 'H001', { ...WEI, identifiers: [resident(123)] });
    await tell('lis', 'L001', { names: ['李强'], identifiers: [resident(145)] });
    await decide('H001', 'L001', 'same');
    await tell('lis', 'L001', { names: ['李强'], phones: ['13912345690'], identifiers: [resident(145)] });
    expect(await sameperson('H001', 'L001')).toBe(true);
    expect(await basis()).toEqual(['decision:same']);
  });
});

describe('a key too many share', () => {
  it('finds nobody, and finds them again when fewer do', async () => {
    t = await testGovern();
    // Nothing in common but the name and the phone: a crowded phone hides the pair.
    await tell('his', 'H001', WEI);
    await tell('lis', 'L001', { names: ['张伟'], phones: ['13912345671'] });
    const crowd = Array.from({ length: KEY_HOLDERS_MAX }, (_, i) => told('crm', `K${i}`, { nickname: `会员${i}`, names: [], phones: ['13912345671'] }));
    const before = await pairs();
    expect(before).toHaveLength(1);
    await t.tell(crowd, { source: 'crm' });
    expect(await pairs()).toEqual([]);
    await t.tell(
      crowd.slice(0, 30).map((each) => ({ ...each, deleted: true })),
      { source: 'crm' },
    );
    expect((await pairs()).filter((each) => each.verdict === before[0]?.verdict).length).toBeGreaterThan(0);
  });
});

describe('linking as records arrive', () => {
  const state = async () => ({
    links: await t.platform.db.query('select record_key, person_id, linked_by from govern.link order by 1'),
    pairs: await t.platform.db.query('select record_a, record_b, weight, verdict, reason, held from govern.match_pair order by 1, 2'),
    keys: await t.platform.db.query('select * from govern.match_key order by 1, 2, 3'),
    crowded: await t.platform.db.query('select * from govern.crowded_match_key order by 1, 2'),
  });
  const someone = fc.record({
    source: fc.constantFrom('his', 'lis', 'emr'),
    number: fc.constantFrom('1', '2', '3', '4', '5'),
    name: fc.constantFrom('张伟', '章伟', '张薇', '李晓东', '李晓西', '欧阳修文', '王芳之子'),
    birthDate: fc.constantFrom(null, '1980-03-15', '1980-03-16', '2015-06-01'),
    phones: fc.subarray(['13912345671', '13912345672', '13912345673']),
    id: fc.constantFrom(null, null, 123, 145),
    address: fc.constantFrom(null, '浙江省杭州市西湖区文三路18号', '浙江省杭州市西湖区文二路20号'),
  });
  it('in any order and any pieces gives what comparing and linking everyone at once gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(someone, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 }), async (deliveries) => {
        t = await testGovern();
        try {
          for (const delivery of deliveries) {
            for (const each of delivery) {
              const details: Partial<PersonDetails> = {
                ...{ names: [each.name], birthDate: each.birthDate, phones: each.phones, identifiers: each.id === null ? [] : [resident(each.id)] },
                addresses: each.address === null ? [] : [{ text: each.address, district: null }],
              };
              await t.say([told(each.source, each.number, details)], { source: each.source });
            }
            await t.govern.pipeline.drain();
          }
          const arrived = await state();
          for (const table of ['match_key', 'match_pair', 'crowded_match_key']) await t.platform.db.query(`delete from govern.${table}`);
          await t.govern.pipeline.relink();
          expect(await state()).toEqual(arrived);
          await t.govern.pipeline.rebuild();
          expect(await state()).toEqual(arrived);
        } finally {
          await t.close();
        }
      }),
      { numRuns: 6 },
    );
    t = await testGovern();
  }, 300_000);
});
