/** One clinic, emergency or check-up visit, said by every system that has a part in it. */

import { localText } from '../calendar.ts';
import { conditionLine, medicationLine, observationLine, patientLine, procedureLine } from '../doors/fhir.ts';
import { ais, controlOf, dg1, evn, ft1, in1, msh, obr, obx, pid, pv1, type Slot, sch } from '../doors/hl7.ts';
import { csvLine } from '../doors/parts.ts';
import { EFFECTS } from '../effects.ts';
import type { TimedVisit } from '../flow/clinic.ts';
import { chargesOf } from '../health/charges.ts';
import { DRUGS, EXAMS, PANELS, type VitalName } from '../health/items.ts';
import { COURSE } from '../health/paths.ts';
import type { Visit } from '../health/plan.ts';
import { labResult, type Result, vitalResult } from '../health/results.ts';
import { type Work, workOf } from '../health/work.ts';
import { type Identity, identityOf } from '../people/identity.ts';
import { ageAt, DIABETES, HYPERTENSION, INSURANCE } from '../people/person.ts';
import { hasSecondRecord, type PersonRecord, recordOf } from '../people/records.ts';
import { clamp, Random, STREAM } from '../random.ts';
import { voiceOf } from '../voice/feedback.ts';
import { type Context, visitNumber } from './context.ts';
import { sayConsents } from './person.ts';
import { sayVoice } from './voice.ts';
import { sayWebVisit } from './web.ts';

export interface Scene {
  readonly visit: Visit;
  readonly identity: Identity;
  /** The record the desk works with: the person's own, or the second one it made by mistake. */
  readonly record: PersonRecord;
  readonly mrn: string;
  readonly number: string;
  readonly doctor: string;
  readonly doctorName: string;
  readonly department: string;
  readonly departmentName: string;
  readonly pid: string;
  readonly payer: string;
  readonly klass: 'O' | 'E' | 'I' | 'T';
  readonly work: Work;
  /** Last visit before the cut: what is said once per person is said with it. */
  readonly isLast: boolean;
  readonly mustComplain: boolean;
}

const random = new Random();
const CLASSES = { outpatient: 'O', emergency: 'E', inpatient: 'I', checkup: 'T' } as const;

export function sceneOf(context: Context, visit: Visit, isLast: boolean, mustComplain: boolean): Scene {
  const { world } = context;
  const { person } = visit;
  const identity = identityOf(world, person);
  const isSecond = visit.ordinal === 1 && visit.class !== 'checkup' && hasSecondRecord(world, person) !== 'no';
  const record = recordOf(world, person, isSecond ? 'his-second' : 'his');
  const doctor = world.hospital.doctors[visit.doctor] as (typeof world.hospital.doctors)[number];
  const department = world.hospital.departments[visit.department] as (typeof world.hospital.departments)[number];
  const mrn = record.mrn ?? identity.mrn;
  return {
    visit,
    identity,
    record,
    mrn,
    number: visitNumber(person.id, visit.ordinal),
    doctor: doctor.code,
    doctorName: doctor.nameZh,
    department: department.code,
    departmentName: department.nameZh,
    pid: pid(person, identity, { ...record, mrn }),
    payer: INSURANCE[person.insurance]?.code ?? '7',
    klass: CLASSES[visit.class],
    work: workOf(world, visit),
    isLast,
    mustComplain,
  };
}

const ONLINE = ['微信', 'APP', '网站', '转诊'] as const;
type Desk = Slot['channel'];

/** Where people book: the young on their phones, the old at the window; people from afar through a clinic that refers. */
function channelOf(visit: Visit): { online: (typeof ONLINE)[number] | null; desk: Desk } {
  const age = ageAt(visit.person, visit.day);
  const at = random.unit();
  const online = clamp((visit.person.hasApp ? 0.86 : 0.35) - Math.max(0, age - 55) * 0.008, 0.15, 0.95);
  if (at < online)
    return { online: visit.person.isFar && random.chance(0.3) ? '转诊' : visit.person.hasApp ? (random.chance(0.7) ? '微信' : 'APP') : '网站', desk: '窗口' };
  return { online: null, desk: random.chance(0.45) ? '电话' : random.chance(0.6) ? '窗口' : '自助机' };
}

export function renderVisit(context: Context, timed: TimedVisit, isLast: boolean, mustComplain: boolean): void {
  const { visit } = timed;
  const scene = sceneOf(context, visit, isLast, mustComplain);
  if (visit.class === 'outpatient') renderBooking(context, scene, timed);
  if (timed.attendance !== 'came' || !context.happens(timed.called)) return;
  renderEncounter(context, scene, timed);
  const { world } = context;
  renderCharges(context, scene, timed.called, timed.ended);
  renderLabs(context, scene, timed.ended + 900, 1, 1);
  renderEmr(context, scene, timed.called, timed.ended);
  sayVoice(context, scene, voiceOf(world, visit, timed.ended, timed.waitMinutes, mustComplain), timed.ended);
  sayConsents(context, scene, timed.called);
}

function renderBooking(context: Context, scene: Scene, timed: TimedVisit): void {
  const { world } = context;
  const { visit, number } = scene;
  random.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4 + 1);
  const { online, desk } = channelOf(visit);
  const lead = desk === '自助机' && online === null ? random.between(600, 5400) : random.exponential(2.4 * 86_400) + 1800;
  const bookedAt = Math.floor(Math.min(timed.slot - 600, timed.slot - lead));
  const cancelledAt = Math.floor(random.between(bookedAt, timed.slot - 300));
  const isOver = context.world.cut > timed.slot + 3600;
  if (online !== null) {
    const record = recordOf(world, visit.person, 'booking');
    const status =
      timed.attendance === 'cancelled' && cancelledAt < world.cut ? '已取消' : !isOver ? '已预约' : timed.attendance === 'missed' ? '爽约' : '已就诊';
    const came = status === '已就诊';
    context.say(
      'booking',
      bookedAt,
      csvLine([
        `B${number.slice(1)}`,
        record.mrn,
        record.name,
        record.documentNumber,
        record.phone,
        scene.department,
        scene.departmentName,
        scene.doctor,
        online,
        status,
        localText(bookedAt),
        localText(timed.slot),
        came ? localText(timed.arrived) : '',
        came ? localText(timed.called) : '',
        came ? number : '',
      ]),
    );
    sayWebVisit(context, scene, timed, bookedAt, online);
    return;
  }
  const slot: Slot = {
    id: `B${number.slice(1)}`,
    at: timed.slot,
    department: scene.department,
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    channel: desk,
    status: 'Booked',
  };
  const siu = (event: string, at: number, serial: number, status: Slot['status']): void => {
    const said = { ...slot, status };
    context.say(
      'his',
      at,
      msh('HIS', 'SIU', `${event}^SIU_S12`, at, controlOf(world, at, visit.person.id, visit.ordinal * 32 + serial)) + sch(said) + scene.pid + ais(said),
    );
  };
  siu('S12', bookedAt, 1, 'Booked');
  if (timed.attendance === 'cancelled') siu('S15', cancelledAt, 2, 'Cancelled');
  else if (timed.attendance === 'missed') siu('S26', timed.slot + 10_800, 3, 'Noshow');
  else siu('S14', timed.called, 4, 'Complete');
}

function renderEncounter(context: Context, scene: Scene, timed: TimedVisit): void {
  const { world } = context;
  const { visit } = scene;
  const { path, person } = visit;
  const seen = {
    klass: scene.klass,
    payer: scene.payer,
    department: scene.department,
    ward: '',
    bed: '',
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    visit: scene.number,
    admitSource: scene.klass === 'E' ? '1' : '2',
    from: timed.arrived,
  } as const;
  const insured = in1(person, scene.record);
  const adt = (event: string, structure: string, at: number, serial: number, to: number | null, rest: string): void => {
    const head = msh('HIS', 'ADT', `${event}^${structure}`, at, controlOf(world, at, person.id, visit.ordinal * 32 + serial));
    context.say('his', at, head + evn(event, at) + scene.pid + pv1({ ...seen, disposition: to === null ? '' : '1', to }) + rest);
  };
  random.at(world.seed, STREAM.visit, person.id, visit.ordinal * 4 + 2);
  const isWithdrawn = random.chance(0.004);
  adt('A04', 'ADT_A01', timed.arrived, 8, null, insured);
  if (isWithdrawn) {
    // Registered, then gone home untreated: the registration is taken back.
    adt('A11', 'ADT_A09', timed.called, 9, null, '');
    return;
  }
  adt('A03', 'ADT_A03', timed.ended, 10, timed.ended, dg1(1, path.code, path.nameZh, timed.ended, 'F') + secondary(visit, timed.ended));
}

/** Chronic illness is written beside what people come for. */
export function secondary(visit: Visit, at: number): string {
  const { person, path, day } = visit;
  let text = '';
  let rank = 2;
  if (path !== COURSE.hypertension && (person.conditions & HYPERTENSION) !== 0)
    text += dg1(rank++, COURSE.hypertension.code, COURSE.hypertension.nameZh, at, 'F');
  if (path !== COURSE.diabetes && ((person.conditions & DIABETES) !== 0 || day > person.diabetesFrom + 30))
    text += dg1(rank, COURSE.diabetes.code, COURSE.diabetes.nameZh, at, 'F');
  return text;
}

/** Up to this many FT1 in one DFT, as the till sends them. */
const CHARGES_PER_MESSAGE = 12;
export function renderCharges(context: Context, scene: Scene, from: number, to: number): void {
  const { world } = context;
  const { visit } = scene;
  const charges = chargesOf(world, visit, scene.work, from, to);
  const dft = (at: number, serial: number, list: typeof charges, first: number): void => {
    const v = pv1({
      klass: scene.klass,
      payer: scene.payer,
      department: scene.department,
      ward: '',
      bed: '',
      doctor: scene.doctor,
      doctorName: scene.doctorName,
      visit: scene.number,
      admitSource: '',
      disposition: '',
      from,
      to: null,
    });
    const lines = list.map((each, i) => ft1(i + 1, each, `${scene.number}-${first + i + 1}`, scene.department, scene.doctor)).join('');
    context.say(
      'his',
      at,
      msh('HIS', 'DFT', 'P03^DFT_P03', at, controlOf(world, at, visit.person.id, visit.ordinal * 32 + serial)) + evn('P03', at) + scene.pid + v + lines,
    );
  };
  const refund = charges.at(-1);
  const paid = refund !== undefined && refund.fen < 0 ? charges.slice(0, -1) : charges;
  for (let i = 0; i < paid.length; i += CHARGES_PER_MESSAGE) dft(to + 600, 16 + i / CHARGES_PER_MESSAGE, paid.slice(i, i + CHARGES_PER_MESSAGE), i);
  if (paid !== charges && refund !== undefined) dft(refund.at, 24, [refund], paid.length);
}

/** Share of reports later corrected, and of results later taken back. */
const CORRECTED_SHARE = 0.008;
const DELETED_SHARE = 0.002;

/** One ORU with a group per panel. `round` numbers repeats within a stay; `recovery` falls as the illness passes. */
export function renderLabs(context: Context, scene: Scene, collected: number, round: number, recovery: number): void {
  const { world } = context;
  const { visit, work } = scene;
  if (work.panels.length === 0 || !context.happens(collected)) return;
  random.at(world.seed, STREAM.labs, visit.person.id, visit.ordinal * 16 + round);
  const record = recordOf(world, visit.person, 'lis');
  const minutes = EFFECTS.labBottleneck.minutes;
  let groups = '';
  let reported = collected;
  let set = 0;
  let first: { result: Result; order: string; panel: (typeof PANELS)[keyof typeof PANELS] } | null = null;
  for (const name of work.panels) {
    const panel = PANELS[name];
    set++;
    const at = Math.round(collected + minutes[panel.bench] * 60 * Math.exp(random.normal() * 0.3));
    const order = `${scene.number}L${round}${set}`;
    groups += obr(set, order, panel.code, panel.nameZh, Math.round(collected), at, scene.department, scene.doctor);
    panel.items.forEach((item, i) => {
      const result = labResult(world, random, visit.person, visit.path, item, visit.day, at, recovery);
      first ??= { result, order, panel };
      groups += obx(i + 1, result, 'F');
    });
    reported = Math.max(reported, at);
  }
  const seen = pv1({
    klass: scene.klass,
    payer: scene.payer,
    department: scene.department,
    ward: '',
    bed: '',
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    visit: scene.number,
    admitSource: '',
    disposition: '',
    from: collected,
    to: null,
  });
  const lisPid = pid(visit.person, scene.identity, { ...record, mrn: scene.mrn });
  const oru = (at: number, serial: number, body: string): void =>
    context.say(
      'lis',
      at,
      msh('LIS', 'ORU', 'R01^ORU_R01', at, controlOf(world, at, visit.person.id, visit.ordinal * 512 + round * 16 + serial)) + lisPid + seen + body,
    );
  oru(reported, 1, groups);
  const amended = random.unit();
  if (amended < CORRECTED_SHARE + DELETED_SHARE && first !== null) {
    const { result, order, panel } = first as { result: Result; order: string; panel: (typeof PANELS)[keyof typeof PANELS] };
    const isDeleted = amended < DELETED_SHARE;
    const at = reported + 5400;
    const again = { ...result, value: Number((result.value * 1.12).toFixed(result.item.digits)), at: result.at };
    oru(at, 2, obr(1, order, panel.code, panel.nameZh, Math.round(collected), at, scene.department, scene.doctor) + obx(1, again, isDeleted ? 'D' : 'C'));
  }
}

const CLINIC_VITALS: readonly VitalName[] = ['sbp', 'dbp'];
const CHECKUP_VITALS: readonly VitalName[] = ['sbp', 'dbp', 'hr', 'weight', 'bmi'];
const CHILD_VITALS: readonly VitalName[] = ['temp', 'weight'];

/** The medical record: measurements, examinations, prescriptions, the problem list. */
export function renderEmr(context: Context, scene: Scene, from: number, to: number): void {
  const { world } = context;
  const { visit, work, number } = scene;
  const { person } = visit;
  const about = { mrn: scene.identity.mrn, visit: number };
  introduce(context, scene);
  random.at(world.seed, STREAM.drugs, person.id, visit.ordinal);
  const age = ageAt(person, visit.day);
  const chronic = visit.path === COURSE.hypertension || visit.path === COURSE.diabetes;
  const vitals =
    visit.class === 'checkup' ? CHECKUP_VITALS : age < 15 ? CHILD_VITALS : chronic || visit.class !== 'outpatient' || random.chance(0.35) ? CLINIC_VITALS : [];
  const measure = visit.class === 'inpatient' && age >= 15 ? ([...CHECKUP_VITALS, 'temp', 'spo2'] as const) : vitals;
  for (const name of measure)
    context.say('emr', from, observationLine(`${number}-${name}`, about, vitalResult(world, random, person, name, visit.day, from - 300), 'vital-signs'));
  let at = to + 1200;
  for (const name of work.exams) {
    const exam = EXAMS[name];
    const device = world.hospital.devices.filter((each) => each.modality === exam.modality);
    const start = Math.round(at + random.exponential(exam.modality === 'MR' ? 5400 : 1500));
    const end = start + Math.round((device[0]?.minutes ?? 10) * 60 * Math.exp(random.normal() * 0.25));
    context.say('emr', end, procedureLine(`${number}-${exam.code}`, about, exam, start, end, scene.doctor));
    at = end;
  }
  for (const name of work.drugs)
    context.say('emr', to, medicationLine(`${number}-${DRUGS[name].code}`, about, DRUGS[name], to, scene.doctor, world.cut - to > 30 * 86_400));
  if (visit.day >= person.diabetesFrom && visit.path === COURSE.diabetes && person.diabetesFrom > world.startDay && !(person.conditions & DIABETES)) {
    context.say(
      'emr',
      to,
      conditionLine(`${scene.identity.mrn}-dm`, about, COURSE.diabetes.code, COURSE.diabetes.nameZh, person.diabetesFrom * 86_400 + 36_000, scene.doctor),
    );
  }
}

/** The EMR sends the person once a month, before anything about them. */
export function introduce(context: Context, scene: Scene): void {
  if (context.introduced.has(scene.visit.person.id)) return;
  context.introduced.add(scene.visit.person.id);
  context.say('emr', scene.visit.day * 86_400, patientLine(scene.visit.person, scene.identity, recordOf(context.world, scene.visit.person, 'his')));
}
