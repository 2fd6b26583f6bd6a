import type { FollowUpRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { count, instant } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useWords } from '../i18n.ts';
import { oneOf, useAddress, type WorklistAddress } from '../paths.ts';
import { useSession } from '../session.tsx';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { DueText } from '../ui/DueText.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { useBusinessNow } from '../ui/use-now.ts';
import { WorklistFilters } from '../ui/WorklistFilters.tsx';
import { FollowUpPanel } from './followups/FollowUpPanel.tsx';
import { sexWord } from './followups/words.ts';
import { useAgeName } from './patient/names.ts';

const STATES = ['open', 'overdue', 'scheduled', 'done', 'unreachable', 'refused'] as const;
export const TONE_OF_STATE: Record<FollowUpRow['state'], Tone> = {
  due: 'watch',
  overdue: 'bad',
  done: 'good',
  unreachable: 'bad',
  refused: 'none',
  cancelled: 'none',
  scheduled: 'none',
};
/** Several nurses share the list. */
const REFRESH_MS = 60_000;

export default function FollowUpsPage() {
  const { t, language } = useWords();
  const ageName = useAgeName();
  const { departments } = useSession();
  const [address, patch] = useAddress<WorklistAddress>();
  const state = oneOf(address.state, STATES, 'open');
  const isMine = address.mine === 'true';
  const ask = { state, department: address.department, mine: isMine ? true : undefined };
  const list = useCursorList(['follow-ups', ask], (cursor, signal) => staffApi.followUps(ask, cursor, signal), { refetchMs: REFRESH_MS });
  const now = useBusinessNow(list.asOf, list.query.dataUpdatedAt);
  const isClosed = state !== 'open' && state !== 'overdue' && state !== 'scheduled';

  const columns: TableColumn<FollowUpRow>[] = [
    {
      key: 'name',
      title: t('followUps.name'),
      isFixed: true,
      width: 150,
      render: (row) => (
        <>
          <strong className="nowrap">{row.name}</strong>
          <span className="sub">
            {sexWord(row.sex, t)}
            {row.age !== null && ` · ${ageName(row.age)}`}
          </span>
        </>
      ),
    },
    {
      key: 'plan',
      title: t('followUps.plan'),
      render: (row) => (
        <>
          {pick(row.step, language)}
          <span className="sub">{pick(row.plan, language)}</span>
        </>
      ),
    },
    {
      key: 'day',
      title: t('followUps.day', { day: 'n' }),
      hint: t('followUps.dayTitle'),
      width: 92,
      render: (row) => <span className="nowrap">{row.dayNumber === null ? '–' : t('followUps.day', { day: row.dayNumber })}</span>,
    },
    {
      key: 'department',
      title: t('state.department'),
      width: 120,
      render: (row) => (row.department === null ? t('state.unmapped') : pick(row.department, language)),
    },
    {
      key: 'due',
      title: t('followUps.dueAt'),
      width: 170,
      render: (row) =>
        row.state === 'due' || row.state === 'overdue' || row.state === 'scheduled' ? (
          <>
            <DueText dueAt={row.dueAt} now={now} isOverdue={row.state === 'overdue'} />
            <span className="sub">{instant(row.dueAt)}</span>
          </>
        ) : (
          <span className="num">{instant(row.dueAt)}</span>
        ),
    },
    { key: 'state', title: t('followUps.state'), width: 96, render: (row) => <Badge tone={TONE_OF_STATE[row.state]}>{t(`followUps.${row.state}`)}</Badge> },
    {
      key: 'attempts',
      title: t('followUps.attempts'),
      width: 84,
      render: (row) => <span className={row.attempts === 0 ? 'zero nowrap' : 'nowrap'}>{t('followUps.attemptsOf', { count: row.attempts })}</span>,
    },
    { key: 'owner', title: t('followUps.owner'), width: 110, render: (row) => row.owner ?? <span className="zero">{t('followUps.nobody')}</span> },
  ];

  const overdue = list.rows.filter((row) => row.state === 'overdue').length;
  return (
    <Page
      title={t('followUps.title')}
      answer={
        list.query.data === undefined ? (
          list.query.error === null ? null : (
            ''
          )
        ) : state !== 'open' ? (
          t(`followUps.${state}`)
        ) : list.rows.length === 0 ? (
          t('followUps.answerNone')
        ) : (
          <strong>{t('followUps.answer', { due: count(list.total ?? list.rows.length, language), overdue: count(overdue, language) })}</strong>
        )
      }
      asOf={list.asOf}
      filters={
        <WorklistFilters
          stateLabel={t('followUps.state')}
          states={STATES.map((value) => ({ value, label: t(`followUps.${value}`) }))}
          state={state}
          onState={(next) => patch({ state: next, open: undefined })}
          departments={departments ?? []}
          department={address.department}
          onDepartment={(department) => patch({ department, open: undefined })}
          mineLabel={t('followUps.mine')}
          isMine={isMine}
          onMine={(mine) => patch({ mine: mine ? 'true' : undefined, open: undefined })}
        />
      }
    >
      <Loaded query={list.query} skeleton={<Blocks heights={[44, 600]} />}>
        {() => (
          <DataTable
            id="follow-ups"
            caption={t('followUps.caption')}
            columns={columns}
            rows={list.rows}
            total={list.total}
            keyOf={(row) => row.taskId}
            selected={address.open}
            onOpen={(row) => patch({ open: row.taskId })}
            empty={<Empty>{state === 'open' && !isMine && address.department === undefined ? t('followUps.empty') : t('followUps.emptyFilter')}</Empty>}
            onMore={list.onMore}
            isLoadingMore={list.isLoadingMore}
          />
        )}
      </Loaded>
      <FollowUpPanel taskId={address.open} isClosedList={isClosed} now={now} onClose={() => patch({ open: undefined })} />
    </Page>
  );
}
