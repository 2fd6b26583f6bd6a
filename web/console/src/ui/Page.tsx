import type { Bilingual } from '@xinglin/contracts/api.ts';
import { instant, span } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { type ReactNode, useEffect, useRef } from 'react';
import { useWords } from '../i18n.ts';
import { useNow } from './use-now.ts';

/** Figures older than this are called old in so many words. */
const STALE_AFTER_MS = 2 * 3_600_000;

export interface PageProps {
  /** The question the page answers. */
  readonly title: string;
  /** The answer, top left; null while it is not known. */
  readonly answer: ReactNode;
  readonly filters?: ReactNode;
  /** At most one primary action. */
  readonly action?: ReactNode;
  readonly asOf?: string | undefined;
  readonly scope?: Bilingual | string | undefined;
  readonly back?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, answer, filters, action, asOf, scope, back, children }: PageProps) {
  const { t, language } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = t('title', { page: title });
  }, [t, title]);
  // A new page is announced and read from its top.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <header className="page-head">
        {back}
        <div className="page-head-row">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          <div className="page-facts">
            {scope !== undefined && <span>{t('state.scope', { scope: typeof scope === 'string' ? scope : pick(scope, language) })}</span>}
            {asOf !== undefined && <AsOf at={asOf} />}
          </div>
        </div>
        <div className="page-head-row">
          <p className="answer" aria-live="polite">
            {answer ?? <span className="shimmer answer-waiting" />}
          </p>
          {action}
        </div>
        {filters !== undefined && (
          <section className="filters" aria-label={t('state.filters')}>
            {filters}
          </section>
        )}
      </header>
      {children}
    </>
  );
}

/** The moment the figures stand for; says so when that is long ago. In the demo, business time may run apart from the wall's. */
export function AsOf({ at }: { at: string }) {
  const { t, language } = useWords();
  const now = useNow(60_000);
  const age = now - Date.parse(at);
  const isStale = age > STALE_AFTER_MS && age < 36 * STALE_AFTER_MS;
  return (
    <span className="as-of">
      <time dateTime={at}>{t('state.asOf', { at: instant(at) })}</time>
      {isStale && <span className="badge watch">{t('state.stale', { span: span(age, language) })}</span>}
    </span>
  );
}
