/** HL7 v2.5.1 messages as strings ending in CR; fields escaped; times local with zone in MSH-7 only, as the hospital's systems send them. */
import { dayPlain, hl7Time } from '../calendar.ts';
import { CITY } from '../city/districts.ts';
import type { Charge } from '../health/charges.ts';
import type { Result } from '../health/results.ts';
import type { Identity } from '../people/identity.ts';
import { INSURANCE, type Person } from '../people/person.ts';
import type { World } from '../world.ts';

const RESERVED = /[|^~\\&\r\n]/;
const ESCAPES: Record<string, string> = { '|': '\\F\\', '^': '\\S\\', '~': '\\R\\', '\\': '\\E\\', '&': '\\T\\', '\r': '\\.br\\', '\n': '\\.br\\' };
export const escapeHl7 = (text: string): string => (RESERVED.test(text) ? text.replace(/[|^~\\&\r\n]/g, (c) => ESCAPES[c] as string) : text);

export type Application = 'HIS' | 'LIS' | 'RIS' | 'DOC';
const CHARSETS: Record<Application, string> = { HIS: 'GB 18030-2000', LIS: 'UNICODE UTF-8', RIS: 'GB 18030-2000', DOC: 'UNICODE UTF-8' };
export function msh(application: Application, type: string, structure: string, at: number, control: string): string {
  return `MSH|^~\\&|${application}|XC1|XINGLIN|XC1|${hl7Time(at)}+0800||${type}^${structure}|${control}|P|2.5.1||||||${CHARSETS[application]}\r`;
}

/** What one system holds of a person: see people/records.ts. */
export interface PidRecord {
  readonly mrn: string;
  readonly name: string;
  readonly documentType: string | null;
  readonly documentNumber: string | null;
  readonly documentCountry: string | null;
  readonly insuranceNumber: string | null;
  readonly phone: string | null;
  readonly address: string | null;
}

export function pid(person: Person, identity: Identity, record: PidRecord): string {
  const ids = [`${record.mrn}^^^HIS^MR`];
  if (record.documentNumber !== null) ids.push(`${record.documentNumber}^^^${record.documentCountry}^${record.documentType}`);
  if (record.insuranceNumber !== null) ids.push(`${record.insuranceNumber}^^^YB^HC`);
  const address = record.address === null ? '' : `${escapeHl7(record.address)}^^${CITY.nameZh}^${CITY.provinceZh}^^CHN^H^^${identity.districtCode}`;
  const phone = record.phone === null ? '' : `${record.phone}^PRN^CP`;
  const { kind, surname } = identity.name;
  const name = kind === 'han' && record.name.startsWith(surname) ? `${surname}^${record.name.slice(surname.length)}` : record.name;
  return `PID|1||${ids.join('~')}||${escapeName(name)}||${dayPlain(person.born)}|${person.isMale ? 'M' : 'F'}|||${address}||${phone}\r`;
}
const escapeName = (name: string): string => (/[|~\\&]/.test(name) ? escapeHl7(name) : name);

export interface Pv1 {
  readonly klass: 'O' | 'E' | 'I' | 'T';
  /** 付费方式 of the person. */
  readonly payer: string;
  readonly department: string;
  readonly ward: string;
  readonly bed: string;
  readonly doctor: string;
  readonly doctorName: string;
  readonly visit: string;
  readonly admitSource: string;
  /** 离院方式, once known. */
  readonly disposition: string;
  readonly from: number;
  readonly to: number | null;
}
export const pv1 = (v: Pv1): string =>
  `PV1|1|${v.klass}|${v.ward === '' ? v.department : v.ward}^^${v.bed}^XC1||||${v.doctor}^${v.doctorName}|||${v.department}||||${v.admitSource}|||||${v.visit}|${v.payer}||||||||||||||||${v.disposition}||||||||${hl7Time(v.from)}|${v.to === null ? '' : hl7Time(v.to)}\r`;

export const evn = (event: string, at: number): string => `EVN|${event}|${hl7Time(at)}\r`;
export const dg1 = (set: number, code: string, name: string, at: number, type: 'A' | 'F'): string =>
  `DG1|${set}||${code}^${name}^I10|${name}|${hl7Time(at)}|${type}|||||||||${set}\r`;
export const pr1 = (code: string, name: string, at: number, surgeon: string): string => `PR1|1||${code}^${name}^I9CP|${name}|${hl7Time(at)}||||||${surgeon}\r`;
export function in1(person: Person, record: Pick<PidRecord, 'insuranceNumber'>): string {
  const insurance = INSURANCE[person.insurance] as (typeof INSURANCE)[number];
  return `IN1|1|${insurance.code}^${insurance.nameZh}|YB|杏城市医疗保障局${'|'.repeat(32)}${record.insuranceNumber ?? ''}\r`;
}
export const nk1 = (name: string, relation: string, phone: string): string => `NK1|1|${escapeName(name)}|${relation}||${phone}^PRN^CP\r`;
export const mrg = (mrn: string): string => `MRG|${mrn}^^^HIS^MR\r`;

/** Groups of the bill as Chinese bills print them. */
export const CHARGE_GROUPS: Readonly<Record<string, string>> = {
  registration: '诊查费',
  drug: '西药费',
  laboratory: '化验费',
  exam: '检查费',
  treatment: '治疗费',
  surgery: '手术费',
  bed: '床位费',
  nursing: '护理费',
  consumable: '材料费',
};
/** One FT1 per charge. Refunds: `CR`, negative quantity and amount. */
export function ft1(set: number, charge: Charge, transaction: string, department: string, doctor: string): string {
  const amount = (charge.fen / 100).toFixed(2);
  return `FT1|${set}|${transaction}||${hl7Time(charge.at)}||${charge.fen < 0 ? 'CR' : 'CG'}|${charge.code}^${charge.nameZh}^XC1||${CHARGE_GROUPS[charge.category] ?? '其他'}|${charge.quantity}|${amount}|${charge.unitYuan.toFixed(2)}|${department}|||||||${doctor}|${doctor}\r`;
}

export const obr = (
  set: number,
  order: string,
  panel: string,
  panelName: string,
  collected: number,
  reported: number,
  department: string,
  doctor: string,
): string =>
  `OBR|${set}|${order}|${order}|${panel}^${panelName}^XC1|||${hl7Time(collected)}|||||||${hl7Time(collected + 300)}||${doctor}|||${department}|||${hl7Time(reported)}||LAB|F\r`;

/** `status`: F final, C corrected, D deleted. */
export function obx(set: number, result: Result, status: 'F' | 'C' | 'D'): string {
  const { item } = result;
  return `OBX|${set}|NM|${item.code}^${item.nameZh}^LN||${result.value.toFixed(item.digits)}|${item.unit}|${item.low}-${item.high}|${result.flag}|||${status}|||${hl7Time(result.at)}\r`;
}

/** An examination ordered, given up or done. `from` and `to` are when it ran, null while it has not. */
export function examOrder(e: {
  readonly control: 'NW' | 'CA';
  readonly number: string;
  readonly code: string;
  readonly nameZh: string;
  readonly section: string;
  readonly orderedAt: number;
  readonly doctor: string;
}): string {
  return `ORC|${e.control}|${e.number}||||||||${hl7Time(e.orderedAt)}|||${e.doctor}\rOBR|1|${e.number}||${e.code}^${e.nameZh}^XC1||${hl7Time(e.orderedAt)}||||||||||${e.doctor}||||||||${e.section}\r`;
}
export function examReport(e: {
  readonly number: string;
  readonly code: string;
  readonly nameZh: string;
  readonly section: string;
  readonly from: number;
  readonly to: number;
  readonly reportedAt: number;
  readonly doctor: string;
  readonly words: string;
}): string {
  return `ORC|RE|${e.number}|${e.number}||CM\rOBR|1|${e.number}|${e.number}|${e.code}^${e.nameZh}^XC1|||${hl7Time(e.from)}|${hl7Time(e.to)}||||||||${e.doctor}||||||${hl7Time(e.to)}||${e.section}|F\rOBX|1|TX|${e.code}R^${e.nameZh}报告^XC1||${escapeHl7(e.words)}||||||F|||${hl7Time(e.reportedAt)}\r`;
}

/** A clinical document and its words; `replaces` names the one it takes the place of. */
export const document = (d: {
  readonly number: string;
  readonly type: string;
  readonly nameZh: string;
  readonly at: number;
  readonly doctor: string;
  readonly replaces: string;
  readonly words: string;
}): string =>
  `TXA|1|${d.type}^${d.nameZh}|TX|${hl7Time(d.at)}|${d.doctor}||${hl7Time(d.at)}|||||${d.number}|${d.replaces}||||AU\rOBX|1|TX|${d.type}^${d.nameZh}^XC1||${escapeHl7(d.words)}||||||F\r`;

export interface Slot {
  readonly id: string;
  readonly at: number;
  readonly department: string;
  readonly doctor: string;
  readonly doctorName: string;
  readonly channel: '电话' | '窗口' | '自助机';
  readonly status: 'Booked' | 'Complete' | 'Cancelled' | 'Noshow';
}
export const sch = (s: Slot): string =>
  `SCH|${s.id}|${s.id}||||||OUT^${s.channel}|15|min|^^15^${hl7Time(s.at)}^${hl7Time(s.at + 900)}|||||${s.doctor}^${s.doctorName}||||${s.doctor}^${s.doctorName}|||||${s.status}\r`;
export const ais = (s: Slot): string =>
  `RGS|1|A\rAIS|1|A|${s.department}^门诊|${hl7Time(s.at)}|||15|min\rAIL|1|A|${s.department}^^^XC1\rAIP|1|A|${s.doctor}^${s.doctorName}\r`;

export const controlOf = (world: World, at: number, person: number, serial: number): string =>
  `${(at - world.startDay * 86_400).toString(36)}${person.toString(36)}x${serial.toString(36)}`.toUpperCase();
