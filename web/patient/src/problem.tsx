import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { Frame } from './Frame.tsx';
import { useSettings } from './words.tsx';

/** One plain sentence for whatever went wrong. */
export function useSentence(): (error: unknown) => string {
  const { t, language } = useSettings();
  return (error) => (error instanceof ApiFailure ? (error.sentence(language) ?? t(`failure.${error.kind}`)) : t('failure.server'));
}

/** A link that no longer opens, or a network that does not answer. Always says what to do next. */
export function ProblemPage({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useSettings();
  const say = useSentence();
  const kind = error instanceof ApiFailure ? error.kind : 'server';
  if (kind === 'offline' || kind === 'server' || kind === 'too-many')
    return (
      <Frame hospital={null} title={t('link.offlineTitle')}>
        <p role="alert">{say(error)}</p>
        <button type="button" className="primary" onClick={onRetry}>
          {t('retry')}
        </button>
      </Frame>
    );
  return (
    <Frame hospital={null} title={kind === 'expired' ? t('link.expiredTitle') : t('link.badTitle')}>
      <p role="alert">{say(error)}</p>
      <p className="quiet">{kind === 'expired' ? t('link.expired') : t('link.bad')}</p>
      <p>{t('link.next')}</p>
      <a className="primary" href="/p/">
        {t('link.signIn')}
      </a>
    </Frame>
  );
}
