/**
 * What people come for. A path says who has it, when in the year, where they go, and what is done there.
 * Diagnosis codes are ICD-10 stems with general names; no hospital's extension is claimed.
 */

import { departmentIndex } from '../city/departments.ts';
import { cumulate } from '../random.ts';
import type { ChargeName, DrugName, ExamName, LabName, PanelName } from './items.ts';

export interface Path {
  readonly code: string;
  readonly nameZh: string;
  readonly department: number;
  /** Where children go with it instead. */
  readonly childDepartment: number;
  /** Relative weight by age: under 6, under 15, under 40, under 60, 60 and over. */
  readonly ages: readonly [number, number, number, number, number];
  readonly sex: 'any' | 'male' | 'female';
  /** Twelve monthly factors, January first. */
  readonly season: readonly number[];
  readonly panels: readonly PanelName[];
  readonly labChance: number;
  readonly exams: readonly ExamName[];
  readonly examChance: number;
  readonly drugs: readonly DrugName[];
  readonly treatments: readonly ChargeName[];
  /** Of those who come, how many are taken in. */
  readonly inpatient: number;
  readonly stayDays: number;
  /** Of those who come, how many come through emergency. */
  readonly emergency: number;
  /** How far its laboratory values move, in widths of the reference range. */
  readonly shifts: Readonly<Partial<Record<LabName, number>>>;
}

const FLAT = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
const WINTER = [2.1, 1.7, 1.2, 0.8, 0.6, 0.5, 0.5, 0.5, 0.7, 0.9, 1.3, 2];
const FLU = [3.2, 2, 1, 0.5, 0.3, 0.4, 0.6, 0.4, 0.3, 0.4, 1, 2.9];
const SUMMER = [0.6, 0.6, 0.7, 0.9, 1.2, 1.5, 1.7, 1.6, 1.3, 0.9, 0.6, 0.6];
const HAND_FOOT = [0.2, 0.2, 0.5, 1.3, 2.4, 2.8, 1.8, 0.7, 0.8, 0.7, 0.4, 0.2];
const POLLEN = [0.5, 0.6, 1.4, 1.9, 1.3, 0.6, 0.5, 1, 1.9, 1.3, 0.6, 0.5];

interface Given {
  readonly ages: Path['ages'];
  readonly child?: string;
  readonly sex?: Path['sex'];
  readonly season?: readonly number[];
  readonly panels?: readonly PanelName[];
  readonly labs?: number;
  readonly exams?: readonly ExamName[];
  readonly exam?: number;
  readonly drugs?: readonly DrugName[];
  readonly treatments?: readonly ChargeName[];
  readonly inpatient?: number;
  readonly stay?: number;
  readonly emergency?: number;
  readonly shifts?: Path['shifts'];
}
const path = (code: string, nameZh: string, department: string, given: Given): Path => ({
  code,
  nameZh,
  department: departmentIndex(department),
  childDepartment: departmentIndex(given.child ?? department),
  ages: given.ages,
  sex: given.sex ?? 'any',
  season: given.season ?? FLAT,
  panels: given.panels ?? [],
  labChance: given.labs ?? (given.panels === undefined ? 0 : 0.6),
  exams: given.exams ?? [],
  examChance: given.exam ?? (given.exams === undefined ? 0 : 0.5),
  drugs: given.drugs ?? [],
  treatments: given.treatments ?? [],
  inpatient: given.inpatient ?? 0,
  stayDays: given.stay ?? 6,
  emergency: given.emergency ?? 0,
  shifts: given.shifts ?? {},
});

const INFECTED = { wbc: 0.7, neut: 0.6, crp: 2.2 } as const;

export const ACUTE: readonly Path[] = [
  path('J06.900', '急性上呼吸道感染', 'RESP', {
    ages: [30, 18, 7, 6, 5],
    child: 'PEDI',
    season: WINTER,
    panels: ['cbc', 'crp'],
    drugs: ['paracetamol', 'loratadine'],
    emergency: 0.12,
    shifts: INFECTED,
  }),
  path('J11.100', '流行性感冒', 'RESP', {
    ages: [14, 12, 5, 3, 4],
    child: 'PEDI',
    season: FLU,
    panels: ['cbc', 'crp'],
    labs: 0.8,
    drugs: ['oseltamivir', 'paracetamol'],
    emergency: 0.25,
    shifts: { wbc: -0.3, crp: 1 },
  }),
  path('J18.900', '肺炎', 'RESP', {
    ages: [8, 4, 1, 2, 6],
    child: 'PEDI',
    season: WINTER,
    panels: ['cbc', 'crp', 'pct'],
    labs: 0.95,
    exams: ['chestCt', 'chestDr'],
    exam: 0.9,
    drugs: ['cefuroxime', 'azithromycin'],
    inpatient: 0.45,
    stay: 7,
    emergency: 0.25,
    shifts: { wbc: 1, neut: 0.7, crp: 6, pct: 8 },
  }),
  path('J20.900', '急性支气管炎', 'RESP', {
    ages: [14, 7, 3, 3, 4],
    child: 'PEDI',
    season: WINTER,
    panels: ['cbc', 'crp'],
    exams: ['chestDr'],
    exam: 0.3,
    drugs: ['azithromycin', 'montelukast'],
    shifts: INFECTED,
  }),
  path('B08.400', '手足口病', 'PEDI', {
    ages: [10, 2, 0, 0, 0],
    season: HAND_FOOT,
    panels: ['cbc', 'crp'],
    drugs: ['paracetamol'],
    inpatient: 0.05,
    stay: 5,
    shifts: { crp: 0.6 },
  }),
  path('K52.900', '胃肠炎', 'GAST', {
    ages: [9, 5, 5, 4, 4],
    child: 'PEDI',
    season: SUMMER,
    panels: ['cbc', 'salts'],
    drugs: ['levofloxacin'],
    treatments: ['infusion'],
    emergency: 0.35,
    inpatient: 0.03,
    stay: 4,
    shifts: { wbc: 0.6, k: -0.4 },
  }),
  path('K29.500', '慢性胃炎', 'GAST', { ages: [0, 1, 7, 10, 8], exams: ['gastroscopy'], exam: 0.35, panels: ['cbc'], labs: 0.3, drugs: ['omeprazole'] }),
  path('L30.900', '皮炎湿疹', 'DERM', { ages: [7, 4, 7, 5, 4], season: SUMMER, drugs: ['loratadine'] }),
  path('L50.900', '荨麻疹', 'DERM', { ages: [3, 4, 5, 3, 2], season: SUMMER, drugs: ['loratadine'], panels: ['cbc'], labs: 0.3, emergency: 0.2 }),
  path('J30.400', '变应性鼻炎', 'ENTH', { ages: [3, 7, 6, 3, 1], season: POLLEN, drugs: ['loratadine', 'montelukast'] }),
  path('H66.900', '中耳炎', 'ENTH', { ages: [5, 4, 2, 1, 1], season: WINTER, drugs: ['amoxicillin'] }),
  path('H10.900', '结膜炎', 'OPHT', { ages: [3, 4, 3, 2, 3], season: SUMMER }),
  path('H25.900', '老年性白内障', 'OPHT', { ages: [0, 0, 0, 1, 6], inpatient: 0.35, stay: 2, treatments: ['cataract'] }),
  path('K02.900', '龋病', 'STOM', { ages: [4, 9, 8, 6, 5], treatments: ['dental'] }),
  path('K05.300', '慢性牙周炎', 'STOM', { ages: [0, 1, 6, 7, 4], treatments: ['dental'] }),
  path('M51.200', '腰椎间盘突出', 'ORTH', { ages: [0, 0, 5, 9, 7], exams: ['spineMr'], exam: 0.45, drugs: ['celecoxib'], inpatient: 0.06, stay: 8 }),
  path('M17.900', '膝关节骨关节病', 'ORTH', { ages: [0, 0, 0.5, 4, 10], exams: ['limbDr', 'kneeMr'], exam: 0.6, drugs: ['celecoxib'] }),
  path('S52.500', '桡骨远端骨折', 'ORTH', {
    ages: [2, 4, 2, 3, 4],
    exams: ['limbDr'],
    exam: 1,
    drugs: ['ibuprofen'],
    emergency: 0.7,
    inpatient: 0.2,
    stay: 6,
    treatments: ['dressing'],
  }),
  path('S00.900', '头部浅表损伤', 'EMER', { ages: [5, 4, 3, 2, 3], exams: ['headCt'], exam: 0.6, treatments: ['dressing'], emergency: 1 }),
  path('R10.400', '腹痛', 'EMER', {
    ages: [3, 4, 5, 4, 4],
    panels: ['cbc', 'crp', 'salts'],
    labs: 0.9,
    exams: ['abdomenUs'],
    exam: 0.6,
    emergency: 1,
    treatments: ['infusion'],
    shifts: { wbc: 0.4, crp: 0.8 },
  }),
  path('R07.400', '胸痛', 'EMER', { ages: [0, 0.5, 2, 4, 6], panels: ['cbc', 'salts', 'clotting'], labs: 0.95, exams: ['chestCt'], exam: 0.5, emergency: 1 }),
  path('N39.000', '泌尿道感染', 'UROL', {
    ages: [1, 1, 4, 5, 5],
    sex: 'female',
    panels: ['urine', 'cbc'],
    labs: 0.9,
    drugs: ['levofloxacin'],
    shifts: { uprot: 0.8 },
  }),
  path('N20.000', '肾结石', 'UROL', {
    ages: [0, 0, 3, 5, 3],
    season: SUMMER,
    panels: ['urine', 'kidney'],
    exams: ['abdomenUs'],
    exam: 0.8,
    inpatient: 0.15,
    stay: 5,
    emergency: 0.3,
  }),
  path('N40.x00', '前列腺增生', 'UROL', {
    ages: [0, 0, 0, 2, 9],
    sex: 'male',
    panels: ['urine'],
    exams: ['abdomenUs'],
    drugs: ['tamsulosin'],
    inpatient: 0.05,
    stay: 7,
  }),
  path('I25.100', '冠心病', 'CARD', {
    ages: [0, 0, 0.3, 5, 14],
    season: WINTER,
    panels: ['lipids', 'kidney', 'clotting'],
    exams: ['heartUs'],
    exam: 0.4,
    drugs: ['aspirin', 'atorvastatin'],
    inpatient: 0.18,
    stay: 6,
    shifts: { ldl: 0.3 },
  }),
  path('I49.900', '心律失常', 'CARD', { ages: [0, 0.5, 2, 4, 6], panels: ['salts', 'thyroid'], exams: ['heartUs'], exam: 0.5, inpatient: 0.06, stay: 5 }),
  path('I63.900', '脑梗死', 'NEUR', {
    ages: [0, 0, 0.1, 1.5, 6],
    season: WINTER,
    panels: ['cbc', 'lipids', 'clotting'],
    labs: 1,
    exams: ['headCt', 'headMr'],
    exam: 1,
    drugs: ['aspirin', 'atorvastatin'],
    inpatient: 0.75,
    stay: 10,
    emergency: 0.6,
    shifts: { ldl: 0.5, dd: 0.8 },
  }),
  path('G44.200', '紧张型头痛', 'NEUR', { ages: [0, 1, 6, 6, 3], exams: ['headMr'], exam: 0.3, drugs: ['ibuprofen'] }),
  path('H81.300', '周围性眩晕', 'NEUR', { ages: [0, 0, 3, 5, 7], exams: ['headCt'], exam: 0.4, emergency: 0.25 }),
  path('G47.000', '失眠症', 'PSYC', { ages: [0, 0.2, 5, 6, 4], drugs: ['zopiclone'] }),
  path('F41.900', '焦虑障碍', 'PSYC', { ages: [0, 1, 5, 3, 1] }),
  path('K30.x00', '功能性消化不良', 'TCMD', { ages: [1, 2, 5, 6, 5] }),
  path('E04.100', '甲状腺结节', 'ENDO', { ages: [0, 0, 4, 6, 4], panels: ['thyroid'], labs: 0.9, exams: ['thyroidUs'], exam: 0.9 }),
  path('N18.900', '慢性肾脏病', 'NEPH', {
    ages: [0, 0.2, 1, 3, 4],
    panels: ['kidney', 'urine', 'cbc', 'salts'],
    labs: 1,
    drugs: ['valsartan'],
    inpatient: 0.1,
    stay: 8,
    shifts: { crea: 1.6, uprot: 2, hgb: -0.5 },
  }),
  path('M06.900', '类风湿关节炎', 'RHEU', {
    ages: [0, 0.2, 1, 3, 3],
    sex: 'female',
    panels: ['cbc', 'crp', 'liver'],
    labs: 0.9,
    drugs: ['celecoxib'],
    shifts: { crp: 2 },
  }),
  path('N76.000', '阴道炎', 'GYNE', { ages: [0, 0.2, 9, 6, 2], sex: 'female' }),
  path('D25.900', '子宫平滑肌瘤', 'GYNE', {
    ages: [0, 0, 2, 6, 1],
    sex: 'female',
    exams: ['abdomenUs'],
    exam: 0.9,
    panels: ['cbc'],
    inpatient: 0.15,
    stay: 6,
    shifts: { hgb: -0.3 },
  }),
  path('N63.x00', '乳房肿块', 'GENS', { ages: [0, 0, 4, 6, 2], sex: 'female', exams: ['abdomenUs'], exam: 0.8, inpatient: 0.08, stay: 3 }),
  path('K80.200', '胆囊结石', 'GENS', { ages: [0, 0, 2, 5, 5], exams: ['abdomenUs'], exam: 0.95, panels: ['liver'] }),
  path('C34.900', '肺恶性肿瘤', 'ONCO', {
    ages: [0, 0, 0.1, 1.2, 2.5],
    panels: ['cbc', 'liver', 'kidney'],
    labs: 1,
    exams: ['chestCt'],
    exam: 0.8,
    inpatient: 0.7,
    stay: 6,
    shifts: { hgb: -0.5, crp: 1.5 },
  }),
  path('I69.300', '脑梗死后遗症', 'REHA', { ages: [0, 0, 0.1, 1.5, 4], treatments: ['rehab'], inpatient: 0.12, stay: 14 }),
];

/** Paths that follow a course of their own (health/plan.ts) rather than season and chance. */
export const COURSE = {
  hypertension: path('I10.x00', '原发性高血压', 'CARD', {
    ages: [0, 0, 1, 1, 1],
    panels: ['glucose', 'kidney', 'lipids'],
    labs: 0.4,
    drugs: ['amlodipine', 'valsartan', 'atorvastatin'],
    inpatient: 0.012,
    stay: 6,
  }),
  diabetes: path('E11.900', '2型糖尿病', 'ENDO', {
    ages: [0, 0, 1, 1, 1],
    panels: ['glucose', 'hba1c', 'lipids', 'kidney', 'urine'],
    labs: 0.75,
    drugs: ['metformin', 'acarbose', 'glargine'],
    inpatient: 0.02,
    stay: 7,
  }),
  copd: path('J44.900', '慢性阻塞性肺疾病', 'RESP', {
    ages: [0, 0, 1, 1, 1],
    season: WINTER,
    panels: ['cbc', 'crp'],
    labs: 0.4,
    exams: ['chestCt'],
    exam: 0.1,
    drugs: ['tiotropium', 'budesonide'],
    inpatient: 0.07,
    stay: 8,
    shifts: INFECTED,
  }),
  asthma: path('J45.900', '支气管哮喘', 'RESP', {
    ages: [1, 1, 1, 1, 1],
    child: 'PEDI',
    season: POLLEN,
    panels: ['cbc'],
    labs: 0.3,
    drugs: ['budesonide', 'montelukast'],
    inpatient: 0.02,
    stay: 5,
  }),
  knee: path('M17.100', '单侧原发性膝关节病', 'ORTH', {
    ages: [0, 0, 0, 1, 1],
    panels: ['cbc', 'clotting', 'kidney', 'crp'],
    labs: 1,
    exams: ['limbDr'],
    exam: 1,
    drugs: ['celecoxib', 'rivaroxaban'],
    treatments: ['tka', 'anaesthesia', 'prosthesis', 'rehab', 'dressing'],
    inpatient: 1,
    stay: 8,
    shifts: { crp: 3, hgb: -0.5, dd: 2 },
  }),
  gallbladder: path('K80.100', '胆囊结石伴慢性胆囊炎', 'GENS', {
    ages: [0, 0, 1, 1, 1],
    panels: ['cbc', 'liver', 'clotting'],
    labs: 1,
    exams: ['abdomenUs'],
    exam: 1,
    drugs: ['cefuroxime'],
    treatments: ['chole', 'anaesthesia', 'clip', 'dressing'],
    inpatient: 1,
    stay: 4,
    shifts: { alt: 0.6, wbc: 0.4 },
  }),
  appendix: path('K35.800', '急性阑尾炎', 'GENS', {
    ages: [1, 1, 1, 1, 1],
    panels: ['cbc', 'crp', 'clotting'],
    labs: 1,
    exams: ['abdomenUs'],
    exam: 1,
    drugs: ['cefuroxime'],
    treatments: ['appendix', 'anaesthesia', 'dressing'],
    inpatient: 1,
    stay: 5,
    emergency: 1,
    shifts: { wbc: 1.4, neut: 0.9, crp: 5 },
  }),
  prenatal: path('Z34.900', '正常妊娠监督', 'OBST', {
    ages: [0, 0, 1, 1, 0],
    sex: 'female',
    panels: ['cbc', 'urine'],
    labs: 0.6,
    exams: ['obstetricUs'],
    exam: 0.4,
    drugs: ['folate', 'iron'],
    shifts: { hgb: -0.4 },
  }),
  delivery: path('O80.900', '单胎自然分娩', 'OBST', {
    ages: [0, 0, 1, 1, 0],
    sex: 'female',
    panels: ['cbc', 'clotting'],
    labs: 1,
    treatments: ['delivery'],
    inpatient: 1,
    stay: 3,
  }),
  caesarean: path('O82.900', '单胎剖宫产分娩', 'OBST', {
    ages: [0, 0, 1, 1, 0],
    sex: 'female',
    panels: ['cbc', 'clotting'],
    labs: 1,
    drugs: ['cefuroxime'],
    treatments: ['caesarean', 'anaesthesia', 'dressing'],
    inpatient: 1,
    stay: 5,
  }),
  postpartum: path('Z39.200', '产后常规随访', 'OBST', { ages: [0, 0, 1, 1, 0], sex: 'female', exams: ['obstetricUs'], exam: 0.5 }),
  jaundice: path('P59.900', '新生儿黄疸', 'NEON', { ages: [1, 0, 0, 0, 0], panels: ['cbc', 'liver'], labs: 1, inpatient: 0.6, stay: 4 }),
  infant: path('Z00.100', '儿童常规健康检查', 'PEDI', { ages: [1, 0, 0, 0, 0] }),
  checkup: path('Z00.000', '一般医学检查', 'CHKU', {
    ages: [0, 0, 1, 1, 1],
    panels: ['cbc', 'glucose', 'liver', 'kidney', 'lipids', 'urine'],
    labs: 1,
    exams: ['abdomenUs', 'chestDr', 'thyroidUs'],
    exam: 1,
    treatments: ['checkup'],
  }),
} as const satisfies Record<string, Path>;

/** One list, so that a visit can name its path by number. */
export const PATHS: readonly Path[] = [...ACUTE, ...Object.values(COURSE)];
const numbers = new Map(PATHS.map((each, i) => [each, i]));
export const pathNumber = (which: Path): number => numbers.get(which) ?? -1;

/** Principal procedures by path: ICD-9-CM-3. */
export const SURGERY: ReadonlyMap<Path, { readonly code: string; readonly nameZh: string }> = new Map([
  [COURSE.knee, { code: '81.5400', nameZh: '全膝关节置换' }],
  [COURSE.gallbladder, { code: '51.2300', nameZh: '腹腔镜下胆囊切除术' }],
  [COURSE.appendix, { code: '47.0100', nameZh: '腹腔镜下阑尾切除术' }],
  [COURSE.delivery, { code: '73.5900', nameZh: '手法助产' }],
  [COURSE.caesarean, { code: '74.1', nameZh: '子宫下段横切口剖宫产术' }],
]);

export const ageBand = (years: number): number => (years < 6 ? 0 : years < 15 ? 1 : years < 40 ? 2 : years < 60 ? 3 : 4);

/** Acute paths by age band, sex and month of the year. */
export const acuteShares: readonly Float64Array[] = Array.from({ length: 5 * 2 * 12 }, (_, at) => {
  const band = Math.floor(at / 24);
  const isMale = Math.floor(at / 12) % 2 === 1;
  const month = at % 12;
  return cumulate(
    ACUTE.map((each) => (each.sex !== 'any' && (each.sex === 'male') !== isMale ? 0 : (each.ages[band] as number) * (each.season[month] as number))),
  );
});
export const acuteIndex = (band: number, isMale: boolean, month: number): number => band * 24 + (isMale ? 12 : 0) + month;
/** How many acute visits a month brings, relative to the mean: what the seasons do to the whole. */
export const acuteSeason = (band: number, isMale: boolean): number[] => {
  const sums = Array.from({ length: 12 }, (_, month) => {
    const shares = acuteShares[acuteIndex(band, isMale, month)] as Float64Array;
    return shares[shares.length - 1] as number;
  });
  const mean = sums.reduce((a, b) => a + b, 0) / 12;
  return sums.map((sum) => sum / mean);
};
