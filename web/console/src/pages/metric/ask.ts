/** From the address bar to what is asked, and from a clicked figure to the rows behind it. Pure. */
import type { MetricAsk } from '@xinglin/web-shared/api/staff.ts';
import { dayPlus } from '@xinglin/web-shared/format.ts';
import { type MetricAddress, oneOf } from '../../paths.ts';

export const GRAINS = ['day', 'week', 'month', 'total'] as const;
export type Grain = (typeof GRAINS)[number];
export const RANGES = ['30', '90', '365', 'custom'] as const;

export interface Choice {
  readonly by: string | undefined;
  readonly grain: Grain;
  readonly range: (typeof RANGES)[number];
  readonly from: string;
  readonly to: string;
  readonly where: string | undefined;
}

const [earlier, later] = [(a: string, b: string): string => [a, b].sort()[0] ?? a, (a: string, b: string): string => [a, b].sort()[1] ?? b];
const isDay = (text: string | undefined): text is string => text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);

/** `lastDay` is the newest day the metric has; ranges count back from it. Groups are compared in total first, a single series over weeks. */
export function choiceOf(address: Partial<MetricAddress>, dimensions: readonly string[], lastDay: string): Choice {
  const by = dimensions.find((dimension) => dimension === address.by);
  const hasDays = isDay(address.from) && isDay(address.to);
  const range = hasDays ? 'custom' : oneOf(address.days, RANGES, '90');
  const to = isDay(address.to) ? address.to : lastDay;
  const from = isDay(address.from) ? address.from : dayPlus(to, 1 - (range === 'custom' ? 90 : Number(range)));
  return { by, grain: oneOf(address.grain, GRAINS, by === undefined ? 'week' : 'total'), range, from: earlier(from, to), to, where: address.where };
}

export const askOf = ({ by, grain, from, to, where }: Choice): MetricAsk => ({ by, grain, from, to, where });

/** Last day of a period that starts on `period`. */
export function periodEnd(period: string, grain: Grain): string {
  if (grain === 'week') return dayPlus(period, 6);
  if (grain === 'month') return dayPlus(`${dayPlus(period.slice(0, 8).concat('01'), 31).slice(0, 8)}01`, -1);
  return period;
}

/** What the rows of one figure are asked with: its period cut to the range, its group as a condition. */
export function rowsAskOf(choice: Choice, period: string | null, group: string | null): MetricAsk {
  const end = period === null || choice.grain === 'total' ? choice.to : periodEnd(period, choice.grain);
  const conditions = [choice.where, choice.by !== undefined && group !== null ? `${choice.by}:${group}` : undefined].filter(
    (each) => each !== undefined && each !== '',
  );
  return {
    from: period === null || choice.grain === 'total' ? choice.from : later(period, choice.from),
    to: earlier(end, choice.to),
    where: conditions.length === 0 ? undefined : conditions.join(','),
  };
}
