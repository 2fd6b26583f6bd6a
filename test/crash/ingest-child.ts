/**
 * Takes in a hospital's deliveries and files them, to be killed: `node ingest-child.js DATA KEYS SEED PATIENTS [FOLDER …]`.
 * Statements come made, files in the folders through their doors, both at once. Says `ready`, then `filed`, then one JSON line:
 * everything that must not depend on having been killed.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { FACT_NAMES, type RawDelivery } from '@xinglin/contracts';
import { type Collect, createCollect } from '../../server/collect/index.ts';
import { createGovern } from '../../server/govern/index.ts';
import { plainCollect } from '../../server/govern/testing/statements.ts';
import { loadConfig, SimulatedClock, silentLogger } from '../../server/kernel/index.ts';
import { createLake, type Lake } from '../../server/lake/index.ts';
import { openPlatform, type Platform } from '../../server/platform/index.ts';
import { deliveries, NOW } from './ingest-deliveries.ts';

const [dataDir = '', keysDir = '', seed = '1', patients = '50', ...folders] = process.argv.slice(2);
/** What the database refuses while it is killed and started again. */
const isRetried = (code: string | undefined): boolean => code?.startsWith('platform.') ?? false;
const say = (text: string): void => void writeSync(1, `${text}\n`);
const clock = new SimulatedClock(NOW);
const config = loadConfig({ dataDir, keysDir, logLevel: 'silent', warehouseMemoryMb: 256 }, {});
const platform = await openPlatform(config, { clock, log: silentLogger });
for (const topic of ['encounter.discharged', 'encounter.finished', 'encounter.reopened', 'complaint.received', 'consent.changed'] as const) {
  platform.signals.on(topic, 'crash', async () => {});
}
const lake = await createLake({ platform });
const doors = await createCollect({ platform, lake });
const collect: Collect = { ...doors, read: (record) => (record.meta['made'] === undefined ? doors.read(record) : plainCollect.read(record)) };
const govern = await createGovern({ platform, lake, collect });
say('ready');
govern.pipeline.start();
await Promise.all([append(lake), ingest()]);
await govern.pipeline.drain();
say('filed');
say(JSON.stringify(await everything(platform, lake)));
await govern.pipeline.stop();
await doors.close();
await lake.close();
await platform.close();
process.exit(0);

/** What a killed server left half taken in is taken in again; so is a file during which PostgreSQL was killed. */
async function ingest(): Promise<void> {
  while (folders.length > 0) {
    try {
      const report = await doors.ingest({ paths: folders, source: null, mapping: null, by: 'crash' });
      if (report.rejections.every((each) => !isRetried(each.code))) return;
    } catch (error) {
      if (!isRetried((error as { code?: string }).code)) throw error;
    }
  }
}

/** Appended again after a kill, what is there already is refused as a duplicate. */
async function append(into: Lake): Promise<void> {
  let batch: RawDelivery[] = [];
  const flush = async () => {
    for (;;) {
      try {
        await into.raw.append(batch);
        break;
      } catch (error) {
        // PostgreSQL was killed: a sender sends again.
        if (!isRetried((error as { code?: string }).code)) throw error;
      }
    }
    batch = [];
  };
  for (const { source, lane, reading } of deliveries(Number(seed), Number(patients))) {
    const stream = { orgId: config.orgId, campusId: config.campusId, source, lane };
    batch.push({ stream, type: 'fhir', body: Buffer.from(JSON.stringify(reading)), meta: { made: 1 }, items: 1 });
    if (batch.length >= 10) await flush();
  }
  await flush();
}

/** Counts and digests; what is made at random (person ids, nonces) is left out or replaced by what it stands for. */
async function everything(of: Platform, inLake: Lake): Promise<object> {
  const digest = (rows: unknown): string => createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
  const facts: Record<string, unknown> = {};
  for (const fact of FACT_NAMES) {
    const [history] = await inLake.warehouse.query<{ n: number }>(`select count(*) as n from fact_${fact}_history`);
    // received_at is the time of the clock of the run, edition and the rest are content; person ids are made anew in each run.
    const winners = await inLake.warehouse.query(`select * exclude (person_id) from fact_${fact} order by fact_key`);
    // How many rows a record or visit has in between depends on what was filed together; its count of statements is in the winning row.
    const versions = fact === 'person_record' || fact === 'encounter' ? null : (history?.n ?? 0);
    if ((history?.n ?? 0) > 0) facts[fact] = { versions, winners: winners.length, digest: digest(winners) };
  }
  const rows = (sql: string) => of.db.query(sql);
  const people = await rows(
    'select array_agg(record_key order by record_key) as records, min(linked_by) as basis from govern.link group by person_id order by 1',
  );
  return {
    facts,
    people: { count: people.length, digest: digest(people) },
    records: await rows('select count(*) as n from govern.record'),
    vault: digest(await rows('select record_key, revision, birth_month, sex, has_phone, is_deceased from govern.vault_record order by 1')),
    texts: digest(await rows('select text_id, record_key from govern.vault_text order by 1')),
    identifiers: digest(await rows('select * from govern.record_identifier order by record_key, type, blind')),
    encounters: digest(await rows('select fact_key, record_key, state, is_announced from govern.encounter_state order by 1')),
    consents: digest(await rows('select consent_id, record_key, is_granted from govern.consent order by 1')),
    codes: digest(await rows('select * from govern.dimension_code order by 1, 2, 3')),
    quarantine: digest(await rows('select * from govern.quarantine order by source, lane, position, item')),
    figures: digest(await rows('select * from govern.source_figure order by source')),
    signals: await rows('select topic, count(*) as n from platform.signal group by topic order by topic'),
    signalKeys: digest(await rows('select topic, key from platform.signal order by 1, 2')),
    cursors: await rows('select source, lane, position from lake.stream_progress order by 1, 2'),
  };
}
