import { patientApi } from '@xinglin/web-shared/api/patient.ts';
import { type FormEvent, useEffect, useState } from 'react';
import { Frame } from './Frame.tsx';
import { useSentence } from './problem.tsx';
import { useSettings } from './words.tsx';

const RESEND_AFTER_SECONDS = 60;
/** The code is the one thing to do after asking for it. */
const focusOnce = (input: HTMLInputElement | null): void => input?.focus();

/** Two steps: the number, then the code. Nobody learns from it whether a number is on file. */
export function SignInPage({ onEnter }: { onEnter: () => void }) {
  const { t } = useSettings();
  const say = useSentence();
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [isSent, setSent] = useState(false);
  const [demoCode, setDemoCode] = useState<string | null>(null);
  const [wait, setWait] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  useEffect(() => {
    if (wait === 0) return;
    const timer = setTimeout(() => setWait(wait - 1), 1000);
    return () => clearTimeout(timer);
  }, [wait]);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await work();
    } catch (error) {
      setProblem(say(error));
    } finally {
      setBusy(false);
    }
  };
  const sendCode = (): Promise<void> =>
    attempt(async () => {
      const answer = await patientApi.sendCode(phone);
      setDemoCode(answer?.demoCode ?? null);
      setSent(true);
      setWait(RESEND_AFTER_SECONDS);
    });
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (!/^1[3-9]\d{9}$/.test(phone)) setProblem(t('signIn.phoneBad'));
    else if (!isSent) void sendCode();
    else if (!/^\d{6}$/.test(code)) setProblem(t('signIn.codeBad'));
    else
      void attempt(async () => {
        await patientApi.signIn(phone, code);
        onEnter();
      });
  };
  return (
    <Frame hospital={null} title={t('signIn.title')}>
      <form onSubmit={onSubmit} noValidate className="sign-in">
        <p className="quiet">{isSent ? t('signIn.codeSent') : t('signIn.lead')}</p>
        <label htmlFor="phone">{t('signIn.phone')}</label>
        <input
          id="phone"
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          maxLength={11}
          value={phone}
          readOnly={isSent}
          onChange={(event) => setPhone(event.target.value.replaceAll(/\D/g, ''))}
        />
        {isSent && (
          <>
            <label htmlFor="code">{t('signIn.code')}</label>
            <input
              id="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              ref={focusOnce}
              maxLength={6}
              value={code}
              onChange={(event) => setCode(event.target.value.replaceAll(/\D/g, ''))}
            />
            {demoCode !== null && <p className="ok">{t('signIn.demoCode', { code: demoCode })}</p>}
          </>
        )}
        {problem !== null && (
          <p className="alert" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="primary" disabled={isBusy}>
          {isSent ? t('signIn.submit') : t('signIn.sendCode')}
        </button>
        {isSent && (
          <div className="sign-in-more">
            <button type="button" className="tool" disabled={wait > 0 || isBusy} onClick={() => void sendCode()}>
              {wait > 0 ? t('signIn.wait', { seconds: wait }) : t('signIn.again')}
            </button>
            <button
              type="button"
              className="tool"
              onClick={() => {
                setSent(false);
                setCode('');
                setProblem(null);
              }}
            >
              {t('signIn.changePhone')}
            </button>
          </div>
        )}
        <p className="quiet">{t('signIn.help')}</p>
      </form>
    </Frame>
  );
}
