/** What is measured, given and charged: laboratory items with LOINC codes, drugs with ATC codes, and the hospital's own charge list. */

export interface LabItem {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  readonly digits: number;
  /** Beyond these a value is critical (`LL`, `HH`). */
  readonly panicLow: number;
  readonly panicHigh: number;
}
const NONE = Number.NaN;
const lab = (
  code: string,
  nameZh: string,
  nameEn: string,
  unit: string,
  low: number,
  high: number,
  digits: number,
  panicLow = NONE,
  panicHigh = NONE,
): LabItem => ({ code, nameZh, nameEn, unit, low, high, digits, panicLow, panicHigh });

export const LABS = {
  wbc: lab('6690-2', '白细胞计数', 'Leukocytes', '10*9/L', 3.5, 9.5, 2, 1.5, 30),
  hgb: lab('718-7', '血红蛋白', 'Haemoglobin', 'g/L', 115, 175, 0, 60),
  plt: lab('777-3', '血小板计数', 'Platelets', '10*9/L', 125, 350, 0, 30, 1000),
  neut: lab('770-8', '中性粒细胞百分比', 'Neutrophils %', '%', 40, 75, 1),
  rbc: lab('789-8', '红细胞计数', 'Erythrocytes', '10*12/L', 3.8, 5.8, 2),
  hct: lab('4544-3', '红细胞压积', 'Haematocrit', '%', 35, 50, 1),
  lymph: lab('736-9', '淋巴细胞百分比', 'Lymphocytes %', '%', 20, 50, 1),
  crp: lab('1988-5', 'C反应蛋白', 'C-reactive protein', 'mg/L', 0, 10, 1),
  fpg: lab('14771-0', '空腹血糖', 'Fasting glucose', 'mmol/L', 3.9, 6.1, 2, 2.8, 22.2),
  hba1c: lab('4548-4', '糖化血红蛋白', 'HbA1c', '%', 4, 6, 1),
  alt: lab('1742-6', '丙氨酸氨基转移酶', 'ALT', 'U/L', 7, 50, 0),
  ast: lab('1920-8', '天门冬氨酸氨基转移酶', 'AST', 'U/L', 13, 40, 0),
  crea: lab('14682-9', '肌酐', 'Creatinine', 'umol/L', 57, 111, 0, NONE, 650),
  urea: lab('22664-7', '尿素', 'Urea', 'mmol/L', 3.1, 8, 2),
  ua: lab('14933-6', '尿酸', 'Urate', 'umol/L', 155, 428, 0),
  tc: lab('14647-2', '总胆固醇', 'Cholesterol', 'mmol/L', 2.8, 5.2, 2),
  tg: lab('14927-8', '甘油三酯', 'Triglycerides', 'mmol/L', 0.5, 1.7, 2),
  hdl: lab('14646-4', '高密度脂蛋白胆固醇', 'HDL cholesterol', 'mmol/L', 1, 2, 2),
  ldl: lab('22748-8', '低密度脂蛋白胆固醇', 'LDL cholesterol', 'mmol/L', 1, 3.4, 2),
  k: lab('2823-3', '钾', 'Potassium', 'mmol/L', 3.5, 5.3, 2, 2.8, 6.2),
  na: lab('2951-2', '钠', 'Sodium', 'mmol/L', 137, 147, 0, 120, 160),
  dd: lab('48065-7', 'D-二聚体', 'D-dimer', 'mg/L', 0, 0.55, 2),
  inr: lab('6301-6', '国际标准化比值', 'INR', '1', 0.8, 1.2, 2),
  pct: lab('33959-8', '降钙素原', 'Procalcitonin', 'ng/mL', 0, 0.05, 2),
  tsh: lab('3016-3', '促甲状腺激素', 'TSH', 'mIU/L', 0.27, 4.2, 2),
  hcg: lab('19080-1', '人绒毛膜促性腺激素', 'hCG', 'IU/L', 0, 5, 1),
  alb: lab('1751-7', '白蛋白', 'Albumin', 'g/L', 40, 55, 1),
  tbil: lab('14631-6', '总胆红素', 'Bilirubin', 'umol/L', 3.4, 23, 1),
  ph: lab('2756-5', '尿酸碱度', 'Urine pH', '1', 4.6, 8, 1),
  sg: lab('2965-2', '尿比重', 'Urine specific gravity', '1', 1.003, 1.03, 3),
  uprot: lab('2888-6', '尿蛋白', 'Urine protein', 'g/L', 0, 0.15, 2),
} as const;
export type LabName = keyof typeof LABS;

/** Vital signs, measured at the nurse station or at home. */
export const VITALS = {
  sbp: lab('8480-6', '收缩压', 'Systolic blood pressure', 'mm[Hg]', 90, 139, 0),
  dbp: lab('8462-4', '舒张压', 'Diastolic blood pressure', 'mm[Hg]', 60, 89, 0),
  hr: lab('8867-4', '心率', 'Heart rate', '/min', 60, 100, 0),
  temp: lab('8310-5', '体温', 'Body temperature', 'Cel', 36, 37.2, 1),
  spo2: lab('59408-5', '血氧饱和度', 'Oxygen saturation', '%', 95, 100, 0),
  weight: lab('29463-7', '体重', 'Body weight', 'kg', 0, 400, 1),
  bmi: lab('39156-5', '体重指数', 'BMI', 'kg/m2', 18.5, 23.9, 1),
  glucose: lab('15074-8', '血糖', 'Glucose', 'mmol/L', 3.9, 10, 1),
} as const;
export type VitalName = keyof typeof VITALS;

export interface Panel {
  readonly code: string;
  readonly nameZh: string;
  readonly items: readonly LabName[];
  readonly yuan: number;
  /** Minutes from specimen to report; the immunology bench is the planted bottleneck. */
  readonly bench: 'haematology' | 'chemistry' | 'immunology' | 'urine';
}
export const PANELS = {
  cbc: { code: 'L-CBC', nameZh: '血常规', items: ['wbc', 'rbc', 'hgb', 'hct', 'plt', 'neut', 'lymph'], yuan: 20, bench: 'haematology' },
  crp: { code: 'L-CRP', nameZh: 'C反应蛋白测定', items: ['crp'], yuan: 30, bench: 'haematology' },
  glucose: { code: 'L-GLU', nameZh: '空腹血糖测定', items: ['fpg'], yuan: 8, bench: 'chemistry' },
  hba1c: { code: 'L-A1C', nameZh: '糖化血红蛋白测定', items: ['hba1c'], yuan: 60, bench: 'chemistry' },
  liver: { code: 'L-LIV', nameZh: '肝功能', items: ['alt', 'ast', 'alb', 'tbil'], yuan: 45, bench: 'chemistry' },
  kidney: { code: 'L-REN', nameZh: '肾功能', items: ['crea', 'urea', 'ua'], yuan: 36, bench: 'chemistry' },
  lipids: { code: 'L-LIP', nameZh: '血脂四项', items: ['tc', 'tg', 'hdl', 'ldl'], yuan: 48, bench: 'chemistry' },
  salts: { code: 'L-ELE', nameZh: '电解质', items: ['k', 'na'], yuan: 24, bench: 'chemistry' },
  clotting: { code: 'L-COA', nameZh: '凝血功能', items: ['inr', 'dd'], yuan: 80, bench: 'haematology' },
  pct: { code: 'L-PCT', nameZh: '降钙素原测定', items: ['pct'], yuan: 120, bench: 'immunology' },
  thyroid: { code: 'L-THY', nameZh: '甲状腺功能', items: ['tsh'], yuan: 70, bench: 'immunology' },
  hcg: { code: 'L-HCG', nameZh: '人绒毛膜促性腺激素测定', items: ['hcg'], yuan: 60, bench: 'immunology' },
  urine: { code: 'L-URI', nameZh: '尿常规', items: ['uprot', 'ph', 'sg'], yuan: 15, bench: 'urine' },
} as const satisfies Record<string, Panel>;
export type PanelName = keyof typeof PANELS;

export interface Drug {
  readonly code: string;
  readonly nameZh: string;
  readonly yuan: number;
  readonly dose: number;
  readonly unit: string;
}
const drug = (code: string, nameZh: string, yuan: number, dose: number, unit = 'mg'): Drug => ({ code, nameZh, yuan, dose, unit });
export const DRUGS = {
  metformin: drug('A10BA02', '盐酸二甲双胍片', 18, 500),
  acarbose: drug('A10BF01', '阿卡波糖片', 24, 50),
  glargine: drug('A10AE04', '甘精胰岛素注射液', 132, 12, 'U'),
  amlodipine: drug('C08CA01', '苯磺酸氨氯地平片', 16, 5),
  valsartan: drug('C09CA03', '缬沙坦胶囊', 28, 80),
  atorvastatin: drug('C10AA05', '阿托伐他汀钙片', 22, 20),
  aspirin: drug('B01AC06', '阿司匹林肠溶片', 15, 100),
  tiotropium: drug('R03BB04', '噻托溴铵粉吸入剂', 168, 18, 'ug'),
  budesonide: drug('R03AK07', '布地奈德福莫特罗吸入剂', 186, 160, 'ug'),
  montelukast: drug('R03DC03', '孟鲁司特钠片', 42, 10),
  amoxicillin: drug('J01CA04', '阿莫西林胶囊', 12, 500),
  cefuroxime: drug('J01DC02', '头孢呋辛酯片', 26, 250),
  azithromycin: drug('J01FA10', '阿奇霉素片', 30, 500),
  levofloxacin: drug('J01MA12', '左氧氟沙星片', 22, 500),
  oseltamivir: drug('J05AH02', '磷酸奥司他韦胶囊', 98, 75),
  paracetamol: drug('N02BE01', '对乙酰氨基酚片', 8, 500),
  ibuprofen: drug('M01AE01', '布洛芬缓释胶囊', 14, 300),
  celecoxib: drug('M01AH01', '塞来昔布胶囊', 45, 200),
  rivaroxaban: drug('B01AF01', '利伐沙班片', 96, 10),
  omeprazole: drug('A02BC01', '奥美拉唑肠溶胶囊', 20, 20),
  loratadine: drug('R06AX13', '氯雷他定片', 16, 10),
  folate: drug('B03BB01', '叶酸片', 10, 0.4),
  iron: drug('B03AA07', '硫酸亚铁片', 12, 300),
  zopiclone: drug('N05CF01', '佐匹克隆片', 24, 7.5),
  tamsulosin: drug('G04CA02', '盐酸坦索罗辛缓释胶囊', 38, 0.2),
} as const satisfies Record<string, Drug>;
export type DrugName = keyof typeof DRUGS;

export interface Exam {
  readonly code: string;
  readonly nameZh: string;
  readonly modality: 'CT' | 'MR' | 'US' | 'DX' | 'ES';
  readonly yuan: number;
}
export const EXAMS = {
  chestCt: { code: 'E-CTCH', nameZh: '胸部CT平扫', modality: 'CT', yuan: 260 },
  headCt: { code: 'E-CTHD', nameZh: '头颅CT平扫', modality: 'CT', yuan: 220 },
  headMr: { code: 'E-MRHD', nameZh: '头颅磁共振', modality: 'MR', yuan: 560 },
  kneeMr: { code: 'E-MRKN', nameZh: '膝关节磁共振', modality: 'MR', yuan: 520 },
  spineMr: { code: 'E-MRSP', nameZh: '腰椎磁共振', modality: 'MR', yuan: 540 },
  abdomenUs: { code: 'E-USAB', nameZh: '腹部彩超', modality: 'US', yuan: 120 },
  heartUs: { code: 'E-USHT', nameZh: '心脏彩超', modality: 'US', yuan: 210 },
  obstetricUs: { code: 'E-USOB', nameZh: '产科彩超', modality: 'US', yuan: 160 },
  thyroidUs: { code: 'E-USTH', nameZh: '甲状腺彩超', modality: 'US', yuan: 110 },
  limbDr: { code: 'E-DXLI', nameZh: '四肢关节X线', modality: 'DX', yuan: 75 },
  chestDr: { code: 'E-DXCH', nameZh: '胸部X线', modality: 'DX', yuan: 70 },
  gastroscopy: { code: 'E-ESGA', nameZh: '胃镜检查', modality: 'ES', yuan: 320 },
} as const satisfies Record<string, Exam>;
export type ExamName = keyof typeof EXAMS;

/** Other charge items. */
export const CHARGES = {
  registration: { code: 'R-REG', nameZh: '普通门诊诊查费', yuan: 12, category: 'registration' },
  expert: { code: 'R-EXP', nameZh: '专家门诊诊查费', yuan: 30, category: 'registration' },
  emergency: { code: 'R-EMG', nameZh: '急诊诊查费', yuan: 18, category: 'registration' },
  bed: { code: 'B-BED', nameZh: '床位费', yuan: 45, category: 'bed' },
  nursing: { code: 'N-NUR', nameZh: '护理费', yuan: 38, category: 'nursing' },
  dressing: { code: 'T-DRS', nameZh: '换药', yuan: 26, category: 'treatment' },
  infusion: { code: 'T-INF', nameZh: '静脉输液', yuan: 15, category: 'treatment' },
  rehab: { code: 'T-REH', nameZh: '关节康复训练', yuan: 85, category: 'treatment' },
  dental: { code: 'T-DEN', nameZh: '牙体充填治疗', yuan: 180, category: 'treatment' },
  prosthesis: { code: 'C-KNE', nameZh: '人工膝关节假体', yuan: 7800, category: 'consumable' },
  clip: { code: 'C-CLP', nameZh: '结扎夹', yuan: 420, category: 'consumable' },
  anaesthesia: { code: 'S-ANE', nameZh: '全身麻醉', yuan: 900, category: 'surgery' },
  tka: { code: 'S-TKA', nameZh: '全膝关节置换术', yuan: 3600, category: 'surgery' },
  chole: { code: 'S-LC', nameZh: '腹腔镜胆囊切除术', yuan: 2200, category: 'surgery' },
  appendix: { code: 'S-APP', nameZh: '腹腔镜阑尾切除术', yuan: 1600, category: 'surgery' },
  caesarean: { code: 'S-CS', nameZh: '剖宫产术', yuan: 2000, category: 'surgery' },
  delivery: { code: 'S-NVD', nameZh: '阴道分娩接生', yuan: 1200, category: 'surgery' },
  cataract: { code: 'S-CAT', nameZh: '白内障超声乳化术', yuan: 2400, category: 'surgery' },
  checkup: { code: 'K-PKG', nameZh: '年度健康体检套餐', yuan: 880, category: 'exam' },
} as const satisfies Record<string, { code: string; nameZh: string; yuan: number; category: string }>;
export type ChargeName = keyof typeof CHARGES;
