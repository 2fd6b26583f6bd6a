/**
 * Exports the hospital's desks and platforms hand over beside the ones in csv-headers.ts: workbooks with a title, and files in the shape each platform
 * gives them. The five platforms' reviews and the register of complaints are read by the product; for the others it has no input yet.
 */
import { HOSPITAL } from '../city/hospital.ts';
import { CSV_HEADERS } from './csv-headers.ts';
import type { SheetForm } from './xlsx.ts';

/**
 * Reviews as each platform hands them over: Dianping and Haodf from the hospital's own desk there, with stars; Weibo, Douyin and Xiaohongshu through
 * the listening service, which adds tone and department and knows no stars.
 */
export const PLATFORM_HEADERS = {
  weibo: ['微博ID', '用户昵称', '微博正文', '转发数', '评论数', '点赞数', '情感属性', '关联科室编码', '关联科室', '发博时间'],
  douyin: ['评论ID', '视频标题', '评论用户', '评论内容', '点赞量', 'IP属地', '情感属性', '关联科室编码', '关联科室', '评论时间'],
  xiaohongshu: ['笔记ID', '笔记标题', '作者', '笔记内容', '点赞', '收藏', '情感属性', '关联科室编码', '关联科室', '发布日期'],
  dianping: ['点评ID', '会员名', '总评', '环境', '服务', '评价内容', '科室编码', '科室', '商家回复', '点评时间'],
  haodf: ['评价ID', '患者', '所患疾病', '就诊科室编码', '就诊科室', '医生编码', '医生', '看病目的', '疗效', '态度', '看病经验', '提交时间'],
} as const;
export type PlatformDoor = keyof typeof PLATFORM_HEADERS;
export const PLATFORM_FILES: Record<PlatformDoor, { readonly name: string; readonly charset: 'utf-8' | 'gb18030' }> = {
  weibo: { name: '微博导出', charset: 'utf-8' },
  douyin: { name: '抖音评论导出', charset: 'utf-8' },
  xiaohongshu: { name: '小红书笔记导出', charset: 'utf-8' },
  dianping: { name: '点评管家导出', charset: 'gb18030' },
  haodf: { name: '好大夫评价导出', charset: 'gb18030' },
};

/** Tables no input exists for yet, as text. */
export const DESK_HEADERS = {
  /** 设备检查排程: one row per examination on a device. */
  equipment: ['检查单号', '设备编号', '设备名称', '检查类型', '检查项目', '患者来源', '申请时间', '预约时段', '开始时间', '结束时间', '状态'],
  /** 搜索推广关键词报告, as a search engine's advertising desk exports it. */
  keyword: ['日期', '账户', '推广计划', '推广单元', '关键词', '匹配方式', '展现', '点击', '消费', '点击率', '平均点击价格', '平均排名'],
  /** 在线问诊: question and answer. */
  consult: [
    '咨询编号',
    '渠道',
    '用户账号',
    '用户昵称',
    '病案号',
    '科室代码',
    '科室名称',
    '提问内容',
    '提问时间',
    '回复医生工号',
    '回复内容',
    '回复时间',
    '状态',
  ],
} as const;
export type DeskDoor = keyof typeof DESK_HEADERS;
export const DESK_FILES: Record<DeskDoor, { readonly name: string; readonly charset: 'utf-8' | 'gb18030' }> = {
  equipment: { name: '设备检查排程', charset: 'utf-8' },
  keyword: { name: '搜索推广关键词报告', charset: 'gb18030' },
  consult: { name: '在线问诊', charset: 'utf-8' },
};

const DAYS = Array.from({ length: 31 }, (_, i) => `${i + 1}日`);
interface Workbook {
  readonly name: string;
  readonly title: string;
  readonly note: string;
  readonly header: readonly string[];
  readonly numeric: readonly string[];
  readonly totals: readonly string[];
}
export const WORKBOOKS = {
  complaint: {
    name: '投诉表扬登记',
    title: '投诉表扬登记表',
    note: '登记部门：患者服务部',
    header: CSV_HEADERS.complaint,
    numeric: [],
    totals: [],
  },
  bed: {
    name: '病区床位日报',
    title: '病区床位日报表',
    note: '统计口径：每日 24:00 在院人数，含加床    制表：病案统计室',
    header: ['日期', '病区代码', '病区', '科室代码', '科室', '开放床位', '加床', '原有人数', '入院人数', '出院人数', '24时在院人数', '床位使用率'],
    numeric: ['开放床位', '加床', '原有人数', '入院人数', '出院人数', '24时在院人数', '床位使用率'],
    totals: ['入院人数', '出院人数'],
  },
  ad: {
    name: '广告投放日报',
    title: '品牌推广投放日报',
    note: '数据来源：各投放平台后台    单位：元',
    header: ['日期', '渠道编码', '渠道', '投放计划', '展现量', '点击量', '点击率', '消费', '平均点击价格', '线索量'],
    numeric: ['展现量', '点击量', '消费', '平均点击价格', '线索量'],
    totals: ['展现量', '点击量', '消费', '线索量'],
  },
  'roster-doctor': {
    name: '医师出诊排班',
    title: '门急诊医师排班表',
    note: '医务部    班次：上午 下午 夜班',
    header: ['日期', '星期', '班次', '科室代码', '科室', '医生工号', '医生姓名', '职称', '门诊类型', '号源数'],
    numeric: ['号源数'],
    totals: [],
  },
  'roster-nurse': {
    name: '护士排班',
    title: '病区护士排班表',
    note: '护理部    A 白班 8–16　P 小夜 16–24　N 大夜 0–8　休 休息',
    header: ['病区代码', '病区', '护士工号', '姓名', '职称', '层级', ...DAYS],
    numeric: [],
    totals: [],
  },
  referral: {
    name: '双向转诊登记',
    title: '医联体双向转诊登记表',
    note: '医联体办公室',
    header: [
      '转诊单号',
      '方向',
      '转出机构',
      '转入机构',
      '病案号',
      '患者姓名',
      '手机号',
      '科室代码',
      '科室',
      '诊断',
      '转诊原因',
      '申请时间',
      '接诊时间',
      '状态',
    ],
    numeric: [],
    totals: [],
  },
} as const satisfies Record<string, Workbook>;
export type WorkbookDoor = keyof typeof WORKBOOKS;

/** The sheet of one month: the title names hospital and month, as such exports do. */
export function sheetOf(door: WorkbookDoor, month: string): SheetForm {
  const { title, note, header, numeric, totals }: Workbook = WORKBOOKS[door];
  const [year = '', of = ''] = month.split('-');
  return { title: `${HOSPITAL.nameZh}${title}（${year}年${Number(of)}月）`, note, header, numeric: new Set(numeric), totals };
}
