import { DuckDBInstance } from '@duckdb/node-api';
import type { Canonical, SourceCode } from '@xinglin/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surveySheets, webEvents } from '../voice/mappings.ts';
import { bulkPlanOf } from './bulk-plan.ts';
import type { Mapping } from './mapping.ts';
import { charges } from './mappings/clinical.ts';
import { RowReader } from './row.ts';
import { isNoted } from './sheet.ts';

/** Runs a plan over rows as the fast lane would, and gives what it says in the shape of canonical statements. */
async function planned(mapping: Mapping, header: string[], rows: string[][]): Promise<unknown[]> {
  const plan = bulkPlanOf(mapping, header, 'csv');
  if (plan === null) throw new Error('no plan');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`create table sheet (row_number integer, ${header.map((name) => `"${name}" varchar`).join(', ')})`);
  const appender = await connection.createAppender('sheet');
  for (const [at, row] of rows.entries()) {
    appender.appendInteger(at);
    for (const cell of row) appender.appendVarchar(cell);
    appender.endRow();
  }
  appender.closeSync();
  const values = Object.entries(plan.values).flatMap(([name, each]) => [
    `${each.sql} as "v_${name}"`,
    ...(each.displaySql === null ? [] : [`${each.displaySql} as "d_${name}"`]),
  ]);
  const select = `select ${[
    `${plan.localId} as local_id`,
    `${plan.encounterLocalId ?? 'null'} as encounter`,
    `${plan.subject?.sql ?? 'null'} as subject`,
    `epoch_ms(${plan.occurredAt}) as at`,
    `${plan.precision} as "precision"`,
    `${plan.isDeleted} as deleted`,
    ...values,
  ].join(', ')} from (select *, ${Object.entries(plan.cells)
    .map(([name, { cleaned }]) => `${cleaned} as "${name}"`)
    .join(', ')} from sheet) order by row_number`;
  const read = await connection.runAndReadAll(select);
  return read.getRowObjectsJS() as unknown[];
}

/** The same from the reader of rows. */
function said(mapping: Mapping, header: string[], rows: string[][], plan: Readonly<Record<string, { displaySql: string | null }>>): unknown[] {
  const reader = new RowReader(mapping, header, 'csv');
  return rows.map((row) => {
    const read = reader.read(row);
    if (isNoted(read)) throw new Error(read.reason);
    const fact = read[0] as Canonical;
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fact.values)) {
      const isCode = typeof value === 'object' && value !== null;
      values[`v_${name}`] = isCode ? (value as SourceCode).code : plain(value);
      if (plan[name]?.displaySql != null) values[`d_${name}`] = isCode ? (value as SourceCode).display : null;
    }
    return {
      local_id: fact.localId,
      encounter: fact.encounterLocalId,
      subject: fact.subject?.value ?? null,
      at: BigInt(Date.parse(fact.occurredAt)),
      precision: fact.precision,
      deleted: fact.deleted,
      ...values,
    };
  });
}
const plain = (value: unknown): unknown => (typeof value === 'string' && /^\d{4}-.*Z$/.test(value) ? new Date(value) : value);
const loose = (rows: unknown[]): unknown[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row as object).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value instanceof Date ? value.getTime() : value]),
    ),
  );

const pad = (n: number): string => String(n).padStart(2, '0');
const day = fc.record({ y: fc.integer({ min: 1986, max: 2040 }), m: fc.integer({ min: 1, max: 12 }), d: fc.integer({ min: 1, max: 28 }) });
const clock = fc.record({ h: fc.integer({ min: 0, max: 23 }), i: fc.integer({ min: 0, max: 59 }), s: fc.integer({ min: 0, max: 59 }) });
const time = fc.tuple(day, clock, fc.integer({ min: 0, max: 8 })).map(([{ y, m, d }, { h, i, s }, form]) => {
  const forms = [
    `${y}-${pad(m)}-${pad(d)} ${pad(h)}:${pad(i)}:${pad(s)}`,
    `${y}/${m}/${d} ${h}:${pad(i)}`,
    `${y}-${pad(m)}-${pad(d)}`,
    `${y}年${m}月${d}日`,
    `${y}年${m}月${d}日 ${h}时${i}分`,
    `${y}${pad(m)}${pad(d)}${pad(h)}${pad(i)}${pad(s)}`,
    `${y}${pad(m)}${pad(d)}`,
    `${y}-${pad(m)}-${pad(d)}T${pad(h)}:${pad(i)}:${pad(s)}.25+08:00`,
    `${30000 + m * 100 + d}.${form + 1}25`,
  ];
  return forms[form] ?? '';
});
/** No numbers in scientific notation: the door refuses those. */
const id = fc.stringMatching(/^[A-Z0-9]{1,12}$/).filter((text) => !/^\dE\d{1,3}$/.test(text));
const name = fc.constantFrom('阿司匹林肠溶片', 'CT 平扫', '血常规', 'Aspirin 100mg', 'ＡＢＣ（全角）', '', ' 床位费 ');
const money = fc.integer({ min: -5_000_000, max: 50_000_000 }).map((fen) => (fen / 100).toFixed(2));
const wrapped = (cell: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(cell, fc.integer({ min: 0, max: 5 })).map(([text, form]) => [text, `${text}\t`, ` ${text} `, `="${text}"`, `'${text}`, text][form] ?? text);

describe('the fast lane says what reading row by row says', () => {
  it('for charges', async () => {
    const header = [
      '费用流水号',
      '病案号',
      '就诊流水号',
      '收费时间',
      '项目编码',
      '项目名称',
      '执行科室代码',
      '执行科室',
      '医生工号',
      '费用类别',
      '数量',
      '单价',
      '金额',
      '付费方式',
    ];
    const row = fc.tuple(
      wrapped(id),
      wrapped(id),
      fc.oneof(id, fc.constant('')),
      time,
      fc.oneof(id, fc.constantFrom('１２３', '中药饮片', 'A 1')),
      name,
      fc.oneof(id, fc.constant('')),
      fc.constantFrom('心内科', '', '骨科'),
      fc.constantFrom('D001', ''),
      fc.constantFrom('西药费', '床位费', '', '没见过的类别', 'drug'),
      fc.constantFrom('1', '-2', '0.5', ''),
      fc.constantFrom('12.5', '1,234.5678', ''),
      fc.oneof(money, fc.constantFrom('￥12.50', '1,234.00', '-3', '8元')),
      fc.constantFrom('职工医保', '自费', '', '其他商业', 'self-pay'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (rows) => {
        const plan = bulkPlanOf(charges, header, 'csv');
        expect(loose(await planned(charges, header, rows))).toEqual(loose(said(charges, header, rows, plan?.values ?? {})));
      }),
      { numRuns: 15 },
    );
  });

  it('for website events, anonymous ones too', async () => {
    const header = ['事件编号', '发生时间', '事件名称', '事件类型', '用户账号', '访客编号', '渠道', '活动', '页面', '数值', '科室代码', '科室名称'];
    const row = fc.tuple(
      id,
      time,
      fc.constantFrom('预约', 'page_view', 'Report Viewed'),
      fc.constantFrom('页面', '行为', '', '别的'),
      fc.constantFrom('u1', ''),
      id,
      name,
      name,
      fc.constantFrom('/a', ''),
      fc.constantFrom('1.5', ''),
      fc.constantFrom('X1', ''),
      fc.constantFrom('内科', ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const plan = bulkPlanOf(webEvents, header, 'csv');
        expect(loose(await planned(webEvents, header, rows))).toEqual(loose(said(webEvents, header, rows, plan?.values ?? {})));
      }),
      { numRuns: 10 },
    );
  });

  it('and there is none for rows that make several facts', () => {
    expect(bulkPlanOf(surveySheets, ['答卷编号', '问卷名称', '提交时间', '总体满意度'], 'csv')).toBeNull();
  });
});
