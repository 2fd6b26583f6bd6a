import { LockOutlined } from '@ant-design/icons';
import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { Tooltip } from 'antd';
import { Fragment, type ReactNode, Suspense } from 'react';
import { Link, Navigate, Route, Routes, useLocation } from 'react-router';
import { useWords } from '../i18n.ts';
import { useMay, useSession } from '../session.tsx';
import type { Mode } from '../theme.ts';
import { Blocks, Failed, Forbidden } from '../ui/States.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { Notices } from './Notices.tsx';
import { PAGES, ROUTES } from './pages.tsx';
import { Switches } from './Switches.tsx';

export function Shell({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const { t, language } = useWords();
  const { hospital, isDemo } = useSession();
  const may = useMay();
  return (
    <>
      <a className="skip" href="#main">
        {t('skip')}
      </a>
      <div className="shell">
        <div className="side">
          <Navigation />
        </div>
        <header className="topbar">
          <span className="hospital">{pickName(hospital, language)}</span>
          {isDemo && (
            <Tooltip title={t('demo.explain')}>
              <span className="badge info">{t('demo.tag')}</span>
            </Tooltip>
          )}
          <span className="spring" />
          <Switches mode={mode} onMode={onMode} />
          {may('case.read') && <Notices />}
          <AccountMenu />
        </header>
        <main className="main" id="main">
          <Suspense fallback={<Blocks heights={[72, 200, 420]} />}>
            <Routes>
              {ROUTES.map(({ path, permission, page: Page }) => (
                <Route
                  key={path}
                  path={path}
                  element={
                    <Guarded permission={permission} isHome={path === '/'}>
                      <Page />
                    </Guarded>
                  }
                />
              ))}
              <Route path="*" element={<Failed error={new ApiFailure('not-found', 404, null)} onRetry={() => undefined} />} />
            </Routes>
          </Suspense>
        </main>
      </div>
    </>
  );
}

/** Pages out of the role's reach stay in sight, with a lock; opening one says who can grant it. */
function Navigation() {
  const { t } = useWords();
  const may = useMay();
  const { pathname } = useLocation();
  const isHere = (path: string): boolean => (path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`));
  return (
    <nav aria-label={t('nav.label')}>
      <Link className="brand" to={PAGES[0]?.path ?? '/'}>
        <img src="/mark.svg" alt="" />
        {t('product')}
      </Link>
      <ul>
        {PAGES.map((page, i) => (
          <Fragment key={page.name}>
            {page.group !== undefined && page.group !== PAGES[i - 1]?.group && (
              <li className="nav-group" aria-hidden>
                {t(`nav.group.${page.group}`)}
              </li>
            )}
            <li className={page.group === undefined ? undefined : 'in-group'}>
              <Link to={page.path} className={may(page.permission) ? '' : 'locked'} aria-current={isHere(page.path) ? 'page' : undefined}>
                {page.icon}
                {t(`nav.${page.name}`)}
                {!may(page.permission) && (
                  <>
                    <LockOutlined className="lock" aria-hidden />
                    <span className="sr-only">{t('nav.locked')}</span>
                  </>
                )}
              </Link>
            </li>
          </Fragment>
        ))}
      </ul>
    </nav>
  );
}

/** Home is the first page the role may open. */
function Guarded({ permission, isHome, children }: { permission: (typeof ROUTES)[number]['permission']; isHome: boolean; children: ReactNode }) {
  const may = useMay();
  if (may(permission)) return children;
  const first = PAGES.find((page) => may(page.permission));
  return isHome && first !== undefined ? <Navigate to={first.path} replace /> : <Forbidden permission={permission} />;
}
