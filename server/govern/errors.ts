import { catalogue } from '../kernel/index.ts';

/** Refusals of governance, and the reasons written beside quarantined items. Ids, counts and field names only. */
export const refuse = catalogue('govern', {
  'not-found': {
    status: 404,
    zh: '没有找到该患者，或您无权查看。',
    en: 'No such patient, or not one you may see.',
  },
  'unknown-dimension': {
    status: 404,
    zh: '没有名为 {dimension} 的字典；可用：department、staff、ward、device、item、disease。',
    en: 'There is no dictionary named {dimension}; there are department, staff, ward, device, item and disease.',
  },
  'unknown-code': {
    status: 422,
    zh: '字典 {dimension} 中没有编码 {code}。请先在字典中加入该编码，再建立对照。',
    en: 'The dictionary {dimension} has no code {code}. Add the code to the dictionary before mapping onto it.',
  },
  'unknown-source-code': {
    status: 404,
    zh: '来源 {source} 没有出现过这个 {dimension} 编码。请从未映射列表中选择。',
    en: 'The source {source} never sent this {dimension} code. Choose one from the unmapped list.',
  },
  'bad-code': {
    status: 422,
    zh: '字典 {dimension} 的编码只能由字母、数字、点、下划线和连字符组成，最长 40 个字符，并且要有中文名称。',
    en: 'A code of the dictionary {dimension} is letters, digits, dots, underscores and hyphens, at most 40 characters, with a Chinese name.',
  },
  'stale-turn': {
    status: 503,
    zh: '另一个写入者刚刚提交，本批数据将重新处理。',
    en: 'Another writer has just committed; this batch is processed again.',
  },
  unreadable: {
    status: 422,
    zh: '该条数据无法按其类型解析，已隔离；其余数据继续处理。请检查来源的格式或映射。',
    en: 'This delivery could not be read as its type and was set aside; the others go on. Check the format or the mapping of the source.',
  },
  corrupt: {
    status: 422,
    zh: '该条原始数据在磁盘上已损坏，已跳过。请从备份恢复该段文件后重建。',
    en: 'This delivery is damaged on disk and was skipped. Restore its segment from a backup and rebuild.',
  },
  'bad-time': {
    status: 422,
    zh: '{fact} 的发生时间缺失或不在 1800–2200 年之间，无法归档。请检查来源的时间字段。',
    en: 'The time of this {fact} is missing or not between 1800 and 2200, so it could not be filed. Check the time field of the source.',
  },
  'no-subject': {
    status: 422,
    zh: '{fact} 没有指明患者的编号，无法归档。请检查来源的患者编号字段。',
    en: 'This {fact} names no patient number, so it could not be filed. Check the patient number field of the source.',
  },
  'no-details': {
    status: 422,
    zh: '患者登记中没有任何患者信息，无法归档。',
    en: 'This registration holds no details of a person, so it could not be filed.',
  },
  'no-name': {
    status: 422,
    zh: '事件名称缺失或不是 ASCII 标识（形如 page_view@1），无法归档。',
    en: 'The name of this event is missing or not an ASCII name such as page_view@1, so it could not be filed.',
  },
  'merge-self': {
    status: 422,
    zh: '合并指令的保留号与被合并号相同，已忽略。请检查来源系统。',
    en: 'This merge names the same number as survivor and as retired and was ignored. Check the source system.',
  },
  'match-nothing': {
    status: 422,
    zh: '给出的信息不足以查找患者：请提供证件号、就诊号、医保号、电话，或姓名加出生日期。',
    en: 'What was given finds nobody: give an id, a record or insurance number, a phone, or a name with a birth date.',
  },
  'bad-consent': {
    status: 422,
    zh: '授权记录的目的、渠道、时间或文本版本不合要求，未登记。',
    en: 'This consent has a purpose, channel, time or text edition that does not fit and was not recorded.',
  },
  'one-already': {
    status: 409,
    zh: '这两个编号已经是同一个人，无需合并。',
    en: 'These two are one person already; there is nothing to merge.',
  },
  'split-nothing': {
    status: 422,
    zh: '拆分要选中这个人的一部分记录：至少一条离开，至少一条留下。',
    en: 'A split takes some of the records of this person: at least one leaves and at least one stays.',
  },
  rebuilding: {
    status: 409,
    zh: '正在重建数据，身份关联会在结束时统一判定。请在重建完成后再决定。',
    en: 'Data is being rebuilt and links are decided at its end. Decide once the rebuild is done.',
  },
  'no-request-key': {
    status: 400,
    zh: '这个操作需要请求头 Idempotency-Key（8–100 个字母、数字、下划线或连字符），重复提交才不会做两次。',
    en: 'This needs an Idempotency-Key header (8–100 letters, digits, underscores or hyphens), so that sending it twice does it once.',
  },
  'request-reused': {
    status: 409,
    zh: '这个 Idempotency-Key 已用于另一次操作。请为每次操作使用新的键。',
    en: 'This Idempotency-Key was used for something else. Use a new key for each action.',
  },
  'no-relation': {
    status: 404,
    zh: '这两个人之间没有可确认的关系，或您无权查看。',
    en: 'There is no relation between these two to decide on, or not one you may see.',
  },
  unfiled: {
    status: 422,
    zh: '该条数据无法写入（错误代码 {code}），已隔离；其余数据继续处理。',
    en: 'This delivery could not be stored (error {code}) and was set aside; the others go on.',
  },
});
