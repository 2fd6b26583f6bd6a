/** 费用明细 · 检验结果 · 检查手术 · 用药. Exports that name the patient on each row are read for that too; before, their header was refused. */
import type { Mapping } from '../mapping.ts';
import { BY_MRN, CHARGE_CATEGORY, DEPARTMENT, NAMED, STAFF, VISIT } from './shared.ts';

export const charges: Mapping = {
  id: 'charges',
  edition: 1,
  titleZh: '费用明细',
  titleEn: 'Charge details',
  fact: 'charge',
  subject: [BY_MRN],
  person: NAMED,
  encounter: VISIT,
  naturalKey: [['费用流水号', '费用明细号', '明细流水号', '收费流水号']],
  occurredAt: ['收费时间', '计费时间', '费用时间'],
  columns: {
    code: { column: ['项目编码', '项目代码', '收费项目编码'], display: ['项目名称', '收费项目名称'], required: true },
    department_code: { ...DEPARTMENT, column: ['执行科室代码', '科室代码', '开单科室代码'], display: ['执行科室', '科室名称', '开单科室'] },
    staff_code: STAFF,
    category: { column: ['费用类别', '费用分类', '项目类别'], map: CHARGE_CATEGORY, otherwise: 'other', optional: true },
    quantity: ['数量'],
    unit_price: { column: ['单价', '单价（元）'], optional: true },
    amount_fen: { column: ['金额', '金额（元）', '应收金额'], required: true },
    payment_type: {
      column: ['付费方式', '费别', '支付方式'],
      map: { 职工医保: 'employee', 居民医保: 'resident', 新农合: 'rural', 商业保险: 'commercial', 公费: 'public', 自费: 'self-pay', 其他: 'other' },
      optional: true,
    },
  },
};

export const labResults: Mapping = {
  id: 'lab-results',
  edition: 1,
  titleZh: '检验结果',
  titleEn: 'Laboratory results',
  fact: 'observation',
  subject: [BY_MRN],
  person: NAMED,
  encounter: VISIT,
  naturalKey: [
    ['标本号', '条码号', '检验单号'],
    ['检验项目编码', '项目编码'],
  ],
  occurredAt: ['报告时间', '检验时间', '审核时间'],
  version: ['审核时间', '报告时间'],
  columns: {
    code: { column: ['检验项目编码', '项目编码'], display: ['检验项目名称', '检验项目', '项目名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    value_number: { column: ['结果数值', '数值结果'], optional: true },
    unit: { column: ['单位', '结果单位'], optional: true },
    reference_low: { column: ['参考下限', '参考值下限'], optional: true },
    reference_high: { column: ['参考上限', '参考值上限'], optional: true },
    abnormal_flag: {
      column: ['异常标志', '异常提示'],
      map: { '↑↑': 'HH', '↑': 'H', H: 'H', HH: 'HH', 高: 'H', '↓↓': 'LL', '↓': 'L', L: 'L', LL: 'LL', 低: 'L', N: 'N', 正常: 'N', 异常: 'A', 阳性: 'A' },
      otherwise: 'unknown',
      optional: true,
    },
    status: {
      column: ['报告状态'],
      map: { 初步: 'preliminary', 已审核: 'final', 正式: 'final', 修正: 'corrected', 已作废: 'cancelled' },
      otherwise: 'unknown',
      optional: true,
    },
  },
  constants: { category: 'laboratory' },
  text: ['结果描述', '文字结果'],
};

export const procedures: Mapping = {
  id: 'procedures',
  edition: 1,
  titleZh: '检查手术记录',
  titleEn: 'Examinations and operations',
  fact: 'procedure',
  subject: [BY_MRN],
  person: NAMED,
  encounter: VISIT,
  naturalKey: [['检查单号', '手术流水号', '申请单号']],
  occurredAt: ['执行时间', '检查时间', '手术开始时间', '手术日期'],
  columns: {
    code: { column: ['检查项目编码', '手术编码', '操作编码'], display: ['检查项目名称', '手术名称', '操作名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    category: { column: ['类别', '操作类别'], map: { 手术: 'surgery', 检查: 'exam', 治疗: 'treatment', 其他: 'other' }, otherwise: 'other' },
    status: {
      column: ['执行状态', '检查状态'],
      map: { 已申请: 'planned', 已登记: 'planned', 执行中: 'in-progress', 检查中: 'in-progress', 已完成: 'finished', 已报告: 'finished', 已取消: 'cancelled' },
      otherwise: 'unknown',
      optional: true,
    },
    started_at: ['执行时间', '检查时间', '手术开始时间', '手术日期'],
    ended_at: { column: ['完成时间', '手术结束时间'], optional: true },
  },
};

export const medications: Mapping = {
  id: 'medications',
  edition: 1,
  titleZh: '用药医嘱',
  titleEn: 'Medication orders',
  fact: 'medication',
  subject: [BY_MRN],
  person: NAMED,
  encounter: VISIT,
  naturalKey: [['处方明细号', '医嘱号', '处方号']],
  occurredAt: ['开立时间', '开方时间', '医嘱时间'],
  columns: {
    code: { column: ['药品编码', '药品代码'], display: ['药品名称'], required: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
    kind: { column: ['记录类型'], map: { 医嘱: 'order', 处方: 'order', 发药: 'dispense', 给药: 'administration' }, otherwise: 'order', optional: true },
    status: {
      column: ['医嘱状态', '处方状态'],
      map: { 有效: 'active', 执行中: 'active', 已停: 'finished', 已完成: 'finished', 已作废: 'cancelled', 已退药: 'cancelled' },
      otherwise: 'unknown',
      optional: true,
    },
    dose_number: { column: ['单次剂量', '剂量'], optional: true },
    dose_unit: { column: ['剂量单位'], optional: true },
    started_at: { column: ['开始时间', '开立时间', '开方时间', '医嘱时间'] },
    ended_at: { column: ['停止时间', '结束时间'], optional: true },
  },
};
