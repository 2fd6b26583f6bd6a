/** 患者信息 · 门诊登记 · 住院登记 · 诊断 · 预约. */
import type { Mapping } from '../mapping.ts';
import { BY_MRN, CHANNEL, DEPARTMENT, DISPOSITION, ENCOUNTER_CLASS, ENCOUNTER_STATUS, MRN, NAMED, PERSON, STAFF, VISIT } from './shared.ts';

export const patientRegister: Mapping = {
  id: 'patient-register',
  edition: 1,
  titleZh: '患者基本信息',
  titleEn: 'Patient register',
  fact: 'person_record',
  subject: [BY_MRN],
  naturalKey: [MRN],
  occurredAt: ['建档时间', '登记时间', '建档日期'],
  version: ['更新时间', '修改时间'],
  columns: {},
  person: { ...PERSON, registration: true, deceased: ['是否死亡', '死亡标志'] },
};

export const outpatientRegister: Mapping = {
  id: 'outpatient-register',
  edition: 1,
  titleZh: '门诊登记',
  titleEn: 'Outpatient register',
  fact: 'encounter',
  subject: [BY_MRN],
  naturalKey: [VISIT],
  occurredAt: ['就诊时间', '挂号时间', '就诊日期'],
  version: ['更新时间', '修改时间'],
  columns: {
    class: { column: ['就诊类别', '就诊类型'], map: ENCOUNTER_CLASS, otherwise: 'other', optional: true },
    status: { column: ['就诊状态', '状态'], map: ENCOUNTER_STATUS, otherwise: 'unknown', optional: true },
    department_code: { ...DEPARTMENT, optional: false },
    staff_code: STAFF,
    started_at: ['就诊时间', '挂号时间', '就诊日期'],
    ended_at: { column: ['结束时间', '离院时间'], optional: true },
    disease_code: { column: ['诊断编码', '主要诊断编码'], display: ['诊断名称', '主要诊断'], system: 'ICD-10', optional: true },
  },
  person: { ...PERSON, registration: true },
};

export const inpatientRegister: Mapping = {
  id: 'inpatient-register',
  edition: 1,
  titleZh: '住院登记',
  titleEn: 'Inpatient register',
  fact: 'encounter',
  subject: [BY_MRN],
  naturalKey: [VISIT],
  occurredAt: ['入院时间', '入院日期'],
  version: ['更新时间', '修改时间'],
  columns: {
    status: { column: ['在院状态', '状态'], map: ENCOUNTER_STATUS, otherwise: 'unknown', optional: true },
    department_code: { ...DEPARTMENT, optional: false },
    staff_code: STAFF,
    ward_code: { column: ['病区代码', '病区编码'], display: ['病区名称', '病区'], optional: true },
    started_at: ['入院时间', '入院日期'],
    ended_at: { column: ['出院时间', '出院日期'], optional: true },
    discharge_disposition: { column: ['离院方式', '出院方式'], map: DISPOSITION, otherwise: 'other', optional: true },
    disease_code: { column: ['主要诊断编码', '出院诊断编码', '诊断编码'], display: ['主要诊断', '出院诊断', '诊断名称'], system: 'ICD-10', optional: true },
    surgery_code: { column: ['主要手术编码', '手术编码'], display: ['主要手术', '手术名称'], system: 'ICD-9-CM-3', optional: true },
  },
  constants: { class: 'inpatient' },
  person: { ...PERSON, registration: true },
};

export const diagnoses: Mapping = {
  id: 'diagnoses',
  edition: 1,
  titleZh: '诊断明细',
  titleEn: 'Diagnoses',
  fact: 'condition',
  subject: [BY_MRN],
  person: NAMED,
  encounter: VISIT,
  naturalKey: [VISIT, ['诊断编码', 'ICD编码']],
  occurredAt: ['诊断时间', '诊断日期'],
  columns: {
    code: { column: ['诊断编码', 'ICD编码'], display: ['诊断名称', '诊断'], system: 'ICD-10', required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    rank: { column: ['诊断次序', '诊断序号'], optional: true },
  },
  constants: { code_system: 'ICD-10', clinical_status: 'active' },
};

export const bookings: Mapping = {
  id: 'bookings',
  edition: 1,
  titleZh: '预约挂号明细',
  titleEn: 'Bookings',
  fact: 'appointment',
  subject: [BY_MRN, { type: 'resident-id', column: ['证件号码', '身份证号'] }, { type: 'other', system: 'phone', column: ['手机号', '联系电话'] }],
  encounter: VISIT,
  naturalKey: [['预约号', '预约编号', '预约流水号']],
  occurredAt: ['就诊时段', '预约就诊时间', '预约日期'],
  version: ['更新时间', '修改时间'],
  columns: {
    department_code: DEPARTMENT,
    staff_code: STAFF,
    status: {
      column: ['预约状态', '状态'],
      map: {
        已预约: 'booked',
        已报到: 'arrived',
        已签到: 'arrived',
        已就诊: 'fulfilled',
        已完成: 'fulfilled',
        已取消: 'cancelled',
        取消: 'cancelled',
        爽约: 'noshow',
        未到: 'noshow',
      },
      required: true,
    },
    channel: { column: ['预约渠道', '渠道'], map: CHANNEL, otherwise: 'other', optional: true },
    booked_at: { column: ['预约时间', '下单时间'], optional: true },
    starts_at: ['就诊时段', '预约就诊时间', '预约日期'],
    arrived_at: { column: ['报到时间', '签到时间'], optional: true },
    called_at: { column: ['叫号时间', '进诊室时间'], optional: true },
  },
  person: { ...PERSON },
};
