import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { MetricAnswer } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { figure } from '@xinglin/web-shared/format.ts';
import { cutTo } from '@xinglin/web-shared/halves.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Button, Input, Segmented, Select } from 'antd';
import { Link, useParams } from 'react-router';
import { useWords } from '../i18n.ts';
import { type MetricAddress, paths, useAddress } from '../paths.ts';
import { Page } from '../ui/Page.tsx';
import { Blocks, Loaded } from '../ui/States.tsx';
import { askOf, type Choice, choiceOf, GRAINS, RANGES } from './metric/ask.ts';
import { useDimensionName } from './metric/dimension.ts';
import { MetricChart } from './metric/MetricChart.tsx';
import { RowsPanel } from './metric/RowsPanel.tsx';

export default function MetricPage() {
  const { t, language } = useWords();
  const { metric: metricId = '' } = useParams();
  const [address, patch] = useAddress<MetricAddress>();
  // Asked without a range: tells the definition and the newest day there is.
  const base = useQuery({ queryKey: ['metric', metricId], queryFn: ({ signal }) => staffApi.metric(metricId, { grain: 'total' }, signal) });
  const info = base.data?.metric;
  const choice = base.data === undefined ? undefined : choiceOf(address, base.data.metric.dimensions, base.data.to);
  const answer = useQuery({
    queryKey: ['metric', metricId, choice],
    queryFn: ({ signal }) => staffApi.metric(metricId, choice === undefined ? {} : askOf(choice), signal),
    enabled: choice !== undefined,
    placeholderData: (before) => before,
  });
  const total = useQuery({
    queryKey: ['metric', metricId, 'total', choice?.from, choice?.to, choice?.where],
    queryFn: ({ signal }) => staffApi.metric(metricId, { grain: 'total', from: choice?.from, to: choice?.to, where: choice?.where }, signal),
    enabled: choice !== undefined,
    placeholderData: (before) => before,
  });
  const figureRow = total.data?.rows[0];
  const name = info === undefined ? '' : pick(info.name, language);
  return (
    <Page
      title={info === undefined ? t('nav.metrics') : name}
      back={
        <Link className="back" to={paths.metrics()}>
          <LeftOutlined aria-hidden />
          {t('metric.back')}
        </Link>
      }
      answer={
        info === undefined || figureRow === undefined ? (
          base.error === null ? null : (
            ''
          )
        ) : (
          <strong>{t('metric.totalIs', { name, value: figure(figureRow.value, info.unit, language) })}</strong>
        )
      }
      asOf={answer.data?.asOf}
      scope={answer.data?.scope}
      filters={choice !== undefined && info !== undefined && <Filters choice={choice} dimensions={info.dimensions} patch={patch} />}
    >
      <Loaded query={base.error === null ? answer : base} skeleton={<Blocks heights={[420, 140]} />}>
        {(loaded: MetricAnswer) =>
          choice !== undefined && (
            <div className="stack">
              <MetricChart answer={loaded} choice={choice} onPick={(period, group) => patch({ rows: `${period ?? ''}|${group ?? ''}` })} />
              <Definition answer={loaded} />
              <RowsPanel answer={loaded} choice={choice} rows={address.rows} onClose={() => patch({ rows: undefined })} />
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function Filters({
  choice,
  dimensions,
  patch,
}: {
  choice: Choice;
  dimensions: readonly string[];
  patch: (change: Partial<Record<keyof MetricAddress, string | undefined>>) => void;
}) {
  const { t } = useWords();
  const dimensionName = useDimensionName();
  return (
    <>
      <Select
        aria-label={t('metric.by')}
        style={{ width: 168 }}
        value={choice.by ?? ''}
        onChange={(by) => patch({ by, grain: undefined, rows: undefined })}
        options={[{ value: '', label: t('metric.noGroup') }, ...dimensions.map((dimension) => ({ value: dimension, label: dimensionName(dimension) }))]}
      />
      <Segmented
        aria-label={t('metric.grain')}
        value={choice.grain}
        onChange={(grain) => patch({ grain, rows: undefined })}
        options={GRAINS.map((grain) => ({ value: grain, label: t(`metric.${grain}`) }))}
      />
      <Segmented
        aria-label={t('metric.range')}
        value={choice.range}
        onChange={(range) =>
          patch(
            range === 'custom'
              ? { from: choice.from, to: choice.to, days: undefined, rows: undefined }
              : { days: range, from: undefined, to: undefined, rows: undefined },
          )
        }
        options={RANGES.map((range) => ({ value: range, label: range === 'custom' ? t('metric.custom') : t('metric.last', { days: range }) }))}
      />
      {choice.range === 'custom' && (
        <>
          <Input
            type="date"
            aria-label={t('metric.from')}
            style={{ width: 150 }}
            value={choice.from}
            max={choice.to}
            onChange={(event) => patch({ from: event.target.value })}
          />
          <Input
            type="date"
            aria-label={t('metric.to')}
            style={{ width: 150 }}
            value={choice.to}
            min={choice.from}
            onChange={(event) => patch({ to: event.target.value })}
          />
        </>
      )}
      {choice.where !== undefined && (
        <Button size="small" onClick={() => patch({ where: undefined })}>
          {t('metric.where', { where: choice.where })} ×
        </Button>
      )}
    </>
  );
}

function Definition({ answer: { metric } }: { answer: MetricAnswer }) {
  const { t, language } = useWords();
  return (
    <section className="card todo" aria-labelledby="definition-title">
      <h2 className="section-title" id="definition-title" style={{ marginBottom: 8 }}>
        {t('metric.definition')}
      </h2>
      <dl className="facts">
        <dt>{t('metrics.formula')}</dt>
        <dd>{pick(metric.formula, language)}</dd>
        <dt>{t('metrics.source')}</dt>
        <dd>{cutTo(metric.source, language)}</dd>
        <dt>{t('metrics.owner')}</dt>
        <dd>
          {cutTo(metric.owner, language)} · {metric.edition}
        </dd>
      </dl>
    </section>
  );
}
