/** Merging and undoing, checked against every table that belongs to a person. */
import type { StaffViewer } from '@xinglin/contracts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonical, mrn, person, type TestGovern, testGovern, visit } from '../../testing.ts';

let t: TestGovern;
const viewer: StaffViewer = { kind: 'staff', userId: 'reviewer', role: 'operations', orgId: 'demo', departments: 'all', purpose: 'operations' };
const NAMES = ['赵美兰', '周国强', '欧阳晓雯', '买买提·艾力', '沈琳琳', '韩国栋'] as const;
let requests = 0;
const asked = () => ({ viewer, requestKey: `property-${(requests += 1)}` });

beforeAll(async () => {
  t = await testGovern({ now: new Date('2026-03-02T02:00:00Z') });
  for (const [index, name] of NAMES.entries()) {
    const [his, lis] = [mrn(`H${index}`, 'his'), mrn(`L${index}`, 'lis')];
    const details = { names: [name], birthDate: `19${50 + index * 7}-0${index + 1}-12`, phones: [`1361234098${index}`] };
    await t.tell([person(his, { ...details, identifiers: [his] }), visit(`V${index}`, { status: 'finished', class: 'outpatient' }, { subject: his })], {
      acts: [{ act: 'consent', subject: his, purpose: 'followup', channel: null, granted: index % 2 === 0, textEdition: 'followup@1', occurredAt: '2026-01-05T00:00:00Z' }],
    });
    await t.tell([person(lis, { ...details, identifiers: [lis] }), canonical({ fact: 'complaint', subject: lis, values: { kind: 'complaint' }, text: `投诉 ${index}` })], { source: 'lis' });
  } // biome-ignore format: short
}, 60_000);
afterAll(() => t.close());

/** What acts keep of themselves; everything else must come back. */
const OWN_BOOKS = new Set(['link_history', 'manual_act', 'manual_decision']);
/** When a link last changed is part of its history. */
const OWN_COLUMNS: Readonly<Record<string, string>> = { link: 'record_key, person_id, linked_by', person: 'person_id, retired_into' };

async function everything(): Promise<Record<string, unknown>> {
  const { db } = t.platform;
  const listed = await db.query<{ schema_name: string; table_name: string }>(
    `select distinct schema_name, table_name from platform.person_reference union select 'govern', 'person' order by 1, 2`,
  );
  const rows: Record<string, unknown> = {};
  for (const { schema_name: schema, table_name: table } of listed) {
    if (OWN_BOOKS.has(table)) continue;
    const columns = (schema === 'govern' && OWN_COLUMNS[table]) || '*';
    // A person made by a split and merged away stays, retired: its id resolves for ever.
    const where = table === 'person' ? 'where retired_into is null' : '';
    // The time a pair was found is when it last came up.
    const found = await db.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(r) - 'found_at' as row from (select ${columns} from ${schema}."${table}" ${where}) r`,
    );
    rows[`${schema}.${table}`] = found.map(({ row }) => JSON.stringify(row)).sort();
  }
  return rows;
}
const persons = async (): Promise<string[]> =>
  (await t.platform.db.query<{ person_id: string }>('select distinct person_id from govern.link order by 1')).map((row) => row.person_id);
const recordsOf = async (personId: string): Promise<string[]> => t.govern.people.recordsOf(personId);

describe('merging people, splitting them and undoing all of it', () => {
  it('restores every row of every table, in whatever order it is undone', async () => {
    const before = await everything();
    expect((await persons()).length).toBe(NAMES.length);
    const step = fc.tuple(fc.constantFrom('merge', 'split'), fc.nat(), fc.nat());
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 5 }), fc.infiniteStream(fc.nat()), async (steps, order) => {
        const acts: string[] = [];
        for (const [kind, x, y] of steps) {
          const ids = await persons();
          const one = ids[x % ids.length] ?? '';
          const records = await recordsOf(one);
          if (kind === 'split' && records.length > 1) {
            const recordKeys = records.slice(0, 1 + (y % (records.length - 1)));
            acts.push((await t.govern.identity.acts.act(asked(), { kind: 'split', personId: one, recordKeys, reason: 'source-error' })).actId);
          } else if (ids.length > 1) {
            const other = ids.filter((each) => each !== one)[y % (ids.length - 1)] ?? '';
            acts.push((await t.govern.identity.acts.act(asked(), { kind: 'merge', personIds: [one, other], reason: 'papers-seen' })).actId);
          }
        }
        const shuffled = acts.map((actId) => [order.next().value ?? 0, actId] as const).sort(([a], [b]) => a - b);
        for (const [, actId] of shuffled) await t.govern.identity.acts.undo(asked(), actId);
        expect(await everything()).toEqual(before);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 240_000);
});
