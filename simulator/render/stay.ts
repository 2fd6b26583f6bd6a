/** One stay in a bed: admitted, perhaps moved, treated, discharged; sometimes a step is taken back. */

import { DAY } from '../calendar.ts';
import type { Due } from '../day.ts';
import { controlOf, dg1, evn, in1, mrg, msh, nk1, pid, pr1, pv1 } from '../doors/hl7.ts';
import { SURGERY } from '../health/paths.ts';
import type { Visit } from '../health/plan.ts';
import { identityOf } from '../people/identity.ts';
import { personOf } from '../people/person.ts';
import { hasSecondRecord, recordOf, secondMrn, secondOrdinal } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import { voiceOf, wardOf } from '../voice/feedback.ts';
import type { World } from '../world.ts';
import { renderBill } from './bill.ts';
import type { Context } from './context.ts';
import { sayBedside } from './devices.ts';
import { renderSummary } from './documents.ts';
import { renderEmr } from './emr.ts';
import { renderExams } from './exams.ts';
import { sayDiagnoses, sayPastStay, sayRegisters } from './history.ts';
import { renderLabs } from './labs.ts';
import { sayConsents } from './person.ts';
import { sayReferral } from './referral.ts';
import { sceneOf } from './scene.ts';
import { secondaries, secondary } from './visit.ts';
import { sayTruth, sayVoice } from './voice.ts';

const random = new Random();

export interface StayTimes {
  readonly admitted: number;
  readonly discharged: number;
}
export function stayTimes(world: World, visit: Visit): StayTimes {
  random.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4);
  const admitted = visit.day * DAY + Math.round((visit.session === 0 ? random.between(8.5, 11.5) : random.between(13.5, 17.5)) * 3600);
  const discharged = (visit.day + visit.nights) * DAY + Math.round(random.between(9, 16) * 3600);
  return { admitted, discharged };
}

const INFECTION = { code: 'T81.400', nameZh: '手术后感染' };
const TRANSFER_SHARE = 0.04;
const CANCELLED_DISCHARGE_SHARE = 0.012;

export function renderStay(context: Context, due: Due): void {
  const { world } = context;
  const { visit, isLast, mustComplain } = due;
  const { admitted, discharged } = stayTimes(world, visit);
  const scene = sceneOf(context, due);
  const isPast = context.historyEnd !== null;
  if (isPast) sayRegisters(context, scene, discharged);
  const { path, person } = visit;
  const ward = wardOf(world, visit);
  random.at(world.seed, STREAM.visit, person.id, visit.ordinal * 4 + 1);
  const bed = String(1 + random.int(ward?.beds ?? 20));
  const isEmergency = random.chance(path.emergency);
  const dispositionAt = random.unit();
  const elderly = world.startDay - person.born > 70 * 365;
  // Nobody comes back from the last way of leaving.
  const disposition =
    isLast && dispositionAt < (elderly ? 0.03 : 0.002) ? '5' : dispositionAt < 0.03 ? '2' : dispositionAt < 0.05 ? '4' : dispositionAt < 0.09 ? '3' : '1';
  const place = {
    klass: 'I',
    payer: scene.payer,
    department: scene.department,
    ward: ward?.code ?? '',
    bed,
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    visit: scene.number,
    admitSource: isEmergency ? '1' : '2',
    from: admitted,
  } as const;
  const adt = (event: string, structure: string, at: number, serial: number, to: number | null, rest: string, newBed = bed): void => {
    if (isPast) return;
    const head = msh('HIS', 'ADT', `${event}^${structure}`, at, controlOf(world, at, person.id, visit.ordinal * 32 + serial));
    context.say('his', at, head + evn(event, at) + scene.pid + pv1({ ...place, bed: newBed, disposition: to === null ? '' : disposition, to }) + rest);
  };
  adt('A01', 'ADT_A01', admitted, 8, null, nextOfKin(world, visit) + dg1(1, path.code, path.nameZh, admitted, 'A') + in1(person, scene.record));
  let moved = bed;
  if (visit.nights > 3 && random.chance(TRANSFER_SHARE)) {
    moved = String(1 + random.int(ward?.beds ?? 20));
    adt('A02', 'ADT_A02', admitted + DAY + 7200, 9, null, '', moved);
  }
  const surgery = SURGERY.get(path);
  const operatedAt = admitted + (visit.nights > 2 && !isEmergency ? DAY : 14_400);
  const operation = surgery === undefined || visit.isComplication ? null : { ...surgery, at: operatedAt };
  const isInfected = visit.isComplication && surgery !== undefined;
  const closing =
    dg1(1, path.code, path.nameZh, discharged, 'F') +
    (isInfected ? dg1(2, INFECTION.code, INFECTION.nameZh, discharged, 'F') : secondary(visit, discharged)) +
    (operation === null ? '' : pr1(operation.code, operation.nameZh, operatedAt, scene.doctor));
  if (random.chance(CANCELLED_DISCHARGE_SHARE)) {
    // Sent home too early on paper: the discharge is taken back and given again.
    adt('A03', 'ADT_A03', discharged - 14_400, 10, discharged - 14_400, closing, moved);
    adt('A13', 'ADT_A01', discharged - 10_800, 11, null, '', moved);
  }
  adt('A03', 'ADT_A03', discharged, 12, discharged, closing, moved);
  if (isPast) {
    sayPastStay(context, scene, { admitted, discharged, ward: place.ward, disposition, operation });
    sayDiagnoses(context, scene, [path, ...(isInfected ? [INFECTION] : secondaries(visit))], discharged);
  }
  renderLabs(context, scene, admitted + 3600, 1, 1);
  if (visit.nights >= 3) renderLabs(context, scene, admitted + 2 * DAY, 2, 0.5);
  if (visit.nights >= 7) renderLabs(context, scene, discharged - DAY, 3, 0.12);
  renderExams(context, scene, admitted + 5400);
  renderEmr(context, scene, admitted + 3600, discharged - 3600);
  sayConsents(context, scene, admitted);
  if (ward !== null) sayBedside(context, scene, visit, ward.code, bed, admitted, discharged);
  if (!context.happens(discharged)) return;
  renderBill(context, scene, admitted, discharged - 1800);
  renderSummary(context, scene, discharged, operation?.nameZh ?? '');
  const voice = disposition === '5' ? null : voiceOf(world, visit, discharged, 0, mustComplain);
  if (voice !== null) sayVoice(context, scene, voice, discharged);
  sayTruth(context, scene, discharged, { attendance: 'came', waitMinutes: 0, ahead: 0, isNamedShift: false }, voice);
  if (disposition === '3') sayReferral(context, scene, 'down', discharged, discharged + 2 * DAY);
}

/** Children and newborns are brought by someone; the mother's name stands for a newborn's. */
function nextOfKin(world: World, visit: Visit): string {
  const { person } = visit;
  const { member, household } = person;
  if (member.role !== 'child' && member.role !== 'newborn') return '';
  const mother = household.members.find((each) => each.role === 'spouse');
  if (mother === undefined) return '';
  const holder = identityOf(world, person).phone;
  return nk1(identityOf(world, personOf(world, household, mother)).name.full, 'MTH^母亲', holder);
}

/** The registration desk merges the two records of a person some days after the second was made. */
export function renderMerge(context: Context, visit: Visit, ended: number): void {
  // Tables show what was merged under the number that stayed.
  if (context.historyEnd !== null) return;
  const { world } = context;
  if (visit.ordinal !== secondOrdinal(visit.person) || visit.class === 'checkup' || hasSecondRecord(world, visit.person) !== 'merged') return;
  random.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4 + 3);
  const at = ended + Math.round(random.between(1, 9) * DAY);
  const identity = identityOf(world, visit.person);
  const record = recordOf(world, visit.person, 'his');
  const text =
    msh('HIS', 'ADT', 'A40^ADT_A39', at, controlOf(world, at, visit.person.id, visit.ordinal * 32 + 30)) +
    evn('A40', at) +
    pid(visit.person, identity, { ...record, mrn: identity.mrn }) +
    mrg(secondMrn(identity.mrn));
  context.say('his', at, text);
}
