/** Rows of the tables a system hands over of its history (doors/history-tables.ts): the same things the interfaces say, each once, in its last state. */
import { DAY, dayDashed, localText } from '../calendar.ts';
import { CITY } from '../city/districts.ts';
import type { HistoryDoor } from '../doors/history-tables.ts';
import { CHARGE_GROUPS } from '../doors/hl7.ts';
import { csvLine } from '../doors/parts.ts';
import type { Charge } from '../health/charges.ts';
import type { Drug } from '../health/items.ts';
import type { Result } from '../health/results.ts';
import { type Identity, identityOf } from '../people/identity.ts';
import { INSURANCE, type Person, personOf } from '../people/person.ts';
import { type PersonRecord, recordOf } from '../people/records.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

type Cell = string | number | null;
const say = (context: Context, door: HistoryDoor, at: number, cells: readonly Cell[]): void => context.say(door, at, csvLine(cells));

const SEXES = { true: '男', false: '女' } as const;
const FLAGS: Readonly<Record<Result['flag'], string>> = { LL: '极低', L: '偏低', N: '正常', H: '偏高', HH: '极高' };
const payerOf = (person: Person): string => INSURANCE[person.insurance]?.nameZh ?? '';
const whoOf = ({ visit, identity }: Scene, record: PersonRecord, mrn: string): Cell[] => {
  const { person } = visit;
  const address = record.address === null ? '' : `${CITY.provinceZh}${CITY.nameZh}${record.address}`;
  return [
    ...[mrn, record.name, SEXES[`${person.isMale}`], dayDashed(person.born), record.documentNumber, record.insuranceNumber, record.phone, address],
    ...[record.address === null ? '' : identity.districtCode, payerOf(person)],
  ];
};

/** The registers that name the record for the last time with this visit. */
export function sayRegisters(context: Context, scene: Scene, at: number): void {
  const { visit, closing, record, mrn, identity } = scene;
  const { world } = context;
  const time = localText(at);
  const who = whoOf(scene, record, mrn);
  if (closing.his) say(context, 'old-his-register', at, [...who, ...(closing.isAdmitted ? guardianOf(context, visit.person) : ['', '', '']), time, time]);
  if (closing.lis) say(context, 'old-lis-register', at, [...whoOf(scene, recordOf(world, visit.person, 'lis'), mrn), '', '', '', time, time]);
  if (closing.ris) say(context, 'old-ris-register', at, [...who, '', '', '', time, time]);
  if (closing.doc) say(context, 'old-doc-register', at, [...who, '', '', '', time, time]);
  if (closing.emr) sayResource(context, 'old-emr-register', visit.person, identity, at);
}

/** A person as a FHIR server lists them. */
export function sayResource(context: Context, door: 'old-emr-register' | 'old-device-register', person: Person, identity: Identity, at: number): void {
  const record = recordOf(context.world, person, 'his');
  const document = record.documentType === 'NI' ? record.documentNumber : '';
  const time = localText(at);
  say(context, door, at, [...[identity.mrn, identity.mrn, record.name, SEXES[`${person.isMale}`], dayDashed(person.born), document, record.phone, time, time]]);
}

/** Children and newborns are brought by someone: the mother, at the family's phone. */
function guardianOf({ world }: Context, person: Person): Cell[] {
  const { member, household } = person;
  const mother = member.role === 'child' || member.role === 'newborn' ? household.members.find((each) => each.role === 'spouse') : undefined;
  if (mother === undefined) return ['', '', ''];
  return [identityOf(world, personOf(world, household, mother)).name.full, identityOf(world, person).phone, '母亲'];
}

export interface Diagnosis {
  readonly code: string;
  readonly nameZh: string;
}
export function sayDiagnoses(context: Context, scene: Scene, diagnoses: readonly Diagnosis[], at: number): void {
  diagnoses.forEach(({ code, nameZh }, i) => {
    say(context, 'old-diagnosis', at, [scene.number, scene.mrn, scene.department, scene.doctor, i + 1, code, nameZh, localText(at), localText(at)]);
  });
}

const CLASSES = { outpatient: '门诊', emergency: '急诊', inpatient: '住院', checkup: '体检' } as const;
/** `ended`: null when the registration was taken back at `updated`. */
export function sayPastVisit(context: Context, scene: Scene, arrived: number, ended: number | null, updated: number): void {
  const { visit, number, mrn, department, doctor, doctorName, ward } = scene;
  const isOver = ended !== null;
  say(context, 'old-visit', arrived, [
    ...[number, mrn, CLASSES[visit.class], isOver ? '已就诊' : '已退号', department, doctor, doctorName, ward],
    ...[localText(arrived), isOver ? localText(ended) : '', isOver ? '医嘱离院' : ''],
    ...[isOver ? visit.path.code : '', isOver ? visit.path.nameZh : '', localText(updated)],
  ]);
}

const DISPOSITIONS: Readonly<Record<string, string>> = { '1': '医嘱离院', '2': '医嘱转院', '3': '转社区', '4': '非医嘱离院', '5': '死亡' };
export interface PastStay {
  readonly admitted: number;
  readonly discharged: number;
  readonly ward: string;
  readonly disposition: string;
  readonly operation: { readonly code: string; readonly nameZh: string; readonly at: number } | null;
}
export function sayPastStay(context: Context, scene: Scene, { admitted, discharged, ward, disposition, operation }: PastStay): void {
  const { visit, number, mrn, department, doctor, doctorName } = scene;
  say(context, 'old-stay', admitted, [
    ...[number, mrn, '已出院', department, doctor, doctorName, ward, localText(admitted), localText(discharged), DISPOSITIONS[disposition] ?? '其他'],
    ...[visit.path.code, visit.path.nameZh, operation?.code ?? '', operation?.nameZh ?? '', localText(discharged)],
  ]);
  if (operation !== null)
    say(context, 'old-operation', operation.at, [
      ...[`${number}S1`, number, mrn, department, doctor, operation.code, operation.nameZh, localText(operation.at), localText(discharged)],
    ]);
}

/** `transaction` and `place` are those of the bill's message: which charge of the visit, which line. */
export function sayPastCharge(context: Context, scene: Scene, charge: Charge, transaction: string, place: number, updated: number): void {
  const { visit, number, mrn, department, doctor } = scene;
  say(context, 'old-charge', charge.at, [
    ...[transaction, place, number, mrn, department, doctor, charge.code, charge.nameZh, CHARGE_GROUPS[charge.category] ?? '其他'],
    ...[charge.quantity, charge.unitYuan.toFixed(2), (charge.fen / 100).toFixed(2), payerOf(visit.person), localText(charge.at), localText(updated)],
  ]);
}

const resultCells = ({ item, flag }: Result, value: string): Cell[] => [value, item.unit, item.low, item.high, FLAGS[flag]];

export function sayPastResult(context: Context, scene: Scene, order: string, result: Result, status: '已审核' | '已修正' | '已作废', updated: number): void {
  const { item, value, at } = result;
  say(context, 'old-lab', at, [
    ...[order, scene.number, scene.mrn, scene.department, scene.doctor, item.code, item.nameZh],
    ...[...resultCells(result, value.toFixed(item.digits)), status, localText(at), localText(updated)],
  ]);
}

export interface PastExam {
  readonly number: string;
  readonly code: string;
  readonly nameZh: string;
  readonly section: string;
  readonly orderedAt: number;
  /** Null: given up a day after it was asked for. */
  readonly done: { readonly from: number; readonly to: number; readonly reportedAt: number; readonly words: string } | null;
}
export function sayPastExam(context: Context, scene: Scene, { number, code, nameZh, section, orderedAt, done }: PastExam): void {
  const of = [number, scene.number, scene.mrn, scene.department, scene.doctor];
  const updated = localText(done?.reportedAt ?? orderedAt + DAY);
  const [from, to] = [done === null ? '' : localText(done.from), done === null ? '' : localText(done.to)];
  say(context, 'old-exam', orderedAt, [
    ...of,
    code,
    nameZh,
    done === null ? '已取消' : '已报告',
    done === null ? localText(orderedAt) : from,
    from,
    to,
    updated,
  ]);
  if (done === null) return;
  const kind = section === 'EN' ? '内镜' : section === 'US' ? '超声' : '影像';
  say(context, 'old-exam-report', done.reportedAt, [...of, `${code}R`, `${nameZh}报告`, kind, done.words, updated, updated]);
}

export function sayPastDocument(context: Context, scene: Scene, number: string, words: string, at: number, voidAt: number | null): void {
  say(context, 'old-document', at, [
    ...[number, scene.number, scene.mrn, scene.department, scene.doctor, 'DS', '出院小结', voidAt === null ? '有效' : '已作废', words],
    ...[localText(at), localText(voidAt ?? at)],
  ]);
}

/** `visit` null: measured at home. */
export function sayPastMeasurement(context: Context, id: string, mrn: string, visit: string | null, result: Result, category: '体征' | '检验'): void {
  const { item, value, at } = result;
  const what = [item.code, item.nameZh, ...resultCells(result, String(value)), category, localText(at), localText(at)];
  if (visit === null) say(context, 'old-reading', at, [id, mrn, ...what]);
  else say(context, 'old-vital', at, [id, visit, mrn, '', ...what]);
}

export function sayPastPrescription(context: Context, scene: Scene, drug: Drug, at: number, isStopped: boolean): void {
  say(context, 'old-prescription', at, [
    ...[`${scene.number}-${drug.code}`, scene.number, scene.identity.mrn, scene.doctor, drug.code, drug.nameZh, drug.dose, drug.unit],
    ...[isStopped ? '已完成' : '有效', localText(at), localText(at)],
  ]);
}

export function sayPastTreatment(context: Context, scene: Scene, treatment: Diagnosis, system: string, at: number): void {
  say(context, 'old-treatment', at, [
    ...[`${scene.number}-${treatment.code}`, scene.number, scene.identity.mrn, scene.doctor, scene.department, system, treatment.code, treatment.nameZh],
    ...[localText(at), localText(at)],
  ]);
}

export function sayPastProblem(context: Context, scene: Scene, id: string, problem: Diagnosis, since: number, at: number): void {
  say(context, 'old-problem', at, [id, scene.number, scene.identity.mrn, scene.doctor, problem.code, problem.nameZh, localText(since), localText(at)]);
}

export function sayPastDeskBooking(context: Context, scene: Scene, slot: { id: string; at: number; channel: string }, status: string, updated: number): void {
  const { mrn, department, doctor, doctorName } = scene;
  say(context, 'old-desk-booking', updated, [slot.id, mrn, department, doctor, doctorName, slot.channel, status, localText(slot.at), localText(updated)]);
}
