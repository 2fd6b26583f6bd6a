/**
 * What an imaging archive says of a series, in the DICOM JSON model (PS3.18 F): tags in order, each with its value representation. UIDs are of the root
 * 2.25, which belongs to everyone who writes a UUID as a number, so they collide with nobody's.
 */
import { dayPlain } from '../calendar.ts';
import { HOSPITAL, type Modality } from '../city/hospital.ts';
import type { Random } from '../random.ts';

/** A UUID (version 8, our own bits) as the number after `2.25.`. */
export function uidOf(random: Random): string {
  const words = [random.next(), (random.next() & 0xffff0fff) | 0x8000, (random.next() & 0x3fffffff) | 0x80000000, random.next()];
  return `2.25.${words.reduce((sum, word) => (sum << 32n) | BigInt(word >>> 0), 0n)}`;
}

const SOP_CLASSES: Record<Modality, string> = {
  CT: '1.2.840.10008.5.1.4.1.1.2',
  MR: '1.2.840.10008.5.1.4.1.1.4',
  US: '1.2.840.10008.5.1.4.1.1.6.1',
  DX: '1.2.840.10008.5.1.4.1.1.1.1',
  ES: '1.2.840.10008.5.1.4.1.1.77.1.1',
};
/** Series of a study and images of each. */
export const SERIES: Record<Modality, readonly (readonly [description: string, instances: number])[]> = {
  CT: [
    ['Scout', 1],
    ['Axial 5 mm', 64],
    ['Axial 1 mm', 320],
  ],
  MR: [
    ['T1 TSE', 24],
    ['T2 TSE', 24],
    ['PD FS', 28],
  ],
  US: [['Still', 8]],
  DX: [['PA LAT', 2]],
  ES: [['Still', 12]],
};

export interface StudyMetadata {
  readonly modality: Modality;
  readonly studyUid: string;
  readonly accession: string;
  /** Local second. */
  readonly at: number;
  readonly station: string;
  readonly description: string;
  readonly bodyPart: string;
  readonly referrer: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly birth: string;
  readonly sex: 'M' | 'F';
}

const clock = (at: number): string => {
  const seconds = ((at % 86_400) + 86_400) % 86_400;
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((each) => String(each).padStart(2, '0')).join('');
};

/** One line per series; the study's own attributes are repeated in each, as QIDO-RS gives them. */
export function seriesLines(random: Random, study: StudyMetadata): { text: string; series: number } {
  const all = SERIES[study.modality];
  const images = all.reduce((sum, [, count]) => sum + count, 0);
  let text = '';
  all.forEach(([description, instances], i) => {
    const element = (vr: string, ...values: (string | number | object)[]): object => (values[0] === '' ? { vr } : { vr, Value: values });
    const at = study.at + i * 90;
    const dataset = {
      '00080005': element('CS', 'ISO_IR 192'),
      '00080020': element('DA', dayPlain(Math.floor(study.at / 86_400))),
      '00080021': element('DA', dayPlain(Math.floor(at / 86_400))),
      '00080030': element('TM', clock(study.at)),
      '00080031': element('TM', clock(at)),
      '00080050': element('SH', study.accession),
      '00080060': element('CS', study.modality),
      '00080061': element('CS', study.modality),
      '00080062': element('UI', SOP_CLASSES[study.modality]),
      '00080080': element('LO', HOSPITAL.nameZh),
      '00080090': element('PN', { Alphabetic: study.referrer }),
      '00081010': element('SH', study.station),
      '00081030': element('LO', study.description),
      '0008103E': element('LO', description),
      '00100010': element('PN', { Alphabetic: study.patientName }),
      '00100020': element('LO', study.patientId),
      '00100030': element('DA', study.birth),
      '00100040': element('CS', study.sex),
      '00180015': element('CS', study.bodyPart),
      '0020000D': element('UI', study.studyUid),
      '0020000E': element('UI', uidOf(random)),
      '00200010': element('SH', study.accession),
      '00200011': element('IS', i + 1),
      '00201206': element('IS', all.length),
      '00201208': element('IS', images),
      '00201209': element('IS', instances),
    };
    text += `${JSON.stringify(dataset)}\n`;
  });
  return { text, series: all.length };
}
