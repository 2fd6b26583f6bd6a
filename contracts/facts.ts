/**
 * The fact schemas: one list from which the Parquet columns, the views, the data dictionary and the row types come.
 * Facts grow by adding columns; a type change is a new column and a rebuild.
 *
 * Column kinds (what may be in them is what keeps facts pseudonymous, see DESIGN "Pseudonymous facts"):
 * - `key`: a UUID made by `platform/keys`; `time`: UTC microseconds; `day`: local day of the campus; `number`, `integer`, `fen`, `price`, `flag`;
 * - `dimension:NAME`: the source's code, mapped on reading to the hospital's own (`NAME` column of the view; null shows as 未映射);
 * - `code`: a code from an open system (ICD, LOINC …) or the source's item list, ASCII, at most 64 characters;
 * - `enum:a|b|c`: one of a closed list; `token`: short ASCII from a dictionary (campaign, page, template edition).
 */
export type ColumnKind = 'key' | 'time' | 'day' | 'number' | 'integer' | 'fen' | 'price' | 'flag' | 'code' | 'token' | `dimension:${string}` | `enum:${string}`;

/** The closed list of an `enum:` column; null for other kinds. */
export const enumOf = (kind: ColumnKind): readonly string[] | null => (kind.startsWith('enum:') ? kind.slice('enum:'.length).split('|') : null);

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly zh: string;
  readonly en: string;
}
const column = (name: string, kind: ColumnKind, zh: string, en: string): Column => ({ name, kind, zh, en });

/** Every fact begins with these. `version` and `position` decide between statements of the same `fact_key`: the greater wins. */
export const COMMON_COLUMNS: readonly Column[] = [
  column('fact_key', 'key', '事实键', 'fact key'),
  column('version', 'integer', '来源版本（微秒）', "the source's version, microseconds since 1970"),
  column('position', 'integer', '到达次序', 'order of arrival, breaks ties of version'),
  column('is_deleted', 'flag', '已撤销', 'a tombstone: the source took it back'),
  column('org_id', 'token', '机构', 'organisation'),
  column('campus_id', 'token', '院区', 'campus'),
  column('source', 'token', '来源', 'source'),
  column('record_key', 'key', '患者记录键', "the person's record in that source"),
  column('encounter_key', 'key', '就诊键', 'the visit it belongs to'),
  column('occurred_at', 'time', '发生时间', 'when it happened, UTC'),
  column('received_at', 'time', '接收时间', 'when we received it, UTC'),
  column('day', 'day', '院区日期', 'local day of the campus'),
  column('time_precision', 'enum:year|month|day|minute|second|millisecond', '时间精度', 'how much of the time the source gave'),
  column('edition', 'token', '口径版本', 'mapping and dictionary edition that made the row'),
];

const dept = column('department_code', 'dimension:department', '科室', 'department');
const staff = column('staff_code', 'dimension:staff', '医务人员', 'member of staff');
const codeSystem = column('code_system', 'token', '编码体系', 'coding system');
const item = column('code', 'code', '编码', 'code');
const text = column('text_id', 'key', '文本编号', 'free text in the vault');
const started = column('started_at', 'time', '开始时间', 'start, UTC');
const ended = column('ended_at', 'time', '结束时间', 'end, UTC');

export const FACTS = {
  person_record: [
    column('sex', 'enum:male|female|unknown', '性别', 'sex'),
    column('birth_month', 'token', '出生年月', 'birth month YYYY-MM'),
    column('district', 'token', '区县（行政区划代码）', 'district, GB/T 2260 code'),
    column('insurance_type', 'token', '医保类型', 'insurance type'),
    column('has_phone', 'flag', '有电话', 'a phone number is in the vault'),
    column('has_resident_id', 'flag', '有身份证号', 'a valid resident id is in the vault'),
    column('is_deceased', 'flag', '已故', 'deceased'),
  ],
  encounter: [
    column('class', 'enum:outpatient|emergency|inpatient|checkup|online|home|other', '就诊类别', 'class of encounter'),
    column('status', 'enum:planned|in-progress|finished|cancelled|unknown', '状态', 'status'),
    dept,
    staff,
    column('ward_code', 'dimension:ward', '病区', 'ward'),
    started,
    ended,
    column('discharge_disposition', 'enum:home|transfer|community|against-advice|died|other|unknown', '离院方式', 'discharge disposition'),
    column('disease_code', 'code', '主要诊断', 'principal diagnosis'),
    column('surgery_code', 'code', '主要手术', 'principal procedure'),
  ],
  condition: [
    codeSystem,
    item,
    dept,
    staff,
    column('rank', 'integer', '诊断次序', '1 is principal'),
    column('clinical_status', 'enum:active|recurrence|relapse|inactive|remission|resolved|unknown', '临床状态', 'clinical status'),
  ],
  observation: [
    codeSystem,
    item,
    dept,
    staff,
    column('category', 'enum:laboratory|vital-signs|imaging|survey|social-history|exam|device|other', '类别', 'category'),
    column('value_number', 'number', '数值', 'numeric value'),
    column('value_code', 'code', '编码值', 'coded value'),
    column('unit', 'token', '单位', 'unit (UCUM where known)'),
    column('reference_low', 'number', '参考下限', 'reference low'),
    column('reference_high', 'number', '参考上限', 'reference high'),
    column('abnormal_flag', 'enum:LL|L|N|H|HH|A|AA|unknown', '异常标志', 'abnormal flag'),
    column('status', 'enum:preliminary|final|corrected|cancelled|unknown', '状态', 'status'),
    text,
  ],
  procedure: [
    codeSystem,
    item,
    dept,
    staff,
    column('category', 'enum:surgery|exam|treatment|other', '类别', 'category'),
    column('status', 'enum:planned|in-progress|finished|cancelled|unknown', '状态', 'status'),
    started,
    ended,
  ],
  medication: [
    codeSystem,
    item,
    dept,
    staff,
    column('kind', 'enum:order|dispense|administration|statement', '类型', 'kind'),
    column('status', 'enum:active|finished|cancelled|unknown', '状态', 'status'),
    column('dose_number', 'number', '剂量', 'dose'),
    column('dose_unit', 'token', '剂量单位', 'dose unit'),
    started,
    ended,
  ],
  charge: [
    item,
    dept,
    staff,
    column('category', 'enum:drug|consumable|exam|laboratory|treatment|surgery|bed|nursing|registration|other', '费用类别', 'category'),
    column('quantity', 'number', '数量', 'quantity'),
    column('unit_price', 'price', '单价（元）', 'unit price, yuan'),
    column('amount_fen', 'fen', '金额（分，退费为负）', 'amount in fen, refunds negative'),
    column('payment_type', 'token', '付费方式', 'payment type'),
  ],
  appointment: [
    dept,
    staff,
    column('status', 'enum:booked|arrived|fulfilled|cancelled|noshow|unknown', '状态', 'status'),
    column('channel', 'enum:wechat|app|web|phone|window|kiosk|referral|other', '预约渠道', 'booking channel'),
    column('booked_at', 'time', '预约时间', 'when it was booked'),
    column('starts_at', 'time', '预约时段开始', 'slot start'),
    column('arrived_at', 'time', '报到时间', 'check-in'),
    column('called_at', 'time', '进诊室时间', 'entered the consulting room'),
  ],
  event: [
    column('name', 'token', '事件', 'event name, name@version'),
    column('kind', 'enum:identify|track|page|screen|group|alias', '类型', 'kind'),
    column('anonymous_key', 'key', '匿名访客键', 'anonymous visitor'),
    column('channel', 'token', '渠道', 'channel'),
    column('campaign', 'token', '活动', 'campaign'),
    column('page', 'token', '页面', 'page'),
    column('value', 'number', '数值', 'value'),
    dept,
  ],
  survey_answer: [
    column('survey', 'token', '问卷版本', 'survey id@edition'),
    column('invitation_key', 'key', '邀请', 'one answered survey'),
    column('mode', 'enum:sms|wechat|app|web|phone|in-room|paper|other', '调查方式', 'mode; never mixed in one trend'),
    column('question', 'token', '题目', 'question id'),
    column('score', 'number', '得分', 'score'),
    column('score_max', 'number', '满分', 'greatest possible score'),
    column('is_overall', 'flag', '总体满意度题', 'the overall question'),
    dept,
    staff,
    text,
  ],
  review: [
    column('platform', 'enum:weibo|douyin|xiaohongshu|dianping|haodf|wechat|baidu|other', '平台', 'platform'),
    column('kind', 'enum:review|mention|article|search', '类型', 'kind'),
    column('rating', 'number', '评分（1–5）', 'rating 1–5'),
    column('sentiment', 'enum:positive|neutral|negative|unknown', '情感', 'sentiment'),
    column('mentions', 'integer', '提及数', 'how many mentions the row stands for'),
    column('is_paid', 'flag', '自有投放', "the hospital's own paid post"),
    dept,
    staff,
    text,
  ],
  complaint: [
    column('kind', 'enum:complaint|praise|suggestion', '类型', 'kind'),
    column('channel', 'enum:phone|window|web|wechat|letter|12345|survey|other', '渠道', 'channel'),
    column('topic', 'token', '主题', 'topic'),
    column('severity', 'enum:low|medium|high|unknown', '严重程度', 'severity'),
    column('shift', 'enum:day|night|unknown', '班次', 'shift'),
    column('closed_at', 'time', '办结时间', 'closed'),
    dept,
    staff,
    text,
  ],
  message: [
    column('channel', 'token', '渠道', 'channel'),
    column('purpose', 'token', '目的', 'purpose'),
    column('template', 'token', '模板版本', 'template id@edition'),
    column('status', 'enum:sent|delivered|read|failed|skipped', '状态', 'status'),
    column('reason', 'token', '原因', 'why it was skipped or failed'),
  ],
  followup: [
    column('plan_template', 'token', '随访方案版本', 'plan template id@edition'),
    column('step', 'token', '步骤', 'step'),
    column('due_at', 'time', '应访时间', 'due'),
    column('done_at', 'time', '完成时间', 'done'),
    column('status', 'enum:due|done|unreachable|refused|cancelled|overdue', '状态', 'status'),
    column('mode', 'enum:phone|inbox|sms|wechat|visit|other', '方式', 'mode'),
    column('finding', 'enum:normal|abnormal|none', '结果', 'finding'),
    dept,
  ],
  case_event: [
    column('case_key', 'key', '工单', 'case'),
    column('origin', 'enum:survey|complaint|alert|manual', '来源', 'origin'),
    column('step', 'enum:opened|assigned|contacted|working|resolved|closed|escalated|rerated', '环节', 'step'),
    column('due_at', 'time', '时限', 'due'),
    column('score', 'number', '评分', 'score that opened it, or the re-rating'),
    dept,
  ],
} as const satisfies Record<string, readonly Column[]>;

export type FactName = keyof typeof FACTS;
export const FACT_NAMES = Object.keys(FACTS) as FactName[];
export const columnsOf = (fact: FactName): readonly Column[] => [...COMMON_COLUMNS, ...FACTS[fact]];

/** A row ready to be filed: `columnsOf(fact)` in order. Times are epoch microseconds as bigint, days `YYYY-MM-DD`, keys UUID text. */
export type FactValue = string | number | bigint | boolean | null;
export type FactRow = readonly FactValue[];
