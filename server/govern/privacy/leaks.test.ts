import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnsOf, FACT_NAMES, type RawRecord } from '@xinglin/contracts';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collect, createCollect } from '../../collect/index.ts';
import { projectRoot } from '../../kernel/index.ts';
import { createLake, type Lake } from '../../lake/index.ts';
import type { Platform } from '../../platform/index.ts';
import { testPlatform } from '../../platform/testing.ts';
import { createGovern } from '../govern.ts';
import { foldName } from '../identity/identifiers.ts';
import type { Govern } from '../types.ts';

/** Public messages and bundles where they are present; of the large bundles the first few, all of them with XINGLIN_TEST_ALL. */
const SHARED = join(projectRoot(), '../shared/data');
const BUNDLES = join(SHARED, 'fhir/synthea-r4');
const BUNDLES_MAX = process.env['XINGLIN_TEST_ALL'] === undefined ? 2 : Number.POSITIVE_INFINITY;
const bundles = existsSync(BUNDLES) ? readdirSync(BUNDLES).sort().slice(0, BUNDLES_MAX) : [];
const PUBLIC = ['hl7v2', 'fhir/bulk-10-patients', ...bundles.map((name) => join('fhir/synthea-r4', name))]
  .map((path) => join(SHARED, path))
  .filter((path) => existsSync(path));
const ID = '11010519491231002X';

/** One patient whose details a careless interface puts where they do not belong. All invented. */
const HL7 = [
  'MSH|^~\\&|HIS|H1|XL|H1|20260104083000||ADT^A01|M1|P|2.5.1||||||UNICODE UTF-8',
  'EVN|A01|20260104083000',
  `PID|1||20230077^^^HIS^MR~${ID}^^^CN^NI||慕容^静秋||19491231|F|||文三路西溪小区18号2单元301室^^杭州市^浙江省^310012||13957123456||||||||||||||||N`,
  'NK1|1|上官^文博|MTH|文三路西溪小区18号|13857129999',
  'PV1|1|I|慕容静秋^301^01^^^^^^心内科||||13957123456^王^医生|||心内科||||||||||20230077|||||||||||||||||||||||||20260103090000',
  'DG1|1||I10.x00x002^高血压^ICD-10|||A|||||||||1',
  'OBX|1|TX|^慕容静秋既往史||患者慕容静秋住文三路西溪小区，电话13957123456，既往体健||||||F',
].join('\r');
const COMPLAINTS = [
  '登记编号,类型,渠道,病案号,患者姓名,联系电话,科室代码,科室名称,被反映人工号,主题,严重程度,班次,内容,受理时间,办结时间',
  'T1,投诉,电话,20230077,慕容静秋,13957123456,慕容静秋,慕容静秋,13957123456,候诊时间,一般,白班,"我是慕容静秋，家住文三路西溪小区18号，等了三小时没人理睬",2026-01-04 10:00:00,',
].join('\n');
const REVIEWS = [
  '评价编号,平台,类型,作者昵称,科室代码,科室名称,医生工号,评分,情感倾向,提及量,是否自有投放,内容,发布时间',
  'R1,微博,评价,西湖边的小秋,XN,心内科,Y001,2,负面,1,否,"西湖边的小秋：挂号排了很久，医生人很好",2026-01-04 10:00:00',
].join('\n');
const CHARGES = [
  '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,执行科室代码,执行科室,医生工号,费用类别,数量,单价,金额,付费方式',
  'F1,20230077,20230077,2026-01-04 10:00:00,A1,床位费,XN,心内科,Y001,床位费,1,50,50,职工医保',
  `F2,20230077,20230077,2026-01-04 10:00:00,${ID},慕容静秋,13957123456,上官文博,20230077,床位费,1,50,50,13957123456`,
].join('\n');

let platform: Platform;
let lake: Lake;
let collect: Collect;
let govern: Govern;
let close: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), 'xinglin-leaks-'));

beforeAll(async () => {
  ({ platform, close } = await testPlatform());
  lake = await createLake({ platform });
  collect = await createCollect({ platform, lake });
  govern = await createGovern({ platform, lake, collect });
  const own = join(folder, 'own');
  mkdirSync(own);
  writeFileSync(join(own, 'admission.hl7'), HL7);
  writeFileSync(join(own, 'complaints.csv'), iconv.encode(COMPLAINTS, 'gb18030'));
  writeFileSync(join(own, 'reviews.csv'), REVIEWS);
  writeFileSync(join(own, 'charges.csv'), CHARGES);
  for (const path of [own, ...PUBLIC]) await collect.ingest({ paths: [path], source: null, mapping: null, by: 'test' });
  await govern.pipeline.drain();
}, 900_000);
afterAll(async () => {
  await govern.pipeline.stop();
  await collect.close();
  await lake.close();
  await close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every text in every fact file that is live, with the column it stands in. */
async function textsInFacts(): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const fact of FACT_NAMES) {
    const columns = columnsOf(fact).filter(({ kind }) => !['key', 'time', 'day', 'number', 'integer', 'fen', 'price', 'flag'].includes(kind));
    for (const { name } of columns) {
      const rows = await lake.warehouse.query<{ v: string }>(`select distinct "${name}" as v from fact_${fact}_history where "${name}" is not null`);
      for (const { v } of rows) texts.set(v, `${fact}.${name}`);
    }
  }
  return texts;
}

interface Secret {
  readonly kind: string;
  readonly value: string;
}
/** Everything about people in what was taken in, read again from the raw zone; the vault holds no more than this. */
async function secretsInRaw(): Promise<Secret[]> {
  const secrets: Secret[] = [];
  const add = (kind: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value.trim() !== '') secrets.push({ kind, value: value.trim() });
  };
  for (const { stream, end } of await lake.raw.streams()) {
    for (let at = 0; at < end; ) {
      const records: RawRecord[] = await lake.raw.read(stream, at, { records: 500, bytes: 8 << 20 });
      for (const record of records) {
        at = record.position;
        for (const statement of (await collect.read(record)).facts) {
          add('local id', statement.subject?.value);
          add('text', statement.text);
          if (statement.text !== null) for (const part of statement.text.split(/[，。；\n,.;]/)) add('text', part);
          const { person } = statement;
          if (person === null) continue;
          for (const name of [...person.names, person.nickname, person.guardian?.name]) add('name', name);
          for (const phone of [...person.phones, person.guardian?.phone]) add('phone', phone);
          for (const id of person.identifiers) add('number', id.value);
          for (const address of person.addresses) add('address', address.text);
          if (person.birthDate?.length === 10) add('birth date', person.birthDate);
        }
      }
    }
  }
  return secrets;
}

describe('facts', () => {
  it('hold no name, number, phone, address, birth date or words of anyone', async () => {
    const texts = await textsInFacts();
    expect(texts.size).toBeGreaterThan(30);
    const folded = new Map([...texts].map(([text, where]) => [foldName(text), where]));
    const words = new Map([...texts].flatMap(([text, where]) => text.split(/[^\p{L}\p{N}]+/u).map((word) => [word.toLowerCase(), where] as const)));
    const all = [...texts.keys()].join('\n');
    const found: string[] = [];
    const seen = new Set<string>();
    for (const { kind, value } of await secretsInRaw()) {
      if (seen.has(`${kind} ${value}`)) continue;
      seen.add(`${kind} ${value}`);
      const isHan = /\p{Script=Han}/u.test(value);
      const length = [...value].length;
      // Single short words and numbers ("1", "May") are also ordinary codes; they identify nobody.
      if (!isHan && length < 6) continue;
      const where =
        folded.get(foldName(value)) ?? (isHan || length >= 8 ? (words.get(value.toLowerCase()) ?? (all.includes(value) ? 'inside' : undefined)) : undefined);
      if (where !== undefined) found.push(`${kind} in ${where}`);
    }
    expect(seen.size).toBeGreaterThan(20);
    expect([...new Set(found)]).toEqual([]);
  }, 300_000);

  it('hold what is left of the careless interface, and the refused values are counted', async () => {
    const charges = await lake.warehouse.query(
      `select code, department_code, payment_type from fact_charge where source = 'charges' or amount_fen = 5000 order by code nulls last`,
    );
    expect(charges).toContainEqual({ code: 'A1', department_code: 'XN', payment_type: 'employee' });
    expect(charges).toContainEqual({ code: null, department_code: null, payment_type: null });
    const counts = await platform.db.query<{ rule: string }>(
      `select distinct rule from govern.quality_count where rule = 'identifying' or rule = 'not-a-code'`,
    );
    expect(counts.length).toBeGreaterThan(0);
  });

  it('know free text only by its id, and the vault gives it back', async () => {
    const [complaint] = await lake.warehouse.query<{ text_id: string }>('select text_id from fact_complaint');
    const nurse = { kind: 'staff', userId: 'u', role: 'nurse', orgId: 'demo', departments: 'all', purpose: 'followup' } as const;
    const texts = await govern.people.text(nurse, [complaint?.text_id ?? '']);
    expect([...texts.values()][0]).toContain('慕容静秋');
    const analyst = await govern.people.text({ ...nurse, role: 'analyst' }, [complaint?.text_id ?? '']);
    expect([...analyst.values()][0]).not.toMatch(/慕容静秋|文三路/);
  });
});

describe('outside the vault', () => {
  it('no table of governance holds a name, phone or number in the clear', async () => {
    const tables = await platform.db.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'govern' and table_type = 'BASE TABLE'`,
    );
    for (const { name } of tables) {
      const text = JSON.stringify(await platform.db.query(`select * from govern.${name}`));
      for (const secret of ['慕容静秋', '上官文博', '13957123456', '13857129999', ID, '20230077', '文三路'])
        expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
    }
  });
});
