/** Advertising as its desks report it: spend, views and clicks by day and channel, and by keyword for paid search. The days of a week add up to its spend. */
import { DAY, dayDashed, weekday } from '../calendar.ts';
import { csvLine } from '../doors/parts.ts';
import { xlsxLine } from '../doors/xlsx.ts';
import { EFFECTS } from '../effects.ts';
import { cumulate, Random, STREAM } from '../random.ts';
import type { Context } from '../render/context.ts';
import type { World } from '../world.ts';
import { ALL_CHANNELS } from './market.ts';

const random = new Random();
/** Views per click, by index of `ALL_CHANNELS`; talks in the community are not clicked but attended. */
const VIEWS_PER_CLICK = [28, 75, 52, 6, 240];
/** Clicks per enquiry. */
const CLICKS_PER_LEAD = [22, 90, 60, 4, 700];
const PLANS = ['品牌词与专科词', '专科科普短视频', '公众号推文与朋友圈', '社区义诊与讲座', '「杏福季」电梯框架'];
/** Sunday first. */
const DAY_SHARES = [0.11, 0.16, 0.16, 0.155, 0.15, 0.145, 0.12];

/** Fen spent by each channel on a day, by index of `ALL_CHANNELS`; the seven days of a week make its spend exactly. */
export function spendOfDay(world: World, day: number): number[] {
  const w = Math.floor((day - world.startDay) / 7);
  const week = world.market.weeks[w];
  return ALL_CHANNELS.map((_, c) => {
    const fen = (week?.spend[c] ?? 0) * 100;
    if (week === undefined || fen === 0) return 0;
    random.at(world.seed, STREAM.advert, w, c);
    const shares = cumulate(Array.from({ length: 7 }, (__, i) => (DAY_SHARES[weekday(week.day + i)] as number) * Math.exp(random.normal() * 0.12)));
    const all = shares[6] as number;
    const until = (i: number): number => (i < 0 ? 0 : Math.round((fen * (shares[i] as number)) / all));
    return until(day - week.day) - until(day - week.day - 1);
  });
}

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const percent = (part: number, all: number): string => `${((100 * part) / Math.max(1, all)).toFixed(2)}%`;

export function sayAdvertising(context: Context, day: number): void {
  const { world } = context;
  if (!context.wants('ad')) return;
  const at = (day + 1) * DAY + 3600;
  const spend = spendOfDay(world, day);
  ALL_CHANNELS.forEach(({ code, nameZh, clickYuan }, c) => {
    const fen = spend[c] ?? 0;
    if (fen === 0) return;
    random.at(world.seed, STREAM.advert, day, 16 + c);
    const clicks = Math.max(1, Math.round((fen / 100 / clickYuan) * Math.exp(random.normal() * 0.08)));
    const views = Math.round(clicks * (VIEWS_PER_CLICK[c] as number) * Math.exp(random.normal() * 0.1));
    const leads = random.poisson(Math.min(40, clicks / (CLICKS_PER_LEAD[c] as number)));
    context.say('ad', at, xlsxLine([dayDashed(day), code, nameZh, PLANS[c], views, clicks, percent(clicks, views), yuan(fen), yuan(fen / clicks), leads]));
    if (c === 0) sayKeywords(context, day, at, fen, clicks, views);
  });
}

/** What people type, in the units of a paid-search account. Weights fall; `child-allergy` grows with the demand nobody serves. */
const KEYWORDS: readonly (readonly [unit: string, words: readonly string[]])[] = [
  ['品牌词', ['杏城第一人民医院', '杏城市一院', '市一医院挂号', '杏城市第一人民医院电话']],
  ['骨科', ['膝盖疼怎么办', '膝关节置换多少钱', '杏城骨科哪家医院好', '腰椎间盘突出挂什么科']],
  ['心血管', ['高血压吃什么药', '胸闷气短是怎么回事', '心内科专家门诊']],
  ['内分泌', ['糖尿病早期症状', '血糖高怎么办', '甲状腺结节需要手术吗']],
  ['产科', ['产检建档流程', '杏城生孩子哪家医院好', '无痛分娩费用']],
  ['儿科', ['孩子发烧39度', '小孩咳嗽一个月不好', '儿科急诊电话']],
  ['儿童过敏', ['儿童过敏门诊', '小孩过敏原检测哪里做', '孩子过敏性鼻炎脱敏治疗']],
  ['消化', ['胃镜多少钱', '无痛胃镜预约', '胃疼吃什么药']],
  ['体检', ['入职体检套餐', '杏城体检中心', '老人体检项目']],
];
const FLAT = KEYWORDS.flatMap(([unit, words]) => words.map((word, i) => ({ unit, word, weight: (unit === '品牌词' ? 3 : 1) / (i + 1) })));

function sayKeywords(context: Context, day: number, at: number, fen: number, clicks: number, views: number): void {
  const { world } = context;
  const { searchShareFirst, searchShareLast } = EFFECTS.unmetDemand;
  const growth = 1 + ((searchShareLast / searchShareFirst - 1) * (day - world.startDay)) / Math.max(1, world.spanEnd - world.startDay);
  random.at(world.seed, STREAM.advert, day, 64);
  const weights = FLAT.map(({ unit, weight }) => weight * (unit === '儿童过敏' ? growth : 1) * Math.exp(random.normal() * 0.25));
  const all = weights.reduce((a, b) => a + b, 0);
  FLAT.forEach(({ unit, word }, i) => {
    const share = (weights[i] as number) / all;
    const own = { views: Math.round(views * share), clicks: Math.round(clicks * share), fen: Math.round(fen * share) };
    const rank = Math.max(1, 1.2 + 2.4 * (1 - share * 8) + random.normal() * 0.3).toFixed(1);
    const place = [dayDashed(day), '杏城一院-01', '品牌与专科', unit, word, word.length > 8 ? '智能匹配' : '短语匹配'];
    context.say(
      'keyword',
      at,
      csvLine([...place, own.views, own.clicks, yuan(own.fen), percent(own.clicks, own.views), yuan(own.fen / Math.max(1, own.clicks)), rank]),
    );
  });
}
