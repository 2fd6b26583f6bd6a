import type { AddressInfo } from 'node:net';
import type { StaffViewer } from '@xinglin/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type App, buildApp } from '../server/app.ts';
import { createAccount } from '../server/platform/index.ts';
import { testPlatform } from '../server/platform/testing.ts';
import { loadDemo, type Part, type SimulateResult, simulate } from '../simulator/index.ts';

/**
 * A simulated hospital goes in through the doors everyone uses – sign-in, uploads, the events door, dictionaries – and what comes out is held
 * against what the simulator knows.
 */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const END = '2026-11-20';
const OPTIONS = { patients: 360, months: 1, seed: 'doors', end: END };
const PASSWORD = 'Apricot-Grove-7';
const WRITE_KEY = 'simulated-write-key';

let app: App;
let close: () => Promise<void>;
let result: SimulateResult;
let viewer: StaffViewer;
let parts: Part[];

beforeAll(async () => {
  const test = await testPlatform({ now: new Date(`${END}T16:00:00Z`) });
  const { platform, clock } = test;
  app = await buildApp({ config: platform.config, clock, platform });
  close = async () => {
    await app.stop();
    await test.close();
  };
  app.govern.pipeline.start();
  const { orgId } = platform.config;
  const userId = await createAccount(platform.db, {
    username: 'information',
    displayName: 'information',
    password: PASSWORD,
    role: 'information',
    departments: null,
    orgId,
    mustChangePassword: false,
  });
  viewer = { kind: 'staff', userId, role: 'operations', orgId, departments: 'all', purpose: 'operations' };
  await app.collect.addWriteKey('web', { given: WRITE_KEY, mayIdentify: true });
  await app.http.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.http.server.address() as AddressInfo;
  result = await simulate({ ...OPTIONS, to: `http://127.0.0.1:${port}`, credentials: { username: 'information', password: PASSWORD, writeKey: WRITE_KEY } });
  await app.govern.pipeline.drain();
  await platform.signals.idle();
  parts = [];
  for await (const part of loadDemo(OPTIONS)) parts.push(part);
});
afterAll(() => close());

const text = (source: string, charset = 'utf-8'): string =>
  parts
    .filter((part) => part.source === source)
    .map((part) => new TextDecoder(charset).decode(part.body))
    .join('');
const rows = <T>(sql: string): Promise<T[]> => app.lake.warehouse.query<T>(sql);

describe('a simulated hospital through the real doors', () => {
  it('is taken in whole: nothing rejected, nothing set aside, every code named', async () => {
    expect(result.rejected).toBe(0);
    expect(result.items).toBe(parts.reduce((sum, part) => sum + part.items, 0));
    const quarantined = await app.platform.db.query<{ code: string }>('select code from govern.quarantine');
    expect(quarantined).toEqual([]);
    for (const dimension of ['department', 'staff', 'ward', 'disease', 'item'] as const) expect(await app.govern.dimensions.unmapped(dimension)).toEqual([]);
  });

  it('becomes every kind of fact, about ten per patient and month', async () => {
    const counts: Record<string, number> = {};
    for (const fact of [
      'person_record',
      'encounter',
      'condition',
      'observation',
      'procedure',
      'medication',
      'charge',
      'appointment',
      'event',
      'survey_answer',
      'review',
      'complaint',
    ]) {
      const [row] = await rows<{ n: number }>(`select count(*) as n from fact_${fact}`);
      counts[fact] = Number(row?.n ?? 0);
      expect(counts[fact], fact).toBeGreaterThan(0);
    }
    const all = Object.values(counts).reduce((a, b) => a + b, 0);
    expect(all / (OPTIONS.patients * OPTIONS.months)).toBeGreaterThan(6);
  });

  it('counts the visits that were made', async () => {
    const started = new Set(
      [...text('his', 'gb18030').matchAll(/\|ADT\^A0[14]\^[^\r]*\r[\s\S]*?PV1\|1\|[OEIT]\|[^\r]*?\|(V\d{9})\|/g)].map((found) => found[1]),
    );
    const withdrawn = [...text('his', 'gb18030').matchAll(/\|ADT\^A11\^/g)].length;
    const [row] = await rows<{ n: number }>(`select count(*) as n from fact_encounter where source = 'his'`);
    expect(Number(row?.n)).toBe(started.size - withdrawn);
  });

  it('joins the records of one person by their numbers and never two people', async () => {
    const mrns = [...new Set([...text('his', 'gb18030').matchAll(/PID\|1\|\|(M0\d{7})\^/g)].map((found) => found[1] as string))].slice(0, 150);
    const holders = new Map<string, string>();
    let split = 0;
    for (const mrn of mrns) {
      const found = await app.govern.people.search(viewer, mrn, 5);
      expect(found.length).toBeGreaterThan(0);
      if (found.length > 1) split++;
      for (const person of found) {
        expect(holders.get(person) ?? mrn, 'two record numbers in one person').toBe(mrn);
        holders.set(person, mrn);
      }
    }
    // A booking under a relative's number, an id with digits swapped: records whose details contradict the number stay apart for people to judge.
    expect(split / mrns.length).toBeLessThan(0.03);
    const summaries = await app.govern.people.summaries(viewer, [...holders.keys()]);
    const joined = summaries.filter((each) => new Set(each.records.map((record) => record.source)).size >= 3);
    expect(joined.length / summaries.length).toBeGreaterThan(0.4);
  });

  it('starts follow-up for those just discharged and knows what people agreed to', async () => {
    const [plans] = await app.platform.db.query<{ n: number }>('select count(*)::int as n from engage.plan');
    expect(plans?.n).toBeGreaterThan(0);
    const consents = await app.platform.db.query<{ purpose: string; share: number }>(
      'select purpose, avg(is_granted::int)::float8 as share from govern.consent group by purpose',
    );
    expect(consents.find((each) => each.purpose === 'followup')?.share).toBeGreaterThan(0.85);
    expect(consents.find((each) => each.purpose === 'marketing')?.share).toBeLessThan(0.55);
  });

  it('sent again changes nothing', async () => {
    const before = await rows<{ n: number }>('select count(*) as n from fact_encounter');
    const { port } = app.http.server.address() as AddressInfo;
    await simulate({ ...OPTIONS, to: `http://127.0.0.1:${port}`, credentials: { username: 'information', password: PASSWORD, writeKey: WRITE_KEY } });
    await app.govern.pipeline.drain();
    expect(await rows<{ n: number }>('select count(*) as n from fact_encounter')).toEqual(before);
  });
});
