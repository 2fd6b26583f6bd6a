import type { CaseRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, decimal, instant } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useWords } from '../i18n.ts';
import { oneOf, useAddress, type WorklistAddress } from '../paths.ts';
import { useSession } from '../session.tsx';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { LimitText } from '../ui/DueText.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { useBusinessNow } from '../ui/use-now.ts';
import { WorklistFilters } from '../ui/WorklistFilters.tsx';
import { CasePanel } from './cases/CasePanel.tsx';
import { TONE_OF_STATE, useOriginName } from './cases/names.ts';

const STATES = ['open', 'new', 'assigned', 'contacted', 'working', 'resolved', 'closed'] as const;
const TONE_OF_LEVEL: readonly Tone[] = ['none', 'watch', 'watch', 'bad'];
const REFRESH_MS = 60_000;

export default function CasesPage() {
  const { t, language } = useWords();
  const { departments } = useSession();
  const originName = useOriginName();
  const [address, patch] = useAddress<WorklistAddress>();
  const state = oneOf(address.state, STATES, 'open');
  const isMine = address.mine === 'true';
  const ask = { state, department: address.department, mine: isMine ? true : undefined };
  const list = useCursorList(['cases', ask], (cursor, signal) => staffApi.cases(ask, cursor, signal), { refetchMs: REFRESH_MS });
  const now = useBusinessNow(list.asOf, list.query.dataUpdatedAt);

  const columns: TableColumn<CaseRow>[] = [
    { key: 'number', title: t('cases.number'), isFixed: true, width: 72, render: (row) => <span className="num">{row.number}</span> },
    { key: 'name', title: t('cases.name'), isFixed: true, width: 120, render: (row) => <strong className="nowrap">{row.name}</strong> },
    {
      key: 'origin',
      title: t('cases.origin'),
      width: 130,
      render: (row) => (
        <span className="nowrap">
          {originName(row.origin)}
          {row.score !== null && <strong className="tone-bad"> {decimal(row.score, language, 0)}</strong>}
        </span>
      ),
    },
    { key: 'department', title: t('cases.department'), render: (row) => (row.department === null ? t('state.noDepartment') : pick(row.department, language)) },
    { key: 'state', title: t('cases.state'), width: 100, render: (row) => <Badge tone={TONE_OF_STATE[row.state]}>{t(`cases.${row.state}`)}</Badge> },
    {
      key: 'limit',
      title: t('cases.limit'),
      width: 172,
      render: (row) =>
        row.state === 'closed' ? (
          <>
            <span className="num">{instant(row.closedAt)}</span>
            <span className="sub">{t('cases.limitDone')}</span>
          </>
        ) : (
          <>
            <LimitText dueAt={row.dueAt} now={now} />
            <span className="sub">
              {row.firstContactAt === null ? t('cases.noContact') : t('cases.firstContact', { at: instant(row.firstContactAt).slice(5) })}
            </span>
          </>
        ),
    },
    {
      key: 'escalation',
      title: t('cases.escalation'),
      width: 130,
      render: (row) => (
        <Badge tone={TONE_OF_LEVEL[row.escalation] ?? 'bad'}>{t(`cases.escalation${Math.min(3, Math.max(0, row.escalation)) as 0 | 1 | 2 | 3}`)}</Badge>
      ),
    },
    { key: 'owner', title: t('cases.owner'), width: 100, render: (row) => row.owner?.displayName ?? <span className="zero">{t('cases.nobody')}</span> },
    { key: 'opened', title: t('cases.opened'), width: 140, render: (row) => <span className="num">{instant(row.openedAt)}</span> },
    {
      key: 'rerating',
      title: t('cases.rerating'),
      width: 84,
      isHidden: state === 'open',
      render: (row) => (row.rerating === null ? ABSENT : t('cases.rerated', { from: decimal(row.score, language, 0), to: decimal(row.rerating, language, 0) })),
    },
  ];

  const overdue = list.rows.filter((row) => row.isOverdue).length;
  return (
    <Page
      title={t('cases.title')}
      answer={
        list.query.data === undefined ? (
          list.query.error === null ? null : (
            ''
          )
        ) : state !== 'open' ? (
          t(`cases.${state}`)
        ) : list.rows.length === 0 ? (
          t('cases.answerNone')
        ) : (
          <strong>{t('cases.answer', { open: count(list.total ?? list.rows.length, language), overdue: count(overdue, language) })}</strong>
        )
      }
      asOf={list.asOf}
      filters={
        <WorklistFilters
          stateLabel={t('cases.state')}
          states={STATES.map((value) => ({ value, label: t(`cases.${value}`) }))}
          state={state}
          onState={(next) => patch({ state: next, open: undefined })}
          departments={departments ?? []}
          department={address.department}
          onDepartment={(department) => patch({ department, open: undefined })}
          mineLabel={t('cases.mine')}
          isMine={isMine}
          onMine={(mine) => patch({ mine: mine ? 'true' : undefined, open: undefined })}
        />
      }
    >
      <Loaded query={list.query} skeleton={<Blocks heights={[44, 600]} />}>
        {() => (
          <DataTable
            id="cases"
            caption={t('cases.caption')}
            columns={columns}
            rows={list.rows}
            total={list.total}
            keyOf={(row) => row.caseId}
            selected={address.open}
            onOpen={(row) => patch({ open: row.caseId })}
            empty={<Empty>{state === 'open' && !isMine && address.department === undefined ? t('cases.empty') : t('cases.emptyFilter')}</Empty>}
            onMore={list.onMore}
            isLoadingMore={list.isLoadingMore}
          />
        )}
      </Loaded>
      <CasePanel caseId={address.open} now={now} onClose={() => patch({ open: undefined })} />
    </Page>
  );
}
