/** The departments of the hospital. Codes are the hospital's own and what all its systems send. */
export interface Department {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Doctors per thousand people in the cohort, and at least. */
  readonly doctorsPerThousand: number;
  readonly doctorsMin: number;
  /** Beds per thousand people in the cohort, so that wards are about seven eighths full on average and sometimes more than full; 0: no ward. */
  readonly bedsPerThousand: number;
  readonly wards: readonly string[];
  /** Minutes one consultation takes. */
  readonly consultMinutes: number;
}

const department = (
  code: string,
  nameZh: string,
  nameEn: string,
  doctorsPerThousand: number,
  doctorsMin: number,
  bedsPerThousand: number,
  wards: readonly string[],
  consultMinutes: number,
): Department => ({ code, nameZh, nameEn, doctorsPerThousand, doctorsMin, bedsPerThousand, wards, consultMinutes });

export const DEPARTMENTS: readonly Department[] = [
  department('CARD', '心血管内科', 'Cardiology', 0.12, 5, 0.6, ['心内一病区', '心内二病区'], 8),
  department('RESP', '呼吸与危重症医学科', 'Respiratory Medicine', 0.1, 4, 0.62, ['呼吸病区'], 8),
  department('ENDO', '内分泌科', 'Endocrinology', 0.08, 4, 0.32, ['内分泌病区'], 8),
  department('GAST', '消化内科', 'Gastroenterology', 0.08, 4, 0.1, ['消化病区'], 8),
  department('NEUR', '神经内科', 'Neurology', 0.08, 4, 0.7, ['神经内科病区'], 9),
  department('NEPH', '肾内科', 'Nephrology', 0.05, 3, 0.13, ['肾内病区'], 8),
  department('RHEU', '风湿免疫科', 'Rheumatology', 0.03, 2, 0.1, ['风湿免疫病区'], 9),
  department('ONCO', '肿瘤科', 'Oncology', 0.05, 3, 0.31, ['肿瘤病区'], 9),
  department('GENS', '普外科', 'General Surgery', 0.1, 5, 0.66, ['普外一病区', '普外二病区'], 7),
  department('ORTH', '骨科', 'Orthopaedics', 0.1, 5, 1.16, ['关节病区', '脊柱创伤病区'], 8),
  department('UROL', '泌尿外科', 'Urology', 0.05, 3, 0.2, ['泌尿外科病区'], 7),
  department('NSUR', '神经外科', 'Neurosurgery', 0.04, 2, 0.1, ['神经外科病区'], 9),
  department('OBST', '产科', 'Obstetrics', 0.08, 4, 0.34, ['产科病区'], 8),
  department('GYNE', '妇科', 'Gynaecology', 0.06, 3, 0.09, ['妇科病区'], 8),
  department('PEDI', '儿科', 'Paediatrics', 0.12, 5, 0.38, ['儿科病区'], 6),
  department('NEON', '新生儿科', 'Neonatology', 0.03, 2, 0.06, ['新生儿病区'], 8),
  department('OPHT', '眼科', 'Ophthalmology', 0.05, 3, 0.1, ['眼科病区'], 6),
  department('ENTH', '耳鼻咽喉科', 'Otolaryngology', 0.05, 3, 0.1, ['耳鼻喉病区'], 6),
  department('STOM', '口腔科', 'Stomatology', 0.06, 3, 0, [], 18),
  department('DERM', '皮肤科', 'Dermatology', 0.06, 3, 0, [], 5),
  department('TCMD', '中医科', 'Traditional Chinese Medicine', 0.05, 3, 0, [], 8),
  department('PSYC', '心身医学科', 'Psychosomatic Medicine', 0.03, 2, 0, [], 14),
  department('REHA', '康复医学科', 'Rehabilitation Medicine', 0.04, 3, 0.17, ['康复病区'], 10),
  department('EMER', '急诊科', 'Emergency', 0.08, 5, 0.1, ['急诊观察区'], 9),
  department('CHKU', '健康管理中心', 'Health Check-up Centre', 0.05, 3, 0, [], 5),
  department('LABO', '检验科', 'Clinical Laboratory', 0.05, 4, 0, [], 1),
  department('IMAG', '医学影像科', 'Medical Imaging', 0.05, 4, 0, [], 5),
];

const index = new Map(DEPARTMENTS.map((each, i) => [each.code, i]));
export function departmentIndex(code: string): number {
  const at = index.get(code);
  if (at === undefined) throw new RangeError(`no department ${code}`);
  return at;
}
