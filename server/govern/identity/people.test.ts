import type { Role, StaffViewer, Viewer } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical, mrn, person, type TestGovern, testGovern, visit } from '../testing.ts';

let t: TestGovern;
let personId: string;
const staff = (role: Role, departments: StaffViewer['departments'] = 'all'): StaffViewer => ({
  kind: 'staff',
  userId: 'u',
  role,
  orgId: 'demo',
  departments,
  purpose: 'followup',
});
const system: Viewer = { kind: 'system', room: 'analyze', orgId: 'demo', purpose: 'operations' };
const ID = '11010519491231002X';

beforeAll(async () => {
  t = await testGovern();
  await t.platform.db.tx((tx) =>
    t.govern.dimensions.upsert(tx, [
      { dimension: 'department', code: 'CARD', nameZh: '心内科', nameEn: null, parentCode: null },
      { dimension: 'department', code: 'GS', nameZh: '普外科', nameEn: null, parentCode: null },
    ]),
  );
  await t.tell([
    person(mrn('20230001'), {
      ...{ names: ['张小三'], birthDate: '1949-12-31', sex: 'female', phones: ['0571-87654321', '13912345670'], insuranceType: '职工医保' },
      identifiers: [mrn('20230001'), { type: 'resident-id', system: 'CN', value: ID }],
      addresses: [{ text: '浙江省杭州市西湖区文三路18号', district: '330106' }],
    }),
    visit('V1', { status: 'in-progress', class: 'outpatient', department_code: { code: '02', display: '心内', system: null } }, { subject: mrn('20230001') }),
    canonical({ fact: 'complaint', localId: 'C1', subject: mrn('20230001'), values: { kind: 'complaint' }, text: '我是张小三，电话13912345670，护士态度差' }),
    canonical({ fact: 'review', localId: 'R1', subject: null, values: { kind: 'review', platform: 'weibo' }, text: '李阿姨说排队久' }),
  ]);
  await t.platform.db.tx((tx) => t.govern.dimensions.map(tx, 'department', 'his', '02', 'CARD'));
  personId = (await t.govern.people.search(staff('nurse'), '20230001', 10))[0] ?? '';
});
afterAll(() => t.close());

const textIds = async () =>
  (await t.platform.db.query<{ text_id: string }>('select text_id from govern.vault_text order by record_key nulls last')).map((row) => row.text_id);

describe('a search', () => {
  it('finds a person by any full number, however it is typed', async () => {
    for (const text of ['20230001', ID, ' 110105 19491231 002x', '139 1234 5670', '+8613912345670', '0571-87654321']) {
      expect(await t.govern.people.search(staff('nurse'), text, 10), text).toEqual([personId]);
    }
  });
  it('finds by name only for roles that may know people', async () => {
    expect(await t.govern.people.search(staff('nurse'), '张小三', 10)).toEqual([personId]);
    expect(await t.govern.people.search(staff('analyst'), '张小三', 10)).toEqual([]);
  });
  it('finds a newborn under the name the ward gave it', async () => {
    await t.tell([person(mrn('20239001'), { names: ['王丽之次女'], sex: 'female' })]);
    expect(await t.govern.people.search(staff('nurse'), '王丽之次女', 10)).toEqual(await t.govern.people.search(staff('nurse'), '20239001', 10));
    expect(await t.govern.people.search(staff('nurse'), '王丽之长子', 10)).toEqual([]);
  });
  it('finds nothing by a part of a number', async () => expect(await t.govern.people.search(staff('nurse'), '2023', 10)).toEqual([]));
  it('stays within the departments of the viewer', async () => {
    expect(await t.govern.people.search(staff('department-head', ['CARD']), '20230001', 10)).toEqual([personId]);
    expect(await t.govern.people.search(staff('department-head', ['GS']), '20230001', 10)).toEqual([]);
    expect(await t.govern.people.search({ ...staff('nurse'), orgId: 'elsewhere' }, '20230001', 10)).toEqual([]);
  });
});

describe('a summary', () => {
  it('is masked for whoever works with patients', async () => {
    const [summary] = await t.govern.people.summaries(staff('nurse'), [personId]);
    expect(summary).toMatchObject({ name: '张*三', phone: '139****5670', residentId: '110105********002X', birthMonth: '1949-12', district: '330106' });
    expect(summary?.records).toMatchObject([{ source: 'his', linkedBy: 'single' }]);
  });
  it('shows less in a list', async () => {
    const [summary] = await t.govern.people.summaries(staff('nurse'), [personId, '00000000-0000-7000-8000-000000000000']);
    expect(summary?.residentId).toBe('110***********002X');
  });
  it('has no name, phone or number for the other roles', async () => {
    const [summary] = await t.govern.people.summaries(staff('analyst'), [personId]);
    expect(summary).toMatchObject({ name: `患者 ${personId.slice(-4)}`, phone: null, residentId: null });
  });
  it('shows patients themselves only', async () => {
    const own: Viewer = { kind: 'patient', personId, orgId: 'demo', purpose: 'care' };
    expect((await t.govern.people.summaries(own, [personId]))[0]?.name).toBe('张小三');
    expect(await t.govern.people.summaries({ ...own, personId: '00000000-0000-7000-8000-000000000000' }, [personId])).toEqual([]);
  });
  it('out of scope is not there', async () => expect(await t.govern.people.summaries(staff('department-head', ['GS']), [personId])).toEqual([]));
});

describe('free text', () => {
  it('is whole for roles that may know people, redacted for the others', async () => {
    const ids = await textIds();
    expect([...(await t.govern.people.text(staff('nurse'), ids)).values()]).toEqual(['我是张小三，电话13912345670，护士态度差', '李阿姨说排队久']);
    for (const viewer of [staff('analyst'), system]) {
      expect([...(await t.govern.people.text(viewer, ids)).values()]).toEqual(['我是[姓名]，电话[号码]，护士态度差', '[姓名]阿姨说排队久']);
    }
  });
  it('of other departments is not there', async () => expect((await t.govern.people.text(staff('department-head', ['GS']), await textIds())).size).toBe(0));
});

describe('every read', () => {
  it('is in the audit log, without what was looked for', async () => {
    await t.govern.people.search(staff('nurse'), '张小三', 10);
    const rows = await t.platform.db.query<{ action: string }>('select * from platform.audit_entry order by sequence');
    expect(new Set(rows.map((row) => row.action))).toEqual(new Set(['patient.search', 'patient.summary', 'text.read']));
    expect(JSON.stringify(rows)).not.toContain('张小三');
  });
});

describe('contacts', () => {
  it('come from the vault, mobiles first', async () => {
    const [recordKey = ''] = await t.govern.people.recordsOf(personId);
    expect(await t.govern.contacts.addressOf(recordKey, 'sms')).toBe('+8613912345670');
    expect(await t.govern.contacts.addressOf(recordKey, 'inbox')).toBe(personId);
    expect(await t.govern.contacts.addressOf(recordKey, 'pigeon')).toBeNull();
    expect(await t.govern.patientDirectory.byPhone('13912345670')).toBe(recordKey);
    expect(await t.govern.patientDirectory.personOf(recordKey)).toBe(personId);
  });
  it('open nobody’s record by a phone two people share', async () => {
    await t.tell([person(mrn('20230002'), { names: ['王五'], phones: ['13912345670'] })]);
    expect(await t.govern.patientDirectory.byPhone('13912345670')).toBeNull();
  });
});
