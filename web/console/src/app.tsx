import { MutationCache, QueryCache, QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Session } from '@xinglin/contracts/api.ts';
import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { remember, remembered } from '@xinglin/web-shared/language.ts';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useState } from 'react';
import { BrowserRouter } from 'react-router';
import { useWords } from './i18n.ts';
import { Shell } from './layout/Shell.tsx';
import { SignInPage } from './pages/SignInPage.tsx';
import { SessionProvider } from './session.tsx';
import { type Mode, themeOf } from './theme.ts';
import { Failed } from './ui/States.tsx';

/** Tries after a lost connection or a server fault; a refusal is an answer and is not asked again. */
const RETRIES = 2;

function createClient(): QueryClient {
  const onError = (error: unknown): void => {
    // Whatever page noticed it: show the sign-in in place, at the same address.
    if (error instanceof ApiFailure && error.kind === 'signed-out') client.setQueryData<Session | null>(['session'], null);
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 15_000,
        retry: (failed, error) => failed < RETRIES && error instanceof ApiFailure && (error.kind === 'offline' || error.kind === 'server'),
      },
    },
  });
  return client;
}
const client = createClient();

export function App() {
  const { language } = useWords();
  const [mode, setMode] = useState<Mode>(() => (remembered('theme') === 'dark' ? 'dark' : 'light'));
  useEffect(() => {
    document.documentElement.dataset['theme'] = mode;
    remember('theme', mode);
  }, [mode]);
  return (
    <ConfigProvider theme={themeOf(mode)} locale={language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }}>
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <SignedIn mode={mode} onMode={setMode} />
          </BrowserRouter>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

function SignedIn({ mode, onMode }: { mode: Mode; onMode: (mode: Mode) => void }) {
  const queries = useQueryClient();
  const session = useQuery({ queryKey: ['session'], queryFn: staffApi.session, staleTime: 300_000 });
  if (session.isPending) return null;
  if (session.data === undefined) return <Failed error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data === null) {
    const enter = (entered: Session): void => {
      // What another person loaded is not shown to this one.
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      queries.setQueryData(['session'], entered);
    };
    return <SignInPage mode={mode} onMode={onMode} onEnter={enter} />;
  }
  return (
    <SessionProvider session={session.data}>
      <Shell mode={mode} onMode={onMode} />
    </SessionProvider>
  );
}
