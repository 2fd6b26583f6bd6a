import type { InboxMessage } from '@xinglin/contracts/api.ts';
import { instant } from '@xinglin/web-shared/format.ts';
import { useState } from 'react';
import { ReadButton } from './SurveyQuestion.tsx';
import { useSettings } from './words.tsx';

export function MessageList({ messages, onRead }: { messages: readonly InboxMessage[]; onRead: (messageId: string) => void }) {
  const { t } = useSettings();
  const [open, setOpen] = useState<string | null>(null);
  if (messages.length === 0) return <p className="empty">{t('inbox.empty')}</p>;
  return (
    <ul className="messages">
      {messages.map((message) => {
        const isOpen = open === message.messageId;
        const toggle = (): void => {
          setOpen(isOpen ? null : message.messageId);
          if (!isOpen && !message.isRead) onRead(message.messageId);
        };
        return (
          <li key={message.messageId} className={message.isRead ? 'message' : 'message is-unread'}>
            <button type="button" className="message-head" aria-expanded={isOpen} onClick={toggle}>
              <span className="message-title">
                {!message.isRead && <span className="unread">{t('inbox.unread')}</span>}
                {message.title}
              </span>
              <time dateTime={message.sentAt}>{instant(message.sentAt)}</time>
              {!isOpen && <span className="message-start">{message.body}</span>}
            </button>
            {isOpen && (
              <div className="message-body">
                <p>{message.body}</p>
                <div className="message-actions">
                  {message.link !== null && (
                    <a className="primary" href={pathOf(message.link)}>
                      {message.link.includes('/p/s/') ? t('inbox.opens.survey') : t('inbox.opens.other')}
                    </a>
                  )}
                  <ReadButton id={message.messageId} text={`${message.title}\n${message.body}`} />
                </div>
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Links in messages carry the hospital's public address; on this phone the page may be reached by another name. */
const pathOf = (link: string): string => {
  try {
    const url = new URL(link, location.origin);
    return url.pathname.startsWith('/p/') ? url.pathname : link;
  } catch {
    return link;
  }
};
