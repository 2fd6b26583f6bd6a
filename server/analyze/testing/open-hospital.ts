import type { Role, StaffViewer, StreamName, Viewer } from '@xinglin/contracts';
import type { Govern, PersonSummary } from '../../govern/index.ts';
import { createLake, type Lake } from '../../lake/index.ts';
import { type TestPlatform, testPlatform } from '../../platform/testing.ts';
import { type Analyze, createAnalyze } from '../analyze.ts';
import { type Planted, rowsByFact } from './facts.ts';
import { DEPARTMENTS, LINKS, NOW } from './small-hospital.ts';

export interface TestHospital extends TestPlatform {
  readonly lake: Lake;
  readonly analyze: Analyze;
  /** Files facts the way processing does, one commit. */
  add(facts: readonly Planted[]): Promise<void>;
}

export const SYSTEM: Viewer = { kind: 'system', room: 'test', orgId: 'demo', purpose: 'operations' };
export const staff = (role: Role, departments: StaffViewer['departments'] = 'all'): StaffViewer => ({
  ...{ kind: 'staff', userId: '00000000-0000-4000-8000-00000000000a', role, orgId: 'demo', departments, purpose: 'operations' },
});

/** A hospital with these facts on a real lake, its people linked and its departments mapped and named. */
export async function openHospital(facts: readonly Planted[], options: { now?: Date } = {}): Promise<TestHospital> {
  const base = await testPlatform({ now: options.now ?? NOW });
  const { platform } = base;
  const lake = await createLake({ platform });
  publish(lake);
  let position = 0;
  const add = async (more: readonly Planted[]): Promise<void> => {
    const batch = lake.beginFacts();
    for (const [fact, rows] of rowsByFact(more)) await batch.add(fact, rows);
    const files = await batch.close();
    await platform.db.tx((tx) => lake.commit(tx, { stream: STREAM, from: position, to: position + 1, files, edition: 'test@1' }));
    position += 1;
  };
  await add(facts);
  const analyze = createAnalyze({ platform, lake, govern: plainGovern() });
  return {
    ...base,
    lake,
    analyze,
    add,
    close: async () => {
      await lake.close();
      await base.close();
    },
  };
}
const STREAM: StreamName = { orgId: 'demo', campusId: 'main', source: 'test', lane: 'bulk' };

/** What govern publishes to the warehouse. Sources use the hospital's own department codes; whatever else is unmapped. */
function publish({ warehouse }: Lake): void {
  const rows = (list: readonly (readonly string[])[]) =>
    async function* each() {
      yield* list;
    };
  const sources = ['his', 'lis', 'booking', 'loop', 'complaint', 'review', 'web'];
  const mapped = sources.flatMap((source) => [
    ...DEPARTMENTS.map(({ code }) => ['department', source, code, code] as const),
    ...DEPARTMENTS.map(({ code }) => ['staff', source, `D-${code}`, `D-${code}`] as const),
  ]);
  const text = (...names: string[]) => names.map((name) => ({ name, type: 'varchar' as const }));
  const keys = ['record_key', 'person_id'].map((name) => ({ name, type: 'uuid' as const }));
  warehouse.publish('link', keys, rows(LINKS));
  warehouse.publish('dimension_map', text('dimension', 'source', 'source_code', 'code'), rows(mapped));
  warehouse.publish('code_name', text('dimension', 'source', 'code', 'name'), rows([['item', 'lis', 'GLU', '葡萄糖']]));
}

/** People and dictionaries as govern would give them: names masked, everyone linked. */
function plainGovern(): Pick<Govern, 'people' | 'dimensions' | 'consents'> {
  const persons = new Map<string, string[]>();
  for (const [recordKey, person] of LINKS) persons.set(person, [...(persons.get(person) ?? []), recordKey]);
  const summary = (personId: string): PersonSummary | null => {
    const records = persons.get(personId);
    return records === undefined
      ? null
      : {
          ...{ personId, name: '患*', sex: 'unknown', birthMonth: '1960-05', phone: null, residentId: null, district: null, insuranceType: null },
          records: records.map((recordKey) => ({ source: 'his', recordKey, since: new Date('2025-12-01T00:00:00Z'), linkedBy: 'mrn' })),
        };
  };
  return {
    people: {
      search: async (_viewer, text) => (text === 'MRN-1' ? [LINKS[0]?.[1] ?? ''] : []),
      summaries: async (_viewer, ids) => ids.map(summary).filter((each) => each !== null),
      recordsOf: async (personId) => persons.get(personId) ?? [],
      personOf: async () => new Map(LINKS),
      text: async () => new Map(),
    },
    dimensions: {
      entries: async (dimension) => new Map(dimension === 'department' ? DEPARTMENTS.map((each) => [each.code, { dimension, parentCode: null, ...each }]) : []),
      upsert: async () => {},
      map: async () => {},
      unmapped: async () => [],
    },
    consents: { of: async () => [], decide: async () => ({ allowed: true, basis: 'test' }) },
  };
}
