/**
 * What is kept of a file's name. Hospitals name exports after patients (`张三_出院记录.hl7`), so a name is stored only when every word
 * of it is a technical one; any other is stored as a short hash that still tells two files apart.
 */
import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { R4_TYPES } from '../fhir/r4-types.ts';
import { SHIPPED } from '../files/mappings/index.ts';

const WORDS = new Set(
  (
    'adt oru orm oml omg siu dft mdm bar vxu rde rds ref ppr oul hl7 v2 v3 fhir r4 ndjson json csv xlsx tsv txt out hl7v2 messages message bundle bulk batch ' +
    'export import data test sample demo part file day night week month year from to all new old full delta his lis ris pacs emr doc web app crm ' +
    'device booking survey complaint review charges charge patient patients visits visit encounter encounters results labs lab log events event ' +
    'outpatient inpatient register diagnoses procedures medications two many mixed truncated wrong long utf8 gbk gb18030 bom 明细 登记 导出 数据 报表 预约 挂号 预约挂号 ' +
    '门诊 住院 急诊 体检 检验 检查 手术 诊断 费用 收费 用药 医嘱 处方 患者 信息 基本信息 满意度 问卷 投诉 表扬 投诉表扬 网络评价 评价 网站 事件 结果 记录 清单 年 月 日'
  ).split(' '),
);
for (const type of R4_TYPES) WORDS.add(type.toLowerCase());
for (const mapping of SHIPPED) WORDS.add((mapping.titleZh ?? '').toLowerCase()).add(mapping.id);

const NAME_MAX = 80;
/** Eight digits are a date; more could be a number of a person. */
const DIGITS_MAX = 8;

export function storedName(name: string): string {
  const base = basename(name).normalize('NFC');
  const extension = extname(base).toLowerCase();
  const words = base.toLowerCase().split(/[\s._()（）-]+|(?<=\p{Script=Han})(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=\p{Script=Han})/u);
  const isPlain =
    base.length <= NAME_MAX && words.every((word) => word === '' || WORDS.has(word) || isTrigger(word) || (/^\d+$/.test(word) && word.length <= DIGITS_MAX));
  if (isPlain) return base;
  const hash = createHash('sha256').update(base).digest('hex').slice(0, 8);
  return `file-${hash}${/^\.[a-z0-9]{1,8}$/.test(extension) ? extension : ''}`;
}

/** `A01`, `R01`, `adt01` … */
const isTrigger = (word: string): boolean => /^(adt|oru|siu|orm|mdm)?[a-z]?\d{2}$/.test(word);
