import { UploadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { SourceRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, instant } from '@xinglin/web-shared/format.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { useWords } from '../i18n.ts';
import { type SourcesAddress, useAddress } from '../paths.ts';
import { useMay } from '../session.tsx';
import { Act } from '../ui/Act.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useFormatName } from './sources/names.ts';
import { SourcePanel } from './sources/SourcePanel.tsx';
import { UploadPanel } from './sources/UploadPanel.tsx';

/** Figures move while a file is being filed. */
const REFRESH_BUSY_MS = 3_000;
const REFRESH_MS = 30_000;

export default function SourcesPage() {
  const { t, language } = useWords();
  const may = useMay();
  const formatName = useFormatName();
  const [address, patch] = useAddress<SourcesAddress>();
  const sources = useQuery({
    queryKey: ['sources'],
    queryFn: ({ signal }) => staffApi.sources(signal),
    refetchInterval: ({ state }) => (state.data?.rows.some((row) => row.waiting > 0) === true ? REFRESH_BUSY_MS : REFRESH_MS),
  });
  const rows = sources.data?.rows ?? [];
  const number = (value: number, tone = ''): React.ReactNode => <span className={`num ${value === 0 ? 'zero' : tone}`}>{count(value, language)}</span>;

  const columns: TableColumn<SourceRow>[] = [
    {
      key: 'source',
      title: t('sources.source'),
      isFixed: true,
      render: (row) => (
        <>
          <strong>{pickName(row, language)}</strong>
          <span className="sub">{row.source}</span>
        </>
      ),
    },
    { key: 'types', title: t('sources.types'), width: 130, render: (row) => row.types.map(formatName).join(' · ') },
    { key: 'accepted', title: t('sources.accepted'), width: 100, align: 'right', render: (row) => number(row.accepted) },
    { key: 'accepted24h', title: t('sources.accepted24h'), width: 104, align: 'right', render: (row) => number(row.accepted24h) },
    { key: 'duplicate', title: t('sources.duplicate'), hint: t('sources.duplicateHint'), width: 90, align: 'right', render: (row) => number(row.duplicate) },
    {
      key: 'rejected',
      title: t('sources.rejected'),
      hint: t('sources.rejectedHint'),
      width: 80,
      align: 'right',
      render: (row) => number(row.rejected, 'tone-bad'),
    },
    {
      key: 'quarantined',
      title: t('sources.quarantined'),
      hint: t('sources.quarantinedHint'),
      width: 80,
      align: 'right',
      render: (row) => number(row.quarantined, 'tone-watch'),
    },
    {
      key: 'waiting',
      title: t('sources.waiting'),
      hint: t('sources.waitingHint'),
      width: 80,
      align: 'right',
      render: (row) => number(row.waiting, 'tone-watch'),
    },
    { key: 'facts', title: t('sources.facts'), width: 110, align: 'right', render: (row) => number(row.facts) },
    { key: 'last', title: t('sources.last'), width: 140, render: (row) => <span className="num">{instant(row.lastReceivedAt)}</span> },
    { key: 'owner', title: t('sources.owner'), width: 110, isHidden: true, render: (row) => row.owner ?? ABSENT },
  ];

  const waiting = rows.reduce((sum, row) => sum + row.waiting, 0);
  const troubled = rows.filter((row) => row.rejected + row.quarantined > 0);
  const rejected = troubled.reduce((sum, row) => sum + row.rejected + row.quarantined, 0);
  const names = new Intl.ListFormat(language).format(troubled.slice(0, 3).map((row) => pickName(row, language)));
  const sentences = [
    troubled.length === 0
      ? t('sources.answerGood', { count: rows.length })
      : t('sources.answerRejected', { sources: names, rejected: count(rejected, language) }),
    ...(waiting > 0 ? [t('sources.answerWaiting', { waiting: count(waiting, language) })] : []),
  ];
  return (
    <Page
      title={t('sources.title')}
      answer={
        sources.data === undefined ? (
          sources.error === null ? null : (
            ''
          )
        ) : rows.length === 0 ? (
          ''
        ) : (
          <strong>{sentences.join(language === 'en' ? ' ' : '')}</strong>
        )
      }
      asOf={sources.data?.asOf}
      action={
        <Act
          label={t('sources.upload')}
          why={may('source.upload') ? undefined : t('sources.forbidden')}
          kind="primary"
          icon={<UploadOutlined aria-hidden />}
          onAct={() => patch({ upload: 'true', source: undefined })}
        />
      }
    >
      <Loaded query={sources} skeleton={<Blocks heights={[44, 480]} />}>
        {() => (
          <DataTable
            id="sources"
            caption={t('sources.caption')}
            columns={columns}
            rows={rows}
            total={rows.length}
            keyOf={(row) => row.source}
            selected={address.source}
            onOpen={(row) => patch({ source: row.source, upload: undefined, tab: row.rejected + row.quarantined > 0 ? 'rejections' : undefined })}
            empty={<Empty>{t('sources.empty')}</Empty>}
          />
        )}
      </Loaded>
      <SourcePanel
        source={rows.find((row) => row.source === address.source)}
        tab={address.tab}
        onTab={(tab) => patch({ tab })}
        onClose={() => patch({ source: undefined, tab: undefined })}
      />
      <UploadPanel isOpen={address.upload === 'true' && may('source.upload')} sources={rows} onClose={() => patch({ upload: undefined })} />
    </Page>
  );
}
