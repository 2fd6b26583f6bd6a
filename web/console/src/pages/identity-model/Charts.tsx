import type { ModelDetail } from '@xinglin/contracts/api.ts';
import { decimal, percent } from '@xinglin/web-shared/format.ts';
import { Select } from 'antd';
import { useCallback, useMemo } from 'react';
import { useWords } from '../../i18n.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Figure } from '../../ui/chart/Figure.tsx';
import { useLook } from '../../ui/chart/use-look.ts';
import { extremesOf, type Graded, gradesOf } from './findings.ts';
import { useGradeName } from './names.ts';
import { ratesOption, weightsOption } from './options.ts';

const ROW_HEIGHT = 21;
const plain = (day: string): string => day;

/** What each result of a comparison is worth, beside another version where one is chosen. */
export function WeightsChart({ model, other }: { model: ModelDetail; other: ModelDetail | undefined }) {
  const { t, language } = useWords();
  const { fieldName, gradeName } = useGradeName();
  const say = useCallback((value: number | null) => (value === null ? '–' : `${value > 0 ? '+' : ''}${decimal(value, language)}`), [language]);
  const look = useLook(say, plain);
  const graded = useMemo(() => gradesOf(model, other), [model, other]);
  const name = useCallback((each: Graded): string => `${fieldName(each.field)} · ${gradeName(each.grade)}`, [fieldName, gradeName]);
  const option = useMemo(() => weightsOption(graded.map((each) => ({ name: name(each), weight: each.weight, other: each.other })), look), [graded, name, look]); // biome-ignore format: one call
  const ends = extremesOf(graded);
  const title =
    ends === null
      ? ''
      : t('identityModel.weightsTitle', {
          best: name(ends.best),
          bestWeight: say(ends.best.weight),
          worst: name(ends.worst),
          worstWeight: say(ends.worst.weight),
        });
  const height = Math.max(240, graded.length * ROW_HEIGHT);
  return (
    <Figure
      title={title}
      note={
        <>
          {t('identityModel.weightsNote')}
          {other !== undefined && t('identityModel.weightsNoteWith', { edition: model.edition, other: other.edition })}
        </>
      }
      height={height}
      head={[
        t('identityModel.field'),
        t('identityModel.grade'),
        t('identityModel.m'),
        t('identityModel.u'),
        t('identityModel.weight'),
        ...(other === undefined ? [] : [t('identityModel.weightWith', { edition: other.edition })]),
      ]}
      rows={graded.map((each) => [fieldName(each.field), gradeName(each.grade), each.m, each.u, each.weight, ...(other === undefined ? [] : [each.other])])}
      shown={graded.map((each) => [
        fieldName(each.field),
        gradeName(each.grade),
        share(each.m, language),
        share(each.u, language),
        say(each.weight),
        ...(other === undefined ? [] : [say(each.other)]),
      ])}
    >
      <Chart height={height} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}

/** A share that may be very small is written so that it is not taken for none. */
function share(value: number, language: Parameters<typeof percent>[1]): string {
  if (value === 0 || value >= 0.001) return percent(value, language);
  return value
    .toExponential(1)
    .replace('e-', '×10⁻')
    .replace(/⁻(\d+)$/, (_, digits: string) => `⁻${[...digits].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`);
}

/** How often each result of one field shows, among one person's records and among strangers. */
export function RatesChart({ model, field, onField }: { model: ModelDetail; field: string | undefined; onField: (field: string) => void }) {
  const { t, language } = useWords();
  const { fieldName, gradeName } = useGradeName();
  const say = useCallback((value: number | null) => (value === null ? '–' : share(value, language)), [language]);
  const look = useLook(say, plain);
  const chosen = model.fields.find((each) => each.field === field) ?? model.fields[0];
  const series = useMemo(() => [t('identityModel.seriesM'), t('identityModel.seriesU')] as const, [t]);
  const option = useMemo(() => ratesOption((chosen?.grades ?? []).map(({ grade, m, u }) => ({ name: gradeName(grade), m, u })), series, look), [chosen, series, look, gradeName]); // biome-ignore format: one call
  if (chosen === undefined) return null;
  const name = fieldName(chosen.field);
  const same = chosen.grades.find(({ grade }) => grade === 'same');
  const title = t('identityModel.ratesTitle', { field: name, m: say(same?.m ?? null), u: say(same?.u ?? null) });
  const height = Math.max(160, chosen.grades.length * 44 + 30);
  return (
    <Figure
      title={title}
      note={t('identityModel.ratesNote', { field: name })}
      height={height}
      extra={
        <Select
          size="small"
          aria-label={t('identityModel.field')}
          style={{ width: 128 }}
          value={chosen.field}
          onChange={onField}
          options={model.fields.map((each) => ({ value: each.field, label: fieldName(each.field) }))}
        />
      }
      head={[t('identityModel.grade'), t('identityModel.m'), t('identityModel.u')]}
      rows={chosen.grades.map(({ grade, m, u }) => [gradeName(grade), m, u])}
      shown={chosen.grades.map(({ grade, m, u }) => [gradeName(grade), say(m), say(u)])}
    >
      <Chart height={height} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}
