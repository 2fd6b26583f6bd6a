import { catalogue, type ErrorDetails } from '../kernel/index.ts';

/** Refusals of `collect`: at the door (status 4xx) or while reading (quarantine). They name fields, counts and places, never the data. */
export const refuse = catalogue('collect', {
  // ── what was asked ──
  'source-name': {
    status: 400,
    zh: '来源名称 {source} 不合要求：须为字母或数字开头、最长 40 位的英文代码，例如 his。',
    en: 'The source name {source} does not fit: use a code of letters, digits, dots and dashes, up to 40 characters, e.g. his.',
  },
  'not-found': {
    status: 404,
    zh: '给出的第 {number} 个路径不存在，请检查；未接收任何内容。',
    en: 'There is no such file or folder as path number {number}; check it. Nothing was taken in.',
  },
  unreadable: { status: 403, zh: '文件无法读取（{code}），请检查权限。', en: 'The file cannot be read ({code}); check its permissions.' },
  'no-files': {
    status: 400,
    zh: '上传请求中没有文件；请以 multipart/form-data 附上一个或多个文件。',
    en: 'The upload holds no file; attach one or more as multipart/form-data.',
  },
  'bad-cursor': { status: 400, zh: '翻页标记无效，请从第一页重新开始。', en: 'The page cursor is not valid; begin with the first page.' },
  'unknown-source': { status: 404, zh: '没有这个来源。', en: 'There is no such source.' },
  // ── any file ──
  empty: { status: 422, zh: '文件为空，没有可接收的内容。', en: 'The file is empty; there is nothing to take in.' },
  'not-text': {
    status: 415,
    zh: '文件实际为 {kind}，不是 HL7、FHIR 或 CSV 文本。{advice}',
    en: 'The file really is {kindEn}, not HL7, FHIR or CSV text. {adviceEn}',
  },
  'unknown-kind': {
    status: 415,
    zh: '无法识别文件内容：应为 HL7 v2 消息（以 MSH 开头）、FHIR R4 JSON/NDJSON，或首行为表头的 CSV。',
    en: 'The content is not recognised: it should be HL7 v2 messages (beginning with MSH), FHIR R4 JSON or NDJSON, or CSV with a header line.',
  },
  'line-too-long': {
    status: 413,
    zh: '从第 {line} 行开始的内容超过 {limitMb} MB 的上限，已跳过；其余部分照常处理。',
    en: 'What begins at line {line} is longer than {limitMb} MB and was left out; the rest goes on.',
  },
  encoding: {
    status: 422,
    zh: '此处含有不符合 {charset} 编码的字节；请以正确的编码重新导出。',
    en: 'There are bytes here that are not {charset}; export it again in the right encoding.',
  },
  // ── workbooks ──
  'xlsx-broken': {
    status: 422,
    zh: '工作簿不完整或已损坏，无法读取；请在表格软件中打开并另存为 xlsx 后再导入。',
    en: 'The workbook is cut short or damaged and cannot be read; open it in a spreadsheet program, save it as xlsx and send that.',
  },
  'xlsx-encrypted': {
    status: 422,
    zh: '工作簿设有密码，无法读取；请去掉密码后再导入。',
    en: 'The workbook is protected by a password and cannot be read; remove the password and send it again.',
  },
  'xlsx-too-large': {
    status: 413,
    zh: '工作簿超过 {limitMb} MB，或展开后过大；请按月份拆分，或导出为 CSV 后再导入。',
    en: 'The workbook is larger than {limitMb} MB, or too large unpacked; split it by month, or export it as CSV and send that.',
  },
  'xlsx-empty': { status: 422, zh: '工作簿中没有填写内容的工作表。', en: 'No sheet of the workbook holds anything.' },
  'xlsx-sheets': {
    status: 422,
    zh: '工作簿有 {sheets} 张填写了内容的工作表，只读取了第一张；请把其余各张另存为单独的文件后导入。',
    en: 'The workbook has {sheets} filled sheets and only the first was read; save each of the others as a file of its own and send those.',
  },
  // ── HL7 v2 ──
  'hl7-no-msh': {
    status: 422,
    zh: '此处内容不属于任何消息：HL7 消息须以 MSH 段开头。',
    en: 'This belongs to no message: an HL7 message begins with an MSH segment.',
  },
  'hl7-no-control-id': {
    status: 422,
    zh: '消息缺少 MSH-10（消息控制号）；请在发送端补上唯一编号后重发。',
    en: 'The message has no MSH-10 (control id); have the sender give each message one and send it again.',
  },
  'hl7-id-again': {
    status: 200,
    zh: '已收下，但发送方此前用同一消息控制号（MSH-10）发过内容不同的消息。若不是发送端重启后重新编号，请核对传输途中是否被改动。',
    en: 'Taken, but the sender used the same control id (MSH-10) for another message before. Unless it counts anew after a restart, check whether something changes messages on the way.',
  },
  'hl7-separators': {
    status: 422,
    zh: 'MSH-1/MSH-2 的分隔符无效：应为互不相同的符号，例如 |^~\\&。',
    en: 'The separators in MSH-1 and MSH-2 are not usable: they should be different signs such as |^~\\&.',
  },
  'hl7-patient': {
    status: 422,
    zh: '消息中的患者没有任何编号（PID-3、PID-2、PID-4 均为空），其内容无法归入患者。',
    en: 'The patient in the message has no identifier (PID-3, PID-2 and PID-4 are empty), so its statements belong to nobody.',
  },
  'hl7-merge': {
    status: 422,
    zh: '合并消息 {trigger} 缺少保留编号（PID-3）或作废编号（MRG-1），或两者相同，未执行合并。',
    en: 'The merge message {trigger} lacks the surviving id (PID-3) or the retired one (MRG-1), or both are the same; nothing was merged.',
  },
  'hl7-link': {
    status: 422,
    zh: '消息 {trigger} 应以两个 PID 段给出两个不同的患者号；未执行关联或解除关联。',
    en: 'The message {trigger} should name two different patients in two PID segments; nothing was linked or unlinked.',
  },
  // ── FHIR ──
  'json-broken': {
    status: 422,
    zh: '第 {line} 行第 {column} 个字符处 JSON 不完整或有语法错误（{what}）；请重新导出该文件。',
    en: 'The JSON is cut short or broken at line {line}, character {column} ({whatEn}); export the file again.',
  },
  'json-array': {
    status: 422,
    zh: '文件是 JSON 数组；请改为 FHIR Bundle，或每行一个资源的 NDJSON。',
    en: 'The file is a JSON array; send a FHIR Bundle, or NDJSON with one resource per line.',
  },
  'fhir-type': {
    status: 422,
    zh: '不是 FHIR R4 资源：缺少 resourceType，或其值不是 R4 的资源类型。',
    en: 'Not a FHIR R4 resource: resourceType is missing or is not a resource type of R4.',
  },
  'fhir-id': {
    status: 422,
    zh: '{type} 资源缺少有效的 id（1–64 位字母、数字、“-”或“.”）。',
    en: 'The {type} resource has no valid id (1–64 letters, digits, dashes or dots).',
  },
  'fhir-required': {
    status: 422,
    zh: '{type} 资源缺少必填元素 {element}，或其类型不对。',
    en: 'The {type} resource lacks the required element {element}, or it has the wrong type.',
  },
  'fhir-bundle': {
    status: 422,
    zh: '第 {entry} 个条目：{why}',
    en: 'Entry {entry}: {whyEn}',
  },
  'fhir-transaction': {
    status: 422,
    zh: '事务 Bundle 整体拒收，因为第 {entry} 个条目有误：{why}',
    en: 'The transaction Bundle is refused as a whole because of entry {entry}: {whyEn}',
  },
  'fhir-bundle-type': {
    status: 422,
    zh: 'Bundle 的 type 应为 transaction、batch、collection、searchset、history 或 document 之一。',
    en: 'The type of the Bundle should be one of transaction, batch, collection, searchset, history or document.',
  },
  'fhir-method': {
    status: 422,
    zh: '请求方法应为 POST 或 PUT，且条目须带资源。',
    en: 'the request method should be POST or PUT, and the entry should carry a resource.',
  },
  'fhir-subject': {
    status: 422,
    zh: '{type} 没有指向患者的直接引用（应为 Patient/编号），无法归入患者。',
    en: 'The {type} has no direct reference to a patient (it should read Patient/id), so it belongs to nobody.',
  },
  'fhir-currency': {
    status: 422,
    zh: '{type} 的金额币种为 {currency}；只统计人民币（CNY），该费用未入账。',
    en: 'The amounts of the {type} are in {currency}; only CNY is counted, so the charge was not filed.',
  },
  // ── CSV ──
  'csv-header': {
    status: 422,
    zh: '表头与任何已知映射都不符。最接近的是“{mapping}”：缺少列 {missing}；多出列 {unknown}。请更正表头，或用 --mapping 指定映射。',
    en: 'The header fits no known mapping. Nearest is “{mapping}”: missing {missing}; unknown {unknown}. Correct the header, or name a mapping with --mapping.',
  },
  'csv-mapping-header': {
    status: 422,
    zh: '表头与映射 {mapping} 不符：缺少列 {missing}；多出列 {unknown}。请更正表头，或在映射的 ignore 中列出不读取的列。',
    en: 'The header does not fit the mapping {mapping}: missing {missing}; unknown {unknown}. Correct the header, or list columns that are not read under ignore.',
  },
  'csv-no-header': {
    status: 422,
    zh: '首行不是可识别的表头（共 {all} 列，可识别 {known} 列）；首行应为列名，其他表头请用 --mapping 指定映射文件。',
    en: 'The first line is not a header we know ({known} of {all} columns known); it should name the columns, and other headers need a mapping file (--mapping).',
  },
  'csv-repeated-column': { status: 422, zh: '表头中有重复的列名（第 {position} 列）。', en: 'The header names a column twice (column {position}).' },
  'csv-columns': {
    status: 422,
    zh: '该行有 {got} 列，应为 {expected} 列；请检查引号和分隔符。',
    en: 'The row has {got} columns where {expected} are expected; check quotes and separators.',
  },
  'csv-quote': {
    status: 422,
    zh: '引号未闭合，直到文件结束。',
    en: 'A quotation mark is opened and not closed before the end of the file.',
  },
  'csv-required': { status: 422, zh: '列“{column}”不能为空。', en: 'The column “{column}” must not be empty.' },
  'csv-time': {
    status: 422,
    zh: '列“{column}”不是可识别的时间，例如 2025-03-01 08:30:00。',
    en: 'The column “{column}” is not a recognisable time such as 2025-03-01 08:30:00.',
  },
  'csv-number': { status: 422, zh: '列“{column}”不是数字。', en: 'The column “{column}” is not a number.' },
  'csv-money': {
    status: 422,
    zh: '列“{column}”不是以元为单位、最多两位小数的金额。',
    en: 'The column “{column}” is not an amount in yuan with at most two decimals.',
  },
  'csv-choice': {
    status: 422,
    zh: '列“{column}”的值不在映射允许的取值内：{choices}。',
    en: 'The value in the column “{column}” is none of those the mapping knows: {choices}.',
  },
  'csv-flag': { status: 422, zh: '列“{column}”应为 是/否、1/0 或 true/false。', en: 'The column “{column}” should be 是/否, 1/0 or true/false.' },
  'csv-scientific': {
    status: 422,
    zh: '列“{column}”的编号被表格软件改成了科学计数法，已丢失位数；请将编号列设为文本后重新导出。',
    en: 'The id in the column “{column}” was turned into scientific notation by a spreadsheet and lost digits; export id columns as text.',
  },
  // ── mappings ──
  'mapping-file': { status: 400, zh: '映射文件不是有效的 JSON。', en: 'The mapping file is not valid JSON.' },
  'mapping-shape': { status: 400, zh: '映射在 {place} 处不合要求：{expected}。', en: 'The mapping does not fit at {place}: {expected}.' },
  'mapping-column': {
    status: 400,
    zh: '映射提到 {fact} 没有的字段 {column}；可用字段：{columns}。',
    en: 'The mapping names the field {column}, which {fact} does not have; it may use: {columns}.',
  },
  'mapping-unknown': {
    status: 404,
    zh: '没有名为 {mapping} 的映射；请给出映射文件，或使用：{known}。',
    en: 'There is no mapping called {mapping}; give a mapping file, or use one of: {known}.',
  },
  'mapping-changed': {
    status: 409,
    zh: '映射 {mapping} 已经存在且内容不同；已用过的版本不能更改，请把 edition 加一。',
    en: 'The mapping {mapping} exists with other content; an edition in use cannot change, raise its edition.',
  },
  // ── events ──
  'events-key': { status: 401, zh: '写入密钥缺失或无效。', en: 'The write key is missing or not valid.' },
  'events-json': { status: 400, zh: '请求体不是有效的 JSON 对象。', en: 'The body is not a valid JSON object.' },
  'events-batch': { status: 400, zh: '请求体应包含 batch 数组。', en: 'The body should hold an array called batch.' },
  'events-too-large': {
    status: 413,
    zh: '请求体超过 {limitKb} kB 的上限；请分成更小的批次。',
    en: 'The body is larger than {limitKb} kB; send smaller batches.',
  },
  'events-event-size': { status: 413, zh: '单个事件超过 {limitKb} kB 的上限。', en: 'One event is larger than {limitKb} kB.' },
  'events-type': {
    status: 422,
    zh: '事件的 type 应为 identify、track、page、screen、group 或 alias。',
    en: 'The type of an event should be identify, track, page, screen, group or alias.',
  },
  'events-who': { status: 422, zh: '事件须有 userId 或 anonymousId。', en: 'An event needs a userId or an anonymousId.' },
  'events-name': { status: 422, zh: 'track 事件须有 event（事件名）。', en: 'A track event needs an event (its name).' },
  'events-id': { status: 422, zh: 'messageId 应为 1–256 个字符的文本。', en: 'messageId should be a text of 1–256 characters.' },
  'events-time': { status: 422, zh: '事件的 timestamp 不是 ISO 8601 时间。', en: 'The timestamp of the event is not an ISO 8601 time.' },
  // ── FHIR operations ──
  'fhir-not-json': { status: 400, zh: '请求内容不是有效的 JSON。', en: 'The body is not valid JSON.' },
  'fhir-failed': { status: 500, zh: '请求处理失败，请稍后重试。', en: 'The request failed; please try again later.' },
  'match-patient': {
    status: 400,
    zh: '$match 需要一个 Parameters，其中名为 resource 的参数是 Patient。',
    en: '$match takes Parameters with a Patient as the parameter named resource.',
  },
  'match-cut-short': {
    status: 200,
    zh: '符合条件的患者过多，检索被截断，因此不给出“确定”的结果；请补充证件号、就诊卡号或出生日期。',
    en: 'Too many patients share what was given, so nobody is certain; add an id, a record number or a birth date.',
  },
  // ── loop ──
  'loop-kind': { status: 500, zh: '闭环回报的种类未知。', en: 'The statement that came back is of an unknown kind.' },
});

export type CollectRefusal = Parameters<typeof refuse>[0];

/** A refusal said about one item while others go on: its code and both sentences. */
export interface Noted {
  readonly code: string;
  readonly reason: string;
  readonly reasonZh: string;
}
export function noted(name: CollectRefusal, details: ErrorDetails = {}): Noted {
  const refusal = refuse(name, details);
  return { code: refusal.code, reason: refusal.message, reasonZh: refusal.zh };
}
