import { due, instant } from '@xinglin/web-shared/format.ts';
import { useWords } from '../i18n.ts';
import { Badge } from './Badge.tsx';

/** Below this the time left is shown as pressing. */
const SOON_MS = 4 * 3_600_000;

/** A limit against business time: how long is left, or by how much it is over. */
export function LimitText({ dueAt, now }: { dueAt: string; now: number }) {
  const { t, language } = useWords();
  const { isOver, text } = due(dueAt, now, language);
  const isSoon = !isOver && Date.parse(dueAt) - now < SOON_MS;
  return (
    <span title={instant(dueAt)}>
      <Badge tone={isOver ? 'bad' : isSoon ? 'watch' : 'none'}>{isOver ? t('cases.over', { text }) : t('cases.left', { text })}</Badge>
    </span>
  );
}

/** A follow-up has a window of days: it is due from its moment on, and overdue only when the window has passed, which the server says. */
export function DueText({ dueAt, now, isOverdue }: { dueAt: string; now: number; isOverdue: boolean }) {
  const { t, language } = useWords();
  const { isOver, text } = due(dueAt, now, language);
  return (
    <span title={instant(dueAt)}>
      <Badge tone={isOverdue ? 'bad' : isOver ? 'watch' : 'none'}>
        {isOverdue ? t('followUps.over', { text }) : isOver ? t('followUps.since', { text }) : t('followUps.left', { text })}
      </Badge>
    </span>
  );
}
