import type { ModelList, ModelRow } from '@xinglin/contracts/api.ts';
import { ABSENT, count, instant } from '@xinglin/web-shared/format.ts';
import { useWords } from '../../i18n.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../../ui/DataTable.tsx';

const TONE: Readonly<Record<ModelRow['state'], Tone>> = { waiting: 'watch', approved: 'good', rejected: 'bad' };

/** Every edition, newest first; a row opens what can be done with it. */
export function Versions({ list, selected, onOpen }: { list: ModelList; selected: string | undefined; onOpen: (edition: string) => void }) {
  const { t, language } = useWords();
  const columns: TableColumn<ModelRow>[] = [
    {
      key: 'edition',
      title: t('identityModel.edition'),
      isFixed: true,
      width: 180,
      render: (row) => (
        <>
          <strong>{row.edition}</strong>
          {row.createdAt === null && <span className="sub">{t('identityModel.shipped')}</span>}
        </>
      ),
    },
    {
      key: 'status',
      title: t('identityModel.status'),
      isFixed: true,
      width: 200,
      render: (row) => (
        <span className="nowrap">
          {row.isInUse && <Badge tone="info">{t('identityModel.inUse')}</Badge>} <Badge tone={TONE[row.state]}>{t(`identityModel.${row.state}`)}</Badge>
        </span>
      ),
    },
    {
      key: 'records',
      title: t('identityModel.records'),
      width: 120,
      align: 'right',
      render: (row) => <span className="num">{row.createdAt === null ? ABSENT : count(row.records, language)}</span>,
    },
    { key: 'createdBy', title: t('identityModel.createdBy'), width: 110, render: (row) => row.createdBy ?? ABSENT },
    { key: 'createdAt', title: t('identityModel.createdAt'), width: 140, render: (row) => <span className="num">{instant(row.createdAt)}</span> },
    { key: 'decidedBy', title: t('identityModel.decidedBy'), width: 110, render: (row) => row.decidedBy ?? ABSENT },
    { key: 'measuredAt', title: t('identityModel.measuredAt'), width: 140, render: (row) => <span className="num">{instant(row.measuredAt)}</span> },
  ];
  return (
    <section aria-labelledby="identity-versions">
      <h2 className="section-title" id="identity-versions" style={{ marginBottom: 8 }}>
        {t('identityModel.versions')}
      </h2>
      <DataTable
        id="identity-models"
        caption={t('identityModel.versionsCaption')}
        columns={columns}
        rows={list.rows}
        total={list.rows.length}
        keyOf={(row) => row.edition}
        selected={selected}
        onOpen={(row) => onOpen(row.edition)}
        empty={null}
      />
    </section>
  );
}
