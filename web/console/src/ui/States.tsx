import { CloudOutlined, LockOutlined, SearchOutlined, WarningOutlined } from '@ant-design/icons';
import { mayRole, type Permission, ROLES } from '@xinglin/contracts/viewer.ts';
import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { instant } from '@xinglin/web-shared/format.ts';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../i18n.ts';

function Notice({ icon, title, children, action }: { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <section className="notice" role="status">
      <div className="notice-icon" aria-hidden>
        {icon}
      </div>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </section>
  );
}

/** One sentence for whatever went wrong: the server's own when it sent one. */
export function useSentence(): (error: unknown) => string {
  const { t, language } = useWords();
  return (error) => (error instanceof ApiFailure ? (error.sentence(language) ?? t(`failure.${error.kind}`)) : t('failure.server'));
}

export function Failed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useWords();
  const say = useSentence();
  const kind = error instanceof ApiFailure ? error.kind : 'server';
  if (kind === 'forbidden') return <Forbidden permission={null} />;
  if (kind === 'not-found')
    return (
      <Notice icon={<SearchOutlined />} title={t('state.notFoundTitle')}>
        {say(error)}
      </Notice>
    );
  return (
    <Notice
      icon={kind === 'offline' ? <CloudOutlined /> : <WarningOutlined />}
      title={t('state.failedTitle')}
      action={
        <Button type="primary" onClick={onRetry}>
          {t('retry')}
        </Button>
      }
    >
      {say(error)}
    </Notice>
  );
}

/** Says which right is missing, who has it and who can grant it. */
export function Forbidden({ permission }: { permission: Permission | null }) {
  const { t, language } = useWords();
  const holders = permission === null ? [] : ROLES.filter((role) => mayRole(role, permission)).map((role) => t(`role.${role}`));
  return (
    <Notice
      icon={<LockOutlined />}
      title={permission === null ? t('failure.forbidden') : t('state.forbiddenTitle', { permission: t(`permission.${permission}`) })}
    >
      {holders.length === 0 ? t('state.forbiddenMissing') : t('state.forbiddenWho', { roles: new Intl.ListFormat(language).format(holders) })}
    </Notice>
  );
}

export const Empty = ({ children, title, action }: { children: ReactNode; title?: string; action?: ReactNode }) => {
  const { t } = useWords();
  return (
    <section className="empty">
      <h2>{title ?? t('state.emptyTitle')}</h2>
      <p>{children}</p>
      {action}
    </section>
  );
};

interface Loadable<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isPending: boolean;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

/** Draws what was loaded, its skeleton before, and what to do when it failed; older data stays with a line saying so. */
export function Loaded<T>({ query, skeleton, children }: { query: Loadable<T>; skeleton: ReactNode; children: (data: T) => ReactNode }) {
  const { t } = useWords();
  if (query.data !== undefined)
    return (
      <>
        {query.error !== null && (
          <p className="line-notice watch" role="status">
            {t('state.refreshFailed', { at: instant(new Date(query.dataUpdatedAt).toISOString()) })}{' '}
            <Button size="small" type="link" onClick={() => query.refetch()}>
              {t('retry')}
            </Button>
          </p>
        )}
        {children(query.data)}
      </>
    );
  if (query.isPending)
    return (
      <div aria-busy="true">
        <span className="sr-only">{t('loading')}</span>
        {skeleton}
      </div>
    );
  return <Failed error={query.error} onRetry={() => query.refetch()} />;
}

/** Grey boxes of the final size. */
export const Blocks = ({ heights, columns = 1 }: { heights: readonly number[]; columns?: number }) => (
  <div className="blocks" style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
    {heights.map((height, i) => (
      <div key={i} className="shimmer" style={{ height }} />
    ))}
  </div>
);
