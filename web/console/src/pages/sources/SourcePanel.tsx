import type { DeliveryRow, RejectionRow, SourceRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, instant } from '@xinglin/web-shared/format.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { Button, Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n.ts';
import { oneOf } from '../../paths.ts';
import { Badge } from '../../ui/Badge.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Empty, Loaded } from '../../ui/States.tsx';
import { useCursorList } from '../../ui/use-cursor-list.ts';
import { useFormatName } from './names.ts';

const TABS = ['deliveries', 'rejections'] as const;

export function SourcePanel({
  source,
  tab,
  onTab,
  onClose,
}: {
  source: SourceRow | undefined;
  tab: string | undefined;
  onTab: (tab: string) => void;
  onClose: () => void;
}) {
  const { t, language } = useWords();
  const chosen = oneOf(tab, TABS, 'deliveries');
  return (
    <SidePanel title={source === undefined ? t('sources.source') : pickName(source, language)} isOpen={source !== undefined} onClose={onClose} width={720}>
      {source !== undefined && (
        <Tabs
          activeKey={chosen}
          onChange={onTab}
          destroyOnHidden
          items={[
            { key: 'deliveries', label: t('sources.deliveries'), children: <Deliveries source={source.source} /> },
            {
              key: 'rejections',
              label: `${t('sources.rejections')} ${count(source.rejected + source.quarantined, language)}`,
              children: <Rejections source={source.source} />,
            },
          ]}
        />
      )}
    </SidePanel>
  );
}

function Deliveries({ source }: { source: string }) {
  const { t, language } = useWords();
  const formatName = useFormatName();
  const list = useCursorList<DeliveryRow>(['deliveries', source], (cursor, signal) => staffApi.deliveries(source, cursor, signal));
  return (
    <Listing list={list} empty={t('sources.deliveriesEmpty')}>
      <table className="plain-table">
        <caption className="sr-only">{t('sources.deliveries')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sources.received')}</th>
            <th scope="col">{t('sources.file')}</th>
            <th scope="col" className="right">
              {t('sources.accepted')}
            </th>
            <th scope="col" className="right">
              {t('sources.duplicate')}
            </th>
            <th scope="col" className="right">
              {t('sources.rejected')}
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.id}>
              <td className="num">{instant(row.receivedAt)}</td>
              <td className="file">
                {row.fileName ?? ABSENT}
                <span className="sub">
                  {formatName(row.type)}
                  {row.by !== null && ` · ${row.by}`}
                  {!row.isComplete && ` · ${t('sources.incomplete')}`}
                </span>
              </td>
              <td className="right num">{count(row.accepted, language)}</td>
              <td className={`right num ${row.duplicate === 0 ? 'zero' : ''}`}>{count(row.duplicate, language)}</td>
              <td className={`right num ${row.rejected === 0 ? 'zero' : 'tone-bad'}`}>{count(row.rejected, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Listing>
  );
}

function Rejections({ source }: { source: string }) {
  const { t, language } = useWords();
  const list = useCursorList<RejectionRow>(['rejections', source], (cursor, signal) => staffApi.rejections(source, cursor, signal));
  return (
    <Listing list={list} empty={t('sources.rejectionsEmpty')}>
      <table className="plain-table">
        <caption className="sr-only">{t('sources.rejections')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('sources.stage')}</th>
            <th scope="col">{t('sources.reason')}</th>
            <th scope="col">{t('sources.file')}</th>
            <th scope="col">{t('sources.at')}</th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.id}>
              <td>
                <Badge tone={row.stage === 'door' ? 'bad' : 'watch'}>{t(`sources.${row.stage}`)}</Badge>
              </td>
              <td>
                {language === 'en' ? row.reasonEn : row.reasonZh}
                <span className="sub">{row.code}</span>
              </td>
              <td className="file">
                {row.file ?? ABSENT}
                {row.line !== null && <span className="sub">{`${t('sources.line')} ${row.line}`}</span>}
              </td>
              <td className="num">{instant(row.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Listing>
  );
}

function Listing<Row>({ list, empty, children }: { list: ReturnType<typeof useCursorList<Row>>; empty: string; children: ReactNode }) {
  const { t } = useWords();
  return (
    <Loaded query={list.query} skeleton={<Blocks heights={Array(8).fill(34) as number[]} />}>
      {() =>
        list.rows.length === 0 ? (
          <Empty>{empty}</Empty>
        ) : (
          <>
            {children}
            {list.onMore !== undefined && (
              <div className="table-more">
                <Button onClick={list.onMore} loading={list.isLoadingMore}>
                  {t('state.loadMore')}
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  );
}
