import type { PersonDetails, Role, StaffViewer } from '@xinglin/contracts';
import type { ActBody, DecisionReason, ReviewDecision } from '@xinglin/contracts/api.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mrn, person, type TestGovern, testGovern, visit } from '../../testing.ts';

let t: TestGovern;
beforeEach(async () => {
  t = await testGovern({ now: new Date('2026-03-02T02:00:00Z') });
});
afterEach(() => t.close());

const staff = (role: Role = 'operations', departments: StaffViewer['departments'] = 'all'): StaffViewer => ({
  ...{ kind: 'staff', userId: 'reviewer', role, orgId: 'demo', departments, purpose: 'operations' },
});
let requests = 0;
const asked = (requestKey = `request-${(requests += 1)}`) => ({ viewer: staff(), requestKey });
const ID = '11010519491231002X';
const OTHER_ID = '440308199901101512';
const id = (value: string) => ({ type: 'resident-id', system: 'CN', value }) as const;
const LAN = { names: ['赵美兰'], birthDate: '1988-03-12', sex: 'female' } as const satisfies Partial<PersonDetails>;

/** One record of a source, by its number. */
const tell = (number: string, details: Partial<PersonDetails>, source = 'his') =>
  t.tell([person(mrn(number, source), { ...details, identifiers: [mrn(number, source), ...(details.identifiers ?? [])] })], { source });
const keyOf = async (number: string): Promise<string> => {
  const [row] = await t.platform.db.query<{ record_key: string }>(
    'select record_key from govern.record_identifier where type = $1 and blind = any($2::bytea[])',
    ['mrn', ['his', 'lis', 'app', 'emr'].map((source) => t.platform.keys.blindIndex('mrn', `${source}|${number.toUpperCase()}`))],
  );
  return row?.record_key ?? '';
};
const personOf = async (number: string): Promise<string> => (await t.govern.people.personOf([await keyOf(number)])).values().next().value ?? '';
const reviewOf = async (a: string, b: string): Promise<string> => [await keyOf(a), await keyOf(b)].sort().join('.');
const decide = async (a: string, b: string, decision: ReviewDecision['decision'], reason: DecisionReason = 'papers-seen', key?: string) =>
  t.govern.identity.acts.decide(asked(key), await reviewOf(a, b), { decision, reason });
const act = (body: ActBody, key?: string) => t.govern.identity.acts.act(asked(key), body);
const merge = async (a: string, b: string) => act({ kind: 'merge', personIds: [await personOf(a), await personOf(b)], reason: 'papers-seen' });
const undo = (actId: string) => t.govern.identity.acts.undo(asked(), actId);
const pass = (ms: number): void => t.clock.advanceTo(new Date(t.clock.now().getTime() + ms));
const queue = async () => (await t.govern.identity.queue.list(staff(), {})).rows;
const together = async (...numbers: string[]): Promise<boolean> => new Set(await Promise.all(numbers.map(personOf))).size === 1;

describe('the queue', () => {
  it('holds pairs nobody but a person may decide, as one item for all records of the two', async () => {
    await tell('1', { ...LAN });
    await tell('2', { ...LAN }, 'lis');
    const [item, ...more] = await queue();
    expect(more).toEqual([]);
    expect(item).toMatchObject({ reason: 'name-and-birth-only', state: 'pending', pairs: 1, ageDays: 0 });
    expect(item?.probability).toBeGreaterThan(0.5);
    expect([item?.a.name, item?.b.name]).toEqual(['赵美兰', '赵美兰']);
    expect((await t.govern.identity.queue.summary(staff())).byReason).toEqual([{ code: 'name-and-birth-only', count: 1 }]);
  });
  it('lists what a number says of two people who may not be one', async () => {
    await tell('1', { names: ['赵美兰'], birthDate: '1949-12-31', identifiers: [id(ID)] });
    await tell('2', { names: ['钱大勇'], birthDate: '1960-05-05', identifiers: [id(ID)] }, 'lis');
    expect((await queue()).map((item) => item.reason)).toContain('same-id-other-person');
  });
  it('counts and filters by reason, source, age and state, page by page', async () => {
    const people = { 1: ['赵美兰', '1988-03-12'], 2: ['周国强', '1955-10-01'], 3: ['欧阳晓雯', '1971-07-28'] } as const;
    for (const number of [1, 2, 3] as const) {
      const [name, birthDate] = people[number];
      const details = { ...LAN, names: [name], birthDate };
      await tell(`${number}a`, details);
      await tell(`${number}b`, details, number === 3 ? 'app' : 'lis');
      pass(4 * 86_400_000);
    }
    const list = (ask: object) => t.govern.identity.queue.list(staff(), ask);
    const all = await list({});
    expect([all.total, all.rows.length, all.next]).toEqual([3, 3, null]);
    expect((await list({ source: 'app' })).total).toBe(1);
    expect((await list({ age: 'week' })).total).toBe(1);
    expect((await list({ age: 'month' })).total).toBe(2);
    expect((await list({ reason: 'twins' })).total).toBe(0);
    await decide('1a', '1b', 'later', 'need-more');
    expect([(await list({ state: 'pending' })).total, (await list({ state: 'later' })).total]).toEqual([2, 1]);
    const first = await list({ limit: 2 });
    const second = await list({ limit: 2, cursor: first.next ?? '' });
    expect([...first.rows, ...second.rows].map((row) => row.reviewId)).toEqual(all.rows.map((row) => row.reviewId));
    expect(second.next).toBeNull();
  });
  it('shows whole names only to whoever may know people, and numbers to nobody', async () => {
    const details = { ...LAN, phones: ['13612340987'], addresses: [{ text: '浙江省杭州市西湖区文三路18号', district: null }] };
    await tell('1', { ...details, identifiers: [id(ID)] });
    await tell('2', { ...details, identifiers: [id(OTHER_ID)] }, 'lis');
    const detail = (role: Role) => reviewOf('1', '2').then((reviewId) => t.govern.identity.queue.detail(staff(role), reviewId));
    expect(JSON.stringify(await detail('operations'))).toContain('赵美兰');
    const seen = JSON.stringify(await detail('information'));
    for (const secret of ['赵美兰', '13612340987', ID, OTHER_ID, '1988-03-12', '文三路18号']) expect(seen).not.toContain(secret);
    for (const secret of ['13612340987', ID, OTHER_ID]) expect(JSON.stringify(await detail('operations'))).not.toContain(secret);
  });
  it('takes the score apart: prior and steps add up to the weight', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    await tell('2', { ...LAN, names: ['赵美竹'], phones: ['13612340987'] }, 'lis');
    const detail = await t.govern.identity.queue.detail(staff(), await reviewOf('1', '2'));
    expect(detail).toMatchObject({ state: 'pending', reason: 'twins', verdict: 'review', ground: 'twins' });
    expect(detail.steps.reduce((sum, step) => sum + step.weight, detail.prior)).toBeCloseTo(detail.weight, 9);
    expect(detail.fields.find((field) => field.field === 'birthDate')).toMatchObject({
      grade: 'same',
      a: [{ text: '1988-03-12' }],
      b: [{ text: '1988-03-12' }],
    });
    expect(detail.fields.find((field) => field.field === 'name')?.grade).toBe('different');
  });
  it('of a department shows its own people only', async () => {
    await t.platform.db.tx((tx) =>
      t.govern.dimensions.upsert(tx, [{ dimension: 'department', code: 'CARD', nameZh: '心内科', nameEn: null, parentCode: null }]),
    );
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    expect((await t.govern.identity.queue.list(staff('operations', ['CARD']), {})).total).toBe(0);
    await expect(t.govern.identity.queue.detail(staff('operations', ['CARD']), await reviewOf('1', '2'))).rejects.toMatchObject({ code: 'govern.not-found' });
    await expect(
      t.govern.identity.acts.decide({ viewer: staff('operations', ['CARD']), requestKey: 'elsewhere' }, await reviewOf('1', '2'), {
        decision: 'match',
        reason: 'other',
      }),
    ).rejects.toMatchObject({ code: 'govern.not-found' });
    for (const [number, source] of [['1', 'his'], ['2', 'lis']] as const) {
      await t.tell([visit(`V${number}`, { status: 'finished', class: 'outpatient', department_code: { code: '02', display: '心内', system: null } }, { subject: mrn(number, source) })], { source });
      await t.platform.db.tx((tx) => t.govern.dimensions.map(tx, 'department', source, '02', 'CARD'));
    } // biome-ignore format: short
    expect((await t.govern.identity.queue.list(staff('operations', ['CARD']), {})).total).toBe(1);
  });
});

describe('a decision', () => {
  it('match joins the two for good, whatever later data says, and leaves nothing in the queue', async () => {
    await tell('1', { ...LAN });
    await tell('2', { ...LAN }, 'lis');
    await decide('1', '2', 'match');
    expect(await together('1', '2')).toBe(true);
    await tell('1', { ...LAN, identifiers: [id(ID)], birthDate: '1949-12-31' });
    await tell('2', { ...LAN, names: ['钱大勇'], identifiers: [id(OTHER_ID)], birthDate: '1999-01-10' }, 'lis');
    expect(await together('1', '2')).toBe(true);
    expect(await queue()).toEqual([]);
  });
  it('no match keeps the two apart, whatever they come to share, and is not asked again', async () => {
    await tell('1', { ...LAN });
    await tell('2', { ...LAN }, 'lis');
    await decide('1', '2', 'no-match', 'twins-or-relatives');
    expect(await queue()).toEqual([]);
    await tell('1', { ...LAN, identifiers: [id(ID)], birthDate: '1949-12-31' });
    await tell('2', { ...LAN, identifiers: [id(ID)], birthDate: '1949-12-31' }, 'lis');
    expect(await together('1', '2')).toBe(false);
    expect(await queue()).toEqual([]);
  });
  it('about two of three alike settles the sibling pairs: two matches make one person, not two', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await tell('3', LAN, 'app');
    expect((await queue()).length).toBe(3);
    await decide('1', '2', 'match');
    const [left, ...more] = await queue();
    expect([left?.pairs, more]).toEqual([2, []]);
    await decide('3', '2', 'match');
    expect(await together('1', '2', '3')).toBe(true);
    expect(await queue()).toEqual([]);
    const links = await t.platform.db.query('select record_key from govern.link');
    expect(links.length).toBe(3);
  });
  it('that they are two is carried into a later merge: the merged person is asked about nobody it was told apart from', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await tell('3', LAN, 'app');
    await decide('1', '3', 'no-match');
    await decide('1', '2', 'match');
    expect(await queue()).toEqual([]);
    expect([await together('1', '2'), await together('1', '3')]).toEqual([true, false]);
  });
  it('may be turned round: rejecting after accepting, and accepting after rejecting', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    const [one, two] = [await personOf('1'), await personOf('2')];
    await decide('1', '2', 'match');
    await decide('1', '2', 'no-match');
    expect([await personOf('1'), await personOf('2')]).toEqual([one, two]);
    await decide('1', '2', 'match');
    expect(await together('1', '2')).toBe(true);
  });
  it('rejecting one of two accepted leaves the other', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await tell('3', LAN, 'app');
    await decide('1', '2', 'match');
    await decide('1', '3', 'match');
    await decide('1', '3', 'no-match');
    expect([await together('1', '2'), await together('1', '3')]).toEqual([true, false]);
  });
  it('sent twice with one key is one act; the key serves nothing else', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await tell('3', LAN, 'app');
    const done = await decide('1', '2', 'match', 'papers-seen', 'the-same-key');
    expect(await decide('1', '2', 'match', 'papers-seen', 'the-same-key')).toEqual(done);
    expect(await t.platform.db.query('select 1 from govern.manual_act')).toHaveLength(1);
    await expect(decide('1', '3', 'match', 'papers-seen', 'the-same-key')).rejects.toMatchObject({ code: 'govern.request-reused' });
  });
  it('stands through a rebuild', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await tell('3', { ...LAN, identifiers: [id(ID)], birthDate: '1949-12-31' });
    await tell('4', { ...LAN, identifiers: [id(ID)], birthDate: '1949-12-31' }, 'lis');
    expect(await together('3', '4')).toBe(true);
    await decide('1', '2', 'match');
    await decide('3', '4', 'no-match');
    await t.govern.pipeline.rebuild();
    expect([await together('1', '2'), await together('3', '4')]).toEqual([true, false]);
  });
  it('is in the audit log with its act, without anyone’s details', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    const { actId } = await decide('1', '2', 'match');
    const entries = await t.platform.db.query<{ action: string; detail: string }>(`select * from platform.audit_entry where action = 'identity.match'`);
    expect(entries).toMatchObject([{ detail: `act ${actId}`, outcome: 'allowed' }]);
    expect(JSON.stringify(entries)).not.toContain('赵美兰');
  });
});

describe('merge and split by hand', () => {
  it('a retired id resolves for ever and names the person it went into', async () => {
    await tell('1', { ...LAN });
    await tell('2', { names: ['周国强'], birthDate: '1955-10-01' }, 'lis');
    const two = await personOf('2');
    await merge('1', '2');
    const kept = await personOf('1');
    const gone =
      kept === two ? (await t.platform.db.one<{ person_id: string }>('select person_id from govern.person where retired_into = $1', [kept])).person_id : two;
    const view = await t.govern.identity.merged.person(staff(), gone);
    expect(view).toMatchObject({ personId: kept, mergedAt: '2026-03-02T02:00:00.000Z', retired: [{ personId: gone }] });
    expect(await t.govern.people.recordsOf(gone)).toHaveLength(2);
  });
  it('undo goes to any depth and in any order; acts of several levels are independent', async () => {
    for (const [number, source] of [['1', 'his'], ['2', 'lis'], ['3', 'app']] as const) await tell(number, { names: [`人${'甲乙丙'[Number(number) - 1]}`] }, source);
    const before = await Promise.all(['1', '2', '3'].map(personOf));
    const first = await merge('1', '2');
    const second = await merge('1', '3');
    expect(await together('1', '2', '3')).toBe(true);
    await undo(first.actId);
    expect([await together('1', '2'), await together('1', '3')]).toEqual([false, true]);
    await undo(second.actId);
    expect(await Promise.all(['1', '2', '3'].map(personOf))).toEqual(before);
    await undo(second.actId);
    expect(await Promise.all(['1', '2', '3'].map(personOf))).toEqual(before);
  }); // biome-ignore format: short
  it('a split takes records out of a person and undo gives them back', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    await tell('2', { ...LAN, phones: ['13612340987'] }, 'lis');
    await tell('3', { ...LAN, phones: ['13612340987'] }, 'app');
    expect(await together('1', '2', '3')).toBe(true);
    const personId = await personOf('1');
    const done = await act({ kind: 'split', personId, recordKeys: [await keyOf('3')], reason: 'shared-number' });
    expect([await together('1', '2'), await together('1', '3'), done.moved]).toEqual([true, false, 1]);
    await tell('3', { ...LAN, phones: ['13612340987', '0571-87654321'], insuranceType: '职工医保' }, 'app');
    expect(await together('1', '3')).toBe(false);
    await undo(done.actId);
    expect([await together('1', '2', '3'), await personOf('1')]).toEqual([true, personId]);
  });
  it('a split needs some to leave and some to stay; two of one person cannot be merged', async () => {
    await tell('1', LAN);
    const personId = await personOf('1');
    await expect(act({ kind: 'split', personId, recordKeys: [await keyOf('1')], reason: 'other' })).rejects.toMatchObject({ code: 'govern.split-nothing' });
    await expect(act({ kind: 'merge', personIds: [personId, personId], reason: 'other' })).rejects.toMatchObject({ code: 'govern.one-already' });
  });
  it('a preview says what would happen and changes nothing', async () => {
    await tell('1', { ...LAN, identifiers: [id(ID)] });
    await tell('2', { names: ['赵美岚'], sex: 'male', identifiers: [id(OTHER_ID)] }, 'lis');
    await t.tell([visit('V2', { status: 'finished', class: 'outpatient' }, { subject: mrn('2', 'lis') })], { source: 'lis' });
    const tables = ['link', 'link_history', 'person', 'manual_act', 'manual_decision', 'turn', 'match_pair'];
    const snapshot = () => Promise.all(tables.map((table) => t.platform.db.query(`select * from govern.${table} order by 1, 2`)));
    const before = await snapshot();
    const personIds = [await personOf('1'), await personOf('2')];
    const preview = await t.govern.identity.acts.preview(staff(), { kind: 'merge', personIds, reason: 'papers-seen' });
    expect(preview.before).toHaveLength(2);
    expect(preview.after).toMatchObject([{ records: 2 }]);
    expect([...preview.warnings].sort()).toEqual(['different-ids', 'different-sex']);
    expect(preview.recordsMoved).toBe(1);
    expect(await snapshot()).toEqual(before);
    const done = await act({ kind: 'merge', personIds, reason: 'papers-seen' });
    expect(done.personIds).toEqual(preview.after.map((each) => each.personId));
    const back = await t.govern.identity.acts.preview(staff(), { kind: 'undo', actId: done.actId });
    expect(back.after.map((each) => each.personId).sort()).toEqual([...personIds].sort());
    expect(back.recordsMoved).toBe(1);
  });
  it('is refused while a rebuild decides links', async () => {
    await tell('1', LAN);
    await tell('2', LAN, 'lis');
    await t.platform.db.query(`insert into govern.rebuild (stream, until) values ('x', 1)`);
    await expect(decide('1', '2', 'match')).rejects.toMatchObject({ code: 'govern.rebuilding' });
  });
});

describe('the merged person', () => {
  it('tells what each value was when, and which link made it so', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    pass(3_600_000);
    await tell('1', { ...LAN, phones: ['13612340986'] });
    pass(3_600_000);
    await tell('2', { names: ['周国强'], insuranceType: '职工医保' }, 'lis');
    pass(3_600_000);
    const done = await merge('1', '2');
    const view = await t.govern.identity.merged.person(staff(), await personOf('1'));
    expect(view.golden.find((each) => each.field === 'insuranceType')).toMatchObject({ value: '职工医保', source: 'lis', rule: 'only' });
    const changes = view.changes.map(({ field, from, to, cause, linkedBy }) => [field, from, to, cause, linkedBy]);
    expect(changes).toContainEqual(['phone', '136****0987', '136****0986', 'source', null]);
    const kept = view.personId;
    expect(view.acts).toMatchObject([{ actId: done.actId, kind: 'merge', undone: null, moved: 1 }]);
    pass(3_600_000);
    await undo(done.actId);
    const after = await t.govern.identity.merged.person(staff(), kept);
    expect(after.acts).toMatchObject([{ actId: done.actId, undone: { at: '2026-03-02T06:00:00.000Z' } }]);
    expect(after.changes[0]?.cause).toBe('unlinked');
    expect(JSON.stringify(view)).not.toContain('13612340987');
  });
  it('follows trust set for a source, from then on', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    await tell('2', { ...LAN, names: ['趙美蘭'], phones: ['13612340987'], insuranceType: '居民医保' }, 'lis');
    expect(await together('1', '2')).toBe(true);
    const nameFrom = async () => (await t.govern.identity.merged.person(staff(), await personOf('1'))).golden.find((each) => each.field === 'name')?.source;
    pass(3_600_000);
    await t.govern.identity.merged.setTrust(staff(), [{ source: 'his', trust: 90 }], null);
    expect(await nameFrom()).toBe('his');
    pass(3_600_000);
    await t.govern.identity.merged.setTrust(staff(), [{ source: 'his', trust: 10 }, { source: 'lis', trust: 80 }], null);
    expect(await nameFrom()).toBe('lis');
    expect((await t.govern.identity.merged.trust(staff())).rows).toEqual([
      { source: 'his', trust: 10 },
      { source: 'lis', trust: 80 },
    ]);
    const { changes } = await t.govern.identity.merged.person(staff(), await personOf('1'));
    expect(changes[0]).toMatchObject({ field: 'name', cause: 'trust' });
  }); // biome-ignore format: short
  it('of somebody out of sight is not found', async () => {
    await tell('1', LAN);
    await expect(t.govern.identity.merged.person(staff('nurse', ['CARD']), await personOf('1'))).rejects.toMatchObject({ code: 'govern.not-found' });
  });
});

describe('family', () => {
  const CHILD = { names: ['赵小雨'], birthDate: '2019-06-01', sex: 'female', phones: ['13612340987'], guardian: { name: '赵美兰', phone: '13612340987', relation: '母亲' } } as const; // biome-ignore format: one line
  it('suggests the guardian a record names and people of one mobile; what is decided stays, whoever merges', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    await tell('2', CHILD, 'lis');
    const family = async (number: string) => t.govern.identity.family.of(staff(), await personOf(number));
    const [mother, ...more] = await family('2');
    expect(more).toEqual([]);
    expect(mother).toMatchObject({ personId: await personOf('1'), name: '赵*兰', kind: 'parent', basis: 'guardian-details', state: 'suggested' });
    expect(await family('1')).toMatchObject([{ personId: await personOf('2'), kind: 'household', basis: 'shared-phone', state: 'suggested' }]);
    await t.govern.identity.family.decide(staff(), { relationId: mother?.relationId ?? '', kind: 'guardian', state: 'confirmed' }, null);
    expect(await family('2')).toMatchObject([{ kind: 'guardian', state: 'confirmed' }]);
    expect(await family('1')).toMatchObject([{ kind: 'child', state: 'confirmed' }]);
    await tell('3', { names: ['赵美兰'], birthDate: '1988-03-12', sex: 'female' }, 'app');
    await merge('1', '3');
    expect(await family('2')).toMatchObject([{ personId: await personOf('3'), kind: 'guardian', state: 'confirmed' }]);
  });
  it('a confirmed guardian may sign in with the phone the family shares; a household or a rejected one may not', async () => {
    await tell('1', { ...LAN, phones: ['13612340987'] });
    await tell('2', CHILD, 'lis');
    const opened = () => t.govern.patientDirectory.byPhone('13612340987');
    const decideOn = async (kind: 'guardian' | 'household', state: 'confirmed' | 'rejected') => {
      const [link] = await t.govern.identity.family.of(staff(), await personOf('2'));
      await t.govern.identity.family.decide(staff(), { relationId: link?.relationId ?? '', kind, state }, null);
    };
    expect(await opened()).toBeNull();
    await decideOn('household', 'confirmed');
    expect(await opened()).toBeNull();
    await decideOn('guardian', 'confirmed');
    expect(await opened()).toBe(await keyOf('1'));
    await decideOn('guardian', 'rejected');
    expect(await opened()).toBeNull();
  });
  it('a guardian nobody here knows is named without a person', async () => {
    await tell('2', CHILD, 'lis');
    expect(await t.govern.identity.family.of(staff(), await personOf('2'))).toMatchObject([{ personId: null, name: '赵*兰', state: 'suggested' }]);
  });
  it('nothing is confirmed between people nobody suggested', async () => {
    await tell('1', LAN);
    await tell('2', { names: ['周国强'] }, 'lis');
    const relationId = `${await keyOf('1')}.${await keyOf('2')}`;
    await expect(t.govern.identity.family.decide(staff(), { relationId, kind: 'spouse', state: 'confirmed' }, null)).rejects.toMatchObject({
      code: 'govern.no-relation',
    });
  });
});
