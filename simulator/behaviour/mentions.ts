/** How much the city speaks of the hospital, day by day and platform by platform, as a listening service would count it; no person, no text. */
import { DAY, dayPlain, localText, weekday } from '../calendar.ts';
import { csvLine } from '../doors/parts.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from '../render/context.ts';
import { CHANNELS } from './market.ts';

interface Stream {
  readonly platform: string;
  readonly kind: '提及' | '文章' | '搜索';
  /** Mentions on an ordinary working day. */
  readonly level: number;
  /** Index of the advertising channel that lifts it, or -1. */
  readonly lift: number;
}
const STREAMS: readonly Stream[] = [
  { platform: '百度', kind: '搜索', level: 420, lift: 0 },
  { platform: '微信', kind: '文章', level: 36, lift: 2 },
  { platform: '微博', kind: '提及', level: 14, lift: -1 },
  { platform: '抖音', kind: '提及', level: 22, lift: 1 },
  { platform: '小红书', kind: '提及', level: 9, lift: -1 },
  { platform: '好大夫在线', kind: '提及', level: 6, lift: -1 },
  { platform: '资讯', kind: '文章', level: 4, lift: -1 },
];
/** A few days a year something goes round: a rescue everybody shares, or a quarrel in a corridor. */
const STORY_SHARE = 0.012;

const random = new Random();

export function sayMentions(context: Context, day: number): void {
  const { world } = context;
  const at = (day + 1) * DAY - 600;
  if (!context.happens(at)) return;
  random.at(world.seed, STREAM.market, day, 900);
  const story = random.chance(STORY_SHARE) ? (random.chance(0.6) ? '正面' : '负面') : null;
  const week = world.market.weeks[Math.floor((day - world.startDay) / 7)];
  const growth = 1 + (0.25 * (day - world.startDay)) / 365;
  const rest = weekday(day) % 6 === 0 ? 0.7 : 1;
  STREAMS.forEach((stream, i) => {
    const lift = stream.lift < 0 ? 0 : ((week?.incremental[stream.lift] ?? 0) / (CHANNELS[stream.lift]?.ceiling ?? 1)) * 0.5;
    const level = stream.level * growth * rest * (1 + lift) * (story === null || stream.kind === '搜索' ? 1 : 6) * Math.exp(random.normal() * 0.12);
    const count = Math.round(level);
    if (count < 1) return;
    const at100 = random.unit();
    const tone = story ?? (stream.kind !== '提及' ? '中性' : at100 < 0.16 ? '正面' : at100 < 0.23 ? '负面' : '中性');
    context.say('review', at, csvLine([`N${dayPlain(day)}${i}`, stream.platform, stream.kind, '', '', '', '', '', tone, count, '否', '', localText(at)]));
  });
  const paid = week?.spend[1] ?? 0;
  if (paid > 0 && weekday(day) === 3) {
    context.say(
      'review',
      at,
      csvLine([`N${dayPlain(day)}P`, '抖音', '提及', '杏城市第一人民医院', '', '', '', '', '正面', 1 + Math.round(paid / 6000), '是', '', localText(at)]),
    );
  }
}
