import { PhoneOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { FollowUpDetail } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { instant, phone as sayPhone } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Link } from 'react-router';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { useMay } from '../../session.tsx';
import { DueText } from '../../ui/DueText.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Loaded } from '../../ui/States.tsx';
import { useAgeName } from '../patient/names.ts';
import { OutcomeForm } from './OutcomeForm.tsx';
import { sexWord } from './words.ts';

export function FollowUpPanel({ taskId, now, onClose }: { taskId: string | undefined; isClosedList: boolean; now: number; onClose: () => void }) {
  const { t } = useWords();
  const detail = useQuery({
    queryKey: ['follow-up', taskId],
    queryFn: ({ signal }) => staffApi.followUp(taskId ?? '', signal),
    enabled: taskId !== undefined,
    // A half-filled form is not thrown away under a nurse's hands.
    refetchOnWindowFocus: false,
  });
  return (
    <SidePanel title={detail.data === undefined ? t('followUps.panel') : detail.data.task.name} isOpen={taskId !== undefined} onClose={onClose}>
      <Loaded query={detail} skeleton={<Blocks heights={[64, 110, 240, 160]} />}>
        {(loaded) => <Body key={loaded.task.taskId} detail={loaded} now={now} />}
      </Loaded>
    </SidePanel>
  );
}

function Body({ detail, now }: { detail: FollowUpDetail; now: number }) {
  const { t, language } = useWords();
  const ageName = useAgeName();
  const may = useMay();
  const { task } = detail;
  const isOpen = task.state === 'due' || task.state === 'overdue' || task.state === 'scheduled';
  return (
    <>
      <div className="panel-section">
        <Phone phone={detail.phone} />
        <p className="note">
          {sexWord(task.sex, t)}
          {task.age !== null && ` · ${ageName(task.age)}`}
          {task.department !== null && ` · ${pick(task.department, language)}`} · {pick(task.step, language)}
          {task.dayNumber !== null && ` · ${t('followUps.day', { day: task.dayNumber })}`}
        </p>
        <p className="note" style={{ display: 'flex', gap: 10, marginTop: 6 }}>
          {isOpen && <DueText dueAt={task.dueAt} now={now} isOverdue={task.state === 'overdue'} />}
          {task.personId !== null && may('patient.read') && <Link to={paths.patient(task.personId)}>{t('followUps.openPatient')}</Link>}
        </p>
      </div>
      <section className="panel-section">
        <h3>{t('followUps.script')}</h3>
        <p className="quote">{pick(detail.script, language)}</p>
      </section>
      <section className="panel-section">
        <h3>{t('followUps.history')}</h3>
        {detail.history.length === 0 ? (
          <p className="note">{t('followUps.historyEmpty')}</p>
        ) : (
          <ul className="history">
            {detail.history.map((entry) => (
              <li key={`${entry.at}-${entry.what.zh}`}>
                <time dateTime={entry.at}>{instant(entry.at)}</time>
                <span>
                  {pick(entry.what, language)}
                  {entry.by !== null && <span className="zero"> · {entry.by}</span>}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {isOpen ? (
        may('followup.write') ? (
          // A call recorded begins a new form: the next call is another request, with a key of its own.
          <OutcomeForm key={detail.history.length} detail={detail} />
        ) : (
          <p className="line-notice info">{t('followUps.forbidden')}</p>
        )
      ) : (
        <p className="line-notice good">{t('followUps.closed')}</p>
      )}
    </>
  );
}

export function Phone({ phone }: { phone: string | null }) {
  const { t } = useWords();
  const may = useMay();
  if (phone === null) return <p className="note">{may('patient.identity') ? t('followUps.noPhone') : t('followUps.phoneHidden')}</p>;
  return (
    <a className="phone" href={`tel:${phone}`} aria-label={`${t('followUps.call')} ${sayPhone(phone)}`}>
      <PhoneOutlined aria-hidden /> {sayPhone(phone)}
    </a>
  );
}
