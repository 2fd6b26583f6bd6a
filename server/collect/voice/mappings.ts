/** The patient's voice in files: 满意度问卷 · 投诉表扬 · 网络评价; and 网站事件. */
import type { Mapping } from '../files/mapping.ts';
import { BY_MRN, DEPARTMENT, STAFF, VISIT } from '../files/mappings/shared.ts';

const MODE = {
  短信: 'sms',
  微信: 'wechat',
  APP: 'app',
  网页: 'web',
  网站: 'web',
  电话: 'phone',
  现场: 'in-room',
  床旁: 'in-room',
  纸质: 'paper',
  其他: 'other',
};
const SURVEYED: Mapping['columns'] = {
  survey: { column: ['问卷名称', '问卷编号', '问卷'], required: true },
  invitation_key: ['答卷编号', '答卷号'],
  mode: { column: ['调查方式', '调查渠道'], map: MODE, otherwise: 'other', optional: true },
  department_code: DEPARTMENT,
  staff_code: STAFF,
};
const WHO: NonNullable<Mapping['person']> = { name: ['患者姓名', '姓名'], phones: [['手机号', '联系电话', '电话']] };
const CALLER: NonNullable<Mapping['subject']> = [BY_MRN, { type: 'other', system: 'phone', column: ['手机号', '联系电话', '电话'] }];

/** One row per answered question. */
export const surveyAnswers: Mapping = {
  id: 'survey-answers',
  edition: 1,
  titleZh: '满意度问卷明细',
  titleEn: 'Survey answers',
  fact: 'survey_answer',
  subject: CALLER,
  anonymous: true,
  encounter: VISIT,
  naturalKey: [
    ['答卷编号', '答卷号'],
    ['题目编号', '题号'],
  ],
  occurredAt: ['提交时间', '填写时间', '答卷时间'],
  columns: {
    ...SURVEYED,
    question: { column: ['题目编号', '题号'], required: true },
    score: ['得分', '分值'],
    score_max: { column: ['满分', '满分值'], required: true },
    is_overall: { column: ['是否总体评价', '是否总体'], optional: true },
  },
  text: ['意见建议', '意见', '开放题回答'],
  person: WHO,
  ignore: ['题目', '题目内容'],
};

/** One row per answered questionnaire, each question a column of its own, scored to five. */
const question = (key: string, names: string[], isOverall = false) => ({
  key,
  columns: { score: { column: names, optional: true } },
  constants: { question: key, score_max: 5, is_overall: isOverall },
});
export const surveySheets: Mapping = {
  id: 'survey-sheets',
  edition: 1,
  titleZh: '满意度问卷（每行一份）',
  titleEn: 'Survey sheets, one row each',
  fact: 'survey_answer',
  subject: CALLER,
  anonymous: true,
  encounter: VISIT,
  naturalKey: [['答卷编号', '答卷号']],
  occurredAt: ['提交时间', '填写时间', '答卷时间'],
  columns: SURVEYED,
  repeat: [
    { ...question('overall', ['总体满意度', '总体评价'], true), columns: { score: { column: ['总体满意度', '总体评价'] } }, text: ['意见建议', '意见'] },
    question('doctor', ['医生服务', '医生态度', '对医生满意度']),
    question('nurse', ['护士服务', '护理服务', '对护士满意度']),
    question('waiting', ['等候时间', '候诊时间']),
    question('environment', ['环境设施', '就诊环境', '环境卫生']),
    question('process', ['就诊流程', '流程便捷']),
    question('cost', ['费用合理', '收费透明']),
  ],
  person: WHO,
};

export const complaints: Mapping = {
  id: 'complaints',
  edition: 1,
  titleZh: '投诉表扬登记',
  titleEn: 'Complaints and praise',
  fact: 'complaint',
  subject: CALLER,
  anonymous: true,
  encounter: VISIT,
  naturalKey: [['登记编号', '投诉编号', '工单编号', '编号']],
  occurredAt: ['受理时间', '投诉时间', '登记时间'],
  columns: {
    kind: { column: ['类型', '类别'], map: { 投诉: 'complaint', 表扬: 'praise', 建议: 'suggestion', 意见: 'suggestion' }, required: true },
    channel: {
      column: ['渠道', '受理渠道'],
      map: { 电话: 'phone', 窗口: 'window', 现场: 'window', 网站: 'web', 微信: 'wechat', 信件: 'letter', 来信: 'letter', '12345': '12345', 问卷: 'survey' },
      otherwise: 'other',
      optional: true,
    },
    topic: {
      column: ['主题', '投诉主题', '问题分类'],
      map: {
        挂号预约: 'registration',
        候诊时间: 'waiting',
        等候时间: 'waiting',
        医生态度: 'doctor',
        服务态度: 'attitude',
        诊疗效果: 'outcome',
        医疗质量: 'outcome',
        护理服务: 'nursing',
        响应不及时: 'response',
        环境卫生: 'environment',
        指引标识: 'signs',
        停车: 'parking',
        收费: 'cost',
        隐私保护: 'privacy',
        餐饮: 'food',
        检查检验: 'exam',
        取药: 'pharmacy',
        夜间护理: 'night-care',
        出院手续: 'discharge',
        线上服务: 'online',
        流程: 'process',
        沟通: 'communication',
        其他: 'other',
      },
      optional: true,
    },
    severity: {
      column: ['严重程度', '等级'],
      map: { 一般: 'low', 轻微: 'low', 较重: 'medium', 中等: 'medium', 严重: 'high', 重大: 'high' },
      otherwise: 'unknown',
      optional: true,
    },
    shift: { column: ['班次'], map: { 白班: 'day', 夜班: 'night' }, otherwise: 'unknown', optional: true },
    closed_at: { column: ['办结时间', '处理完成时间'], optional: true },
    department_code: DEPARTMENT,
    staff_code: { column: ['被反映人工号', '医生工号', '工号'], optional: true },
  },
  text: ['内容', '投诉内容', '反映内容'],
  person: WHO,
};

export const reviews: Mapping = {
  id: 'reviews',
  edition: 1,
  titleZh: '网络评价',
  titleEn: 'Online reviews',
  fact: 'review',
  naturalKey: [['评价编号', '编号', '链接编号']],
  occurredAt: ['发布时间', '评价时间'],
  columns: {
    platform: {
      column: ['平台', '来源平台'],
      map: {
        微博: 'weibo',
        抖音: 'douyin',
        小红书: 'xiaohongshu',
        大众点评: 'dianping',
        好大夫在线: 'haodf',
        好大夫: 'haodf',
        微信: 'wechat',
        公众号: 'wechat',
        百度: 'baidu',
      },
      otherwise: 'other',
      required: true,
    },
    kind: { column: ['类型'], map: { 评价: 'review', 提及: 'mention', 文章: 'article', 搜索: 'search' }, required: true },
    rating: { column: ['评分', '星级'], optional: true },
    sentiment: { column: ['情感倾向', '情感'], map: { 正面: 'positive', 中性: 'neutral', 负面: 'negative' }, otherwise: 'unknown', optional: true },
    mentions: { column: ['提及量', '提及数'], optional: true },
    is_paid: { column: ['是否自有投放', '是否投放'], optional: true },
    department_code: DEPARTMENT,
    staff_code: STAFF,
  },
  text: ['内容', '评价内容'],
  ignore: ['作者昵称', '作者'],
};

export const webEvents: Mapping = {
  id: 'web-events',
  edition: 1,
  titleZh: '网站事件',
  titleEn: 'Website events',
  fact: 'event',
  subject: [{ type: 'app-account', column: ['用户账号', '用户ID', '账号'] }],
  anonymous: true,
  naturalKey: [['事件编号', '事件ID']],
  occurredAt: ['发生时间', '事件时间', '访问时间'],
  columns: {
    name: { column: ['事件名称', '事件'], required: true },
    kind: { column: ['事件类型'], map: { 页面: 'page', 行为: 'track', 屏幕: 'screen' }, otherwise: 'track', optional: true },
    anonymous_key: { column: ['访客编号', '访客ID'], optional: true },
    channel: { column: ['渠道', '来源渠道'], optional: true },
    campaign: { column: ['活动', '活动编号'], optional: true },
    page: { column: ['页面', '页面路径'], optional: true },
    value: { column: ['数值'], optional: true },
    department_code: DEPARTMENT,
  },
};
