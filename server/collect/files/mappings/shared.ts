/** Names of columns and values that several exports share. */

import { CHARGE_CATEGORIES } from '../../charge-category.ts';
import { DISPOSITION_DIGITS } from '../../disposition.ts';
import { MRN_AUTHORITY } from '../../statement.ts';
import type { Mapping } from '../mapping.ts';

export const MRN = ['病案号', '患者编号', '患者ID', '病人ID', '登记号', 'MRN'];
export const BY_MRN = { type: 'mrn' as const, system: MRN_AUTHORITY, column: MRN };
export const VISIT = ['就诊流水号', '就诊号', '就诊编号', '门诊号', '住院号'];
export const DEPARTMENT = { column: ['科室代码', '科室编码', '就诊科室代码'], display: ['科室名称', '科室', '就诊科室'], optional: true };
export const STAFF = { column: ['医生工号', '医师工号', '医生代码'], display: ['医生姓名', '医师姓名', '医生'], optional: true };

/** Who a registration row is about. */
export const PERSON: NonNullable<Mapping['person']> = {
  name: ['患者姓名', '姓名', '病人姓名'],
  sex: ['性别', '患者性别'],
  birthDate: ['出生日期', '生日'],
  residentId: ['身份证号', '证件号码', '身份证号码', '居民身份证号'],
  insuranceNumber: ['医保卡号', '医保号', '医保编号'],
  phones: [['手机号', '联系电话', '电话', '手机号码', '联系方式']],
  address: ['现住址', '地址', '家庭住址', '住址'],
  district: ['行政区划', '行政区划代码', '区县代码'],
  insuranceType: ['付费方式', '医保类型', '费别'],
  guardianName: ['监护人', '监护人姓名', '联系人'],
  guardianPhone: ['监护人电话', '联系人电话'],
  guardianRelation: ['与患者关系', '监护人关系'],
};

/**
 * Who a row about something else names beside the record number: what tells people apart, not what changes with every bill (who pays) or
 * belongs to the register (where somebody lives). A row with a name and no record number is refused like any other without one.
 */
export const NAMED: NonNullable<Mapping['person']> = {
  ...{ name: PERSON.name, sex: PERSON.sex, birthDate: PERSON.birthDate, residentId: PERSON.residentId, insuranceNumber: PERSON.insuranceNumber },
  ...{ phones: PERSON.phones, optional: true },
} as NonNullable<Mapping['person']>;

export const ENCOUNTER_CLASS = {
  门诊: 'outpatient',
  急诊: 'emergency',
  住院: 'inpatient',
  体检: 'checkup',
  互联网: 'online',
  互联网诊疗: 'online',
  家庭病床: 'home',
  其他: 'other',
};
export const ENCOUNTER_STATUS = {
  已预约: 'planned',
  待诊: 'planned',
  候诊: 'in-progress',
  就诊中: 'in-progress',
  在院: 'in-progress',
  在诊: 'in-progress',
  已就诊: 'finished',
  已完成: 'finished',
  出院: 'finished',
  已出院: 'finished',
  已退号: 'cancelled',
  退号: 'cancelled',
  已取消: 'cancelled',
  取消: 'cancelled',
};
export const DISPOSITION = {
  ...DISPOSITION_DIGITS,
  医嘱离院: 'home',
  医嘱转院: 'transfer',
  转院: 'transfer',
  '医嘱转社区卫生服务机构/乡镇卫生院': 'community',
  转社区: 'community',
  非医嘱离院: 'against-advice',
  死亡: 'died',
  其他: 'other',
};
export const CHANNEL = { 微信: 'wechat', APP: 'app', 网站: 'web', 电话: 'phone', 窗口: 'window', 自助机: 'kiosk', 转诊: 'referral', 其他: 'other' };
export const CHARGE_CATEGORY = { ...CHARGE_CATEGORIES };
