import type { SourceCode } from '@xinglin/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestGovern, testGovern, visit } from '../testing.ts';

let t: TestGovern;
beforeEach(async () => {
  t = await testGovern();
});
afterEach(() => t.close());

const own = (code: string, nameZh: string) => ({ dimension: 'department' as const, code, nameZh, nameEn: null, parentCode: null });
const seen = (code: string, display: string | null = null): SourceCode => ({ code, display, system: null });
const departments = () =>
  t.lake.warehouse.query<{ department_code: string; department: string | null }>('select department_code, department from fact_encounter order by 1');

describe('a source’s code', () => {
  it('is learned with the name it came with and shows as unmapped', async () => {
    await t.tell([visit('V1', { department_code: seen('02', '心内') }), visit('V2', { department_code: seen('02') })]);
    expect(await t.govern.dimensions.unmapped('department')).toEqual([{ source: 'his', sourceCode: '02', display: '心内', seen: 2 }]);
    expect(await departments()).toEqual([
      { department_code: '02', department: null },
      { department_code: '02', department: null },
    ]);
  });
  it('maps itself when the hospital’s own list has it, whichever comes first', async () => {
    await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [own('CARD', '心内科')]));
    await t.tell([visit('V1', { department_code: seen('CARD') }), visit('V2', { department_code: seen('GS') })]);
    await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [own('GS', '普外科')]));
    expect(await departments()).toEqual([
      { department_code: 'CARD', department: 'CARD' },
      { department_code: 'GS', department: 'GS' },
    ]);
  });
  it('mapped by hand stays mapped', async () => {
    await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [own('CARD', '心内科')]));
    await t.tell([visit('V1', { department_code: seen('02') })]);
    await t.platform.db.tx((tx) => t.govern.dimensions.map(tx, 'department', 'his', '02', 'CARD'));
    await t.tell([visit('V2', { department_code: seen('02') })]);
    expect((await departments()).map((row) => row.department)).toEqual(['CARD', 'CARD']);
    await t.govern.pipeline.rebuild();
    expect((await departments()).map((row) => row.department)).toEqual(['CARD', 'CARD']);
  });
  it('written as a name gets a stand-in', async () => {
    await t.tell([visit('V1', { department_code: seen('心血管内科一病区') })]);
    const [row] = await t.govern.dimensions.unmapped('department');
    expect(row).toMatchObject({ display: '心血管内科一病区' });
    expect(row?.sourceCode).toMatch(/^n-[0-9a-f]{16}$/);
  });
  it('cannot be mapped onto a code that does not exist, nor one that was never seen', async () => {
    await t.platform.db.tx((tx) => t.govern.dimensions.upsert(tx, [own('CARD', '心内科')]));
    const map = (sourceCode: string, code: string) => t.platform.db.tx((tx) => t.govern.dimensions.map(tx, 'department', 'his', sourceCode, code));
    await expect(map('02', 'NONE')).rejects.toMatchObject({ code: 'govern.unknown-code' });
    await expect(map('02', 'CARD')).rejects.toMatchObject({ code: 'govern.unknown-source-code' });
  });
});
