import type { MetricAnswer } from '@xinglin/contracts/api.ts';
import { count, figure, figureShort, monthDay } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useCallback, useMemo } from 'react';
import { spreadOf, trendOf } from '../../findings.ts';
import { useWords } from '../../i18n.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Figure } from '../../ui/chart/Figure.tsx';
import { barsOption, type Line, SMALL_N, trendOption } from '../../ui/chart/options.ts';
import { useLook } from '../../ui/chart/use-look.ts';
import { holidaysBetween } from '../../ui/holidays.ts';
import type { Choice } from './ask.ts';

type Row = MetricAnswer['rows'][number];
/** A chart says more with fewer: the rest is in the table. */
const BARS_MAX = 20;
const LINES_MAX = 7;
const HEIGHT = 360;

export function MetricChart({
  answer,
  choice,
  onPick,
}: {
  answer: MetricAnswer;
  choice: Choice;
  onPick: (period: string | null, group: string | null) => void;
}) {
  const { t, language } = useWords();
  const { metric } = answer;
  const say = useCallback((value: number | null) => figure(value, metric.unit, language), [metric.unit, language]);
  const sayShort = useCallback((value: number | null) => figureShort(value, metric.unit, language), [metric.unit, language]);
  const look = useLook(sayShort, monthDay);
  const nameOf = useCallback(
    (row: Row): string => (row.groupName === null ? (row.group ?? t('state.unmapped')) : pick(row.groupName, language)),
    [t, language],
  );
  const isBars = choice.grain === 'total' && choice.by !== undefined;

  const bars = useMemo(() => [...answer.rows].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity)).slice(0, BARS_MAX), [answer.rows]);
  const lines = useMemo(() => linesOf(answer, choice, nameOf, pick(metric.name, language)), [answer, choice, nameOf, metric.name, language]);
  const option = useMemo(() => {
    if (isBars)
      return barsOption(
        bars.map((row) => ({ id: row.group ?? '', name: nameOf(row), value: row.value, n: row.n })),
        look,
      );
    const days = new Set(lines.flatMap((line) => line.points.map((point) => point.day)));
    const marks = choice.grain === 'day' ? holidaysBetween(choice.from, choice.to).filter((mark) => days.has(mark.day)) : [];
    return trendOption(
      lines,
      marks.map(({ day, holiday }) => ({ day, name: t(`holiday.${holiday}`) })),
      look,
    );
  }, [isBars, bars, lines, look, nameOf, choice, t]);

  const title = useTitle(answer, choice, nameOf, say);
  const groups = new Set(answer.rows.map((row) => row.group)).size;
  const left = groups - (isBars ? BARS_MAX : LINES_MAX);
  const isSmall = answer.rows.some((row) => row.n > 0 && row.n < SMALL_N);
  const days = [...new Set(lines.flatMap((line) => line.points.map((point) => point.day)))].sort();
  const pickAt = (index: number): void => {
    if (isBars) {
      const row = bars[index];
      if (row !== undefined) onPick(null, row.group);
    } else {
      const day = days[index];
      if (day !== undefined) onPick(day, null);
    }
  };
  return (
    <Figure
      title={title}
      note={
        <>
          {answer.from} – {answer.to} · {t('metric.clickHint')}
          {isSmall && ` · ${t('chart.few', { n: SMALL_N })}`}
          {left > 0 && ` · ${t('metric.others', { count: left })}`}
        </>
      }
      height={HEIGHT}
      head={[
        t('chart.period'),
        t('chart.group'),
        t('chart.value'),
        t('chart.lower'),
        t('chart.upper'),
        t('metric.numerator'),
        t('metric.denominator'),
        t('chart.n'),
      ]}
      rows={answer.rows.map((row) => [
        row.period,
        row.group === null && choice.by === undefined ? null : nameOf(row),
        row.value,
        row.lower,
        row.upper,
        row.numerator,
        row.denominator,
        row.n,
      ])}
      shown={answer.rows.map((row) => [
        row.period,
        row.group === null && choice.by === undefined ? null : nameOf(row),
        say(row.value),
        say(row.lower),
        say(row.upper),
        count(row.numerator, language),
        count(row.denominator, language),
        count(row.n, language),
      ])}
    >
      <Chart
        height={isBars ? Math.max(120, Math.min(bars.length, BARS_MAX) * 34) : HEIGHT}
        option={option}
        label={t('chart.description', { title })}
        onPick={pickAt}
      />
    </Figure>
  );
}

function linesOf(answer: MetricAnswer, choice: Choice, nameOf: (row: Row) => string, metricName: string): Line[] {
  const byGroup = new Map<string, Row[]>();
  for (const row of answer.rows) {
    const key = row.group ?? '';
    byGroup.set(key, [...(byGroup.get(key) ?? []), row]);
  }
  const size = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.n, 0);
  const largest = [...byGroup.entries()].sort(([, a], [, b]) => size(b) - size(a)).slice(0, LINES_MAX);
  return largest.map(([group, rows]) => ({
    id: group === '' ? answer.metric.id : group,
    name: choice.by === undefined || rows[0] === undefined ? metricName : nameOf(rows[0]),
    hasBand: largest.length === 1,
    points: rows
      .map((row) => ({ day: row.period ?? answer.from, value: row.value, lower: row.lower, upper: row.upper, n: row.n }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
  }));
}

function useTitle(answer: MetricAnswer, choice: Choice, nameOf: (row: Row) => string, say: (value: number | null) => string): string {
  const { t, language } = useWords();
  const name = pick(answer.metric.name, language);
  if (choice.by !== undefined) {
    const groups = choice.grain === 'total' ? answer.rows : latestRows(answer.rows);
    const spread = spreadOf(groups, SMALL_N);
    if (spread === null) return name;
    const words = { name: nameOf(spread.highest), value: say(spread.highest.value) };
    if (spread.highest === spread.lowest) return t('metric.oneGroup', words);
    const ends = { highest: nameOf(spread.highest), high: say(spread.highest.value), lowest: nameOf(spread.lowest), low: say(spread.lowest.value) };
    return spread.times === null ? t('metric.spreadPlain', ends) : t('metric.spread', { ...ends, times: spread.times.toFixed(1) });
  }
  const ordered = [...answer.rows].sort((a, b) => ((a.period ?? '') < (b.period ?? '') ? -1 : 1));
  const trend = trendOf(ordered.map((row) => row.value));
  if (trend === null) return t('metric.totalIs', { name, value: say(ordered.at(-1)?.value ?? null) });
  const words = { name, from: say(trend.from), to: say(trend.to) };
  return t(trend.movement === 'up' ? 'metric.rose' : trend.movement === 'down' ? 'metric.fell' : 'metric.flat', words);
}

const latestRows = (rows: readonly Row[]): Row[] => {
  const latest = rows
    .map((row) => row.period ?? '')
    .sort()
    .at(-1);
  return rows.filter((row) => (row.period ?? '') === latest);
};
