import { useMutation, useQuery } from '@tanstack/react-query';
import type { Session } from '@xinglin/contracts/api.ts';
import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { Button, Form, Input } from 'antd';
import { useEffect } from 'react';
import { useWords } from '../i18n.ts';
import { Switches } from '../layout/Switches.tsx';
import type { Mode } from '../theme.ts';
import { useSentence } from '../ui/States.tsx';

interface Fields {
  username: string;
  password: string;
}

export function SignInPage({ mode, onMode, onEnter }: { mode: Mode; onMode: (mode: Mode) => void; onEnter: (session: Session) => void }) {
  const { t } = useWords();
  const say = useSentence();
  const demo = useQuery({ queryKey: ['demo-accounts'], queryFn: staffApi.demoAccounts, staleTime: Number.POSITIVE_INFINITY });
  const signIn = useMutation({ mutationFn: staffApi.signIn, onSuccess: onEnter });
  useEffect(() => {
    document.title = t('title', { page: t('signIn.title') });
  }, [t]);
  // A wrong password is not an ended session: the general sentence would mislead.
  const problem =
    signIn.error instanceof ApiFailure && signIn.error.kind === 'signed-out' && signIn.error.problem === null ? t('signIn.wrong') : say(signIn.error);
  const accounts = demo.data ?? [];
  return (
    <main className="sign-in" id="main">
      <div className="sign-in-tools">
        <Switches mode={mode} onMode={onMode} />
      </div>
      <section className="sign-in-left">
        <div>
          <img src="/mark.svg" alt="" width={56} height={56} />
          <h1>{t('product')}</h1>
          <p className="lead">{t('signIn.intro')}</p>
        </div>
        <p className="note">{t('signIn.loop')}</p>
      </section>
      <section className="sign-in-right">
        <div>
          <h2>{t('signIn.title')}</h2>
          <Form<Fields> layout="vertical" requiredMark={false} onFinish={(fields) => signIn.mutate(fields)}>
            <Form.Item
              name="username"
              label={t('signIn.username')}
              rules={[{ required: true, message: t('signIn.required', { field: t('signIn.username') }) }]}
            >
              <Input size="large" autoComplete="username" autoFocus maxLength={64} />
            </Form.Item>
            <Form.Item
              name="password"
              label={t('signIn.password')}
              rules={[{ required: true, message: t('signIn.required', { field: t('signIn.password') }) }]}
            >
              <Input.Password size="large" autoComplete="current-password" maxLength={200} />
            </Form.Item>
            {signIn.error !== null && (
              <p className="line-notice bad" role="alert">
                {problem}
              </p>
            )}
            <Button type="primary" size="large" htmlType="submit" block loading={signIn.isPending}>
              {t('signIn.submit')}
            </Button>
          </Form>
          <p className="note" style={{ marginTop: 10 }}>
            {t('signIn.help')}
          </p>
        </div>
        {accounts.length > 0 && (
          <section aria-labelledby="demo-title">
            <h3 id="demo-title" className="section-title">
              {t('signIn.demoTitle')}
            </h3>
            <p className="note">{t('signIn.demoHint')}</p>
            <div className="demo-accounts">
              {accounts.map(({ username, password, role, displayName }) => (
                <button key={username} type="button" className="demo-account" disabled={signIn.isPending} onClick={() => signIn.mutate({ username, password })}>
                  <span>{t(`role.${role}`)}</span>
                  <small>
                    {displayName} · {username}
                  </small>
                </button>
              ))}
            </div>
          </section>
        )}
      </section>
    </main>
  );
}
