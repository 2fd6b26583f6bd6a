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
  readonly modality: Modality;
  readonly minutes: number;
  /** Several machines under one code, kept for emergency and wards; the others are booked by clinics and check-ups. */
  readonly isPool: boolean;
}
export type Modality = 'CT' | 'MR' | 'US' | 'DX' | 'ES';
export interface Nurse {
  readonly code: string;
  readonly nameZh: string;
  readonly titleZh: '护士' | '护师' | '主管护师';
  /** N0 (new) to N4. */
  readonly level: string;
}
export interface Hospital {
  readonly departments: readonly Department[];
  readonly doctors: readonly Doctor[];
  /** Doctors of each department, by department index. */
  readonly doctorsOf: readonly (readonly number[])[];
  readonly wards: readonly Ward[];
  readonly wardsOf: readonly (readonly number[])[];
  /** Nurses of each ward, by ward index. */
  readonly nursesOf: readonly (readonly Nurse[])[];
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
    const beds = department.wards.length === 0 ? 0 : Math.max(BEDS_MIN, Math.round((department.bedsPerThousand * patients) / 1000 / department.wards.length));
    wardsOf.push(department.wards.map((_, w) => wards.length + w));
    department.wards.forEach((nameZh, w) => {
      const code = `W-${department.code}${w + 1}`;
      wards.push({ code, nameZh, department: d, beds, nightAnswerMinutes: SLOW_WARDS.has(code) ? NIGHT_ANSWER_MINUTES.slow : NIGHT_ANSWER_MINUTES.prompt });
    });
  });
  const nursesOf = wards.map((ward, w) => nursesOfWard(seed, ward, w, startDay));
  return { departments: DEPARTMENTS, doctors, doctorsOf, wards, wardsOf, nursesOf, devices: devicesFor(patients) };
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

/** Two nurses for five beds, and enough for three shifts. */
const NURSES_MIN = 10;
function nursesOfWard(seed: number, ward: Ward, w: number, startDay: number): Nurse[] {
  const count = Math.max(NURSES_MIN, Math.round(ward.beds * 0.4));
  return Array.from({ length: count }, (_, i) => {
    random.at(seed, STREAM.nurse, w, i);
    const age = 22 + random.int(32);
    const isMale = random.chance(0.05);
    const nameZh = drawName(random, 'han', drawSurname(random), isMale, 1970 + Math.floor(startDay / 365.25) - age).full;
    const level = Math.min(4, Math.floor((age - 22) / 6));
    return {
      code: `N-${ward.code.slice(2)}-${String(i + 1).padStart(2, '0')}`,
      nameZh,
      titleZh: age < 28 ? '护士' : age < 38 ? '护师' : '主管护师',
      level: `N${level}`,
    };
  });
}

/** Fewest beds a ward has, however small the cohort. */
const BEDS_MIN = 4;

interface Machine {
  readonly modality: Modality;
  readonly namesZh: readonly string[];
  readonly nameEn: string;
  readonly minutes: number;
  /** Examinations of clinics and check-ups a day and thousand people of the cohort (measured). */
  readonly perThousand: number;
}
const MACHINES: readonly Machine[] = [
  { modality: 'CT', namesZh: ['64 排 CT', '256 排 CT'], nameEn: 'CT scanner', minutes: 11, perThousand: 0.4 },
  { modality: 'MR', namesZh: ['1.5T 磁共振', '3.0T 磁共振'], nameEn: 'MR scanner', minutes: 26, perThousand: 0.29 },
  { modality: 'US', namesZh: ['彩超一室', '彩超二室'], nameEn: 'Ultrasound room', minutes: 12, perThousand: 2.2 },
  { modality: 'DX', namesZh: ['数字 X 线机'], nameEn: 'X-ray room', minutes: 6, perThousand: 0.88 },
  { modality: 'ES', namesZh: ['胃肠镜室'], nameEn: 'Endoscopy room', minutes: 30, perThousand: 0.14 },
];
const OPEN_MINUTES = 540;
/** Mondays bring nearly twice the mean day, so half is left free. */
const USED_SHARE = 0.5;

function devicesFor(patients: number): Device[] {
  return MACHINES.flatMap(({ modality, namesZh, nameEn, minutes, perThousand }) => {
    const count = Math.max(namesZh.length, Math.ceil(((perThousand * patients) / 1000) * (minutes / (OPEN_MINUTES * USED_SHARE))));
    const booked = Array.from(
      { length: count },
      (_, i): Device => ({
        code: `${modality}-${i + 1}`,
        nameZh: namesZh[i] ?? `${namesZh[0]}（${i + 1} 号）`,
        nameEn: `${nameEn} ${i + 1}`,
        modality,
        minutes,
        isPool: false,
      }),
    );
    return [
      ...booked,
      { code: `${modality}-E`, nameZh: `急诊与病房${modality}（多台）`, nameEn: `${nameEn}s of emergency and wards`, modality, minutes, isPool: true },
    ];
  });
}
