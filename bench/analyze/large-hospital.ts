/** A hospital of numbers only, made set-based through the lake: people, visits, results, charges and answers over two years. Nobody in it exists. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnsOf, type FactName, type StaffViewer } from '@xinglin/contracts';
import { type Analyze, createAnalyze } from '../../server/analyze/index.ts';
import { loadConfig, SimulatedClock, silentLogger } from '../../server/kernel/index.ts';
import { createLake, type Lake } from '../../server/lake/index.ts';
import { openPlatform } from '../../server/platform/index.ts';

export const NOW = new Date('2026-03-31T04:00:00Z');
/** All facts together; 48 million are what a large hospital has, a smaller number shows the same shape sooner. */
export const ROWS = Number(process.env['BENCH_ROWS'] ?? 3_000_000);
/** Per person: 4 visits, 12 results, 7 charges, 1 answer. */
const PER_PERSON = { encounter: 4, observation: 12, charge: 7, survey_answer: 1 } as const;
export const PEOPLE = Math.round(ROWS / 24);

export interface LargeHospital {
  readonly analyze: Analyze;
  readonly lake: Lake;
  readonly viewer: StaffViewer;
  readonly recordKeyOf: (person: number) => string;
  readonly filesOf: (fact: FactName) => string[];
  close(): Promise<void>;
}

const uuid = (kind: string, number: string): string => `cast(md5('${kind}' || ${number}) as uuid)`;
/** Two years back from now, scattered by a hash so that no order helps. */
const WHEN = `timestamp '2024-04-01 00:00:00' + to_seconds(cast(hash(i) % 63000000 as bigint))`;
const pick = (list: string, salt: number): string => `list_extract(${list}, cast(hash(i + ${salt}) % len(${list}) as integer) + 1)`;
const DEPARTMENTS = `['CARD','RESP','ENDO','GAST','NEUR','GENS','ORTH','UROL','OBST','GYNE','PEDI','OPHT','DERM','EMER','REHA']`;

const COLUMNS: Record<keyof typeof PER_PERSON, Record<string, string>> = {
  encounter: {
    encounter_key: uuid('e', 'i'),
    class: pick(`['outpatient','outpatient','outpatient','emergency','inpatient']`, 1),
    status: `'finished'`,
    started_at: 'moment',
    ended_at: `moment + to_hours(cast(hash(i + 9) % 200 as integer))`,
    disease_code: pick(`['I10.x00','E11.900','J20.900','S83.200','M17.100','K29.700']`, 2),
  },
  observation: {
    category: `'laboratory'`,
    code: pick(`['GLU','K','NA','CRP','HGB','ALT','AST','CREA']`, 3),
    value_number: 'cast(hash(i + 4) % 1000 as double) / 50',
    unit: `'mmol/L'`,
    abnormal_flag: pick(`['N','N','N','N','H','L']`, 5),
    status: `'final'`,
  },
  charge: {
    encounter_key: uuid('e', '(i % 4)'),
    category: pick(`['drug','exam','laboratory','treatment','consumable','bed']`, 6),
    amount_fen: 'cast(hash(i + 7) % 100000 as bigint)',
    payment_type: `'insured'`,
  },
  survey_answer: {
    survey: `'outpatient@1'`,
    invitation_key: uuid('i', 'i'),
    mode: pick(`['wechat','wechat','sms','phone']`, 8),
    question: `'overall'`,
    score: 'cast(hash(i + 8) % 5 + 1 as double)',
    score_max: '5',
    is_overall: 'true',
  },
};

function selectOf(fact: keyof typeof PER_PERSON): string {
  const each = PER_PERSON[fact];
  const given: Record<string, string> = {
    fact_key: uuid(fact, 'i'),
    version: 'epoch_us(moment)',
    position: 'i',
    is_deleted: 'false',
    org_id: `'demo'`,
    campus_id: `'main'`,
    source: `'his'`,
    record_key: uuid('r', `(i // ${each})`),
    occurred_at: 'moment',
    received_at: 'moment',
    day: `cast(moment + interval '8' hour as date)`,
    time_precision: `'second'`,
    edition: `'bench@1'`,
    department_code: pick(DEPARTMENTS, 11),
    ...COLUMNS[fact],
  };
  const columns = columnsOf(fact).map(({ name }) => `${given[name] ?? 'null'} as "${name}"`);
  return `select ${columns.join(', ')} from (select i, ${WHEN} as moment from range(${PEOPLE * each}) t(i)) made`;
}

export async function openLargeHospital(): Promise<LargeHospital> {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-analyze-'));
  const config = loadConfig({ dataDir: join(folder, 'data'), keysDir: join(folder, 'keys'), orgId: 'demo', logLevel: 'silent', warehouseMemoryMb: 1024 }, {});
  const platform = await openPlatform(config, { clock: new SimulatedClock(NOW), log: silentLogger });
  const lake = await createLake({ platform });
  const batch = lake.beginFacts();
  for (const fact of Object.keys(PER_PERSON) as (keyof typeof PER_PERSON)[]) await batch.addFrom(fact, selectOf(fact));
  const files = await batch.close();
  const stream = { orgId: 'demo', campusId: 'main', source: 'his', lane: 'bulk' } as const;
  await platform.db.tx((tx) => lake.commit(tx, { stream, from: 0, to: 1, files, edition: 'bench@1' }));
  await lake.compact({ minFiles: 1 });

  // Person and record key are the same here, worked out as the facts were.
  const keys = await lake.warehouse.query<{ key: string }>(`select cast(md5('r' || i) as uuid) as key from range(${PEOPLE}) t(i)`);
  const pairs = keys.map(({ key }) => [key, key] as const);
  const text = (...names: string[]) => names.map((name) => ({ name, type: 'varchar' as const }));
  lake.warehouse.publish(
    'link',
    ['record_key', 'person_id'].map((name) => ({ name, type: 'uuid' as const })),
    async function* link() {
      yield* pairs;
    },
  );
  lake.warehouse.publish('dimension_map', text('dimension', 'source', 'source_code', 'code'), async function* map() {
    for (const code of DEPARTMENTS.match(/[A-Z]+/g) ?? []) yield ['department', 'his', code, code];
  });
  lake.warehouse.publish('code_name', text('dimension', 'source', 'code', 'name'), async function* names() {});

  const summary = (personId: string) => ({
    ...{ personId, name: '患*', sex: 'unknown' as const, birthMonth: null, phone: null, residentId: null, district: null, insuranceType: null },
    records: [{ source: 'his', recordKey: personId, since: NOW, linkedBy: 'mrn' }],
  });
  const govern = {
    people: { summaries: async (_: unknown, ids: readonly string[]) => ids.map(summary), search: async () => [], recordsOf: async (id: string) => [id] },
    dimensions: { entries: async () => new Map() },
    consents: { of: async () => [] },
  } as unknown as Parameters<typeof createAnalyze>[0]['govern'];
  return {
    lake,
    analyze: createAnalyze({ platform, lake, govern }),
    viewer: { kind: 'staff', userId: '00000000-0000-4000-8000-00000000000a', role: 'nurse', orgId: 'demo', departments: 'all', purpose: 'care' },
    recordKeyOf: (person) => keys[person]?.key ?? '',
    filesOf: (fact) =>
      readdirSync(join(config.dataDir, 'facts'), { recursive: true })
        .map(String)
        .filter((path) => path.includes(`fact=${fact}/`) && path.endsWith('.parquet'))
        .map((path) => join(config.dataDir, 'facts', path)),
    async close() {
      await lake.close();
      await platform.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const p95 = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN;
export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await work();
  return { ms: performance.now() - started, value };
}
export const say = (figures: object): void => console.log(JSON.stringify(figures));
const round = (value: number): number => Math.round(value * 100) / 100;
export const rounded = (figures: Record<string, number | string>): object =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? round(value) : value]));
