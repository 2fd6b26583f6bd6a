import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ActPreview, PersonCard, PreviewBody } from '@xinglin/contracts/api.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { identityApi } from '@xinglin/web-shared/api/identity.ts';
import { ABSENT, count } from '@xinglin/web-shared/format.ts';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useWords } from '../../i18n.ts';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Loaded, useSentence } from '../../ui/States.tsx';
import { useGoldenValue } from './golden-value.ts';
import { useWhatWord } from './words.ts';

const WIDTH = 640;

/** What an act would do, from the server doing it and taking it back; and the button that does it. Opens while `body` is given. */
export function PreviewPanel({ body, onClose, onDone }: { body: PreviewBody | null; onClose: () => void; onDone?: () => void }) {
  const { t } = useWords();
  const preview = useQuery({
    queryKey: ['identity', 'preview', body],
    queryFn: () => identityApi.preview(body as PreviewBody), // not asked without one
    enabled: body !== null,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  return (
    <SidePanel title={body === null ? '' : t(`desk.preview.${body.kind}`)} isOpen={body !== null} onClose={onClose} width={WIDTH}>
      <Loaded query={preview} skeleton={<Blocks heights={[160, 120, 160]} />}>
        {(loaded) => (body === null ? null : <Body key={JSON.stringify(body)} body={body} preview={loaded} onClose={onClose} onDone={onDone} />)}
      </Loaded>
    </SidePanel>
  );
}

function Body({ body, preview, onClose, onDone }: { body: PreviewBody; preview: ActPreview; onClose: () => void; onDone: (() => void) | undefined }) {
  const { t, language } = useWords();
  const whatWord = useWhatWord();
  const say = useSentence();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [key] = useState(idempotencyKey);
  const act = useMutation({
    mutationFn: () => (body.kind === 'undo' ? identityApi.undo(body.actId, key) : identityApi.act(body, key)),
    onSuccess: async () => {
      void message.success(body.kind === 'undo' ? t('desk.undoDone') : t(`desk.preview.done.${body.kind}`));
      onClose();
      onDone?.();
      await Promise.all(['identity', 'patient', 'patients', 'timeline'].map((name) => queries.invalidateQueries({ queryKey: [name] })));
    },
  });
  const confirm = { merge: t('desk.preview.confirmMerge'), split: t('desk.preview.confirmSplit'), undo: t('desk.preview.confirmUndo') }[body.kind];
  return (
    <>
      {preview.warnings.length > 0 && (
        <section className="line-notice watch" aria-label={t('desk.preview.warnings')}>
          <strong>{t('desk.preview.warnings')}</strong>
          <ul className="warnings">
            {preview.warnings.map((warning) => (
              <li key={warning}>{t(`desk.warning.${warning}`)}</li>
            ))}
          </ul>
        </section>
      )}
      <Cards title={t('desk.preview.before')} cards={preview.before} />
      <Cards title={t('desk.preview.after')} cards={preview.after} />
      <section className="panel-section">
        <h3>{t('desk.preview.moves')}</h3>
        {preview.moves.length === 0 ? (
          <p className="note">{t('desk.preview.movesNone')}</p>
        ) : (
          <>
            <dl className="scores">
              {preview.moves.map(({ what, rows }) => (
                <div key={what} style={{ display: 'contents' }}>
                  <dt>{whatWord(what)}</dt>
                  <dd>{count(rows, language)}</dd>
                </div>
              ))}
            </dl>
            <p className="note">{t('desk.preview.movesNote')}</p>
          </>
        )}
      </section>
      {act.error !== null && (
        <p className="line-notice bad" role="alert">
          {say(act.error)}
        </p>
      )}
      <div className="form-footer">
        <span className="note">{t('desk.moved', { count: preview.recordsMoved })}</span>
        <Button onClick={onClose}>{t('state.cancel')}</Button>
        <Button type="primary" loading={act.isPending} onClick={() => act.mutate()}>
          {confirm}
        </Button>
      </div>
    </>
  );
}

function Cards({ title, cards }: { title: string; cards: readonly PersonCard[] }) {
  const { t } = useWords();
  const goldenText = useGoldenValue();
  return (
    <section className="panel-section">
      <h3>{title}</h3>
      <div className="person-cards">
        {cards.map((card) => (
          <div key={card.personId} className="card person-card">
            <p className="note">
              <code>{card.personId.slice(-4)}</code> · {t('desk.preview.person', { count: card.records })}
            </p>
            <dl className="facts">
              {card.golden
                .filter((each) => each.value !== null)
                .map((each) => (
                  <div key={each.field} style={{ display: 'contents' }}>
                    <dt>{t(`desk.field.${each.field}`)}</dt>
                    <dd>{goldenText(each.field, each.value) ?? ABSENT}</dd>
                  </div>
                ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
