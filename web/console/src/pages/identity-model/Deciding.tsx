import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ModelList, ModelRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { Button, Popconfirm } from 'antd';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { Act } from '../../ui/Act.tsx';
import { useSentence } from '../../ui/States.tsx';
import { PreviewFacts } from './PreviewFacts.tsx';
import { isOpen } from './TaskNotice.tsx';

export interface ModelActions {
  readonly ask: (body: Parameters<typeof staffApi.modelTask>[0]) => void;
  readonly isAsking: boolean;
}

/** Approve or reject, look ahead, use. What is not possible stays in sight and says why. */
export function Deciding({ row, list, actions }: { row: ModelRow; list: ModelList; actions: ModelActions }) {
  const { t } = useWords();
  const may = useMay();
  const say = useSentence();
  const client = useQueryClient();
  const done = (answer: ModelList): void => {
    client.setQueryData(['identity-models'], answer);
    void client.invalidateQueries({ queryKey: ['identity-report'] });
  };
  const decide = useMutation({ mutationFn: (decision: 'approved' | 'rejected') => staffApi.decideModel(row.edition, decision), onSuccess: done });
  const use = useMutation({ mutationFn: (task: string) => staffApi.useModel(row.edition, task), onSuccess: done });
  const isBusy = list.tasks.some(isOpen);
  const last = list.tasks.find((task) => task.kind === 'preview' && task.edition === row.edition && task.state === 'done');
  const fits = last !== undefined && last.against === list.inUse;
  const forbidden = may('model.approve') ? undefined : t('identityModel.approveForbidden');
  const failure = decide.error ?? use.error;
  return (
    <section className="stack" aria-labelledby="model-deciding">
      <h3 className="section-title" id="model-deciding">
        {t('identityModel.previewTitle')}
      </h3>
      {row.isInUse && <p className="note">{t('identityModel.isInUse')}</p>}
      {row.state === 'rejected' && <p className="note">{t('identityModel.isRejected')}</p>}
      {!row.isInUse && row.state !== 'rejected' && (
        <>
          <PreviewFacts last={last} fits={fits} inUse={list.inUse} />
          <div className="panel-actions">
            <Act
              label={last === undefined ? t('identityModel.preview') : t('identityModel.previewAgain')}
              why={forbidden ?? (isBusy ? t('identityModel.busy') : undefined)}
              isBusy={actions.isAsking}
              onAct={() => actions.ask({ kind: 'preview', edition: row.edition })}
            />
            {row.state === 'waiting' && (
              <>
                <Act
                  label={t('identityModel.approve')}
                  why={forbidden ?? (row.isOwn ? t('identityModel.ownModel') : undefined)}
                  kind="primary"
                  isBusy={decide.isPending}
                  onAct={() => decide.mutate('approved')}
                />
                <Act label={t('identityModel.reject')} why={forbidden} kind="danger" isBusy={decide.isPending} onAct={() => decide.mutate('rejected')} />
              </>
            )}
            {row.state === 'approved' && (
              <UseButton
                why={forbidden ?? (fits ? undefined : t('identityModel.previewNone'))}
                isBusy={use.isPending}
                onUse={() => last !== undefined && use.mutate(last.taskId)}
              />
            )}
          </div>
        </>
      )}
      <div role="status">
        {failure !== null && <p className="line-notice bad">{say(failure)}</p>}
        {use.isSuccess && row.isInUse && <p className="line-notice good">{t('identityModel.usedNow', { edition: row.edition })}</p>}
      </div>
    </section>
  );
}

function UseButton({ why, isBusy, onUse }: { why: string | undefined; isBusy: boolean; onUse: () => void }) {
  const { t } = useWords();
  const label = t('identityModel.use');
  if (why !== undefined) return <Act label={label} why={why} kind="primary" />;
  return (
    <Popconfirm
      title={label}
      description={<span className="confirm-text">{t('identityModel.useConfirm')}</span>}
      okText={label}
      cancelText={t('state.cancel')}
      onConfirm={onUse}
    >
      <Button type="primary" loading={isBusy}>
        {label}
      </Button>
    </Popconfirm>
  );
}
