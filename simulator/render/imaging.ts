/** An examination as the schedule of the machines and the imaging archive know it. */
import { localText } from '../calendar.ts';
import type { Device } from '../city/hospital.ts';
import { seriesLines, uidOf } from '../doors/dicom.ts';
import { csvLine } from '../doors/parts.ts';
import type { Exam } from '../health/items.ts';
import { lettersOf, recordOf } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

const random = new Random();
const QUARTER = 900;
const ORIGINS = { outpatient: '门诊', emergency: '急诊', inpatient: '住院', checkup: '体检' } as const;
const BODY_PARTS: Readonly<Record<string, string>> = {
  'E-CTCH': 'CHEST',
  'E-CTHD': 'HEAD',
  'E-MRHD': 'HEAD',
  'E-MRKN': 'KNEE',
  'E-MRSP': 'LSPINE',
  'E-USAB': 'ABDOMEN',
  'E-USHT': 'HEART',
  'E-USOB': 'PREGNANCY',
  'E-USTH': 'THYROID',
  'E-DXLI': 'EXTREMITY',
  'E-DXCH': 'CHEST',
  'E-ESGA': 'STOMACH',
};

export interface Done {
  readonly number: string;
  readonly place: number;
  readonly orderedAt: number;
  readonly device: Device;
  readonly from: number;
  readonly to: number;
}

export function sayExamDone(context: Context, scene: Scene, exam: Exam, done: Done): void {
  const { device, from, to } = done;
  context.say(
    'equipment',
    to,
    csvLine([
      done.number,
      device.code,
      device.nameZh,
      exam.modality,
      exam.nameZh,
      ORIGINS[scene.visit.class],
      localText(done.orderedAt),
      localText(Math.floor(from / QUARTER) * QUARTER),
      localText(from),
      localText(to),
      '已完成',
    ]),
  );
  if (!context.wants('dicom') || !context.happens(to)) return;
  const { world } = context;
  const { person, ordinal } = scene.visit;
  const held = recordOf(world, person, 'pacs');
  random.at(world.seed, STREAM.archive, person.id, ordinal * 8 + done.place);
  const { text, series } = seriesLines(random, {
    modality: exam.modality,
    studyUid: uidOf(random),
    accession: done.number,
    at: from,
    station: device.code,
    description: exam.nameZh,
    bodyPart: BODY_PARTS[exam.code] ?? '',
    referrer: lettersOf(scene.doctorName, scene.doctorName.slice(0, 1)),
    patientName: held.name,
    patientId: held.mrn ?? '',
    birth: scene.identity.birth,
    sex: person.isMale ? 'M' : 'F',
  });
  context.say('dicom', to, text, series);
}

export function sayExamGivenUp(context: Context, scene: Scene, exam: Exam, number: string, orderedAt: number): void {
  const row = [number, '', '', exam.modality, exam.nameZh, ORIGINS[scene.visit.class], localText(orderedAt), '', '', '', '已取消'];
  context.say('equipment', orderedAt + 86_400, csvLine(row));
}
