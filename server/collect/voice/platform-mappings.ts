/** Reviews as each platform's own desk exports them: 微博 · 抖音 · 小红书 (through a listening service, with tone) · 大众点评 · 好大夫在线 (with stars). */
import type { Mapping } from '../files/mapping.ts';
import { DEPARTMENT } from '../files/mappings/shared.ts';

const TONE = { 正面: 'positive', 中性: 'neutral', 负面: 'negative', 敏感: 'negative' };
const ABOUT = { ...DEPARTMENT, column: ['关联科室编码', '科室编码', '就诊科室编码'], display: ['关联科室', '科室', '就诊科室'] };
const heard = (column: string): Mapping['columns'] => ({
  sentiment: { column, map: TONE, otherwise: 'unknown', optional: true },
  department_code: ABOUT,
});
const review = (
  id: string,
  title: readonly [zh: string, en: string],
  platform: string,
): Pick<Mapping, 'id' | 'edition' | 'titleZh' | 'titleEn' | 'fact' | 'constants'> => ({
  id,
  edition: 1,
  titleZh: title[0],
  titleEn: title[1],
  fact: 'review',
  constants: { platform, kind: 'review', mentions: 1, is_paid: false },
});
const SATISFACTION = { 很满意: 5, 满意: 4, 一般: 3, 不满意: 2, 很不满意: 1 };

export const weiboExport: Mapping = {
  ...review('reviews-weibo', ['微博导出', 'Weibo export'], 'weibo'),
  naturalKey: ['微博ID'],
  occurredAt: ['发博时间', '发布时间'],
  columns: heard('情感属性'),
  text: '微博正文',
  ignore: ['用户昵称', '转发数', '评论数', '点赞数', '发布工具'],
};

export const douyinExport: Mapping = {
  ...review('reviews-douyin', ['抖音评论导出', 'Douyin comments export'], 'douyin'),
  naturalKey: ['评论ID'],
  occurredAt: '评论时间',
  columns: heard('情感属性'),
  text: '评论内容',
  ignore: ['视频标题', '评论用户', '点赞量', 'IP属地'],
};

export const xiaohongshuExport: Mapping = {
  ...review('reviews-xiaohongshu', ['小红书笔记导出', 'Xiaohongshu notes export'], 'xiaohongshu'),
  naturalKey: ['笔记ID'],
  occurredAt: ['发布日期', '发布时间'],
  columns: heard('情感属性'),
  text: '笔记内容',
  ignore: ['笔记标题', '作者', '点赞', '收藏'],
};

export const dianpingExport: Mapping = {
  ...review('reviews-dianping', ['点评管家导出', 'Dianping export'], 'dianping'),
  naturalKey: ['点评ID'],
  occurredAt: '点评时间',
  columns: { rating: { column: '总评', required: true }, department_code: ABOUT },
  text: '评价内容',
  ignore: ['会员名', '环境', '服务', '消费时间', '商家回复'],
};

export const haodfExport: Mapping = {
  ...review('reviews-haodf', ['好大夫评价导出', 'Haodf reviews export'], 'haodf'),
  naturalKey: ['评价ID'],
  occurredAt: '提交时间',
  columns: {
    rating: { column: '疗效', map: SATISFACTION, required: true },
    department_code: ABOUT,
    staff_code: { column: ['医生编码'], display: ['医生'], optional: true },
  },
  text: '看病经验',
  ignore: ['患者', '所患疾病', '看病目的', '态度', '推荐热度'],
};
