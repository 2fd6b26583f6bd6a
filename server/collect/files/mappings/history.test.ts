import { describe, expect, it } from 'vitest';
import { bulkPlanOf } from '../bulk-plan.ts';
import { chooseMapping } from '../header.ts';
import { readMapping } from '../mapping.ts';
import { RowReader } from '../row.ts';
import * as history from './history.ts';
import { SHIPPED } from './index.ts';

const HEADER = ['检验单号', '就诊流水号', '病案号', '检验项目编码', '检验项目名称', '结果数值', '单位', '异常提示', '报告状态', '报告时间', '数据更新时间'];
const ROW = ['S1', 'V1', 'M1', '3016-3', '促甲状腺激素', '2.1', 'mIU/L', '正常', '已审核', '2026-03-01 08:30:00', '2026-03-02 09:00:00'];

describe('tables of a history', () => {
  it('are known by their header, and by no other mapping', () => {
    const others = SHIPPED.filter((each) => each !== history.labItems);
    expect(chooseMapping(SHIPPED, HEADER).chosen?.id).toBe('lab-items');
    expect(chooseMapping(others, HEADER).chosen).toBeNull();
  });

  it('write keys as the interface writes them, row by row and in the fast lane', () => {
    const [fact] = new RowReader(history.labItems, HEADER, 'lis').read(ROW) as unknown as [
      { localId: string; versionAt: string; values: Record<string, unknown> },
    ];
    expect(fact.localId).toBe('obx|S1|3016-3|');
    expect(fact.versionAt).toBe('2026-03-02T01:00:00.000Z');
    expect(fact.values).toMatchObject({ unit: 'm[IU]/L', abnormal_flag: 'N', status: 'final', code_system: 'LOINC' });
    expect(bulkPlanOf(history.labItems, HEADER, 'lis')?.localId).toBe(`'obx|' || "cell 检验单号" || '|' || "cell 检验项目编码" || '|'`);
  });

  it('are mappings a person could have written', () => {
    for (const each of Object.values(history)) expect(readMapping(each)).toBe(each);
    expect(() => readMapping({ ...history.labItems, keyForm: 'obx|{3}' })).toThrow(/keyForm/);
    expect(() => readMapping({ ...history.labItems, keyForm: 'obx' })).toThrow(/keyForm/);
  });
});
