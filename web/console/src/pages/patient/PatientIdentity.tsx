import { useQuery } from '@tanstack/react-query';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { Link } from 'react-router';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { Blocks, Loaded } from '../../ui/States.tsx';
import { FamilyList } from './FamilyList.tsx';

/** Beside the timeline: who belongs to this person, and whether some of the records wait for a decision. */
export function PatientIdentity({ personId }: { personId: string }) {
  const { t } = useWords();
  const person = useQuery({ queryKey: ['identity', 'person', personId], queryFn: ({ signal }) => identityApi.person(personId, signal) });
  return (
    <Loaded query={person} skeleton={<Blocks heights={[96]} />}>
      {(loaded) => {
        const first = loaded.reviews[0];
        return (
          <>
            {first !== undefined && (
              <p className="line-notice watch">
                {t('desk.person.waiting', { count: loaded.reviews.length })} <Link to={paths.reviews({ review: first.reviewId })}>{t('desk.title')}</Link>
              </p>
            )}
            <FamilyList family={loaded.family} personId={loaded.personId} />
          </>
        );
      }}
    </Loaded>
  );
}
