import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linkFiles } from './link-files.ts';
import { measureClusters } from './measure.ts';

const today = new Date('2026-01-01');
const folder = mkdtempSync(join(tmpdir(), 'xinglin-link-'));
const at = (name: string): string => join(folder, name);
const ROWS = [
  'a1,anna,berg,1980-02-03,2601,12345678',
  'a2,ana,berg,1980-02-03,2601,12345678',
  'b1,carl,dahl,1951-11-30,4811,33345671',
  'b2,dahl,carl,1951-11-30,4811,33345671',
  'c1,erik,falk,1999-07-07,3000,98765432',
];
const HEADER = 'id,given_name,surname,dob,postcode,ssn';
const put = (name: string, rows: readonly string[], header = HEADER): string => {
  writeFileSync(at(name), `${[header, ...rows].join('\n')}\n`);
  return at(name);
};
const groups = (file: string): string =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(',').slice(0, 2).join('→'))
    .join(' ');

beforeAll(() => {
  put('people.csv', ROWS);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('linkFiles', () => {
  test('writes people and pairs, and only record ids', async () => {
    const summary = await linkFiles({ files: [at('people.csv')], out: at('out.csv'), pairs: at('pairs.csv'), today });
    expect(groups(at('out.csv'))).toBe('a1→a1 a2→a1 b1→b1 b2→b1 c1→c1');
    expect(summary).toMatchObject({ records: 5, people: 3, repeated: 0, matchedPairs: 2, threshold: 0.5 });
    expect(readFileSync(at('pairs.csv'), 'utf8')).toMatch(/^record_id_a,record_id_b,probability\na1,a2,0\.\d{6}\nb1,b2,[01]\.\d{6}\n$/);
    expect(readFileSync(at('out.csv'), 'utf8')).not.toMatch(/berg|1980/);
  });

  test('the same rows twice, in whatever order, change nothing', async () => {
    const twice = put('twice.csv', [...ROWS, ...ROWS].reverse());
    await linkFiles({ files: [at('people.csv')], out: at('one.csv'), today });
    const summary = await linkFiles({ files: [twice, at('people.csv')], out: at('three.csv'), today });
    expect(readFileSync(at('three.csv'), 'utf8')).toBe(readFileSync(at('one.csv'), 'utf8'));
    expect(summary).toMatchObject({ records: 5, repeated: 10 });
  });

  test('ids that two files use for different rows are told apart by the file', async () => {
    const other = put('other.csv', ['a1,olga,quist,1970-05-06,7000,55511122']);
    await linkFiles({ files: [at('people.csv'), other], out: at('out.csv'), today });
    expect(groups(at('out.csv'))).toContain('other.csv:a1→other.csv:a1');
  });

  test('columns nobody would recognise are named in the config', async () => {
    const odd = put('odd.csv', ROWS, 'k,x1,x2,x3,x4,x5');
    const columns = { 'record-id': 'k', 'given-name': 'x1', surname: 'x2', 'birth-date': 'x3', 'id-number': 'x5' };
    writeFileSync(at('config.json'), JSON.stringify({ columns, threshold: 0.9 }));
    const summary = await linkFiles({ files: [odd], config: at('config.json'), out: at('out.csv'), today });
    expect(summary).toMatchObject({ people: 3, threshold: 0.9 });
  });

  test('the headers of Chinese exports are recognised, and a relative’s columns are not taken for the person’s', async () => {
    const header = '记录编号,病案号,患者姓名,性别,出生日期,证件号码,联系电话,现住址,监护人姓名,监护人电话,医保卡号';
    const file = put(
      'hospital.csv',
      ['1,M1,王美兰,女,1988-03-12,,13612340987,鼓楼区中山路7号,王大力,13798765432,YB1', '2,,王美蘭,女,1988/3/12,,13612340987,,,,'],
      header,
    );
    const summary = await linkFiles({ files: [file], out: at('out.csv'), today });
    expect(summary.columns).toEqual({
      ...{ 'record-id': '记录编号', mrn: '病案号', insurance: '医保卡号', 'full-name': '患者姓名', 'birth-date': '出生日期', sex: '性别' },
      ...{ phone: '联系电话', 'id-number': '证件号码', address: '现住址' },
    });
  });

  test('input that cannot be used is refused in one sentence', async () => {
    const refused = (options: Partial<Parameters<typeof linkFiles>[0]>): Promise<unknown> => {
      const run = linkFiles({ files: [at('people.csv')], out: at('never.csv'), today, ...options });
      return run.then(
        () => 'done',
        (error: { code?: string; message: string }) => (error.message.includes('\n') ? error.message : error.code),
      );
    };
    writeFileSync(at('bad.json'), '{"columns":{"shoe-size":"x"}}');
    writeFileSync(at('bad.parquet'), 'not parquet');
    expect(await refused({ files: [at('absent.csv')] })).toBe('link.no-file');
    expect(await refused({ files: [at('bad.parquet')] })).toBe('link.bad-file');
    expect(await refused({ files: [put('empty.csv', [])] })).toBe('link.no-rows');
    expect(await refused({ files: [put('plain.csv', ['1,2'], 'alpha,beta')] })).toBe('link.no-evidence');
    expect(await refused({ files: [put('clash.csv', [...ROWS, 'a1,other,person,1970-01-01,1,1'])] })).toBe('link.repeated-id');
    expect(await refused({ config: at('bad.json') })).toBe('link.bad-config');
    expect(await refused({ threshold: 1 })).toBe('link.bad-threshold');
    expect(await refused({ out: at('people.csv') })).toBe('link.bad-output');
    expect(await refused({ out: at('no/such/folder.csv') })).toBe('link.bad-output');
    expect(existsSync(at('never.csv'))).toBe(false);
  });
});

const DATA = resolve(process.cwd(), '../shared/data/identity');

test.skipIf(!existsSync(DATA)).each([
  ['dataset1.csv', 0.998],
  ['dataset2.csv', 0.9985],
  ['dataset3.csv', 0.9985],
] as const)('%s reaches its pairwise F1 after clustering (skipped where the public data are not present)', async (name, least) => {
  await linkFiles({ files: [join(DATA, name)], out: at('febrl.csv'), today });
  const lines = readFileSync(at('febrl.csv'), 'utf8').split('\n').slice(1, -1).map((line) => line.split(',')); // biome-ignore format: one chain
  const truth = lines.map(([id = '']) => id.split('-').slice(0, 2).join('-'));
  expect(measureClusters(lines.map((line) => line[1] ?? ''), truth).pairwise.f1).toBeGreaterThanOrEqual(least); // biome-ignore format: one claim
});
