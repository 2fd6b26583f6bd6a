import type { ReportFigure } from '@xinglin/contracts/api.ts';
import { wilson } from '../statistics.ts';
import { type About, figure, type ReportInput, share, shares, whole } from './figure.ts';

/** Decisions of the last so many days count for the yield. */
export const YIELD_DAYS = 90;
/** Waiting longer than this is too long. */
const WAITING_DAYS_MAX = 30;
const DAY_MS = 86_400_000;

export function reviewYield({ decided, labels }: ReportInput): ReportFigure {
  const n = decided.match + decided.noMatch;
  const interval = wilson(decided.match, n);
  const about: About = {
    id: 'review-yield',
    name: { zh: '审核命中率', en: 'Review yield' },
    unit: 'share',
    n,
    method: {
      zh: `最近 ${YIELD_DAYS} 天在审核页判断的项目中，判为同一人的比例（Wilson 区间）。撤销的不计；“以后再看”不计。`,
      en: `Of the review items decided in the last ${YIELD_DAYS} days, the share found to be one person (Wilson interval). What was undone or put off does not count.`,
    },
    parts: [
      { code: 'match', name: { zh: '判为同一人', en: 'one person' }, count: decided.match },
      { code: 'no-match', name: { zh: '判为不同人', en: 'two people' }, count: decided.noMatch },
    ],
  };
  if (n < labels.few) {
    const sentence = {
      zh: `样本不足：最近 ${YIELD_DAYS} 天只判断了 ${n} 项，至少需要 ${labels.few} 项。`,
      en: `Too little to say: ${n} items were decided in the last ${YIELD_DAYS} days; ${labels.few} are needed.`,
    };
    return figure(about, { sentence });
  }
  const value = decided.match / n;
  const sentence = {
    zh: `判断的 ${n} 项中有 ${share(value)} 是同一人（95% 区间 ${shares(interval?.lower, interval?.upper)}）。`,
    en: `Of ${n} items decided, ${share(value)} were one person (95 % interval ${shares(interval?.lower, interval?.upper)}).`,
  };
  return figure(about, { value, lower: interval?.lower ?? null, upper: interval?.upper ?? null, state: 'none', sentence });
}

const AGES = [
  { code: 'day', days: 1, name: { zh: '一天以内', en: 'within a day' } },
  { code: 'week', days: 7, name: { zh: '一周以内', en: 'within a week' } },
  { code: 'month', days: WAITING_DAYS_MAX, name: { zh: '30 天以内', en: 'within 30 days' } },
  { code: 'older', days: Number.POSITIVE_INFINITY, name: { zh: '超过 30 天', en: 'over 30 days' } },
] as const;

export function reviewWaiting({ queue, now }: ReportInput): ReportFigure {
  const counts = AGES.map(() => 0);
  let [later, oldest] = [0, 0];
  for (const { state, found_at, items } of queue) {
    if (state === 'later') {
      later += items;
      continue;
    }
    const days = Math.max(0, (now.getTime() - found_at.getTime()) / DAY_MS);
    oldest = Math.max(oldest, days);
    const at = AGES.findIndex((age) => days < age.days);
    counts[at] = (counts[at] ?? 0) + items;
  }
  const waiting = counts.reduce((sum, count) => sum + count, 0);
  const old = counts.at(-1) ?? 0;
  const days = Math.floor(oldest);
  const about: About = {
    id: 'review-waiting',
    name: { zh: '待审核', en: 'Waiting for review' },
    unit: 'count',
    method: {
      zh: '审核队列中未处理的项目，按发现至今的天数分组；“以后再看”的另列。',
      en: 'Open items of the review queue by days since they were found; those put off are listed apart.',
    },
    parts: [
      ...AGES.map(({ code, name }, at) => ({ code: code as string, name, count: counts[at] ?? 0 })),
      { code: 'later', name: { zh: '以后再看', en: 'put off' }, count: later },
    ],
  };
  const sentence =
    waiting === 0
      ? { zh: '没有待审核的项目。', en: 'Nothing waits for review.' }
      : {
          zh: `有 ${whole(waiting)} 项待审核，最久的等了 ${days} 天${old > 0 ? `，其中 ${whole(old)} 项超过 ${WAITING_DAYS_MAX} 天` : ''}。`,
          en: `${whole(waiting)} items wait for review, the oldest for ${days} days${old > 0 ? `; ${whole(old)} for more than ${WAITING_DAYS_MAX} days` : ''}.`,
        };
  return figure(about, { value: waiting, n: waiting, state: old > 0 ? 'watch' : 'good', sentence });
}
