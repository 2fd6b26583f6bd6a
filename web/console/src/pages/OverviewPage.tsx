import { useQuery } from '@tanstack/react-query';
import type { BrandIndex, Overview } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { capital, count, decimal, listed, monthDay } from '@xinglin/web-shared/format.ts';
import { type Language, pick } from '@xinglin/web-shared/language.ts';
import { Progress, Segmented } from 'antd';
import { useCallback, useMemo } from 'react';
import { Link } from 'react-router';
import { movementOf } from '../findings.ts';
import { useWords } from '../i18n.ts';
import { type OverviewAddress, oneOf, paths, useAddress } from '../paths.ts';
import { useMay } from '../session.tsx';
import { Chart } from '../ui/chart/Chart.tsx';
import { Figure } from '../ui/chart/Figure.tsx';
import { trendOption } from '../ui/chart/options.ts';
import { useLook } from '../ui/chart/use-look.ts';
import { holidaysBetween } from '../ui/holidays.ts';
import { Page } from '../ui/Page.tsx';
import { Blocks, Loaded } from '../ui/States.tsx';
import { IndexCard, MethodPopover } from './overview/IndexCard.tsx';
import { Tiles } from './overview/Tiles.tsx';

const RANGES = ['30', '90', '365'] as const;
/** While data loads the page follows it; otherwise figures change by the minute at most. */
const REFRESH_LOADING_MS = 2_000;
const REFRESH_MS = 60_000;

export default function OverviewPage() {
  const { t, language } = useWords();
  const [address, patch] = useAddress<OverviewAddress>();
  const days = oneOf(address.days, RANGES, '90');
  const overview = useQuery({
    queryKey: ['overview', days],
    queryFn: ({ signal }) => staffApi.overview(Number(days), signal),
    refetchInterval: ({ state }) => (state.data?.loading?.isDone === false ? REFRESH_LOADING_MS : REFRESH_MS),
    placeholderData: (before) => before,
  });
  const data = overview.data;
  return (
    <Page
      title={t('overview.title')}
      answer={data === undefined ? overview.error === null ? null : '' : <Answer overview={data} />}
      asOf={data?.asOf}
      scope={data?.scope}
      action={
        <Segmented
          aria-label={t('overview.days')}
          value={days}
          onChange={(next) => patch({ days: next })}
          options={RANGES.map((range) => ({ value: range, label: t('overview.last', { days: range }) }))}
        />
      }
    >
      {data?.loading?.isDone === false && <LoadingBanner loading={data.loading} language={language} />}
      <Loaded query={overview} skeleton={<Skeleton />}>
        {(loaded) => <Body overview={loaded} days={days} chosen={address.index} onChoose={(index) => patch({ index })} />}
      </Loaded>
    </Page>
  );
}

function Skeleton() {
  return (
    <div className="stack">
      <Blocks columns={3} heights={[188, 188, 188]} />
      <Blocks columns={1} heights={[388, 240]} />
    </div>
  );
}

function Answer({ overview: { indices } }: { overview: Overview }) {
  const { t, language } = useWords();
  const named = (movement: string): string =>
    new Intl.ListFormat(language).format(indices.filter((index) => movementOf(index) === movement).map((index) => pick(index.name, language)));
  if (indices.every((index) => index.value === null)) return t('overview.answerNone');
  const [up, down] = [named('up'), named('down')];
  const sentences = [up === '' ? '' : t('overview.answerUp', { names: up }), down === '' ? '' : t('overview.answerDown', { names: down })].filter(Boolean);
  return <strong>{sentences.length === 0 ? t('overview.answerFlat') : sentences.join(language === 'en' ? ' ' : '')}</strong>;
}

function LoadingBanner({ loading, language }: { loading: NonNullable<Overview['loading']>; language: Language }) {
  const { t } = useWords();
  const share = loading.expected === 0 ? 0 : Math.min(100, (loading.loaded / loading.expected) * 100);
  return (
    <section className="loading-banner" aria-label={t('loading')}>
      <span>{t('overview.loading', { phase: pick(loading.phase, language) })}</span>
      <Progress percent={share} showInfo={false} aria-label={t('loading')} />
      <span className="num">{t('overview.loadingCount', { loaded: count(loading.loaded, language), expected: count(loading.expected, language) })}</span>
      <p className="note">{t('overview.loadingPartial')}</p>
    </section>
  );
}

function Body({ overview, days, chosen, onChoose }: { overview: Overview; days: string; chosen: string | undefined; onChoose: (index: string) => void }) {
  const index = overview.indices.find((each) => each.id === chosen) ?? overview.indices[0];
  return (
    <div className="stack">
      <div className="index-row">
        {overview.indices.map((each) => (
          <IndexCard key={each.id} index={each} isChosen={each.id === index?.id} onChoose={() => onChoose(each.id)} />
        ))}
      </div>
      <div className="grid two-thirds" style={{ gridTemplateColumns: 'minmax(0, 1fr) 300px' }}>
        {index !== undefined && <IndexTrend index={index} days={days} />}
        <div className="stack">
          <Todo overview={overview} />
          {index !== undefined && <Parts index={index} />}
        </div>
      </div>
      <Tiles tiles={overview.tiles} days={days} />
    </div>
  );
}

function IndexTrend({ index, days }: { index: BrandIndex; days: string }) {
  const { t, language } = useWords();
  const say = useCallback((value: number | null) => decimal(value, language), [language]);
  const look = useLook(say, monthDay);
  const name = pick(index.name, language);
  // What stood before the last part began to count rests on fewer parts and is not compared with.
  const since =
    index.joined
      .map(({ day }) => day)
      .sort()
      .at(-1) ?? '';
  const known = index.series.filter((point) => point.value !== null && point.day >= since);
  const first = known[0]?.value ?? null;
  const last = known.at(-1);
  const moved = first === null || last === undefined || last.value === null ? null : last.value - first;
  const movement = last === undefined ? 'none' : movementOf({ ...last, change: moved });
  const words = { name, days, value: decimal(last?.value ?? null, language), change: decimal(moved === null ? null : Math.abs(moved), language) };
  const isJoined = index.joined.length > 0 && last !== undefined;
  const title = isJoined
    ? t('overview.trendJoined', {
        ...words,
        parts: listed(
          index.joined.map((each) => pick(each.name, language)),
          language,
        ),
      })
    : t(({ up: 'overview.trendUp', down: 'overview.trendDown', flat: 'overview.trendFlat', none: 'overview.trendNone' } as const)[movement], words);
  const option = useMemo(() => {
    const marks = [
      ...holidaysBetween(index.series[0]?.day ?? '', index.series.at(-1)?.day ?? '').map(({ day, holiday }) => ({ day, name: t(`holiday.${holiday}`) })),
      ...index.joined.map((each) => ({ day: each.day, name: t('overview.joined', { part: pick(each.name, language) }) })),
    ];
    const isKnown = new Set(index.series.map((point) => point.day));
    return trendOption(
      [{ id: index.id, name, points: index.series, hasBand: true }],
      marks.filter((mark) => isKnown.has(mark.day)),
      look,
    );
  }, [index, look, name, language, t]);
  return (
    <Figure
      title={title}
      note={t('overview.trendNote')}
      height={280}
      head={[t('chart.day'), t('chart.value'), t('chart.lower'), t('chart.upper'), t('chart.n')]}
      rows={index.series.map((point) => [point.day, point.value, point.lower, point.upper, point.n])}
      shown={index.series.map((point) => [point.day, say(point.value), say(point.lower), say(point.upper), count(point.n, language)])}
      extra={<MethodPopover index={index} />}
    >
      <Chart height={280} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}

/** What the index is made of, weakest part named. */
function Parts({ index }: { index: BrandIndex }) {
  const { t, language } = useWords();
  const known = index.parts.filter((part) => part.value !== null);
  const lowest = [...known].sort((a, b) => (a.value ?? 0) - (b.value ?? 0))[0];
  const name = pick(index.name, language);
  return (
    <section className="card todo">
      <h2 className="section-title">
        {lowest === undefined || known.length < 2
          ? t('overview.partsTitle', { name, count: index.parts.length })
          : capital(t('overview.partsTitleLow', { name, part: pick(lowest.name, language) }))}
      </h2>
      <table className="plain-table">
        <caption className="sr-only">{t('overview.partsTitle', { name, count: index.parts.length })}</caption>
        <thead>
          <tr>
            <th scope="col">{t('overview.part')}</th>
            <th scope="col" className="right">
              {t('overview.weight')}
            </th>
            <th scope="col" className="right">
              {t('chart.value')}
            </th>
          </tr>
        </thead>
        <tbody>
          {index.parts.map((part) => (
            <tr key={part.id}>
              <td>{capital(pick(part.name, language))}</td>
              <td className="right zero">{decimal(part.weight * 100, language, 0)}%</td>
              <td className={`right num ${part === lowest && known.length > 1 ? 'tone-bad' : ''}`} title={`n=${part.n}`}>
                {decimal(part.value, language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Todo({ overview: { openCases, dueFollowUps } }: { overview: Overview }) {
  const { t, language } = useWords();
  const may = useMay();
  const items = [
    { key: 'cases', name: t('overview.openCases'), to: paths.cases(), isOpen: may('case.read'), ...openCases },
    { key: 'followUps', name: t('overview.dueFollowUps'), to: paths.followUps(), isOpen: may('followup.read'), ...dueFollowUps },
  ];
  return (
    <section className="card todo" aria-labelledby="todo-title">
      <h2 className="section-title" id="todo-title" style={{ marginBottom: 10 }}>
        {t('overview.todo')}
      </h2>
      {items.map((item) => {
        const content = (
          <>
            <span className="todo-name">{item.name}</span>
            <b>{count(item.total, language)}</b>
            {item.overdue > 0 ? (
              <span className="badge bad" style={{ justifySelf: 'start' }}>
                <span aria-hidden className="badge-shape">
                  ■
                </span>
                {t('overview.overdue', { count: item.overdue })}
              </span>
            ) : (
              <span className="note">{t('overview.onTime')}</span>
            )}
            {item.isOpen && <span className="note tone-link">{t('overview.open')} ›</span>}
          </>
        );
        return item.isOpen ? (
          <Link key={item.key} className="todo-item" to={item.to}>
            {content}
          </Link>
        ) : (
          <div key={item.key} className="todo-item">
            {content}
          </div>
        );
      })}
    </section>
  );
}
