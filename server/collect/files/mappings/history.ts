/**
 * The history a system hands over when it is connected: 门诊就诊 · 住院 · 诊断 · 手术 · 费用 · 检验 · 检查 · 文书 · 测量 · 处方 · 治疗 · 问题列表 · 挂号台预约 · 会员账号 · 网站行为.
 * Each row is the last state of one thing and says when that was (数据更新时间), so a message that comes later by the interface wins and an older
 * one does not. The rows name no person: who a record is, its system's register says (`patient-register`, `emr-patients`, `app-accounts`).
 * Keys are written as the interface writes them (`keyForm`), so what is in the history and comes again by the interface is one thing.
 */
import type { Mapping } from '../mapping.ts';
import { BY_MRN, CHANNEL, CHARGE_CATEGORY, DEPARTMENT, DISPOSITION, ENCOUNTER_CLASS, ENCOUNTER_STATUS, MRN, PERSON, STAFF, VISIT } from './shared.ts';

const AS_OF = ['数据更新时间'];
const WARD = { column: ['病区代码', '病区编码'], display: ['病区名称'], optional: true };
/** A FHIR server knows its patients by the id of the Patient resource. */
const PATIENT_ID = ['患者资源编号', 'FHIR患者编号'];
const BY_PATIENT = { type: 'other' as const, system: 'Patient', column: PATIENT_ID };
const FLAGS = { 极高: 'HH', 偏高: 'H', 正常: 'N', 偏低: 'L', 极低: 'LL' };
/** Units as laboratories write them → UCUM, as the interfaces' readers have it; others stand as they are. */
const UNITS = {
  ...{ 'mIU/L': 'm[IU]/L', 'uIU/mL': 'u[IU]/mL', 'IU/L': '[IU]/L', 'IU/mL': '[IU]/mL', mmHg: 'mm[Hg]', '℃': 'Cel', '次/分': '/min' },
  ...{ '10^9/L': '10*9/L', '10^12/L': '10*12/L', 'μmol/L': 'umol/L', 'μg/L': 'ug/L' },
};
const RESULT: Mapping['columns'] = {
  department_code: DEPARTMENT,
  staff_code: STAFF,
  value_number: ['结果数值'],
  unit: { column: ['单位'], map: UNITS, optional: true },
  reference_low: { column: ['参考下限'], optional: true },
  reference_high: { column: ['参考上限'], optional: true },
  abnormal_flag: { column: ['异常提示'], map: FLAGS, otherwise: 'unknown', optional: true },
};
const VOID = ['已作废'];

/** 患者主索引 of a FHIR server. */
export const emrPatients: Mapping = {
  id: 'emr-patients',
  edition: 1,
  titleZh: '患者资源清单',
  titleEn: 'Patients of a FHIR server',
  fact: 'person_record',
  subject: [BY_PATIENT, BY_MRN],
  naturalKey: [PATIENT_ID],
  occurredAt: ['登记时间'],
  version: AS_OF,
  columns: {},
  person: {
    registration: true,
    name: PERSON.name,
    sex: PERSON.sex,
    birthDate: PERSON.birthDate,
    residentId: PERSON.residentId,
    phones: PERSON.phones,
  } as NonNullable<Mapping['person']>,
};

export const appAccounts: Mapping = {
  id: 'app-accounts',
  edition: 1,
  titleZh: '会员账号',
  titleEn: 'Accounts of app and website',
  fact: 'person_record',
  subject: [
    { type: 'app-account', column: ['会员账号'] },
    { ...BY_MRN, column: ['绑定病案号', ...MRN] },
  ],
  naturalKey: [['会员账号']],
  occurredAt: ['最近登录时间'],
  version: AS_OF,
  columns: {},
  person: { registration: true, name: ['会员姓名'], residentId: ['实名证件号'], phones: [['手机号']] },
};

export const outpatientVisits: Mapping = {
  id: 'outpatient-visits',
  edition: 1,
  titleZh: '门急诊就诊记录',
  titleEn: 'Outpatient and emergency visits',
  fact: 'encounter',
  subject: [BY_MRN],
  naturalKey: [VISIT],
  occurredAt: ['就诊时间'],
  version: AS_OF,
  deleted: { column: '就诊状态', values: ['已退号'] },
  columns: {
    class: { column: ['就诊类别'], map: ENCOUNTER_CLASS, otherwise: 'other' },
    status: { column: ['就诊状态'], map: ENCOUNTER_STATUS, otherwise: 'unknown' },
    department_code: { ...DEPARTMENT, optional: false },
    staff_code: STAFF,
    ward_code: WARD,
    started_at: ['就诊时间'],
    ended_at: ['离院时间'],
    discharge_disposition: { column: ['离院方式'], map: DISPOSITION, otherwise: 'other', optional: true },
    disease_code: { column: ['主要诊断编码'], display: ['主要诊断'], system: 'ICD-10', optional: true },
  },
};

export const inpatientStays: Mapping = {
  id: 'inpatient-stays',
  edition: 1,
  titleZh: '住院记录',
  titleEn: 'Inpatient stays',
  fact: 'encounter',
  subject: [BY_MRN],
  naturalKey: [VISIT],
  occurredAt: ['入院时间'],
  version: AS_OF,
  columns: {
    status: { column: ['在院状态'], map: ENCOUNTER_STATUS, otherwise: 'unknown' },
    department_code: { ...DEPARTMENT, optional: false },
    staff_code: STAFF,
    ward_code: WARD,
    started_at: ['入院时间'],
    ended_at: ['出院时间'],
    discharge_disposition: { column: ['离院方式'], map: DISPOSITION, otherwise: 'other', optional: true },
    disease_code: { column: ['主要诊断编码'], display: ['主要诊断'], system: 'ICD-10', optional: true },
    surgery_code: { column: ['主要手术编码'], display: ['主要手术'], system: 'ICD-9-CM-3', optional: true },
  },
  constants: { class: 'inpatient' },
};

export const visitDiagnoses: Mapping = {
  id: 'visit-diagnoses',
  edition: 1,
  titleZh: '就诊诊断',
  titleEn: 'Diagnoses of visits',
  fact: 'condition',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [VISIT, ['诊断编码']],
  keyForm: 'dg1|{1}|{2}',
  occurredAt: ['诊断时间'],
  version: AS_OF,
  columns: {
    code: { column: ['诊断编码'], display: ['诊断名称'], system: 'ICD-10', required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    rank: ['诊断次序'],
  },
  constants: { code_system: 'ICD-10', clinical_status: 'active' },
};

export const operations: Mapping = {
  id: 'operations',
  edition: 1,
  titleZh: '手术记录',
  titleEn: 'Operations',
  fact: 'procedure',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['手术流水号']],
  occurredAt: ['手术开始时间'],
  version: AS_OF,
  columns: {
    code: { column: ['手术编码'], display: ['手术名称'], system: 'ICD-9-CM-3', required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    started_at: ['手术开始时间'],
  },
  constants: { code_system: 'ICD-9-CM-3', category: 'surgery', status: 'finished' },
};

export const chargeDetails: Mapping = {
  id: 'charge-details',
  edition: 1,
  titleZh: '收费明细',
  titleEn: 'Charges with refunds',
  fact: 'charge',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['费用流水号'], ['明细序号']],
  keyForm: 'ft1|{1}|{2}',
  occurredAt: ['收费时间'],
  version: AS_OF,
  columns: {
    code: { column: ['项目编码'], display: ['项目名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    category: { column: ['费用类别'], map: CHARGE_CATEGORY, otherwise: 'other' },
    quantity: ['数量'],
    unit_price: ['单价'],
    amount_fen: { column: ['金额'], required: true },
    payment_type: {
      column: ['付费方式'],
      map: {
        ...{ 职工医保: 'employee', 居民医保: 'resident', 新农合: 'rural', 商业保险: 'commercial' },
        ...{ 全公费: 'public', 公费: 'public', 全自费: 'self-pay', 自费: 'self-pay', 其他: 'other' },
      },
      optional: true,
    },
  },
};

export const labItems: Mapping = {
  id: 'lab-items',
  edition: 1,
  titleZh: '检验项目结果',
  titleEn: 'Laboratory results by item',
  fact: 'observation',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['检验单号'], ['检验项目编码']],
  keyForm: 'obx|{1}|{2}|',
  occurredAt: ['报告时间'],
  version: AS_OF,
  deleted: { column: '报告状态', values: VOID },
  columns: {
    code: { column: ['检验项目编码'], display: ['检验项目名称'], system: 'LOINC', required: true },
    ...RESULT,
    status: { column: ['报告状态'], map: { 已审核: 'final', 已修正: 'corrected', 已作废: 'cancelled' }, otherwise: 'unknown' },
  },
  constants: { code_system: 'LOINC', category: 'laboratory' },
};

export const examRecords: Mapping = {
  id: 'exam-records',
  edition: 1,
  titleZh: '检查登记',
  titleEn: 'Examinations',
  fact: 'procedure',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['检查单号']],
  keyForm: 'order|{1}',
  // The beginning; of one given up, when it was asked for.
  occurredAt: ['检查时间'],
  version: AS_OF,
  deleted: { column: '检查状态', values: ['已取消'] },
  columns: {
    code: { column: ['检查项目编码'], display: ['检查项目名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    status: { column: ['检查状态'], map: { 已报告: 'finished', 已完成: 'finished', 已取消: 'cancelled' }, otherwise: 'unknown' },
    started_at: ['检查开始时间'],
    ended_at: ['检查结束时间'],
  },
  constants: { category: 'exam' },
};

export const examReports: Mapping = {
  id: 'exam-reports',
  edition: 1,
  titleZh: '检查报告',
  titleEn: 'Reports of examinations',
  fact: 'observation',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['检查单号'], ['报告编码']],
  keyForm: 'obx|{1}|{2}|',
  occurredAt: ['报告时间'],
  version: AS_OF,
  columns: {
    code: { column: ['报告编码'], display: ['报告名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    category: { column: ['报告类别'], map: { 影像: 'imaging', 内镜: 'exam', 超声: 'imaging', 心电: 'exam' }, otherwise: 'other' },
  },
  constants: { status: 'final' },
  text: ['检查所见'],
};

export const clinicalDocuments: Mapping = {
  id: 'clinical-documents',
  edition: 1,
  titleZh: '病历文书',
  titleEn: 'Clinical documents',
  fact: 'observation',
  subject: [BY_MRN],
  encounter: VISIT,
  naturalKey: [['文书编号']],
  keyForm: 'txa|{1}',
  occurredAt: ['书写时间'],
  version: AS_OF,
  deleted: { column: '文书状态', values: VOID },
  columns: {
    code: { column: ['文书类型编码'], display: ['文书类型'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    status: { column: ['文书状态'], map: { 有效: 'final', 已作废: 'cancelled' }, otherwise: 'unknown' },
  },
  constants: { category: 'other' },
  text: ['文书内容'],
};

/** Vital signs at the hospital and readings at home, one value a row. */
export const measurements: Mapping = {
  id: 'measurements',
  edition: 1,
  titleZh: '体征与家庭监测',
  titleEn: 'Vital signs and home readings',
  fact: 'observation',
  subject: [BY_PATIENT],
  encounter: VISIT,
  naturalKey: [['测量编号']],
  keyForm: 'Observation/{1}',
  occurredAt: ['测量时间'],
  version: AS_OF,
  columns: {
    code: { column: ['测量项目编码'], display: ['测量项目'], system: 'LOINC', required: true },
    ...RESULT,
    category: { column: ['测量类别'], map: { 体征: 'vital-signs', 检验: 'laboratory', 设备: 'device' }, otherwise: 'other' },
  },
  constants: { code_system: 'LOINC', status: 'final' },
};

export const prescriptions: Mapping = {
  id: 'prescriptions',
  edition: 1,
  titleZh: '处方与医嘱用药',
  titleEn: 'Prescriptions',
  fact: 'medication',
  subject: [BY_PATIENT],
  encounter: VISIT,
  naturalKey: [['处方明细号']],
  keyForm: 'MedicationRequest/{1}',
  occurredAt: ['开立时间'],
  version: AS_OF,
  columns: {
    code: { column: ['药品编码'], display: ['药品名称'], system: 'ATC', required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    status: {
      column: ['处方状态'],
      map: { 有效: 'active', 执行中: 'active', 已完成: 'finished', 已停: 'finished', 已作废: 'cancelled' },
      otherwise: 'unknown',
    },
    dose_number: ['单次剂量'],
    dose_unit: ['剂量单位'],
  },
  constants: { code_system: 'ATC', kind: 'order' },
};

export const treatments: Mapping = {
  id: 'treatments',
  edition: 1,
  titleZh: '治疗记录',
  titleEn: 'Treatments',
  fact: 'procedure',
  subject: [BY_PATIENT],
  encounter: VISIT,
  naturalKey: [['治疗流水号']],
  keyForm: 'Procedure/{1}',
  occurredAt: ['治疗时间'],
  version: AS_OF,
  columns: {
    code_system: { column: ['编码体系'], optional: true },
    code: { column: ['治疗项目编码'], display: ['治疗项目'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    started_at: ['治疗时间'],
  },
  constants: { category: 'treatment', status: 'finished' },
};

export const problems: Mapping = {
  id: 'problems',
  edition: 1,
  titleZh: '问题列表',
  titleEn: 'Problem list',
  fact: 'condition',
  subject: [BY_PATIENT],
  encounter: VISIT,
  naturalKey: [['问题编号']],
  keyForm: 'Condition/{1}',
  occurredAt: ['确认时间'],
  version: AS_OF,
  columns: { code: { column: ['疾病编码'], display: ['疾病名称'], system: 'ICD-10', required: true }, staff_code: STAFF },
  constants: { code_system: 'ICD-10', clinical_status: 'active' },
};

/** Bookings made at the desk; those of a platform, which carry who booked, are `bookings`. */
export const deskBookings: Mapping = {
  id: 'desk-bookings',
  edition: 1,
  titleZh: '挂号台预约登记',
  titleEn: 'Bookings at the desk',
  fact: 'appointment',
  subject: [BY_MRN],
  naturalKey: [['预约号']],
  occurredAt: ['就诊时段'],
  version: AS_OF,
  columns: {
    department_code: DEPARTMENT,
    staff_code: STAFF,
    status: { column: ['预约状态'], map: { 已预约: 'booked', 已就诊: 'fulfilled', 已取消: 'cancelled', 爽约: 'noshow' }, required: true },
    channel: { column: ['预约渠道'], map: CHANNEL, otherwise: 'other' },
    starts_at: ['就诊时段'],
  },
};

/** What an analytics service exports: names of events as tracked, with the edition behind an @. */
export const webAnalytics: Mapping = {
  id: 'web-analytics',
  edition: 1,
  titleZh: '网站与小程序行为',
  titleEn: 'Behaviour on website and mini-program',
  fact: 'event',
  subject: [{ type: 'app-account', column: ['会员账号'] }],
  anonymous: true,
  naturalKey: [['事件编号']],
  occurredAt: ['发生时间'],
  version: AS_OF,
  columns: {
    name: { column: ['事件名称'], required: true },
    kind: { column: ['事件类型'], map: { 页面: 'page', 行为: 'track', 屏幕: 'screen', 登录: 'identify' }, otherwise: 'track' },
    anonymous_key: ['访客编号'],
    channel: ['渠道'],
    campaign: { column: ['活动'], optional: true },
    page: ['页面'],
    value: { column: ['数值'], optional: true },
    department_code: DEPARTMENT,
  },
};
