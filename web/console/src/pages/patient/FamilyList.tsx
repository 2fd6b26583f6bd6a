import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FamilyDecision, FamilyLink } from '@xinglin/contracts/api.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { Button } from 'antd';
import { Link } from 'react-router';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { useMay } from '../../session.tsx';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { useSentence } from '../../ui/States.tsx';

const TONE: Record<FamilyLink['state'], Tone> = { suggested: 'watch', confirmed: 'good', rejected: 'none' };

/** Relatives found or decided; whoever reviews confirms or rejects them. */
export function FamilyList({ family, personId }: { family: readonly FamilyLink[]; personId: string }) {
  const { t } = useWords();
  const may = useMay();
  const say = useSentence();
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (body: FamilyDecision) => identityApi.decideFamily(body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['identity', 'person', personId] }),
  });
  const set = (link: FamilyLink, state: FamilyDecision['state']): void => decide.mutate({ relationId: link.relationId, kind: link.kind, state });
  return (
    <section className="card todo">
      <h2 className="section-title">{t('desk.person.family')}</h2>
      {family.length === 0 ? (
        <p className="note">{t('desk.person.familyEmpty')}</p>
      ) : (
        <ul className="history family">
          {family.map((link) => (
            <li key={`${link.relationId} ${link.name}`}>
              <span>
                {link.personId === null ? <strong>{link.name}</strong> : <Link to={paths.personIdentity(link.personId)}>{link.name}</Link>}
                <span className="sub">
                  {t(`desk.relation.${link.kind}`)} · {t(`desk.basis.${link.basis}`)}
                </span>
              </span>
              <Badge tone={TONE[link.state]}>{t(`desk.relationState.${link.state}`)}</Badge>
              {link.personId !== null && may('identity.review') && (
                <span className="family-actions">
                  {link.state !== 'confirmed' && (
                    <Button size="small" onClick={() => set(link, 'confirmed')} aria-label={`${t('desk.person.confirm')} ${link.name}`}>
                      {t('desk.person.confirm')}
                    </Button>
                  )}
                  {link.state !== 'rejected' && (
                    <Button size="small" onClick={() => set(link, 'rejected')} aria-label={`${t('desk.person.reject')} ${link.name}`}>
                      {t('desk.person.reject')}
                    </Button>
                  )}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {decide.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(decide.error)}
        </p>
      )}
    </section>
  );
}
