import type { IdentityAct } from '@xinglin/contracts/api.ts';
import { instant } from '@xinglin/web-shared/format.ts';
import { Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { PreviewPanel } from './Preview.tsx';
import { useCodeWord } from './words.ts';

/** What people decided, newest first; each act that stands can be undone by itself, whatever came after it. */
export function ActHistory({ acts }: { acts: readonly IdentityAct[] }) {
  const { t } = useWords();
  const may = useMay();
  const word = useCodeWord();
  const [undoing, setUndoing] = useState<string | null>(null);
  if (acts.length === 0) return <p className="note">{t('desk.historyEmpty')}</p>;
  return (
    <>
      <ol className="history acts">
        {acts.map((act) => (
          <li key={act.actId} className={act.undone === null ? undefined : 'is-undone'}>
            <time dateTime={act.at}>{instant(act.at)}</time>
            <span>
              <strong>{t(`desk.act.${act.kind}`)}</strong>
              <span className="sub">
                {word(['desk', 'why'], act.reason)} · {act.by}
                {act.moved > 0 && ` · ${t('desk.moved', { count: act.moved })}`}
              </span>
              {act.undone !== null && <span className="sub">{t('desk.undone', { by: act.undone.by, at: instant(act.undone.at) })}</span>}
            </span>
            {act.undone === null && may('identity.review') && (
              <Button size="small" onClick={() => setUndoing(act.actId)} aria-label={`${t('desk.undo')} ${t(`desk.act.${act.kind}`)} ${instant(act.at)}`}>
                {t('desk.undo')}
              </Button>
            )}
          </li>
        ))}
      </ol>
      <PreviewPanel body={undoing === null ? null : { kind: 'undo', actId: undoing }} onClose={() => setUndoing(null)} />
    </>
  );
}
