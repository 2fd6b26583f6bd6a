import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ModelList, ModelPreview, ModelRow, ModelTask } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { count, decimal, instant, percent } from '@xinglin/web-shared/format.ts';
import { Button, Popconfirm, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { useWords } from '../../i18n.ts';
import { useMay } from '../../session.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Loaded, useSentence } from '../../ui/States.tsx';
import { useGradeName } from './names.ts';
import { isOpen } from './TaskNotice.tsx';

export interface ModelActions {
  readonly ask: (body: Parameters<typeof staffApi.modelTask>[0]) => void;
  readonly isAsking: boolean;
}

/** One edition: what it was made of, what using it would change, and what the viewer may do about it. */
export function ModelPanel({ row, list, actions, onClose }: { row: ModelRow | undefined; list: ModelList; actions: ModelActions; onClose: () => void }) {
  const { t } = useWords();
  const title = t('identityModel.panel', { edition: row?.edition ?? '' });
  return (
    <SidePanel title={title} isOpen={row !== undefined} onClose={onClose} width={560}>
      {row !== undefined && <Content row={row} list={list} actions={actions} />}
    </SidePanel>
  );
}

function Content({ row, list, actions }: { row: ModelRow; list: ModelList; actions: ModelActions }) {
  const { t } = useWords();
  return (
    <div className="stack">
      <p>
        {row.isInUse && <Badge tone="info">{t('identityModel.inUse')}</Badge>}{' '}
        <Badge tone={row.state === 'approved' ? 'good' : row.state === 'waiting' ? 'watch' : 'bad'}>{t(`identityModel.${row.state}`)}</Badge>
      </p>
      <Facts row={row} />
      <Deciding row={row} list={list} actions={actions} />
      <Uses list={list} />
    </div>
  );
}

function Facts({ row }: { row: ModelRow }) {
  const { t, language } = useWords();
  const { fieldName } = useGradeName();
  const model = useQuery({
    queryKey: ['identity-model', row.edition],
    queryFn: ({ signal }) => staffApi.model(row.edition, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const bits = (value: number): string => `${value > 0 ? '+' : ''}${decimal(value, language)}`;
  return (
    <Loaded query={model} skeleton={<Blocks heights={[120]} />}>
      {(loaded) => (
        <dl className="facts">
          <dt>{t('identityModel.trainedOn')}</dt>
          <dd>
            {loaded.records === 0
              ? t('identityModel.trainedOnStart')
              : loaded.base === null
                ? t('identityModel.trainedOnShipped', { records: count(loaded.records, language) })
                : t('identityModel.trainedOnText', { records: count(loaded.records, language), people: count(loaded.people, language), rounds: loaded.rounds })}
          </dd>
          <dt>{t('identityModel.thresholds')}</dt>
          <dd>{t('identityModel.thresholdsText', { match: loaded.thresholds.match, review: loaded.thresholds.review })}</dd>
          <dt>{t('identityModel.prior')}</dt>
          <dd>{t('identityModel.priorText', { chance: count(2 ** -loaded.prior, language) })}</dd>
          {loaded.names.map((each) => (
            <FactRow key={each.field} name={t('identityModel.names')}>
              {t('identityModel.namesText', {
                field: fieldName(each.field),
                listed: count(each.listed, language),
                least: bits(each.weightLeast),
                rare: bits(each.weightRare),
              })}
            </FactRow>
          ))}
        </dl>
      )}
    </Loaded>
  );
}

const FactRow = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

/** Approve or reject, look ahead, use. What is not possible stays in sight and says why. */
function Deciding({ row, list, actions }: { row: ModelRow; list: ModelList; actions: ModelActions }) {
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

interface ActProps {
  readonly label: string;
  /** Why it is not possible now. */
  readonly why: string | undefined;
  readonly kind?: 'plain' | 'primary' | 'danger';
  readonly isBusy?: boolean;
  readonly onAct?: () => void;
}
/** A button that stays in reach when it cannot be pressed, and says why to the eye and to the screen reader. */
function Act({ label, why, kind = 'plain', isBusy = false, onAct }: ActProps) {
  const button = (
    <Button
      type={kind === 'primary' ? 'primary' : 'default'}
      danger={kind === 'danger'}
      loading={isBusy}
      aria-disabled={why !== undefined}
      aria-label={why === undefined ? undefined : `${label} – ${why}`}
      className={why === undefined ? '' : 'unavailable'}
      {...(onAct === undefined ? {} : { onClick: () => why === undefined && onAct() })}
    >
      {label}
    </Button>
  );
  return why === undefined ? button : <Tooltip title={why}>{button}</Tooltip>;
}

function PreviewFacts({ last, fits, inUse }: { last: ModelTask | undefined; fits: boolean; inUse: string }) {
  const { t } = useWords();
  const preview = last?.preview ?? null;
  if (preview === null) return <p className="note">{t('identityModel.previewNone')}</p>;
  return (
    <>
      {!fits && <p className="line-notice watch">{t('identityModel.previewOld', { against: preview.against, inUse })}</p>}
      <PreviewTable preview={preview} />
    </>
  );
}

function PreviewTable({ preview }: { preview: ModelPreview }) {
  const { t, language } = useWords();
  const number = (value: number): string => count(value, language);
  return (
    <>
      <p className="note">
        {preview.against} → {preview.edition} ·{' '}
        {preview.share < 1
          ? t('identityModel.previewSample', { share: percent(preview.share, language) })
          : t('identityModel.previewWhole', { pairs: number(preview.pairsCompared) })}
      </p>
      <dl className="facts">
        <FactRow name={t('identityModel.gained')}>
          <strong>{number(preview.linksGained)}</strong>
        </FactRow>
        <FactRow name={t('identityModel.lost')}>
          <strong>{number(preview.linksLost)}</strong>
        </FactRow>
        {preview.heldByGroups > 0 && <FactRow name={t('identityModel.held')}>{t('identityModel.heldText', { pairs: number(preview.heldByGroups) })}</FactRow>}
        <FactRow name={t('identityModel.unchanged')}>{number(preview.unchanged)}</FactRow>
        <FactRow name={t('identityModel.decidedByPeople')}>{number(preview.decidedByPeople)}</FactRow>
      </dl>
      {preview.moves.length > 0 && (
        <table className="plain-table">
          <caption className="sr-only">{t('identityModel.moves')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('identityModel.from')}</th>
              <th scope="col">{t('identityModel.to')}</th>
              <th scope="col">{t('identityModel.pairs')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.moves.map((move) => (
              <tr key={`${move.from} ${move.to}`}>
                <td>{t(`identityModel.verdict.${move.from}`)}</td>
                <td>{t(`identityModel.verdict.${move.to}`)}</td>
                <td>{number(move.pairs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Uses({ list }: { list: ModelList }) {
  const { t } = useWords();
  if (list.uses.length === 0) return null;
  return (
    <section aria-labelledby="model-uses">
      <h3 className="section-title" id="model-uses">
        {t('identityModel.useHistory')}
      </h3>
      <ul className="history">
        {list.uses.map((use) => (
          <li key={use.at + use.edition}>
            <time dateTime={use.at}>{instant(use.at)}</time>
            <span>{t('identityModel.useRow', { by: use.by, edition: use.edition, before: use.before })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
