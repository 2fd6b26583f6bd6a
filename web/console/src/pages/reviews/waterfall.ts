/** The score of two records taken apart, as a chart reads it: where each bar begins and ends, and what stands out. */
import type { ReviewDetail, WeightStep } from '@xinglin/contracts/api.ts';
import { FONT_CONSOLE } from '@xinglin/web-shared/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Look } from '../../ui/chart/options.ts';

export interface WaterfallBar {
  readonly name: string;
  readonly weight: number;
  /** In points, before and after this bar; the total begins at 0. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'prior' | 'for' | 'against' | 'total';
}

export function waterfallBars(
  detail: Pick<ReviewDetail, 'steps' | 'prior' | 'weight'>,
  name: (step: WeightStep) => string,
  ends: { prior: string; total: string },
): WaterfallBar[] {
  let sum = detail.prior;
  const bars: WaterfallBar[] = [{ name: ends.prior, weight: detail.prior, from: 0, to: sum, kind: 'prior' }];
  for (const step of detail.steps) {
    bars.push({ name: name(step), weight: step.weight, from: sum, to: sum + step.weight, kind: step.weight < 0 ? 'against' : 'for' });
    sum += step.weight;
  }
  return [...bars, { name: ends.total, weight: detail.weight, from: 0, to: detail.weight, kind: 'total' }];
}

/** A field speaks when it moves the odds at least this much: twice as likely. */
const SPEAKS_MIN = 1;
const NAMED_MAX = 2;

/** The fields that speak loudest for one person, and the one that speaks loudest against. */
export function loudest(steps: readonly WeightStep[]): { readonly for: readonly string[]; readonly against: string | null } {
  const sorted = [...steps].sort((a, b) => b.weight - a.weight);
  const last = sorted.at(-1);
  return {
    for: sorted
      .filter((step) => step.weight >= SPEAKS_MIN)
      .slice(0, NAMED_MAX)
      .map((step) => step.field),
    against: last !== undefined && last.weight <= -SPEAKS_MIN ? last.field : null,
  };
}

const AXIS_STEP = 10;

/** Bars between two points of a scale that goes below zero: everything is shifted to the right of the lowest point, and the axis shifts back. */
export function waterfallOption(bars: readonly WaterfallBar[], look: Look): EChartsCoreOption {
  const { palette } = look;
  // Whole steps on both sides, so that zero is one of the lines.
  const ends = bars.flatMap((bar) => [bar.from, bar.to]);
  const lowest = Math.floor(Math.min(0, ...ends) / AXIS_STEP) * AXIS_STEP;
  const highest = Math.ceil(Math.max(0, ...ends) / AXIS_STEP) * AXIS_STEP;
  const colour = { prior: palette.secondary, for: palette.good, against: palette.bad, total: palette.accent };
  const text = { color: palette.ink, fontSize: 12, fontFamily: FONT_CONSOLE };
  const signed = (value: number): string => (value > 0 ? `+${look.say(value)}` : look.say(value));
  return {
    animation: false,
    aria: { enabled: false },
    grid: { left: 4, right: 56, top: 4, bottom: 4, containLabel: true },
    xAxis: {
      type: 'value',
      min: 0,
      max: highest - lowest,
      interval: AXIS_STEP,
      axisLabel: { ...text, color: palette.secondary, formatter: (value: number) => String(value + lowest) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.name),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...text, fontSize: 13, width: 190, overflow: 'truncate' },
    },
    series: [
      { type: 'bar', stack: 'points', silent: true, itemStyle: { color: 'transparent' }, data: bars.map((bar) => Math.min(bar.from, bar.to) - lowest) },
      {
        type: 'bar',
        stack: 'points',
        barMaxWidth: 18,
        silent: true,
        data: bars.map((bar) => ({
          value: Math.abs(bar.to - bar.from),
          itemStyle: { color: colour[bar.kind], borderRadius: 2 },
          label: { formatter: bar.kind === 'total' ? look.say(bar.weight) : signed(bar.weight) },
        })),
        label: { show: true, position: 'right', ...text },
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          label: { show: false },
          lineStyle: { color: palette.secondary, type: 'solid', width: 1 },
          data: [{ xAxis: -lowest }],
        },
      },
    ],
  };
}
