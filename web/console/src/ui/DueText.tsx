import { due, instant } from '@xinglin/web-shared/format.ts';
import { useWords } from '../i18n.ts';
import { Badge } from './Badge.tsx';

/** Below this the time left is shown as pressing. */
const SOON_MS = 4 * 3_600_000;

/** How long is left, or by how much it is over, against business time. */
export function DueText({ dueAt, now, words }: { dueAt: string; now: number; words: 'followUps' | 'cases' }) {
  const { t, language } = useWords();
  const { isOver, text } = due(dueAt, now, language);
  const isSoon = !isOver && Date.parse(dueAt) - now < SOON_MS;
  return (
    <span title={instant(dueAt)}>
      <Badge tone={isOver ? 'bad' : isSoon ? 'watch' : 'none'}>{isOver ? t(`${words}.over`, { text }) : t(`${words}.left`, { text })}</Badge>
    </span>
  );
}
