import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { PatientDetail, TimelineEntry } from '@xinglin/contracts/api.ts';
import { FACTS } from '@xinglin/contracts/facts.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { ABSENT, count, instant, masked } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useEffect, useRef } from 'react';
import { Link, useParams } from 'react-router';
import { useWords } from '../i18n.ts';
import { type PatientAddress, paths, useAddress } from '../paths.ts';
import { useMay } from '../session.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded } from '../ui/States.tsx';
import { useCursorList } from '../ui/use-cursor-list.ts';
import { useSourceName } from '../ui/use-source-name.ts';
import { useAgeName, useFactName, useInsuranceName, useLinkName, usePurposeName } from './patient/names.ts';
import { PatientIdentity } from './patient/PatientIdentity.tsx';

export default function PatientPage() {
  const { t } = useWords();
  const { personId = '' } = useParams();
  const detail = useQuery({ queryKey: ['patient', personId], queryFn: ({ signal }) => staffApi.patient(personId, signal) });
  const patient = detail.data?.patient;
  return (
    <Page
      title={t('patient.title')}
      back={
        <Link className="back" to={paths.patients()}>
          <LeftOutlined aria-hidden />
          {t('patient.back')}
        </Link>
      }
      answer={patient === undefined ? (detail.error === null ? null : '') : t('patient.linked', { count: patient.records })}
      asOf={detail.data?.asOf}
    >
      <Loaded query={detail} skeleton={<Blocks heights={[116, 520]} />}>
        {(loaded) => (
          <>
            <Header detail={loaded} />
            <div className="patient-columns">
              <Timeline personId={personId} />
              <Aside detail={loaded} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Header({ detail }: { detail: PatientDetail }) {
  const { t, language } = useWords();
  const ageName = useAgeName();
  const insuranceName = useInsuranceName();
  const { patient } = detail;
  const facts: [string, string][] = [
    [t('patients.phone'), masked(patient.phone)],
    [t('patients.residentId'), masked(patient.residentId)],
    [t('patient.insurance'), detail.insuranceType === null ? ABSENT : insuranceName(detail.insuranceType)],
    [t('patient.district'), detail.district === null ? ABSENT : pick(detail.district, language)],
    [t('patients.encounters'), count(patient.encounters, language)],
    [t('patients.lastSeen'), `${instant(patient.lastSeenAt)} ${patient.lastDepartment === null ? '' : pick(patient.lastDepartment, language)}`],
  ];
  return (
    <section className="card patient-head" aria-label={patient.name}>
      <div>
        <h2 className="patient-name">{patient.name}</h2>
        <p className="note">
          {t(`patients.${patient.sex}`)}
          {patient.age !== null && ` · ${ageName(patient.age)}`}
          {detail.birthMonth !== null && ` · ${t('patient.born', { month: detail.birthMonth })}`}
        </p>
      </div>
      <dl className="facts facts-wide">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Aside({ detail }: { detail: PatientDetail }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  const purposeName = usePurposeName();
  const linkName = useLinkName();
  const may = useMay();
  return (
    <aside className="stack">
      <section className="card todo">
        <h2 className="section-title">{t('patient.consents')}</h2>
        {detail.consents.length === 0 ? (
          <p className="note">{t('patient.consentEmpty')}</p>
        ) : (
          <ul className="history">
            {detail.consents.map((consent) => (
              <li key={`${consent.purpose}-${consent.channel ?? ''}`} style={{ gridTemplateColumns: '1fr auto' }}>
                <span>
                  {purposeName(consent.purpose)}
                  <span className="sub">
                    {consent.channel ?? t('patient.channelAll')} · {instant(consent.changedAt)}
                  </span>
                </span>
                <Badge tone={consent.granted ? 'good' : 'watch'}>{consent.granted ? t('patient.granted') : t('patient.withdrawn')}</Badge>
              </li>
            ))}
          </ul>
        )}
      </section>
      <section className="card todo">
        <h2 className="section-title">{t('patient.sourcesTitle')}</h2>
        <ul className="history">
          {detail.sources.map((source) => (
            <li key={source.recordKey} style={{ gridTemplateColumns: '1fr' }}>
              <span title={source.recordKey}>
                <strong>{sourceName(source.source)}</strong>
                <span className="sub">
                  {t('patient.linkedBy', { by: linkName(source.linkedBy) })} · {t('patient.since', { at: instant(source.since) })}
                </span>
              </span>
            </li>
          ))}
        </ul>
        {may('identity.read') && (
          <p className="note">
            <Link to={paths.personIdentity(detail.patient.personId)}>{t('desk.person.openIdentity')}</Link>
          </p>
        )}
      </section>
      {may('identity.read') && <PatientIdentity personId={detail.patient.personId} />}
    </aside>
  );
}

/** Kinds offered as filters: every fact a person can have. */
const KINDS = Object.keys(FACTS).filter((fact) => fact !== 'person_record');

function Timeline({ personId }: { personId: string }) {
  const { t, language } = useWords();
  const factName = useFactName();
  const [address, patch] = useAddress<PatientAddress>();
  const chosen = (address.kinds ?? '').split(',').filter((kind) => KINDS.includes(kind));
  const list = useCursorList(['timeline', personId, chosen.join(',')], (cursor, signal) => staffApi.timeline(personId, chosen, cursor, signal));
  const toggle = (kind: string): void => patch({ kinds: (chosen.includes(kind) ? chosen.filter((each) => each !== kind) : [...chosen, kind]).join(',') });
  const months = byMonth(list.rows);
  return (
    <section className="card figure" aria-labelledby="timeline-title">
      <div className="figure-head" style={{ alignItems: 'center', flexWrap: 'wrap' }}>
        <h2 className="figure-title" id="timeline-title">
          {t('patient.timeline')}
        </h2>
        <fieldset className="chips">
          <legend className="sr-only">{t('patient.kinds')}</legend>
          {KINDS.map((kind) => (
            <button key={kind} type="button" className="chip" aria-pressed={chosen.includes(kind)} onClick={() => toggle(kind)}>
              {factName(kind)}
            </button>
          ))}
        </fieldset>
      </div>
      <Loaded query={list.query} skeleton={<Blocks heights={Array(10).fill(28) as number[]} />}>
        {() =>
          months.length === 0 ? (
            <Empty>{chosen.length === 0 ? t('patient.timelineEmptyAll') : t('patient.timelineEmpty')}</Empty>
          ) : (
            <>
              {months.map(({ month, entries }) => (
                <div key={month}>
                  <h3 className="timeline-month">{month}</h3>
                  <ol className="timeline">
                    {entries.map((entry) => (
                      <Entry key={`${entry.fact}-${entry.factKey}`} entry={entry} factName={factName} />
                    ))}
                  </ol>
                </div>
              ))}
              <More onMore={list.onMore} isLoading={list.isLoadingMore} />
              {list.onMore === undefined && (
                <p className="note" style={{ textAlign: 'center', paddingTop: 12 }}>
                  {t('patient.end')} · {new Intl.NumberFormat(language).format(list.rows.length)}
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** What a tone means depends on what it is about. */
const toneWord = ({ tone, fact }: TimelineEntry): 'patient.good' | 'patient.watch' | 'patient.lowScore' | 'patient.complaint' | 'patient.abnormal' => {
  if (tone === 'good') return 'patient.good';
  if (tone === 'watch') return 'patient.watch';
  if (fact === 'survey_answer' || fact === 'review') return 'patient.lowScore';
  return fact === 'complaint' ? 'patient.complaint' : 'patient.abnormal';
};

function Entry({ entry, factName }: { entry: TimelineEntry; factName: (fact: string) => string }) {
  const { t, language } = useWords();
  const sourceName = useSourceName();
  const hasTime = !['day', 'month', 'year'].includes(entry.precision);
  return (
    <li>
      <time dateTime={entry.occurredAt} title={hasTime ? undefined : t('patient.dateOnly')}>
        {hasTime ? instant(entry.occurredAt).slice(5) : entry.day.slice(5)}
      </time>
      <span className="kind">{factName(entry.fact)}</span>
      <span>
        <span className="entry-title">{pick(entry.title, language)}</span>
        {entry.detail !== null && <span className="sub">{pick(entry.detail, language)}</span>}
      </span>
      <span style={{ textAlign: 'right' }}>
        {entry.tone !== 'none' && <Badge tone={entry.tone}>{t(toneWord(entry))}</Badge>}
        <span className="sub">
          {entry.department !== null && `${pick(entry.department, language)} · `}
          {t('patient.source', { source: sourceName(entry.source) })}
        </span>
      </span>
    </li>
  );
}

/** Loads the next page when it comes into view; also a button, for keyboards. */
function More({ onMore, isLoading }: { onMore: (() => void) | undefined; isLoading: boolean }) {
  const { t } = useWords();
  const mark = useRef<HTMLDivElement>(null);
  const more = useRef(onMore);
  more.current = onMore;
  useEffect(() => {
    if (mark.current === null) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting === true && more.current?.(), { rootMargin: '400px' });
    watcher.observe(mark.current);
    return () => watcher.disconnect();
  }, []);
  return (
    <div ref={mark} className="table-more">
      {onMore !== undefined && (
        <button type="button" className="chip" onClick={onMore} disabled={isLoading}>
          {isLoading ? t('loading') : t('patient.more')}
        </button>
      )}
    </div>
  );
}

function byMonth(entries: readonly TimelineEntry[]): { month: string; entries: TimelineEntry[] }[] {
  const months: { month: string; entries: TimelineEntry[] }[] = [];
  for (const entry of entries) {
    const month = entry.day.slice(0, 7);
    const last = months.at(-1);
    if (last?.month === month) last.entries.push(entry);
    else months.push({ month, entries: [entry] });
  }
  return months;
}
