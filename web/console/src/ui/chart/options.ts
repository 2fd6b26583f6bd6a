/** ECharts options from our tokens: bars from zero, direct labels up to four series, intervals as bands, small numbers grey. */
import { FONT_CONSOLE, type Palette, SERIES, seriesIndexes } from '@xinglin/web-shared/tokens.ts';
import type { EChartsCoreOption } from 'echarts/core';

/** Below this many observations a figure is drawn grey and its n is written beside it. */
export const SMALL_N = 30;
/** More series than this get a legend instead of labels at the line's end. */
const DIRECT_LABELS_MAX = 4;

export interface Look {
  readonly mode: 'light' | 'dark';
  readonly palette: Palette;
  /** A value as text, with its unit. */
  readonly say: (value: number | null) => string;
  /** A day or period as the axis writes it. */
  readonly sayDay: (day: string) => string;
}
export interface Point {
  readonly day: string;
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly n: number;
}
export interface Line {
  readonly id: string;
  readonly name: string;
  readonly points: readonly Point[];
  /** Draw the interval of this line. */
  readonly hasBand: boolean;
}
export interface Mark {
  readonly day: string;
  readonly name: string;
}

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const tooltip = (look: Look) => ({
  backgroundColor: look.palette.surface,
  borderColor: look.palette.line,
  borderWidth: 1,
  padding: [8, 12],
  textStyle: { color: look.palette.ink, fontSize: 13, fontFamily: FONT_CONSOLE },
  extraCssText: 'box-shadow:0 4px 16px rgba(31,42,51,.10);border-radius:6px',
  confine: true,
});
const axisText = (look: Look) => ({ color: look.palette.secondary, fontSize: 12, fontFamily: FONT_CONSOLE });

/** Lines over days. The value axis is fitted to the data: a trend is read by its slope, bars by their length. */
export function trendOption(lines: readonly Line[], marks: readonly Mark[], look: Look): EChartsCoreOption {
  const { palette } = look;
  const colours = seriesIndexes(lines.map((line) => line.id)).map((index) => SERIES[look.mode][index] ?? palette.secondary);
  const days = [...new Set(lines.flatMap((line) => line.points.map((point) => point.day)))].sort();
  // The title names a single line; a label would only take its room.
  const isLabelled = lines.length > 1 && lines.length <= DIRECT_LABELS_MAX;
  const hasLegend = lines.length > DIRECT_LABELS_MAX;
  const placed = placeMarks(marks, days);
  const longestName = Math.max(0, ...lines.map((line) => [...line.name].length));
  const series = lines.flatMap((line, i) => {
    const byDay = new Map(line.points.map((point) => [point.day, point]));
    const at = (read: (point: Point) => number | null): (number | null)[] => days.map((day) => read(byDay.get(day) ?? EMPTY_POINT));
    const colour = colours[i] ?? palette.secondary;
    return [
      ...(line.hasBand ? band(line.id, at, colour) : []),
      drawnLine(
        line,
        at((point) => point.value),
        colour,
        isLabelled,
        i === 0 ? placed : [],
        look,
      ),
    ];
  });
  return {
    animation: false,
    aria: { enabled: false },
    grid: {
      left: 4,
      right: isLabelled ? Math.min(150, 30 + longestName * 13) : 16,
      top: (hasLegend ? 40 : 22) + MARK_ROW_HEIGHT * Math.max(0, ...placed.map((mark) => mark.row)),
      bottom: 4,
      containLabel: true,
    },
    ...(!hasLegend ? {} : { legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 14, itemHeight: 3, textStyle: axisText(look) } }),
    xAxis: {
      type: 'category',
      data: days,
      boundaryGap: false,
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...axisText(look), formatter: look.sayDay, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      scale: true,
      splitNumber: 4,
      axisLabel: { ...axisText(look), formatter: (value: number) => look.say(value) },
      splitLine: { lineStyle: { color: palette.line } },
    },
    tooltip: {
      ...tooltip(look),
      trigger: 'axis',
      axisPointer: { lineStyle: { color: palette.secondary, type: 'dashed' } },
      formatter: (items: { dataIndex: number }[]) => {
        const day = days[items[0]?.dataIndex ?? 0] ?? '';
        const rows = lines.map((line, i) => {
          const point = line.points.find((each) => each.day === day) ?? EMPTY_POINT;
          const interval =
            point.lower === null || point.upper === null
              ? ''
              : ` <span style="color:${palette.secondary}">${look.say(point.lower)}–${look.say(point.upper)}</span>`;
          return `<div style="display:flex;gap:8px;align-items:baseline"><span style="width:10px;height:3px;background:${colours[i]};align-self:center"></span>${escapeHtml(line.name)}<b style="margin-left:auto;padding-left:16px">${look.say(point.value)}</b>${interval}<span style="color:${palette.secondary}">n=${point.n}</span></div>`;
        });
        return `<div style="color:${palette.secondary}">${day}</div>${rows.join('')}`;
      },
    },
    series,
  };
}

const MARK_ROW_HEIGHT = 14;
/** Of the narrowest chart with marks; a wider one only has more room between them. */
const MARKS_WIDTH = 620;
const MARK_GAP = 8;
/** Chinese characters are as wide as they are high at 11 px, others about half. */
const widthOf = (text: string): number => [...text].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 11 : 6.2), 0);

interface PlacedMark extends Mark {
  /** 0 stands on the chart, each further row above it. */
  readonly row: number;
  /** Pixels aside, so that a name at the edge stays within the picture. */
  readonly shift: number;
}
/** Names of marks near one another stand in rows instead of over each other. */
export function placeMarks(marks: readonly Mark[], days: readonly string[]): PlacedMark[] {
  const ends: number[] = [];
  return [...marks]
    .sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0))
    .map((mark) => {
      const [half, at] = [widthOf(mark.name) / 2, (days.indexOf(mark.day) / Math.max(1, days.length - 1)) * MARKS_WIDTH];
      const middle = Math.min(Math.max(at, half), MARKS_WIDTH - half);
      const free = ends.findIndex((end) => middle - half >= end + MARK_GAP);
      const row = free === -1 ? ends.length : free;
      ends[row] = middle + half;
      return { ...mark, row, shift: Math.round(middle - at) };
    });
}

const EMPTY_POINT: Point = { day: '', value: null, lower: null, upper: null, n: 0 };

/** Two stacked lines without strokes; the area between them is the interval. */
function band(id: string, at: (read: (point: Point) => number | null) => (number | null)[], colour: string): object[] {
  const shared = {
    type: 'line',
    stack: `band-${id}`,
    stackStrategy: 'all',
    lineStyle: { opacity: 0 },
    symbol: 'none',
    silent: true,
    tooltip: { show: false },
    z: 1,
  };
  return [
    { ...shared, name: `${id}-lower`, data: at((point) => point.lower) },
    {
      ...shared,
      name: `${id}-upper`,
      data: at((point) => (point.lower === null || point.upper === null ? null : point.upper - point.lower)),
      areaStyle: { color: colour, opacity: 0.14 },
    },
  ];
}

function drawnLine(line: Line, data: (number | null)[], colour: string, isLabelled: boolean, placed: readonly PlacedMark[], look: Look): object {
  const known = data.filter((value) => value !== null).length;
  return {
    type: 'line',
    id: line.id,
    name: line.name,
    data,
    showSymbol: known <= 16,
    symbol: 'circle',
    symbolSize: 6,
    lineStyle: { width: 2.2, color: colour },
    itemStyle: { color: colour },
    emphasis: { disabled: true },
    connectNulls: false,
    z: 3,
    ...(isLabelled
      ? {
          endLabel: { show: true, formatter: () => line.name, color: look.palette.ink, fontSize: 12, fontFamily: FONT_CONSOLE, distance: 8 },
          labelLayout: { moveOverlap: 'shiftY' },
        }
      : {}),
    ...(placed.length === 0
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            lineStyle: { color: look.palette.secondary, type: 'dotted', width: 1, opacity: 0.6 },
            label: {
              formatter: ({ data: mark }: { data: { name: string } }) => mark.name,
              color: look.palette.secondary,
              fontSize: 11,
              fontFamily: FONT_CONSOLE,
              position: 'end',
            },
            data: placed.map((mark) => ({ name: mark.name, xAxis: mark.day, label: { offset: [mark.shift, -MARK_ROW_HEIGHT * mark.row] } })),
          },
        }),
  };
}

export interface Bar {
  readonly id: string;
  readonly name: string;
  readonly value: number | null;
  readonly n: number;
}

/** Horizontal bars from zero, best first as given; the value is written at the end of each. */
export function barsOption(bars: readonly Bar[], look: Look): EChartsCoreOption {
  const { palette } = look;
  return {
    animation: false,
    grid: { left: 4, right: 96, top: 4, bottom: 4, containLabel: true },
    xAxis: { type: 'value', min: (range: { min: number }) => Math.min(0, range.min), axisLabel: { show: false }, splitLine: { show: false } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: bars.map((bar) => bar.name),
      axisLine: { lineStyle: { color: palette.line } },
      axisTick: { show: false },
      axisLabel: { ...axisText(look), color: palette.ink, fontSize: 13, width: 150, overflow: 'truncate' },
    },
    tooltip: {
      ...tooltip(look),
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const bar = bars[dataIndex];
        return bar === undefined ? '' : `${escapeHtml(bar.name)} <b>${look.say(bar.value)}</b> <span style="color:${palette.secondary}">n=${bar.n}</span>`;
      },
    },
    series: [
      {
        type: 'bar',
        barMaxWidth: 18,
        cursor: 'pointer',
        emphasis: { disabled: true },
        data: bars.map((bar) => ({
          value: bar.value,
          itemStyle: { color: bar.n < SMALL_N ? palette.line : (SERIES[look.mode][0] ?? palette.accent), borderRadius: [0, 3, 3, 0] },
          label: {
            formatter: bar.n < SMALL_N ? `${look.say(bar.value)}  n=${bar.n}` : look.say(bar.value),
            color: bar.n < SMALL_N ? palette.secondary : palette.ink,
          },
        })),
        label: { show: true, position: 'right', fontSize: 12, fontFamily: FONT_CONSOLE },
      },
    ],
  };
}

/** A line without axes, as wide as its tile. */
export function sparkOption(values: readonly (number | null)[], entity: string | null, look: Look): EChartsCoreOption {
  const colour = entity === null ? look.palette.secondary : (SERIES[look.mode][seriesIndexes([entity])[0] ?? 0] ?? look.palette.secondary);
  return {
    animation: false,
    grid: { left: 1, right: 4, top: 4, bottom: 2 },
    xAxis: { type: 'category', show: false, boundaryGap: false, data: values.map((_, i) => i) },
    yAxis: { type: 'value', show: false, scale: true },
    series: [
      {
        type: 'line',
        data: values,
        silent: true,
        showSymbol: false,
        lineStyle: { width: 1.6, color: colour },
        areaStyle: { color: colour, opacity: 0.06 },
        emphasis: { disabled: true },
      },
    ],
  };
}
