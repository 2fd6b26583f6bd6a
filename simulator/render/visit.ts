/** One clinic, emergency or check-up visit, said by every system that has a part in it. */

import type { Due } from '../day.ts';
import { controlOf, dg1, evn, in1, msh, pv1 } from '../doors/hl7.ts';
import type { TimedVisit } from '../flow/clinic.ts';
import { COURSE } from '../health/paths.ts';
import type { Visit } from '../health/plan.ts';
import { DIABETES, HYPERTENSION } from '../people/person.ts';
import { Random, STREAM } from '../random.ts';
import { isNamedShift, voiceOf } from '../voice/feedback.ts';
import { renderBill } from './bill.ts';
import { renderBooking } from './booking.ts';
import type { Context } from './context.ts';
import { renderEmr } from './emr.ts';
import { renderExams } from './exams.ts';
import { type Diagnosis, sayDiagnoses, sayPastVisit, sayRegisters } from './history.ts';
import { renderLabs } from './labs.ts';
import { sayConsents } from './person.ts';
import { type Scene, sceneOf } from './scene.ts';
import { sayTruth, sayVoice } from './voice.ts';

const random = new Random();

export function renderVisit(context: Context, timed: TimedVisit, due: Due): void {
  const { visit } = timed;
  const { mustComplain } = due;
  const scene = sceneOf(context, due);
  if (context.historyEnd !== null) sayRegisters(context, scene, timed.ended);
  if (visit.class === 'outpatient') renderBooking(context, scene, timed);
  const came = {
    attendance: timed.attendance,
    waitMinutes: timed.waitMinutes,
    ahead: timed.ahead,
    isNamedShift: visit.class === 'emergency' && isNamedShift(timed.ended),
  };
  if (timed.attendance !== 'came') sayTruth(context, scene, timed.slot, came, null);
  if (timed.attendance !== 'came' || !context.happens(timed.called)) return;
  renderEncounter(context, scene, timed);
  const { world } = context;
  renderBill(context, scene, timed.called, timed.ended);
  renderLabs(context, scene, timed.ended + 900, 1, 1);
  renderExams(context, scene, timed.ended);
  renderEmr(context, scene, timed.called, timed.ended);
  const voice = voiceOf(world, visit, timed.ended, timed.waitMinutes, mustComplain);
  sayVoice(context, scene, voice, timed.ended);
  sayTruth(context, scene, timed.ended, came, voice);
  sayConsents(context, scene, timed.called);
}

function renderEncounter(context: Context, scene: Scene, timed: TimedVisit): void {
  const { world } = context;
  const { visit } = scene;
  const { path, person } = visit;
  const seen = {
    klass: scene.klass,
    payer: scene.payer,
    department: scene.department,
    ward: scene.ward,
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
  if (context.historyEnd !== null) {
    sayPastVisit(context, scene, timed.arrived, isWithdrawn ? null : timed.ended, isWithdrawn ? timed.called : timed.ended);
    if (!isWithdrawn) sayDiagnoses(context, scene, [path, ...secondaries(visit)], timed.ended);
    return;
  }
  adt('A04', 'ADT_A01', timed.arrived, 8, null, insured);
  if (isWithdrawn) {
    // Registered, then gone home untreated: the registration is taken back.
    adt('A11', 'ADT_A09', timed.called, 9, null, '');
    return;
  }
  adt('A03', 'ADT_A03', timed.ended, 10, timed.ended, dg1(1, path.code, path.nameZh, timed.ended, 'F') + secondary(visit, timed.ended));
}

/** Chronic illness is written beside what people come for. */
export function secondaries({ person, path, day }: Visit): Diagnosis[] {
  const found: Diagnosis[] = [];
  if (path !== COURSE.hypertension && (person.conditions & HYPERTENSION) !== 0) found.push(COURSE.hypertension);
  if (path !== COURSE.diabetes && ((person.conditions & DIABETES) !== 0 || day > person.diabetesFrom + 30)) found.push(COURSE.diabetes);
  return found;
}
export const secondary = (visit: Visit, at: number): string =>
  secondaries(visit)
    .map(({ code, nameZh }, i) => dg1(i + 2, code, nameZh, at, 'F'))
    .join('');
