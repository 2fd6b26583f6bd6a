/** ECharts options of the model's charts: weights for and against, shares among one person and strangers, scores of pairs by verdict. */
import { FONT_CONSOLE, type Palette, SERIES } from '@xinglin/web-shared/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';
import type { Look } from '../../ui/chart/options.ts';

export interface WeightBar {
  readonly name: string;
  readonly weight: number;
  /** In the version it is compared with. */
  readonly other: number | null;
}
export interface RateBar {
  readonly name: string;
  readonly m: number;
  readonly u: number;
}
export interface ScoreBar {
  readonly from: number;
  readonly to: number;
  readonly match: number;
  readonly review: number;
  readonly no: number;
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const text = (palette: Palette, size = 12) => ({ color: palette.secondary, fontSize: size, fontFamily: FONT_CONSOLE });
const tooltip = ({ palette }: Look) => ({
  backgroundColor: palette.surface,
  borderColor: palette.line,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: palette.ink, fontSize: 13, fontFamily: FONT_CONSOLE },
  confine: true,
});
const names = (bars: readonly { readonly name: string }[], { palette }: Look) => ({
  type: 'category',
  inverse: true,
  data: bars.map((bar) => bar.name),
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: { ...text(palette), color: palette.ink },
});
const colour = (look: Look, index: number): string => SERIES[look.mode][index] ?? look.palette.secondary;

/** Bars to the right speak for one person, bars to the left against; the weight is written beside each. */
export function weightsOption(bars: readonly WeightBar[], look: Look): EChartsCoreOption {
  const { palette } = look;
  const isCompared = bars.some((bar) => bar.other !== null);
  const bar = (read: (each: WeightBar) => number | null, isOther: boolean) => ({
    type: 'bar',
    barMaxWidth: isCompared ? 7 : 13,
    barGap: '10%',
    emphasis: { disabled: true },
    data: bars.map((each) => {
      const value = read(each);
      const isFor = (value ?? 0) >= 0;
      return {
        value,
        itemStyle: { color: colour(look, isFor ? 1 : 0), opacity: isOther ? 0.4 : 1, borderRadius: isFor ? [0, 2, 2, 0] : [2, 0, 0, 2] },
        label: { show: !isOther, position: isFor ? 'right' : 'left', formatter: look.say(value), ...text(palette, 11) },
      };
    }),
  });
  return {
    animation: false,
    grid: { left: 4, right: 40, top: 4, bottom: 4, containLabel: true },
    // Room for the labels of bars to the left, which would cover the names.
    xAxis: { type: 'value', min: (range: { min: number }) => Math.min(0, range.min) - 5, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: names(bars, look),
    tooltip: {
      ...tooltip(look),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const each = bars[dataIndex];
        return each === undefined
          ? ''
          : `${escapeHtml(each.name)} <b>${look.say(each.weight)}</b>${each.other === null ? '' : ` <span style="color:${palette.secondary}">${look.say(each.other)}</span>`}`;
      },
    },
    series: [bar((each) => each.weight, false), ...(isCompared ? [bar((each) => each.other, true)] : [])],
  };
}

/** Two bars for each result, from zero. */
export function ratesOption(bars: readonly RateBar[], seriesNames: readonly [string, string], look: Look): EChartsCoreOption {
  const { palette } = look;
  const series = (name: string, index: number, read: (bar: RateBar) => number) => ({
    type: 'bar',
    name,
    barMaxWidth: 14,
    emphasis: { disabled: true },
    itemStyle: { color: colour(look, index), borderRadius: [0, 3, 3, 0] },
    label: {
      show: true,
      position: 'right',
      formatter: ({ dataIndex }: { dataIndex: number }) => look.say(read(bars[dataIndex] as RateBar)),
      ...text(palette, 11),
    },
    data: bars.map(read),
  });
  return {
    animation: false,
    grid: { left: 4, right: 64, top: 30, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: text(palette) },
    xAxis: { type: 'value', min: 0, max: 1, axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: names(bars, look),
    tooltip: { ...tooltip(look), trigger: 'item', valueFormatter: (value: number) => look.say(value) },
    series: [series(seriesNames[0], 1, (bar) => bar.m), series(seriesNames[1], 6, (bar) => bar.u)],
  };
}

/** Pairs by score, stacked by verdict. Lines: where merging and review begin. */
export function scoresOption(
  bars: readonly ScoreBar[],
  verdicts: Readonly<Record<'match' | 'review' | 'no', string>>,
  marks: readonly { readonly at: number; readonly name: string }[],
  look: Look,
): EChartsCoreOption {
  const { palette } = look;
  const step = bars[0] === undefined ? 4 : bars[0].to - bars[0].from;
  const series = (verdict: 'match' | 'review' | 'no', index: number, isFirst: boolean) => ({
    type: 'bar',
    stack: 'pairs',
    name: verdicts[verdict],
    barCategoryGap: '8%',
    emphasis: { disabled: true },
    itemStyle: { color: colour(look, index) },
    data: bars.map((bar) => bar[verdict]),
    ...(!isFirst
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            lineStyle: { color: palette.secondary, type: 'dotted', width: 1 },
            label: { formatter: ({ data }: { data: { name: string } }) => data.name, ...text(palette, 11), position: 'end' },
            data: marks.flatMap(({ at, name }, i) => {
              const first = bars.findIndex((bar) => at < bar.to);
              // Neighbouring lines write to either side, else one word covers the other.
              return first < 0 ? [] : [{ name, xAxis: first, label: { align: i % 2 === 0 ? 'right' : 'left' } }];
            }),
          },
        }),
  });
  return {
    animation: false,
    grid: { left: 4, right: 16, top: 48, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: text(palette) },
    xAxis: {
      type: 'category',
      data: bars.map((bar) => String(bar.from + step / 2)),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...text(palette), hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      axisLabel: { ...text(palette), formatter: (value: number) => look.say(value) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    tooltip: { ...tooltip(look), trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (value: number) => look.say(value) },
    series: [series('no', 6, true), series('review', 0, false), series('match', 1, false)],
  };
}
