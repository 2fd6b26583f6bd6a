import type { DimensionEntry } from '@xinglin/contracts';
import { CITY, CLINICS, COMPETITORS, DISTRICTS } from './city/districts.ts';
import { HOSPITAL } from './city/hospital.ts';
import { CHARGES, DRUGS, EXAMS, LABS, PANELS, VITALS } from './health/items.ts';
import { PATHS, SURGERY } from './health/paths.ts';
import { createWorld, type SimulateOptions, type World } from './world.ts';

export interface HospitalFile {
  readonly nameZh: string;
  readonly nameEn: string;
  /** The hospital's dictionaries, in the shape the server's dimensions take. */
  readonly dimensions: readonly DimensionEntry[];
  readonly doctors: readonly {
    readonly code: string;
    readonly nameZh: string;
    readonly titleZh: string;
    readonly department: string;
    readonly leftDay: number | null;
  }[];
  readonly wards: readonly { readonly code: string; readonly nameZh: string; readonly department: string; readonly beds: number }[];
  readonly city: {
    readonly nameZh: string;
    readonly districts: readonly { readonly code: string; readonly nameZh: string; readonly kilometres: number }[];
    readonly clinics: readonly string[];
  };
  readonly competitors: readonly { readonly code: string; readonly nameZh: string; readonly nameEn: string }[];
}

/** The dictionary of the hospital a run with these options is about. */
export const hospital = (options: SimulateOptions): HospitalFile => hospitalOf(createWorld(options));

export function hospitalOf(world: World): HospitalFile {
  const { departments, doctors, wards, devices } = world.hospital;
  const codeOf = (department: number): string => departments[department]?.code ?? '';
  const entry = (
    dimension: DimensionEntry['dimension'],
    code: string,
    nameZh: string,
    nameEn: string | null = null,
    parentCode: string | null = null,
  ): DimensionEntry => ({
    dimension,
    code,
    nameZh,
    nameEn,
    parentCode,
  });
  const items = [...Object.values(LABS), ...Object.values(VITALS)].map((each) => entry('item', each.code, each.nameZh, each.nameEn));
  const charged = [...Object.values(PANELS), ...Object.values(DRUGS), ...Object.values(EXAMS), ...Object.values(CHARGES)].map((each) =>
    entry('item', each.code, each.nameZh),
  );
  return {
    nameZh: HOSPITAL.nameZh,
    nameEn: HOSPITAL.nameEn,
    dimensions: [
      ...departments.map((each) => entry('department', each.code, each.nameZh, each.nameEn)),
      ...wards.map((each) => entry('ward', each.code, each.nameZh, null, codeOf(each.department))),
      ...doctors.map((each) => entry('staff', each.code, each.nameZh, null, codeOf(each.department))),
      ...devices.map((each) => entry('device', each.code, each.nameZh, each.nameEn, 'IMAG')),
      ...items,
      ...charged,
      ...Object.values(EXAMS).map((each) => entry('item', `${each.code}R`, `${each.nameZh}报告`)),
      entry('item', 'DS', '出院小结', 'Discharge summary'),
      ...[...SURGERY.values()].map((each) => entry('item', each.code, each.nameZh)),
      ...PATHS.map((each) => entry('disease', each.code, each.nameZh)),
      ...DISTRICTS.map((each) => entry('district', each.code, each.nameZh)),
    ],
    doctors: doctors.map(({ code, nameZh, titleZh, department, leftDay }) => ({
      code,
      nameZh,
      titleZh,
      department: codeOf(department),
      leftDay: Number.isFinite(leftDay) ? leftDay : null,
    })),
    wards: wards.map(({ code, nameZh, department, beds }) => ({ code, nameZh, department: codeOf(department), beds })),
    city: { nameZh: CITY.nameZh, districts: DISTRICTS.map(({ code, nameZh, kilometres }) => ({ code, nameZh, kilometres })), clinics: CLINICS },
    competitors: COMPETITORS.map(({ code, nameZh, nameEn }) => ({ code, nameZh, nameEn })),
  };
}
