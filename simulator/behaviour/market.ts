/**
 * Advertising, week by week. Four channels bring people who would not have come (`incremental = ceiling × (1 − e^(−spend/scale))`, people per week
 * relative to `ORGANIC`); a fifth campaign is seen and clicked and brings nobody. Sizes are the planted truth (truth/effects.json, `channels`, `zero-campaign`).
 */
import { cumulate, Random, STREAM } from '../random.ts';

export interface Channel {
  /** As `utm_source` and `campaign` show it. */
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Greatest weekly incremental, where `ORGANIC` people come unasked. */
  readonly ceiling: number;
  /** Weekly yuan at which 63 % of the ceiling is reached. */
  readonly scale: number;
  readonly weeklySpend: number;
  readonly clickYuan: number;
}
export const ORGANIC = 100;
export const CHANNELS: readonly Channel[] = [
  { code: 'baidu-sem', nameZh: '百度搜索推广', nameEn: 'Baidu paid search', ceiling: 22, scale: 30_000, weeklySpend: 36_000, clickYuan: 9 },
  { code: 'douyin-feed', nameZh: '抖音信息流', nameEn: 'Douyin feed', ceiling: 14, scale: 18_000, weeklySpend: 22_000, clickYuan: 3.5 },
  { code: 'wechat-oa', nameZh: '公众号与朋友圈', nameEn: 'WeChat articles and Moments', ceiling: 17, scale: 12_000, weeklySpend: 15_000, clickYuan: 2.8 },
  { code: 'community', nameZh: '社区义诊讲座', nameEn: 'Community clinics and talks', ceiling: 10, scale: 8_000, weeklySpend: 6_000, clickYuan: 15 },
];
/** Seen and clicked, but brings nobody. */
export const ZERO_CAMPAIGN: Channel = {
  code: 'lift-ads',
  nameZh: '电梯广告「杏福季」',
  nameEn: 'Lift advertising',
  ceiling: 0,
  scale: 20_000,
  weeklySpend: 28_000,
  clickYuan: 6,
};
export const ALL_CHANNELS = [...CHANNELS, ZERO_CAMPAIGN];

export interface Week {
  readonly day: number;
  /** Yuan by index of `ALL_CHANNELS`. */
  readonly spend: readonly number[];
  /** Expected incremental people per `ORGANIC`, by index of `ALL_CHANNELS`. */
  readonly incremental: readonly number[];
}
export interface Market {
  readonly weeks: readonly Week[];
  /** A newcomer's week and cause: index `week × (channels + 1) + cause`, cause 0 organic, then `ALL_CHANNELS`. */
  readonly arrivals: Float64Array;
}
export const CAUSES = ALL_CHANNELS.length + 1;

const random = new Random();

export function buildMarket(seed: number, startDay: number, lastDay: number): Market {
  const count = Math.max(1, Math.ceil((lastDay - startDay + 1) / 7));
  const weeks: Week[] = [];
  for (let w = 0; w < count; w++) {
    const spend = ALL_CHANNELS.map((channel, c) => {
      random.at(seed, STREAM.market, w, c);
      // The zero campaign runs from 40 % to 70 % of the time; the others are switched off one week in eight and vary in size.
      if (channel === ZERO_CAMPAIGN) return w >= count * 0.4 && w < count * 0.7 ? Math.round(channel.weeklySpend * random.between(0.8, 1.2)) : 0;
      return random.chance(0.125) ? 0 : Math.round(channel.weeklySpend * Math.exp(random.normal() * 0.6));
    });
    const incremental = ALL_CHANNELS.map((channel, c) => channel.ceiling * (1 - Math.exp(-(spend[c] as number) / channel.scale)));
    weeks.push({ day: startDay + w * 7, spend, incremental });
  }
  return { weeks, arrivals: cumulate(weeks.flatMap((week) => [ORGANIC, ...week.incremental])) };
}
