/** A made-up charge export of a month: visit after visit, some seventeen rows each, as a billing system hands them over. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { namedPatient } from './patients.ts';

export const CHARGE_HEADER = '费用流水号,病案号,就诊流水号,收费时间,项目编码,项目名称,执行科室代码,执行科室,医生工号,费用类别,数量,单价,金额,付费方式';
const CATEGORIES = ['西药费', '检查费', '化验费', '治疗费', '床位费', '护理费'];
const PAYERS = ['职工医保', '居民医保', '自费'];
/** Of the billing system; each comes three times in a million rows. */
const PATIENTS = 20_000;
/** Charges of one visit, which follow one another: an export is in order of time. */
const VISIT_ROWS = 17;
/** Visits of the month, at a million rows. */
const VISITS = 58_824;
const pad = (n: number): string => String(n).padStart(2, '0');
const patientOf = (i: number): number => (Math.floor(i / VISIT_ROWS) * 7919) % PATIENTS;

export const chargeRow = (i: number): string => numberedRow(i, `P${100_000 + patientOf(i)},`);

/** The same charges as a hospital hands them on without saying whose they are. */
export const ANONYMOUS_CHARGE_HEADER = CHARGE_HEADER.replace('病案号,', '');
export const anonymousChargeRow = (i: number): string => numberedRow(i, '');
/** The hospital's own mapping for them: the one the product ships asks whose a charge is. */
export const ANONYMOUS_CHARGE_MAPPING = {
  ...{ id: 'charges-of-nobody', edition: 1, fact: 'charge', encounter: '就诊流水号', naturalKey: ['费用流水号'], occurredAt: '收费时间' },
  columns: {
    code: { column: '项目编码', display: '项目名称', required: true },
    department_code: { column: '执行科室代码', display: '执行科室' },
    staff_code: '医生工号',
    category: {
      column: '费用类别',
      map: { 西药费: 'drug', 检查费: 'exam', 化验费: 'laboratory', 治疗费: 'treatment', 床位费: 'bed', 护理费: 'nursing' },
      otherwise: 'other',
    },
    quantity: '数量',
    unit_price: '单价',
    amount_fen: { column: '金额', required: true },
    payment_type: { column: '付费方式', map: { 职工医保: 'employee', 居民医保: 'resident', 自费: 'self-pay' } },
  },
};

/** `patient`: the cell of the record number with its comma, or nothing. */
function numberedRow(i: number, patient: string): string {
  const visit = Math.floor(i / VISIT_ROWS);
  const item = (i * 7) % 400;
  const cents = 100 + ((i * 37) % 90_000);
  const day = 1 + (Math.floor((visit * 28) / VISITS) % 28);
  const time = `2026-01-${pad(day)} ${pad(8 + (visit % 10))}:${pad(i % 60)}:${pad((i * 7) % 60)}`;
  const amount = (cents / 100).toFixed(2);
  return `F${i},${patient}V${visit},${time},ITEM${item},项目 ${item},DEPT${i % 25},科室${i % 25},DOC${i % 300},${CATEGORIES[i % 6]},${1 + (i % 4)},${amount},${amount},${PAYERS[i % 3]}`;
}

export const NAMED_CHARGE_HEADER = `${CHARGE_HEADER},患者姓名,性别,出生日期,身份证号,手机号`;
const named: string[] = [];
/** The same row as a report writer exports it: with whom it is about, one of the people of `patients.ts`. */
export function namedChargeRow(i: number): string {
  const patient = patientOf(i);
  named[patient] ??= namedPatient(patient);
  return `${chargeRow(i)},${named[patient]}`;
}

/** Writes `rows` rows and resolves to the file's size. */
export async function writeCharges(path: string, rows: number, rowOf: (i: number) => string = chargeRow, header: string = CHARGE_HEADER): Promise<number> {
  const file = createWriteStream(path);
  let bytes = 0;
  let part = `${header}\n`;
  for (let i = 0; i < rows; i += 1) {
    part += `${rowOf(i)}\n`;
    if (part.length < 1 << 20) continue;
    bytes += Buffer.byteLength(part);
    if (!file.write(part)) await once(file, 'drain');
    part = '';
  }
  bytes += Buffer.byteLength(part);
  file.end(part);
  await once(file, 'close');
  return bytes;
}
