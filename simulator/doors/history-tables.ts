/**
 * The tables each system hands over when it is connected: the history as exports look in Chinese hospitals, one row one thing in its last state,
 * `数据更新时间` saying when that was. Local times `YYYY-MM-DD HH:MM:SS`; empty means there is none. The HIS and the systems around it write
 * GB18030, the newer ones UTF-8 with a byte order mark. Registers say who a record is; the other tables carry its number only.
 */
interface Table {
  readonly source: string;
  /** What the file is called. */
  readonly name: string;
  readonly charset: 'utf-8' | 'gb18030';
  readonly header: readonly string[];
}

const REGISTER = [
  ...['病案号', '患者姓名', '性别', '出生日期', '证件号码', '医保卡号', '手机号', '现住址', '行政区划', '付费方式'],
  ...['监护人', '监护人电话', '与患者关系', '登记时间', '更新时间'],
];
const RESOURCES = ['患者资源编号', '病案号', '患者姓名', '性别', '出生日期', '证件号码', '手机号', '登记时间', '数据更新时间'];
const WHERE = ['科室代码', '医生工号'];
const OF_VISIT = ['就诊流水号', '病案号', ...WHERE];
const OF_RESOURCE = ['就诊流水号', '患者资源编号', '医生工号'];
const RESULT = ['结果数值', '单位', '参考下限', '参考上限', '异常提示'];
const UPDATED = '数据更新时间';
const table = (source: string, name: string, charset: Table['charset'], header: readonly string[]): Table => ({ source, name, charset, header });

/** In the order they are handed over: who people are, then their visits, then what hangs on them. */
export const HISTORY_TABLES = {
  'old-his-register': table('his', '患者基本信息', 'gb18030', REGISTER),
  'old-lis-register': table('lis', '检验患者信息', 'utf-8', REGISTER),
  'old-ris-register': table('ris', '影像患者信息', 'gb18030', REGISTER),
  'old-doc-register': table('doc', '文书患者信息', 'utf-8', REGISTER),
  'old-emr-register': table('emr', '患者资源清单', 'utf-8', RESOURCES),
  'old-device-register': table('device', '家庭设备绑定清单', 'utf-8', RESOURCES),
  'old-web-register': table('web', '会员账号', 'utf-8', ['会员账号', '绑定病案号', '会员姓名', '实名证件号', '手机号', '最近登录时间', UPDATED]),
  'old-visit': table('his', '门急诊就诊记录', 'gb18030', [
    ...['就诊流水号', '病案号', '就诊类别', '就诊状态', '科室代码', '医生工号', '医生姓名', '病区代码'],
    ...['就诊时间', '离院时间', '离院方式', '主要诊断编码', '主要诊断', UPDATED],
  ]),
  'old-stay': table('his', '住院记录', 'gb18030', [
    ...['就诊流水号', '病案号', '在院状态', '科室代码', '医生工号', '医生姓名', '病区代码', '入院时间', '出院时间', '离院方式'],
    ...['主要诊断编码', '主要诊断', '主要手术编码', '主要手术', UPDATED],
  ]),
  'old-diagnosis': table('his', '就诊诊断', 'gb18030', [...OF_VISIT, '诊断次序', '诊断编码', '诊断名称', '诊断时间', UPDATED]),
  'old-operation': table('his', '手术记录', 'gb18030', ['手术流水号', ...OF_VISIT, '手术编码', '手术名称', '手术开始时间', UPDATED]),
  'old-desk-booking': table('his', '挂号台预约登记', 'gb18030', [
    ...['预约号', '病案号', '科室代码', '医生工号', '医生姓名', '预约渠道', '预约状态', '就诊时段', UPDATED],
  ]),
  'old-charge': table('his', '收费明细', 'gb18030', [
    ...['费用流水号', '明细序号', ...OF_VISIT, '项目编码', '项目名称', '费用类别', '数量', '单价', '金额', '付费方式', '收费时间', UPDATED],
  ]),
  'old-lab': table('lis', '检验项目结果', 'utf-8', ['检验单号', ...OF_VISIT, '检验项目编码', '检验项目名称', ...RESULT, '报告状态', '报告时间', UPDATED]),
  'old-exam': table('ris', '检查登记', 'gb18030', [
    ...['检查单号', ...OF_VISIT, '检查项目编码', '检查项目名称', '检查状态', '检查时间', '检查开始时间', '检查结束时间', UPDATED],
  ]),
  'old-exam-report': table('ris', '检查报告', 'gb18030', ['检查单号', ...OF_VISIT, '报告编码', '报告名称', '报告类别', '检查所见', '报告时间', UPDATED]),
  'old-document': table('doc', '病历文书', 'utf-8', ['文书编号', ...OF_VISIT, '文书类型编码', '文书类型', '文书状态', '文书内容', '书写时间', UPDATED]),
  'old-vital': table('emr', '体征测量', 'utf-8', ['测量编号', ...OF_RESOURCE, '测量项目编码', '测量项目', ...RESULT, '测量类别', '测量时间', UPDATED]),
  'old-prescription': table('emr', '处方明细', 'utf-8', [
    ...['处方明细号', ...OF_RESOURCE, '药品编码', '药品名称', '单次剂量', '剂量单位', '处方状态', '开立时间', UPDATED],
  ]),
  'old-treatment': table('emr', '治疗记录', 'utf-8', ['治疗流水号', ...OF_RESOURCE, '科室代码', '编码体系', '治疗项目编码', '治疗项目', '治疗时间', UPDATED]),
  'old-problem': table('emr', '问题列表', 'utf-8', ['问题编号', ...OF_RESOURCE, '疾病编码', '疾病名称', '确认时间', UPDATED]),
  'old-reading': table('device', '家庭监测记录', 'utf-8', ['测量编号', '患者资源编号', '测量项目编码', '测量项目', ...RESULT, '测量类别', '测量时间', UPDATED]),
  'old-event': table('web', '网站与小程序行为', 'utf-8', [
    ...['事件编号', '会员账号', '访客编号', '事件类型', '事件名称', '渠道', '活动', '页面', '数值', '科室代码', '发生时间', UPDATED],
  ]),
} as const satisfies Record<string, Table>;
export type HistoryDoor = keyof typeof HISTORY_TABLES;
export const HISTORY_DOORS = Object.keys(HISTORY_TABLES) as HistoryDoor[];
