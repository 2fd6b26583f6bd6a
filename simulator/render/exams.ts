/** Examinations, by the imaging system: ordered, some given up, the others done on a device and reported in words. */

import type { Device, Modality } from '../city/hospital.ts';
import { controlOf, examOrder, examReport, msh } from '../doors/hl7.ts';
import { EXAMS } from '../health/items.ts';
import { Random, STREAM } from '../random.ts';
import { imagingWords } from '../voice/reports.ts';
import type { World } from '../world.ts';
import type { Context } from './context.ts';
import { sayPastExam } from './history.ts';
import { sayExamDone, sayExamGivenUp } from './imaging.ts';
import { type Scene, seenAs } from './scene.ts';

const SECTIONS = { CT: 'CT', MR: 'NMR', US: 'US', DX: 'RAD', ES: 'EN' } as const;
/** Mean minutes from order to device; magnets are the scarcest. */
const QUEUE_MINUTES = { CT: 35, MR: 95, US: 40, DX: 15, ES: 120 } as const;
const GIVEN_UP_SHARE = 0.02;
const random = new Random();

export function renderExams(context: Context, scene: Scene, orderedAt: number): void {
  const { world } = context;
  const { visit, work, number, doctor } = scene;
  if (work.exams.length === 0) return;
  random.at(world.seed, STREAM.imaging, visit.person.id, visit.ordinal);
  const head = scene.pid + seenAs(scene, orderedAt);
  const isPast = context.historyEnd !== null;
  const say = (type: string, at: number, serial: number, body: string): void =>
    context.say('ris', at, msh('RIS', type.slice(0, 3), type.slice(4), at, controlOf(world, at, visit.person.id, visit.ordinal * 512 + serial)) + head + body);
  // Clinics and check-ups queue for the machines that are booked; emergency and wards have their own.
  const isBooked = visit.class === 'outpatient' || visit.class === 'checkup';
  let free = orderedAt + 600;
  work.exams.forEach((name, i) => {
    const exam = EXAMS[name];
    const about = { number: `${number}E${i}`, code: exam.code, nameZh: exam.nameZh, section: SECTIONS[exam.modality], doctor };
    if (!isPast) say('ORM O01^ORM_O01', orderedAt + i, i * 8, examOrder({ ...about, control: 'NW', orderedAt: orderedAt + i }));
    if (random.chance(GIVEN_UP_SHARE)) {
      sayExamGivenUp(context, scene, exam, about.number, orderedAt + i);
      if (isPast) sayPastExam(context, scene, { ...about, orderedAt: orderedAt + i, done: null });
      else say('ORM O01^ORM_O01', orderedAt + 86_400, i * 8 + 1, examOrder({ ...about, control: 'CA', orderedAt: orderedAt + i }));
      return;
    }
    const wait = random.exponential(QUEUE_MINUTES[exam.modality] * 60);
    const length = Math.round(machine(world, exam.modality, false).minutes * 60 * Math.exp(random.normal() * 0.25));
    const ready = Math.round(free + wait);
    const { device, from } = isBooked
      ? context.devices(visit.day).take(exam.modality, ready, length)
      : { device: machine(world, exam.modality, true), from: ready };
    const to = from + length;
    const reportedAt = Math.round(to + random.between(900, exam.modality === 'MR' ? 14_400 : 5_400));
    const words = imagingWords(random, exam, visit);
    if (isPast) sayPastExam(context, scene, { ...about, orderedAt: orderedAt + i, done: { from, to, reportedAt, words } });
    else say('ORU R01^ORU_R01', reportedAt, i * 8 + 2, examReport({ ...about, from, to, reportedAt, words }));
    sayExamDone(context, scene, exam, { number: about.number, place: i, orderedAt: orderedAt + i, device, from, to });
    free = to;
  });
}

const machine = (world: World, modality: Modality, isPool: boolean): Device =>
  world.hospital.devices.find((each) => each.modality === modality && each.isPool === isPool) as Device;
