/** For tests: files taken in on an instance of their own by the fast lane or row by row, and all that came of it, to the letter. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FACT_NAMES } from '@xinglin/contracts';
import { createCollect } from '../../../collect/index.ts';
import { createLake } from '../../../lake/index.ts';
import type { Platform } from '../../../platform/index.ts';
import { testPlatform } from '../../../platform/testing.ts';
import { createGovern } from '../../govern.ts';
import { unpackState } from '../../privacy/person-state.ts';

export interface GivenFile {
  readonly name: string;
  readonly text: string;
  readonly source: string;
}
export interface Filing {
  readonly accepted: number;
  /** Items of deliveries that were read row by row, by source. */
  readonly slowRows: Readonly<Record<string, number>>;
  readonly all: Readonly<Record<string, unknown>>;
}

/** Both ways with the same keys, so that keys in facts can be compared too. */
export async function bothWays(files: readonly GivenFile[], now: Date): Promise<{ fast: Filing; slow: Filing }> {
  const { platform, close } = await testPlatform();
  try {
    return { slow: await file(files, false, platform.keys, now), fast: await file(files, true, platform.keys, now) };
  } finally {
    await close();
  }
}

async function file(files: readonly GivenFile[], isFast: boolean, keys: Platform['keys'], now: Date): Promise<Filing> {
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-filing-'));
  const { platform: own, close } = await testPlatform({ now });
  const { pseudonym, pseudonymPads, numberKeys, blindIndex } = keys;
  const platform = { ...own, keys: { ...own.keys, pseudonym, pseudonymPads, numberKeys, blindIndex } };
  const lake = await createLake({ platform });
  const real = await createCollect({ platform, lake });
  const slowRows: Record<string, number> = {};
  const read: typeof real.read = (record) => {
    slowRows[record.stream.source] = (slowRows[record.stream.source] ?? 0) + record.items;
    return real.read(record);
  };
  const collect = isFast ? { ...real, read } : { ...real, read, bulkPlan: async () => null };
  const govern = await createGovern({ platform, lake, collect });
  try {
    let accepted = 0;
    for (const { name, text, source } of files) {
      const path = join(folder, `${accepted}-${name}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path, text);
      const report = await collect.ingest({ paths: [path], source, mapping: null, by: 'test' });
      if (report.rejected > 0) throw new Error(`${name}: ${report.rejections[0]?.reason}`);
      accepted += report.accepted;
      await govern.pipeline.drain();
    }
    await platform.signals.idle();
    return { accepted, slowRows, all: await everything(platform, lake) };
  } finally {
    await govern.pipeline.stop();
    await collect.close();
    await lake.close();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Lake = Awaited<ReturnType<typeof createLake>>;

async function everything(platform: Platform, lake: Lake): Promise<Record<string, unknown>> {
  const all: Record<string, unknown> = {};
  for (const fact of FACT_NAMES) {
    // Of persons and visits a chunk files one row for all it heard: which ones are there depends on how the chunks fell, what counts does not.
    const isMerged = fact === 'person_record' || fact === 'encounter';
    all[fact] = await lake.warehouse.query(`select * exclude (person_id) from fact_${fact}${isMerged ? '' : '_history'} order by fact_key, version, position`);
  }
  const { db, keys } = platform;
  for (const [name, sql] of Object.entries(STATES)) all[name] = await db.query(sql);
  const vault = await db.query<{ record_key: string; sealed: Buffer }>('select * from govern.vault_record order by record_key');
  const pasts = await db.query<{ record_key: string; sealed: Buffer }>('select * from govern.vault_past order by record_key, revision');
  const texts = await db.query<{ text_id: string; record_key: string | null; sealed: Buffer }>('select * from govern.vault_text order by text_id');
  const owners = [...vault.map((row) => row.record_key), ...texts.map((row) => row.record_key ?? row.text_id)];
  const subjectKeys = await keys.subjectKeys(db, [...new Set(owners)], false);
  const opened = (owner: string, sealed: Buffer): Buffer => {
    const key = subjectKeys.get(owner);
    if (key === undefined) throw new Error('no key');
    return keys.open(key, sealed);
  };
  all['vault'] = vault.map(({ sealed, ...row }) => ({ ...row, state: unpackState(opened(row.record_key, sealed)) }));
  all['pasts'] = pasts.map(({ sealed, ...row }) => ({ ...row, state: unpackState(opened(row.record_key, sealed)) }));
  all['texts'] = texts.map(({ sealed, ...row }) => ({ ...row, text: opened(row.record_key ?? row.text_id, sealed).toString('utf8') }));
  return all;
}

const STATES = {
  records: 'select record_key, source, id_type, first_seen_at from govern.record order by record_key',
  identifiers: `select record_key, type, encode(blind, 'hex') as blind, is_evidence, is_suspect from govern.record_identifier order by 1, 2, 3`,
  /** Person ids are drawn: who is together with whom is what counts. */
  links: `select record_key, min(record_key::text) over (partition by person_id) as first_of_person, count(*) over (partition by person_id) as records
          from govern.link order by record_key`,
  codes: 'select dimension, source, source_code, display, seen from govern.dimension_code order by 1, 2, 3',
  quality: 'select source, fact, column_name, rule, count from govern.quality_count order by 1, 2, 3, 4',
  quarantine: 'select source, lane, position, item, code from govern.quarantine order by 1, 2, 3',
  visits: 'select fact_key, encounter_key, record_key, state, is_announced from govern.encounter_state order by fact_key',
  items: 'select * from govern.encounter_item order by fact_key',
  departments: 'select * from govern.record_department order by 1, 2, 3',
  figures: 'select source, facts from govern.source_figure order by 1',
  signals: 'select topic, key from platform.signal order by 1, 2',
};
