/**
 * The header lines of the exports the hospital's desks hand over, as such exports look in Chinese hospitals: one row, one statement.
 * A survey export is long (one row per answered question); times are local `YYYY-MM-DD HH:MM:SS`; empty means not known.
 * Bookings and surveys are written in UTF-8 with a byte order mark (as Excel saves them), daily counts of mentions in GB18030, complaints as a workbook.
 */
export const CSV_HEADERS = {
  /** 预约挂号明细: source `booking`. 预约状态: 已预约 已报到 已就诊 已取消 爽约. 预约渠道: 微信 APP 网站 电话 窗口 自助机 转诊. */
  booking: [
    '预约号',
    '病案号',
    '患者姓名',
    '证件号码',
    '手机号',
    '科室代码',
    '科室名称',
    '医生工号',
    '预约渠道',
    '预约状态',
    '预约时间',
    '就诊时段',
    '报到时间',
    '叫号时间',
    '就诊流水号',
  ],
  /** 满意度问卷明细: source `survey`. 调查方式: 短信 微信 APP 网页 电话 现场 纸质. 是否总体评价: 是 否. One 答卷编号 has several rows, one per 题目编号. */
  survey: [
    '答卷编号',
    '问卷名称',
    '调查方式',
    '病案号',
    '患者姓名',
    '手机号',
    '就诊流水号',
    '科室代码',
    '科室名称',
    '医生工号',
    '题目编号',
    '题目',
    '得分',
    '满分',
    '是否总体评价',
    '意见建议',
    '提交时间',
  ],
  /** 投诉表扬登记: source `complaint`. 类型: 投诉 表扬 建议. 渠道: 电话 窗口 网站 微信 信件 12345 问卷. 严重程度: 一般 较重 严重. 班次: 白班 夜班. */
  complaint: [
    '登记编号',
    '类型',
    '渠道',
    '病案号',
    '患者姓名',
    '联系电话',
    '科室代码',
    '科室名称',
    '被反映人工号',
    '主题',
    '严重程度',
    '班次',
    '内容',
    '受理时间',
    '办结时间',
  ],
  /** 网络评价: source `review`. 平台: 微博 抖音 小红书 大众点评 好大夫在线 微信 百度 资讯. 类型: 评价 提及 文章 搜索 (counts of a day without text have only 提及量). 情感倾向: 正面 中性 负面. 是否自有投放: 是 否. */
  review: ['评价编号', '平台', '类型', '作者昵称', '科室代码', '科室名称', '医生工号', '评分', '情感倾向', '提及量', '是否自有投放', '内容', '发布时间'],
} as const;

/** Those handed over as CSV; complaints come as a workbook. */
export type CsvDoor = Exclude<keyof typeof CSV_HEADERS, 'complaint'>;

/** What each export is called on disk, and the code page it is saved in. */
export const CSV_FILES: Record<CsvDoor, { readonly name: string; readonly charset: 'utf-8' | 'gb18030' }> = {
  booking: { name: '预约挂号', charset: 'utf-8' },
  survey: { name: '满意度问卷', charset: 'utf-8' },
  review: { name: '网络评价', charset: 'gb18030' },
};
