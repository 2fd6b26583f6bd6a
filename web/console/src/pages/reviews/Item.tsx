import type { ReviewRow } from '@xinglin/contracts/api.ts';
import { useWords } from '../../i18n.ts';
import { useSourceName } from '../../ui/use-source-name.ts';
import { useChance, useCodeWord } from './words.ts';

/** One pair in the queue. */
export function Item({ row, isOpen, onOpen }: { row: ReviewRow; isOpen: boolean; onOpen: () => void }) {
  const { t } = useWords();
  const word = useCodeWord();
  const chance = useChance();
  const sourceName = useSourceName();
  return (
    <li>
      <button type="button" id={`review-${row.reviewId}`} className="review-item" aria-current={isOpen} onClick={onOpen}>
        <span className="review-names">
          <strong>{row.a.name}</strong> · <strong>{row.b.name}</strong>
        </span>
        <span className="review-chance num">{row.probability === null ? t('desk.conflict') : chance(row.probability)}</span>
        <span className="sub">
          {word(['desk', 'reason'], row.reason)}
          {row.pairs > 1 && ` · ${t('desk.pairs', { count: row.pairs })}`}
        </span>
        <span className="sub">
          {[...new Set([...row.a.sources, ...row.b.sources])].map(sourceName).join(' · ')} ·{' '}
          {row.ageDays === 0 ? t('desk.today') : t('desk.ageDays', { count: row.ageDays })}
        </span>
      </button>
    </li>
  );
}
