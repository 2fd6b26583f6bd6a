import { useQuery } from '@tanstack/react-query';
import type { MetricInfo } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { listed } from '@xinglin/web-shared/format.ts';
import { cutTo } from '@xinglin/web-shared/halves.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Input } from 'antd';
import { Link, useNavigate } from 'react-router';
import { useWords } from '../i18n.ts';
import { type MetricsAddress, paths, useAddress } from '../paths.ts';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useDimensionName } from './metric/dimension.ts';

const DIRECTION = { up: 'up', down: 'down', none: 'neutral' } as const;
const ARROW = { up: '↑', down: '↓', none: '' } as const;

export default function MetricsPage() {
  const { t, language } = useWords();
  const [{ q = '' }, patch] = useAddress<MetricsAddress>();
  const navigate = useNavigate();
  const dimensionName = useDimensionName();
  const metrics = useQuery({ queryKey: ['metrics'], queryFn: ({ signal }) => staffApi.metrics(signal), staleTime: 600_000 });

  const columns: TableColumn<MetricInfo>[] = [
    {
      key: 'name',
      title: t('metrics.name'),
      isFixed: true,
      width: 220,
      render: (metric) => (
        <>
          <Link to={paths.metric(metric.id)}>{pick(metric.name, language)}</Link>
          <span className="sub">{metric.edition}</span>
        </>
      ),
    },
    { key: 'formula', title: t('metrics.formula'), render: (metric) => pick(metric.formula, language) },
    {
      key: 'direction',
      title: t('metrics.direction'),
      width: 108,
      render: (metric) => (
        <span className="nowrap">
          <span aria-hidden>{ARROW[metric.direction]}</span> {t(`metrics.${DIRECTION[metric.direction]}`)}
        </span>
      ),
    },
    {
      key: 'dimensions',
      title: t('metrics.dimensions'),
      isHidden: true,
      width: 160,
      render: (metric) => listed(metric.dimensions.map(dimensionName), language),
    },
    { key: 'source', title: t('metrics.source'), width: 260, render: (metric) => cutTo(metric.source, language) },
    { key: 'owner', title: t('metrics.owner'), width: 110, render: (metric) => cutTo(metric.owner, language) },
  ];

  const wanted = q.trim().toLowerCase();
  const rows = (metrics.data?.rows ?? []).filter((metric) =>
    [metric.id, metric.name.zh, metric.name.en, metric.formula.zh, metric.formula.en, metric.owner].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <Page
      title={t('metrics.title')}
      answer={metrics.data === undefined ? null : t('metrics.answer', { count: metrics.data.rows.length })}
      filters={
        <Input.Search
          allowClear
          aria-label={t('metrics.search')}
          placeholder={t('metrics.search')}
          style={{ width: 360 }}
          defaultValue={q}
          onChange={(event) => patch({ q: event.target.value })}
        />
      }
    >
      <Loaded query={metrics} skeleton={<Blocks heights={[44, 600]} />}>
        {() => (
          <DataTable
            id="metrics"
            caption={t('metrics.caption')}
            columns={columns}
            rows={rows}
            total={rows.length}
            keyOf={(metric) => metric.id}
            onOpen={(metric) => void navigate(paths.metric(metric.id))}
            empty={<Empty>{wanted === '' ? t('metrics.none') : t('metrics.empty', { q })}</Empty>}
          />
        )}
      </Loaded>
    </Page>
  );
}
