import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createCollect } from '../../../collect/index.ts';
import { createLake } from '../../../lake/index.ts';
import { testPlatform } from '../../../platform/testing.ts';
import { createGovern } from '../../govern.ts';
import { LANE_ROWS_MIN } from './bulk-lane.ts';
import { numberKeySql, pseudonymSql } from './keys.sql.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinglin-fast-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,执行科室代码,执行科室,医生工号,费用类别,数量,单价,金额,付费方式';
const row = (i: number): string =>
  `F${i},P${i % 700},V${i % 900},2026-01-${String(1 + (i % 28)).padStart(2, '0')} 10:00:0${i % 10},IT${i % 40},"项目, ${i % 40}",D${i % 9},科室${i % 9},DOC${i % 30},西药费,${i % 4},${i % 100}.5,${i % 100}.50,自费`;
const ROWS = LANE_ROWS_MIN + 1_000;

/** Takes a file in on an instance of its own, whose keys are fixed by `keysDir` being shared: facts can then be compared to the letter. */
async function facts(text: string, isFast: boolean, register: string | null = null) {
  const { platform, close } = await testPlatform();
  const lake = await createLake({ platform });
  const real = await createCollect({ platform, lake });
  const collect = isFast ? real : { ...real, bulkPlan: async () => null };
  const begin = lake.beginFacts.bind(lake);
  let setBased = 0;
  lake.beginFacts = () => {
    const batch = begin();
    const adopt = batch.adopt.bind(batch);
    batch.adopt = (...given) => {
      setBased += 1;
      return adopt(...given);
    };
    return batch;
  };
  const govern = await createGovern({ platform, lake, collect });
  const path = join(folder, 'charges.csv');
  writeFileSync(path, text);
  const first = join(folder, 'a-register.csv');
  if (register !== null) writeFileSync(first, register);
  const report = await collect.ingest({ paths: [...(register === null ? [] : [first]), path], source: 'his', mapping: null, by: 'test' });
  await govern.pipeline.drain();
  const keys = ['fact_key', 'record_key', 'encounter_key', 'person_id'];
  const winners = await lake.warehouse.query<Record<string, unknown>>(
    `select * exclude (${keys.join(', ')}), dense_rank() over (order by record_key) > 0 as has_record, encounter_key is not null as has_visit from fact_charge_history order by amount_fen, code, version, position`,
  );
  const counts = await lake.warehouse.query(
    'select count(distinct fact_key) as facts, count(distinct record_key) as records, count(distinct encounter_key) as visits from fact_charge_history',
  );
  const codes = await platform.db.query('select dimension, source_code, display, seen from govern.dimension_code order by 1, 2');
  const records = await platform.db.query('select count(*) as n, count(distinct blind) as blinds from govern.record_identifier');
  const quality = await platform.db.query('select column_name, rule, count from govern.quality_count order by 1, 2');
  const figures = [...(await govern.figures()).values()];
  const someRecord = await platform.db.one<{ record_key: string }>('select record_key from govern.record order by record_key limit 1');
  const known = await lake.warehouse.query('select count(*) as n from fact_charge where record_key = $1', [someRecord.record_key]);
  const files = await platform.db.query('select count(*) as n from lake.fact_file');
  await govern.pipeline.stop();
  await collect.close();
  await lake.close();
  await close();
  return { accepted: report.accepted, setBased, compared: { winners, counts, codes, records, quality, figures }, known, files };
}

describe('the fast lane', () => {
  it('files what reading row by row files', async () => {
    const text = `${HEADER}\n${Array.from({ length: ROWS }, (_, i) => row(i)).join('\n')}\n`;
    const fast = await facts(text, true);
    const slow = await facts(text, false);
    expect(fast.accepted).toBe(ROWS);
    expect([fast.setBased, slow.setBased]).toEqual([1, 0]);
    expect(fast.compared).toEqual(slow.compared);
    expect((fast.known[0] as { n: number }).n).toBeGreaterThan(0);
  }, 120_000);

  it('leaves a chunk it would have to explain to the slow way', async () => {
    const odd = `F99999,P1,V1,2026-01-01 10:00:00,13912345678,项目,13912345678,科室,DOC1,西药费,1,1,1,自费`;
    const text = `${HEADER}\n${Array.from({ length: ROWS }, (_, i) => row(i)).join('\n')}\n${odd}\n`;
    const fast = await facts(text, true);
    const slow = await facts(text, false);
    expect(fast.compared).toEqual(slow.compared);
    expect(fast.setBased).toBe(0);
    expect(fast.compared.quality).toContainEqual({ column_name: 'code', rule: 'not-a-code', count: 1 });
  }, 120_000);
});

describe('a small table before a large one', () => {
  it('goes row by row and leaves the large one to the fast lane', async () => {
    const register = `病案号,姓名,性别,出生日期,登记时间\nP1,王小明,男,1980-03-15,2026-01-01 08:00:00\n`;
    const text = `${HEADER}\n${Array.from({ length: ROWS }, (_, i) => row(i)).join('\n')}\n`;
    const fast = await facts(text, true, register);
    expect([fast.accepted, fast.setBased]).toEqual([ROWS + 1, 1]);
    expect(fast.compared).toEqual((await facts(text, false, register)).compared);
  }, 120_000);
});

describe('keys made in SQL', () => {
  it('are the keys the platform makes', async () => {
    const { platform, close } = await testPlatform();
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const { inner, outer } = platform.keys.pseudonymPads();
    const { of, secret } = platform.keys.numberKeys('fact', 'demo', 'his', "o'charge");
    await connection.run('create table pads (inner_pad blob, outer_pad blob, fact_secret blob)');
    const pads = await connection.createAppender('pads');
    for (const each of [inner, outer, secret]) pads.appendBlob(each);
    pads.endRow();
    pads.closeSync();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 90 }), { minLength: 1, maxLength: 20 }), async (ids) => {
        const plain = ids.map((id) => id.replaceAll('\u0000', '·'));
        await connection.run('create or replace table ids (place integer, id varchar)');
        const appender = await connection.createAppender('ids');
        plain.forEach((id, at) => {
          appender.appendInteger(at);
          appender.appendVarchar(id);
          appender.endRow();
        });
        appender.closeSync();
        const reader = await connection.runAndReadAll(
          `select cast(${pseudonymSql(['encounter', 'demo', "o'his"], ['id'])} as varchar), cast(${numberKeySql('id', 'pads.fact_secret')} as varchar)
           from ids cross join pads order by place`,
        );
        expect(reader.getRowsJS()).toEqual(plain.map((id) => [platform.keys.pseudonym('encounter', 'demo', "o'his", id), of(id)]));
      }),
      { numRuns: 50 },
    );
    await close();
  });
});
