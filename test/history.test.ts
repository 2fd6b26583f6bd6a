import type { StaffViewer } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, buildApp } from '../server/app.ts';
import { createAccount } from '../server/platform/index.ts';
import { testPlatform } from '../server/platform/testing.ts';
import { loadDemo } from '../simulator/index.ts';

/**
 * The same hospital twice: all months by the interfaces, and the older ones as the tables a hospital hands over when it starts. Both come to the same
 * facts as far as a table can carry them; what differs is listed here, with why.
 */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const OPTIONS = { patients: 400, months: 3, seed: 'history', end: '2026-11-20' };
const NOW = new Date('2026-11-20T16:00:00Z');

interface Hospital {
  readonly app: App;
  close(): Promise<void>;
}
async function open(): Promise<Hospital> {
  const test = await testPlatform({ now: NOW });
  const app = await buildApp({ config: test.platform.config, clock: test.clock, platform: test.platform });
  return {
    app,
    close: async () => {
      await app.stop();
      await test.close();
    },
  };
}

async function viewerOf({ app: { platform } }: Hospital): Promise<StaffViewer> {
  const { orgId } = platform.config;
  const account = { username: 'operations', displayName: 'operations', password: 'Apricot-Grove-7', role: 'operations', departments: null, orgId } as const;
  const userId = await createAccount(platform.db, { ...account, mustChangePassword: false });
  return { kind: 'staff', userId, role: 'operations', orgId, departments: 'all', purpose: 'operations' };
}

const mrns = new Set<string>();
async function deliver({ collect, govern }: App, liveMonths: number | undefined): Promise<void> {
  for await (const part of loadDemo({ ...OPTIONS, ...(liveMonths === undefined ? {} : { liveMonths }) })) {
    if (part.kind === 'events') {
      const { batch } = JSON.parse(part.body.toString('utf8')) as { batch: unknown[] };
      const { rejected } = await collect.deliverEvents(
        { source: 'web', campusId: 'main', mayIdentify: true },
        { events: batch, sentAt: undefined, context: undefined },
      );
      expect(rejected).toBe(0);
      continue;
    }
    if (liveMonths === undefined && part.source === 'his')
      for (const found of part.body.toString('latin1').matchAll(/PID\|1\|\|(M0\d{7})\^/g)) mrns.add(found[1] as string);
    async function* bytes() {
      yield part.body;
    }
    const report = await collect.ingestStream({ name: part.fileName, bytes: bytes(), source: part.source, mapping: null, by: 'test' });
    expect(report, part.fileName).toMatchObject({ rejected: 0 });
  }
  await govern.pipeline.drain();
}

let messages: Hospital;
let tables: Hospital;
beforeAll(async () => {
  [messages, tables] = [await open(), await open()];
  for (const { app } of [messages, tables])
    await app.collect.registerSource({ source: 'web', nameZh: '网站', nameEn: null, owner: null, campusId: null }, 'test');
  await deliver(messages.app, undefined);
  await deliver(tables.app, 1);
});
afterAll(async () => {
  await messages?.close();
  await tables?.close();
});

const rows = <T>({ app }: Hospital, sql: string): Promise<T[]> => app.lake.warehouse.query<T>(sql);

/** How often each combination of the given columns occurs. */
async function counted(hospital: Hospital, fact: string, columns: string): Promise<string[]> {
  const found = await rows<object>(hospital, `select ${columns}, count(*) as n from fact_${fact} group by all`);
  return found.map((row) => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? Number(value) : value))).sort();
}
const MONTH = `source, strftime(day, '%Y-%m') as month`;
const KNOWN = (...names: string[]): string => names.map((name) => `${name} is not null as has_${name}`).join(', ');
const SUM = (name: string): string => `sum(cast(${name} as decimal(18, 4)))::varchar as sum_${name}`;

/** Everything a fact says, by source and month. */
const SAID: Readonly<Record<string, string>> = {
  encounter: `class, status, department_code, staff_code, ward_code, discharge_disposition, disease_code, surgery_code, ${KNOWN('started_at', 'ended_at', 'record_key')}`,
  condition: `code_system, code, department_code, staff_code, rank, clinical_status, ${KNOWN('encounter_key')}`,
  observation: `code_system, code, department_code, staff_code, category, unit, abnormal_flag, status, ${KNOWN('text_id', 'encounter_key')}, ${SUM('value_number')}, ${SUM('reference_low')}, ${SUM('reference_high')}`,
  procedure: `code_system, code, department_code, staff_code, category, status, ${KNOWN('started_at', 'ended_at', 'encounter_key')}`,
  medication: `code_system, code, department_code, staff_code, kind, status, dose_unit, ${KNOWN('started_at', 'ended_at')}, ${SUM('dose_number')}`,
  charge: `code, department_code, staff_code, category, payment_type, ${SUM('quantity')}, ${SUM('unit_price')}, ${SUM('amount_fen')}`,
  appointment: `department_code, staff_code, status, channel, ${KNOWN('booked_at', 'arrived_at', 'called_at', 'encounter_key')}`,
  event: `name, kind, channel, campaign, page, department_code, ${KNOWN('record_key', 'anonymous_key')}, ${SUM('value')}`,
  survey_answer: `survey, mode, question, department_code, staff_code, ${KNOWN('text_id', 'record_key')}, ${SUM('score')}`,
  complaint: `kind, channel, topic, severity, shift, department_code, ${KNOWN('text_id', 'closed_at')}`,
  review: `platform, kind, sentiment, department_code, staff_code, ${KNOWN('text_id')}, ${SUM('mentions')}`,
};

describe('a history handed over as tables', () => {
  it('is taken in whole: nothing refused, nothing set aside', async () => {
    for (const { app } of [messages, tables]) expect(await app.platform.db.query('select code from govern.quarantine')).toEqual([]);
  });

  it.each(Object.entries(SAID))('says of %s what the interfaces would have said, by source and month', async (fact, columns) => {
    const [one, other] = [await counted(messages, fact, `${MONTH}, ${columns}`), await counted(tables, fact, `${MONTH}, ${columns}`)];
    expect(one.length).toBeGreaterThan(0);
    expect(other).toEqual(one);
  });

  /** Who booked online and never came is in no message of the HIS, but in its register; a number that was merged is in the messages, but not in the tables. */
  it('knows the same records, and beyond them those who were registered and never came', async () => {
    const bySource = async (hospital: Hospital): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await rows<{ source: string; n: bigint }>(hospital, 'select source, count(*) as n from fact_person_record group by 1')).map((row) => [
          row.source,
          Number(row.n),
        ]),
      );
    const [said, listed] = [await bySource(messages), await bySource(tables)];
    for (const source of ['emr', 'booking', 'survey', 'web']) expect(listed[source], source).toBe(said[source]);
    for (const source of ['his', 'lis', 'ris', 'doc', 'device'])
      expect(Math.abs((listed[source] ?? 0) - (said[source] ?? 0)) / (said[source] ?? 1), source).toBeLessThan(0.06);
  });

  it('links people alike: each record number stands for one person with the same systems', async () => {
    const who = await Promise.all([viewerOf(messages), viewerOf(tables)]);
    const joined = async (at: 0 | 1, mrn: string): Promise<string> => {
      const { app } = [messages, tables][at] as Hospital;
      const viewer = who[at] as StaffViewer;
      const people = await app.govern.people.search(viewer, mrn, 5);
      const summaries = await app.govern.people.summaries(viewer, people);
      return summaries
        .map((each) => [...new Set(each.records.map((record) => record.source))].sort().join('+'))
        .sort()
        .join(' | ');
    };
    let same = 0;
    for (const mrn of mrns) if ((await joined(0, mrn)) === (await joined(1, mrn))) same++;
    expect(same / mrns.size).toBeGreaterThan(0.97);
  });

  it('and messages about the same things come again as the same facts: only operations have a key of their own', async () => {
    const counts = async (): Promise<Record<string, number>> => {
      const all: Record<string, number> = {};
      for (const fact of Object.keys(SAID)) all[fact] = Number((await rows<{ n: bigint }>(tables, `select count(*) as n from fact_${fact}`))[0]?.n);
      return all;
    };
    const before = await counts();
    const [operations] = await rows<{ n: bigint }>(tables, `select count(*) as n from fact_procedure where edition like 'operations@%'`);
    await deliver(tables.app, undefined);
    expect(await counts()).toEqual({ ...before, procedure: (before['procedure'] ?? 0) + Number(operations?.n) });
  });
});
