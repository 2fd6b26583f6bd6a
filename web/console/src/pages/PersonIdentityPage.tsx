import { LeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { PersonIdentity, PreviewBody } from '@xinglin/contracts/api.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { ABSENT, count, instant, listed, masked } from '@xinglin/web-shared/format.ts';
import { Checkbox } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useWords } from '../i18n.ts';
import { paths } from '../paths.ts';
import { useMay } from '../session.tsx';
import { Act } from '../ui/Act.tsx';
import { Badge } from '../ui/Badge.tsx';
import { Page } from '../ui/Page.tsx';
import { ScrollRegion } from '../ui/ScrollRegion.tsx';
import { Blocks, Loaded } from '../ui/States.tsx';
import { useSourceName } from '../ui/use-source-name.ts';
import { FamilyList } from './patient/FamilyList.tsx';
import { useLinkName } from './patient/names.ts';
import { ActHistory } from './reviews/ActHistory.tsx';
import { useGoldenValue } from './reviews/golden-value.ts';
import { MergeFinder } from './reviews/MergeFinder.tsx';
import { PreviewPanel } from './reviews/Preview.tsx';
import { TrustForm } from './reviews/TrustForm.tsx';

export default function PersonIdentityPage() {
  const { t, language } = useWords();
  const may = useMay();
  const { personId = '' } = useParams();
  const detail = useQuery({ queryKey: ['identity', 'person', personId], queryFn: ({ signal }) => identityApi.person(personId, signal) });
  const person = detail.data;
  const sources = new Set(person?.records.map((record) => record.source)).size;
  return (
    <Page
      title={t('desk.person.title')}
      back={
        may('patient.read') ? (
          <Link className="back" to={paths.patient(person?.personId ?? personId)}>
            <LeftOutlined aria-hidden />
            {t('desk.person.back')}
          </Link>
        ) : undefined
      }
      answer={
        person === undefined ? (
          detail.error === null ? null : (
            ''
          )
        ) : (
          <strong>{t('desk.person.answer', { records: count(person.records.length, language), sources: count(sources, language) })}</strong>
        )
      }
      asOf={person?.asOf}
    >
      <Loaded query={detail} skeleton={<Blocks heights={[320, 240, 240]} />}>
        {(loaded) => <Body key={loaded.personId} person={loaded} />}
      </Loaded>
    </Page>
  );
}

function Body({ person }: { person: PersonIdentity }) {
  const { t, language } = useWords();
  const may = useMay();
  const [act, setAct] = useState<PreviewBody | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const first = person.reviews[0];
  return (
    <>
      {person.mergedAt !== null && <p className="line-notice info">{t('desk.person.mergedInto', { at: instant(person.mergedAt) })}</p>}
      {first !== undefined && (
        <p className="line-notice watch">
          {t('desk.person.waiting', { count: person.reviews.length })} <Link to={paths.reviews({ review: first.reviewId })}>{t('desk.title')}</Link>
        </p>
      )}
      <div className="patient-columns">
        <div className="stack">
          <Golden person={person} />
          <Records person={person} chosen={chosen} onChosen={setChosen} onSplit={(recordKeys) => setAct({ kind: 'split', personId: person.personId, recordKeys, reason: 'source-error' })} />
          <Changes person={person} />
        </div>
        <aside className="stack">
          <FamilyList family={person.family} personId={person.personId} />
          <section className="card todo">
            <h2 className="section-title">{t('desk.person.acts')}</h2>
            <ActHistory acts={person.acts} />
            {person.retired.length > 0 && (
              <p className="note">{t('desk.person.retired', { ids: listed(person.retired.map((each) => each.personId.slice(-4)), language) })}</p>
            )}
          </section>
          {may('identity.review') && (
            <>
              <MergeFinder personId={person.personId} onPick={(other) => setAct({ kind: 'merge', personIds: [person.personId, other], reason: 'papers-seen' })} />
              <TrustForm />
            </>
          )}
        </aside>
      </div>
      <PreviewPanel body={act} onClose={() => setAct(null)} onDone={() => setChosen(new Set())} />
    </>
  );
} // biome-ignore format: two calls in one line each

function Golden({ person }: { person: PersonIdentity }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  const goldenText = useGoldenValue();
  return (
    <section className="card figure">
      <h2 className="section-title">{t('desk.person.golden')}</h2>
      <ScrollRegion label={t('desk.person.golden')}>
        <table className="plain-table">
          <caption className="sr-only">{t('desk.person.golden')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('desk.fieldName')}</th>
              <th scope="col">{t('desk.person.value')}</th>
              <th scope="col">{t('desk.person.from')}</th>
              <th scope="col">{t('desk.person.rule')}</th>
            </tr>
          </thead>
          <tbody>
            {person.golden.map((each) => (
              <tr key={each.field}>
                <td>{t(`desk.field.${each.field}`)}</td>
                <td>
                  <strong className="num-wrap">{goldenText(each.field, each.value) ?? ABSENT}</strong>
                </td>
                <td>{each.source === null ? ABSENT : sourceName(each.source)}</td>
                <td>
                  {each.value === null ? ABSENT : t(`desk.rule.${each.rule}`)}
                  {each.others > 0 && <span className="sub">{t('desk.person.others', { count: each.others })}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

interface RecordsProps {
  readonly person: PersonIdentity;
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
  readonly onSplit: (recordKeys: string[]) => void;
}
function Records({ person, chosen, onChosen, onSplit }: RecordsProps) {
  const { t } = useWords();
  const sourceName = useSourceName();
  const may = useMay();
  const linkName = useLinkName();
  const isReviewer = may('identity.review');
  const isSplit = chosen.size > 0 && chosen.size < person.records.length;
  const toggle = (recordKey: string, isOn: boolean): void => {
    const next = new Set(chosen);
    if (isOn) next.add(recordKey);
    else next.delete(recordKey);
    onChosen(next);
  };
  return (
    <section className="card figure">
      <div className="figure-head">
        <div>
          <h2 className="section-title">{t('desk.person.records')}</h2>
          {isReviewer && person.records.length > 1 && <p className="note">{t('desk.person.recordsNote')}</p>}
        </div>
        {person.records.length > 1 && (
          <Act
            label={t('desk.person.split')}
            why={isReviewer ? (isSplit ? undefined : t('desk.person.splitPick')) : t('desk.decide.forbidden')}
            onAct={() => onSplit([...chosen])}
          />
        )}
      </div>
      <ScrollRegion label={t('desk.person.records')}>
        <table className="plain-table">
          <caption className="sr-only">{t('desk.person.records')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('desk.source')}</th>
              <th scope="col">{t('desk.field.name')}</th>
              <th scope="col">{t('desk.field.birthDate')}</th>
              <th scope="col">{t('desk.field.residentId')}</th>
              <th scope="col">{t('desk.field.phone')}</th>
              <th scope="col">{t('desk.person.linkedBy')}</th>
              <th scope="col">{t('desk.person.since')}</th>
            </tr>
          </thead>
          <tbody>
            {person.records.map((record) => (
              <tr key={record.recordKey}>
                <td title={record.recordKey}>
                  {isReviewer && person.records.length > 1 ? (
                    <Checkbox
                      checked={chosen.has(record.recordKey)}
                      onChange={(event) => toggle(record.recordKey, event.target.checked)}
                      aria-label={t('desk.person.select', { source: sourceName(record.source) })}
                    >
                      {sourceName(record.source)}
                    </Checkbox>
                  ) : (
                    sourceName(record.source)
                  )}
                </td>
                <td>{record.name}</td>
                <td className="num">{record.birthMonth ?? ABSENT}</td>
                <td className="num">{masked(record.residentId)}</td>
                <td className="num">{masked(record.phone)}</td>
                <td>{linkName(record.linkedBy)}</td>
                <td className="num">{instant(record.since)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}

function Changes({ person }: { person: PersonIdentity }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  const goldenText = useGoldenValue();
  const linkName = useLinkName();
  return (
    <section className="card todo">
      <h2 className="section-title">{t('desk.person.changes')}</h2>
      {person.changes.length === 0 ? (
        <p className="note">{t('desk.person.changesEmpty')}</p>
      ) : (
        <ol className="history">
          {person.changes.map((change) => (
            <li key={`${change.at} ${change.field}`}>
              <time dateTime={change.at}>{instant(change.at)}</time>
              <span>
                {t(`desk.field.${change.field}`)}{' '}
                <strong>
                  {t('desk.person.changed', { from: goldenText(change.field, change.from) ?? ABSENT, to: goldenText(change.field, change.to) ?? ABSENT })}
                </strong>
                <span className="sub">
                  <Badge tone={change.cause === 'unlinked' ? 'watch' : 'none'}>{t(`desk.cause.${change.cause}`)}</Badge>{' '}
                  {[
                    change.linkedBy === null ? null : linkName(change.linkedBy),
                    change.source === null ? null : sourceName(change.source),
                    t(`desk.rule.${change.rule}`),
                  ]
                    .filter((each) => each !== null)
                    .join(' · ')}
                </span>
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
