import type { PatientInbox } from '@xinglin/contracts/api.ts';
import { ApiFailure } from '@xinglin/web-shared/api/http.ts';
import { patientApi } from '@xinglin/web-shared/api/patient.ts';
import { useCallback, useEffect, useState } from 'react';
import { ConsentList } from './ConsentList.tsx';
import { Frame, Waiting } from './Frame.tsx';
import { MessageList } from './MessageList.tsx';
import { ProblemPage } from './problem.tsx';
import { SignInPage } from './SignInPage.tsx';
import { useSettings } from './words.tsx';

type State = { at: 'waiting' } | { at: 'signed-out' } | { at: 'failed'; error: unknown } | { at: 'open'; inbox: PatientInbox };

/** With a link's token the patient is signed in first; the address is then the plain one, so the token is not kept in view. */
export function InboxPage({ token }: { token: string | null }) {
  const { t, language } = useSettings();
  const [state, setState] = useState<State>({ at: 'waiting' });
  const load = useCallback(async () => {
    try {
      if (token !== null && location.pathname !== '/p/') {
        await patientApi.openLink(token);
        history.replaceState(null, '', '/p/');
      }
      setState({ at: 'open', inbox: await patientApi.inbox() });
    } catch (error) {
      const isSignedOut = error instanceof ApiFailure && error.kind === 'signed-out' && (token === null || location.pathname === '/p/');
      setState(isSignedOut ? { at: 'signed-out' } : { at: 'failed', error });
    }
  }, [token]);
  // Messages arrive in the language of the page, so a switch asks again.
  useEffect(() => void load(), [load, language]);

  switch (state.at) {
    case 'waiting':
      return (
        <Frame hospital={null} title={t('inbox.title')}>
          <Waiting boxes={[24, 120, 120, 120]} />
        </Frame>
      );
    case 'failed':
      return <ProblemPage error={state.error} onRetry={() => void load()} />;
    case 'signed-out':
      return <SignInPage onEnter={() => void load()} />;
    case 'open':
      return <Inbox inbox={state.inbox} onChange={(inbox) => setState({ at: 'open', inbox })} onLeave={() => setState({ at: 'signed-out' })} />;
  }
}

function Inbox({ inbox, onChange, onLeave }: { inbox: PatientInbox; onChange: (inbox: PatientInbox) => void; onLeave: () => void }) {
  const { t } = useSettings();
  const unread = inbox.messages.filter((message) => !message.isRead).length;
  const onRead = (messageId: string): void => {
    onChange({ ...inbox, messages: inbox.messages.map((message) => (message.messageId === messageId ? { ...message, isRead: true } : message)) });
    // Not told to the patient when it fails: the message is read all the same, and the next opening says so again.
    patientApi.markRead(messageId).catch(() => undefined);
  };
  return (
    <Frame hospital={inbox.hospital} title={t('inbox.title')}>
      <p className="quiet">
        {inbox.greeting}
        <br />
        {unread > 0 ? t('inbox.unreadCount', { count: unread }) : t('inbox.allRead')}
      </p>
      <MessageList messages={inbox.messages} onRead={onRead} />
      <ConsentList consents={inbox.consents} onChange={(consents) => onChange({ ...inbox, consents })} />
      <button type="button" className="secondary" onClick={() => patientApi.signOut().then(onLeave, onLeave)}>
        {t('inbox.signOut')}
      </button>
    </Frame>
  );
}
