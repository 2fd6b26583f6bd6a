import { drawName, drawSurname } from '../people/names.ts';
import { Random, STREAM } from '../random.ts';
import { DEPARTMENTS, type Department } from './departments.ts';

export const HOSPITAL = { nameZh: '杏城市第一人民医院', nameEn: 'Xingcheng First People’s Hospital', code: 'XC1' } as const;

export interface Doctor {
  /** Staff number, e.g. `CARD03`. */
  readonly code: string;
  readonly department: number;
  readonly nameZh: string;
  readonly isMale: boolean;
  readonly titleZh: (typeof TITLES)[number];
  /** Half-days of clinic a week: bit `weekday × 2 + (afternoon ? 1 : 0)`. */
  readonly roster: number;
  /** Day from which the doctor works elsewhere; `Infinity`: stays. A loss driver. */
  readonly leftDay: number;
  /** Added to how patients like the visit, in points of 5. */
  readonly manner: number;
}
export const TITLES = ['主任医师', '副主任医师', '主治医师', '住院医师'] as const;

export interface Ward {
  readonly code: string;
  readonly nameZh: string;
  readonly department: number;
  readonly beds: number;
  /** How promptly night nurses answer a call, in minutes: the planted driver of inpatients' dissatisfaction. */
  readonly nightAnswerMinutes: number;
}
export interface Device {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly modality: 'CT' | 'MR' | 'US' | 'DX' | 'ES';
  readonly minutes: number;
}
export interface Hospital {
  readonly departments: readonly Department[];
  readonly doctors: readonly Doctor[];
  /** Doctors of each department, by department index. */
  readonly doctorsOf: readonly (readonly number[])[];
  readonly wards: readonly Ward[];
  readonly wardsOf: readonly (readonly number[])[];
  readonly devices: readonly Device[];
}

/** Wards whose night nurses are slow, and by how much satisfaction falls, is in effects.ts. */
const NIGHT_ANSWER_MINUTES = { prompt: 3, slow: 14 };
export const SLOW_WARDS = new Set(['W-CARD2', 'W-GENS2', 'W-NEUR1', 'W-OBST1', 'W-GAST1']);

/** Departments that lose a well-attended doctor half-way through. */
const LEAVING = new Set(['CARD', 'ENDO', 'RESP']);

const random = new Random();

export function buildHospital(seed: number, patients: number, startDay: number, lastDay: number): Hospital {
  const doctors: Doctor[] = [];
  const doctorsOf: number[][] = [];
  const wards: Ward[] = [];
  const wardsOf: number[][] = [];
  DEPARTMENTS.forEach((department, d) => {
    const count = Math.max(department.doctorsMin, Math.round((department.doctorsPerThousand * patients) / 1000));
    doctorsOf.push(Array.from({ length: count }, (_, i) => doctors.length + i));
    for (let i = 0; i < count; i++) doctors.push(doctorOf(seed, department, d, i, startDay, lastDay));
    const beds = department.wards.length === 0 ? 0 : Math.max(12, Math.round((department.bedsPerThousand * patients) / 1000 / department.wards.length));
    wardsOf.push(department.wards.map((_, w) => wards.length + w));
    department.wards.forEach((nameZh, w) => {
      const code = `W-${department.code}${w + 1}`;
      wards.push({ code, nameZh, department: d, beds, nightAnswerMinutes: SLOW_WARDS.has(code) ? NIGHT_ANSWER_MINUTES.slow : NIGHT_ANSWER_MINUTES.prompt });
    });
  });
  return { departments: DEPARTMENTS, doctors, doctorsOf, wards, wardsOf, devices: DEVICES };
}

function doctorOf(seed: number, department: Department, d: number, i: number, startDay: number, lastDay: number): Doctor {
  random.at(seed, STREAM.doctor, d, i);
  const isMale = random.chance(department.code === 'OBST' || department.code === 'PEDI' ? 0.25 : 0.55);
  const born = 1962 + random.int(34);
  const nameZh = drawName(random, 'han', drawSurname(random), isMale, born).full;
  const titleZh = TITLES[Math.min(3, Math.floor((born - 1962) / 9))] as Doctor['titleZh'];
  let roster = 0;
  for (let day = 1; day <= 5; day++) {
    if (random.chance(0.6)) roster |= 1 << (day * 2);
    if (random.chance(0.5)) roster |= 1 << (day * 2 + 1);
  }
  if (random.chance(0.4)) roster |= 1 << 12;
  const leaves = i === 1 && LEAVING.has(department.code);
  return {
    code: `${department.code}${String(i + 1).padStart(2, '0')}`,
    department: d,
    nameZh,
    isMale,
    titleZh,
    roster,
    leftDay: leaves ? startDay + Math.floor((lastDay - startDay) * 0.45) : Number.POSITIVE_INFINITY,
    manner: random.normal() * 0.12,
  };
}

const DEVICES: readonly Device[] = [
  { code: 'CT-1', nameZh: '64 排 CT', nameEn: 'CT scanner 1', modality: 'CT', minutes: 12 },
  { code: 'CT-2', nameZh: '256 排 CT', nameEn: 'CT scanner 2', modality: 'CT', minutes: 10 },
  { code: 'MR-1', nameZh: '1.5T 磁共振', nameEn: 'MR scanner 1', modality: 'MR', minutes: 28 },
  { code: 'MR-2', nameZh: '3.0T 磁共振', nameEn: 'MR scanner 2', modality: 'MR', minutes: 25 },
  { code: 'US-1', nameZh: '彩超一室', nameEn: 'Ultrasound room 1', modality: 'US', minutes: 12 },
  { code: 'US-2', nameZh: '彩超二室', nameEn: 'Ultrasound room 2', modality: 'US', minutes: 12 },
  { code: 'DX-1', nameZh: '数字 X 线机', nameEn: 'X-ray room', modality: 'DX', minutes: 6 },
  { code: 'ES-1', nameZh: '胃肠镜室', nameEn: 'Endoscopy room', modality: 'ES', minutes: 30 },
];
