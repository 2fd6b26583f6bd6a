import { useQuery } from '@tanstack/react-query';
import type { CaseDetail } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { decimal, instant } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Link } from 'react-router';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { useMay } from '../../session.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { LimitText } from '../../ui/DueText.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Loaded } from '../../ui/States.tsx';
import { Phone } from '../followups/FollowUpPanel.tsx';
import { CaseActions } from './CaseActions.tsx';
import { TONE_OF_STATE, useOriginName, useStepName } from './names.ts';

export function CasePanel({ caseId, now, onClose }: { caseId: string | undefined; now: number; onClose: () => void }) {
  const { t } = useWords();
  const detail = useQuery({
    queryKey: ['case', caseId],
    queryFn: ({ signal }) => staffApi.case(caseId ?? '', signal),
    enabled: caseId !== undefined,
    refetchOnWindowFocus: false,
  });
  const row = detail.data?.case;
  return (
    <SidePanel
      title={row === undefined ? t('nav.cases') : `${t('cases.panel', { number: row.number })} · ${row.name}`}
      isOpen={caseId !== undefined}
      onClose={onClose}
      extra={row !== undefined && <Badge tone={TONE_OF_STATE[row.state]}>{t(`cases.${row.state}`)}</Badge>}
    >
      <Loaded query={detail} skeleton={<Blocks heights={[64, 120, 110, 160, 200]} />}>
        {(loaded) => <Body key={loaded.case.caseId} detail={loaded} now={now} />}
      </Loaded>
    </SidePanel>
  );
}

function Body({ detail, now }: { detail: CaseDetail; now: number }) {
  const { t, language } = useWords();
  const may = useMay();
  const originName = useOriginName();
  const stepName = useStepName();
  const { case: row } = detail;
  const answers = detail.answers.filter((answer) => answer.score !== null);
  return (
    <>
      <div className="panel-section">
        <Phone phone={detail.phone} />
        <p className="note">
          {originName(row.origin)}
          {row.department !== null && ` · ${pick(row.department, language)}`} · {instant(row.openedAt)}
          {row.personId !== null && may('patient.read') && (
            <>
              {' · '}
              <Link to={paths.patient(row.personId)}>{t('followUps.openPatient')}</Link>
            </>
          )}
        </p>
        {row.state !== 'closed' && (
          <p style={{ display: 'flex', alignItems: 'center', gap: 8, margin: '6px 0 0' }}>
            <LimitText dueAt={row.dueAt} now={now} />
            {row.escalation > 0 && (
              <Badge tone={row.escalation > 2 ? 'bad' : 'watch'}>{t(`cases.escalation${Math.min(3, row.escalation) as 1 | 2 | 3}`)}</Badge>
            )}
          </p>
        )}
        {row.rerating !== null && (
          <p className="line-notice good">{`${t('cases.rerating')} ${t('cases.rerated', { from: decimal(row.score, language, 0), to: decimal(row.rerating, language, 0) })}`}</p>
        )}
      </div>
      <section className="panel-section">
        <h3>{t('cases.words')}</h3>
        {detail.words !== null && detail.words !== '' ? (
          <blockquote className="quote">{detail.words}</blockquote>
        ) : (
          <p className="note">{may('patient.identity') ? t('cases.wordsNone') : t('cases.wordsHidden')}</p>
        )}
      </section>
      {answers.length > 0 && (
        <section className="panel-section">
          <h3>{t('cases.answers')}</h3>
          <dl className="scores">
            {answers.map((answer) => (
              <div key={answer.question.zh} style={{ display: 'contents' }}>
                <dt>{pick(answer.question, language)}</dt>
                <dd className={answer.score !== null && answer.score / answer.scoreMax < 0.75 ? 'tone-bad' : ''}>
                  {decimal(answer.score, language, 0)} / {answer.scoreMax}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className="panel-section">
        <h3>{t('cases.steps')}</h3>
        {detail.steps.length === 0 ? (
          <p className="note">{t('cases.stepsEmpty')}</p>
        ) : (
          <ol className="history">
            {detail.steps.map((step) => (
              <li key={`${step.at}-${step.step}`}>
                <time dateTime={step.at}>{instant(step.at)}</time>
                <span>
                  {stepName(step.step)} <span className="zero">· {step.by ?? t('cases.system')}</span>
                  {step.note !== null && <p>{step.note}</p>}
                </span>
              </li>
            ))}
          </ol>
        )}
      </section>
      <CaseActions detail={detail} />
    </>
  );
}
