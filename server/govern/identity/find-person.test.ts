import { PERMISSIONS, type PersonDetails, ROLES, type Role } from '@xinglin/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fhirMatchRoutes } from '../../collect/index.ts';
import { type StaffHttp, staffHttp } from '../../platform/testing/staff-http.ts';
import { residentIdOf } from '../testing/resident-id.ts';
import { mrn, person, type TestGovern, testGovern, visit } from '../testing.ts';

let t: TestGovern;
let app: FastifyInstance;
let cookies: StaffHttp['cookies'];
let signUp: StaffHttp['signUp'];
const NATIONAL = 'urn:resident-id';

const resident = (value: string) => ({ type: 'resident-id' as const, system: 'CN', value });
const WEI = residentIdOf('330106', '19800315', 123);
const OTHER = residentIdOf('330106', '19800315', 145);
const OLD = '610104620927690';
const people: readonly (readonly [string, Partial<PersonDetails>])[] = [
  ['wei', { names: ['张伟'], birthDate: '1980-03-15', sex: 'male', phones: ['13912345671'], identifiers: [resident(WEI)] }],
  ['twin-a', { names: ['李晓东'], birthDate: '2015-06-01', sex: 'male', phones: ['13912345672'] }],
  ['twin-b', { names: ['李晓西'], birthDate: '2015-06-01', sex: 'male', phones: ['13912345672'] }],
  ['mother', { names: ['王芳'], birthDate: '1985-01-20', sex: 'female', phones: ['13912345672'] }],
  ['old', { names: ['赵国庆'], birthDate: '1962-09-27', identifiers: [resident(OLD)] }],
  ['minority', { names: ['买买提·艾力'], birthDate: '1990-05-05', sex: 'male', phones: ['13912345675'] }],
  ['trad', { names: ['張麗華'], birthDate: '1971-11-11', sex: 'female', phones: ['13912345676'] }],
];

beforeAll(async () => {
  t = await testGovern();
  const { platform } = t;
  ({ app, cookies, signUp } = await staffHttp(platform, fhirMatchRoutes({ platform, match: t.govern.match }), { prefix: '/fhir' }));
  await t.tell(people.map(([number, details]) => person(mrn(number), { ...details, identifiers: [mrn(number), ...(details.identifiers ?? [])] })));
}, 120_000);
afterAll(async () => {
  await app.close();
  await t.close();
});

interface Entry {
  readonly resource: { readonly resourceType: string; readonly id: string; readonly name?: { text: string }[]; readonly issue?: { code: string }[] };
  readonly search: { readonly mode: string; readonly score?: number; readonly extension?: { url: string; valueCode: string }[] };
}
const ask = (patient: object, more: object[] = [], user = 'nurse', remoteAddress = '127.0.0.1') =>
  app.inject({
    method: 'POST',
    url: '/fhir/Patient/$match',
    remoteAddress,
    cookies: cookies.get(user) ?? {},
    headers: { 'content-type': 'application/fhir+json' },
    payload: JSON.stringify({ resourceType: 'Parameters', parameter: [{ name: 'resource', resource: { resourceType: 'Patient', ...patient } }, ...more] }),
  });
const personOf = async (number: string): Promise<string> =>
  (await t.govern.people.search({ kind: 'staff', userId: 'u', role: 'nurse', orgId: 'demo', departments: 'all', purpose: 'care' }, number, 1))[0] ?? '';
const grades = async (patient: object, more: object[] = []): Promise<(readonly [string, string])[]> => {
  const answer = await ask(patient, more);
  expect(answer.statusCode).toBe(200);
  const names = new Map(await Promise.all(people.map(async ([number]) => [await personOf(number), number] as const)));
  return (answer.json().entry as Entry[])
    .filter((entry) => entry.search.mode === 'match')
    .map((entry) => [names.get(entry.resource.id) ?? entry.resource.id, entry.search.extension?.[0]?.valueCode ?? ''] as const);
};
const phone = (value: string) => [{ system: 'phone', value }];
const national = (value: string) => [{ system: NATIONAL, value }];

describe('$match', () => {
  it('is certain of one person by a Chinese name, birth date and phone, and masks them', async () => {
    const wei = { name: [{ family: '张', given: ['伟'] }], birthDate: '1980-03-15', gender: 'male', telecom: phone('13912345671') };
    expect(await grades(wei)).toEqual([['wei', 'certain']]);
    const [entry] = (await ask(wei)).json().entry as Entry[];
    expect(entry?.resource.name?.[0]?.text).toBe('张*');
    expect(entry?.search.score).toBeGreaterThan(0.99);
    expect(JSON.stringify((await ask(wei)).json())).not.toMatch(/张伟|13912345671/);
  });
  it('hears homophones and reads traditional characters and middle dots', async () => {
    expect(await grades({ name: [{ text: '章伟' }], birthDate: '1980-03-15', telecom: phone('13912345671') })).toEqual([['wei', 'certain']]);
    expect(await grades({ name: [{ text: '张丽华' }], birthDate: '1971-11-11', telecom: phone('13912345676') })).toEqual([['trad', 'certain']]);
    expect(await grades({ name: [{ text: '买买提•艾力' }], birthDate: '1990-05-05', telecom: phone('13912345675') })).toEqual([['minority', 'certain']]);
  });
  it('tells twins apart, and neither from the mother’s phone alone', async () => {
    const asked = { name: [{ text: '李晓东' }], birthDate: '2015-06-01', gender: 'male', telecom: phone('13912345672') };
    const found = new Map(await grades(asked));
    expect(found.get('twin-a')).toBe('certain');
    expect(found.get('twin-b')).not.toBe('certain');
    expect(found.get('mother')).not.toBe('certain');
    const third = await grades({ ...asked, name: [{ text: '李晓南' }] });
    expect(third.map(([, grade]) => grade)).not.toContain('certain');
  });
  it('is not certain by name and birth date alone: names are common', async () => {
    const found = await grades({ name: [{ text: '张伟' }], birthDate: '1980-03-15', gender: 'male' });
    expect(found.map(([name]) => name)).toEqual(['wei']);
    expect(found[0]?.[1]).not.toBe('certain');
  });
  it('says certainly not where a valid id of the same kind differs, whatever else agrees', async () => {
    const asked = { name: [{ text: '张伟' }], birthDate: '1980-03-15', telecom: phone('13912345671'), identifier: national(OTHER) };
    expect(await grades(asked)).toEqual([['wei', 'certainly-not']]);
  });
  it('knows a 15-digit id by its 18 characters', async () => {
    expect(await grades({ name: [{ text: '赵国庆' }], identifier: national('610104196209276908') })).toEqual([['old', 'certain']]);
  });
  it('with onlyCertainMatches gives the certain one or nothing', async () => {
    const only = [{ name: 'onlyCertainMatches', valueBoolean: true }];
    expect(await grades({ name: [{ text: '李晓东' }], birthDate: '2015-06-01', telecom: phone('13912345672') }, only)).toEqual([['twin-a', 'certain']]);
    expect(await grades({ name: [{ text: '张伟' }], birthDate: '1980-03-15' }, only)).toEqual([]);
  });
  it('gives one entry for a person of several records, and none twice', async () => {
    await t.tell([person(mrn('9', 'LIS'), { names: ['张伟'], identifiers: [mrn('9', 'LIS'), resident(WEI)] })], { source: 'lis' });
    expect(await grades({ name: [{ text: '张伟' }], identifier: national(WEI) })).toEqual([['wei', 'certain']]);
  });
  it('gives no more than count', async () => {
    const answer = await ask({ name: [{ text: '李晓东' }], birthDate: '2015-06-01', telecom: phone('13912345672') }, [{ name: 'count', valueInteger: 1 }]);
    expect(answer.json().total).toBe(1);
  });
  it('is never certain when the search was cut short', async () => {
    const crowd = Array.from({ length: 101 }, (_, i) =>
      person(mrn(`c${i}`), { names: [`吴${'甲乙丙丁戊己庚辛壬癸'[i % 10]}${'东南西北中春夏秋冬日月'[i % 11]}`], phones: ['13912345699'] }),
    );
    await t.tell([person(mrn('cut'), { names: ['钱多多'], birthDate: '1977-07-07', phones: ['13912345699', '13912345698'] }), ...crowd]);
    const answer = await ask({ name: [{ text: '钱多多' }], birthDate: '1977-07-07', telecom: [...phone('13912345699'), ...phone('13912345698')] });
    const entries = answer.json().entry as Entry[];
    expect(entries.map((entry) => entry.search.extension?.[0]?.valueCode)).toEqual(['probable', undefined]);
    expect(entries.at(-1)?.resource.issue?.[0]?.code).toBe('incomplete');
  });
});

describe('a request', () => {
  it('without a patient, or with nothing to look for, is refused with an OperationOutcome', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/fhir/Patient/$match',
      cookies: cookies.get('nurse') ?? {},
      payload: { resourceType: 'Parameters' },
    });
    expect([answer.statusCode, answer.json().resourceType]).toEqual([400, 'OperationOutcome']);
    const empty = await ask({ gender: 'male' });
    expect([empty.statusCode, empty.json().issue[0].details.coding[0].code]).toEqual([422, 'govern.match-nothing']);
  });
  it('is answered for roles that may know people, and refused to every other and to the signed-out', async () => {
    for (const role of ROLES) {
      const isAllowed = (PERMISSIONS['patient.identity'] as readonly Role[]).includes(role);
      const answer = await ask({ name: [{ text: '张伟' }], birthDate: '1980-03-15' }, [], role);
      expect([role, answer.statusCode, answer.json().resourceType]).toEqual(isAllowed ? [role, 200, 'Bundle'] : [role, 403, 'OperationOutcome']);
      if (!isAllowed) expect(answer.json()).toMatchObject({ issue: [{ code: 'forbidden' }] });
    }
    const anonymous = await app.inject({ method: 'POST', url: '/fhir/Patient/$match', payload: { resourceType: 'Parameters' } });
    expect(anonymous.statusCode).toBe(401);
  });
  it('finds nobody outside the departments of who asks: such a person is as good as unknown', async () => {
    for (const code of ['CARD', 'ORTH']) {
      await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [{ dimension: 'department', code, nameZh: code, nameEn: null, parentCode: null }]));
      await signUp(`nurse-${code}`, 'nurse', [code]);
    }
    const at = { status: 'finished', class: 'outpatient', department_code: { code: '02', display: '心内', system: null } };
    await t.tell([visit('V-wei', at, { subject: mrn('wei') })]);
    await t.platform.db.tx((tx) => t.govern.dimensions.map(tx, 'department', 'his', '02', 'CARD'));
    const wei = { name: [{ text: '张伟' }], birthDate: '1980-03-15', telecom: phone('13912345671') };
    const totals = async (user: string) => (await ask(wei, [], user)).json().total as number;
    expect([await totals('nurse-CARD'), await totals('nurse-ORTH')]).toEqual([1, 0]);
    expect((await ask(wei, [], 'nurse-ORTH')).json()).toEqual((await ask({ name: [{ text: '没有此人' }], birthDate: '1931-02-03' }, [], 'nurse-ORTH')).json());
  });
  it('asked too often within a minute is put off with 429, for that address only', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 125; asked += 1) statuses.push((await ask({ gender: 'male' }, [], 'nurse', '10.0.0.9')).statusCode);
    expect(statuses.filter((status) => status === 422)).toHaveLength(120);
    expect(statuses.slice(120)).toEqual(Array(5).fill(429));
    const answer = await ask({ gender: 'male' }, [], 'nurse', '10.0.0.9');
    expect(answer.headers['content-type']).toContain('application/fhir+json');
    expect(answer.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'throttled', details: { coding: [{ code: 'http.too-many' }] } }] });
    expect((await ask({ gender: 'male' }, [], 'nurse', '10.0.0.10')).statusCode).toBe(422);
  });
  it('is in the audit log with its outcome and without what was looked for', async () => {
    const rows = await t.platform.db.query(`select * from platform.audit_entry where action = 'patient.match' order by sequence`);
    const text = JSON.stringify(rows);
    for (const outcome of ['released', 'ambiguous', 'no-match', 'cut-short']) expect(text).toContain(outcome);
    expect(text).not.toMatch(/张伟|1391234|李晓/);
  });
});
