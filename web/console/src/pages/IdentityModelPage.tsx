import { ExperimentOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ModelDetail, ModelFigures, ModelList, ModelTaskAsk } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Select } from 'antd';
import { useEffect } from 'react';
import { useWords } from '../i18n.ts';
import { type IdentityModelAddress, useAddress } from '../paths.ts';
import { useMay } from '../session.tsx';
import { Act } from '../ui/Act.tsx';
import { Page } from '../ui/Page.tsx';
import { Blocks, Empty, Loaded, useSentence } from '../ui/States.tsx';
import { useNow } from '../ui/use-now.ts';
import { RatesChart, WeightsChart } from './identity-model/Charts.tsx';
import { CurveChart, ScoresChart, UnlinkableChart } from './identity-model/Measured.tsx';
import { ModelPanel } from './identity-model/ModelPanel.tsx';
import { Report } from './identity-model/Report.tsx';
import { isOpen, TaskNotice } from './identity-model/TaskNotice.tsx';
import { Versions } from './identity-model/Versions.tsx';

/** While a task works its progress moves. */
const REFRESH_BUSY_MS = 1_500;
const REFRESH_MS = 60_000;

export default function IdentityModelPage() {
  const { t, language } = useWords();
  const may = useMay();
  const say = useSentence();
  const now = useNow(30_000);
  const client = useQueryClient();
  const [address, patch] = useAddress<IdentityModelAddress>();
  const list = useQuery({
    queryKey: ['identity-models'],
    queryFn: ({ signal }) => staffApi.models(signal),
    refetchInterval: ({ state }) => (state.data?.tasks.some(isOpen) === true ? REFRESH_BUSY_MS : REFRESH_MS),
  });
  const report = useQuery({ queryKey: ['identity-report'], queryFn: ({ signal }) => staffApi.identityReport(signal) });
  const ask = useMutation({
    mutationFn: (body: ModelTaskAsk) => staffApi.modelTask(body),
    onSettled: () => client.invalidateQueries({ queryKey: ['identity-models'] }),
  });
  const newest = list.data?.tasks[0];
  const isBusy = isOpen(newest);
  const over = newest !== undefined && !isBusy ? newest.taskId : undefined;
  // What a task found is read once it has ended.
  useEffect(() => {
    if (over === undefined) return;
    void client.invalidateQueries({ queryKey: ['identity-report'] });
    void client.invalidateQueries({ queryKey: ['identity-figures'] });
  }, [over, client]);

  const edition = list.data?.rows.some((row) => row.edition === address.edition) === true ? address.edition : list.data?.inUse;
  const whyNot = may('model.train') ? (isBusy ? t('identityModel.busy') : undefined) : t('identityModel.trainForbidden');
  const isAsking = (kind: ModelTaskAsk['kind']): boolean => ask.isPending && ask.variables.kind === kind;
  const isEmpty = report.data?.figures.find((figure) => figure.id === 'records-per-person')?.n === 0;
  return (
    <Page
      title={t('identityModel.title')}
      answer={report.data === undefined ? report.error === null ? null : '' : <strong>{pick(report.data.answer, language)}</strong>}
      asOf={report.data?.asOf}
      action={
        <Act
          label={t('identityModel.train')}
          why={whyNot}
          kind="primary"
          icon={<ExperimentOutlined aria-hidden />}
          isBusy={isAsking('train')}
          onAct={() => ask.mutate({ kind: 'train' })}
        />
      }
    >
      <div className="stack">
        {ask.error !== null && (
          <p className="line-notice bad" role="alert">
            {say(ask.error)}
          </p>
        )}
        <TaskNotice task={newest} now={now} />
        <Loaded query={report} skeleton={<Blocks heights={[150, 150, 150, 150]} columns={4} />}>
          {(loaded) =>
            isEmpty ? (
              <div className="card">
                <Empty title={t('identityModel.emptyTitle')}>{t('identityModel.empty')}</Empty>
              </div>
            ) : (
              <Report report={loaded} />
            )
          }
        </Loaded>
        <Loaded query={list} skeleton={<Blocks heights={[200, 420]} />}>
          {(loaded) => (
            <>
              <Versions list={loaded} selected={address.open} onOpen={(open) => patch({ open, edition: open })} />
              {edition !== undefined && (
                <Shown
                  list={loaded}
                  edition={edition}
                  address={address}
                  patch={patch}
                  measure={
                    <Act
                      label={t('identityModel.measureThis')}
                      why={whyNot}
                      isBusy={isAsking('measure')}
                      onAct={() => ask.mutate({ kind: 'measure', edition })}
                    />
                  }
                />
              )}
              <ModelPanel
                row={loaded.rows.find((row) => row.edition === address.open)}
                list={loaded}
                actions={{ ask: ask.mutate, isAsking: ask.isPending }}
                onClose={() => patch({ open: undefined })}
              />
            </>
          )}
        </Loaded>
      </div>
    </Page>
  );
}

type Patch = (change: Partial<Record<keyof IdentityModelAddress, string | undefined>>) => void;

/** The charts of one edition, beside another where one is chosen. */
function Shown({
  list,
  edition,
  address,
  patch,
  measure,
}: {
  list: ModelList;
  edition: string;
  address: IdentityModelAddress;
  patch: Patch;
  measure: React.ReactNode;
}) {
  const { t } = useWords();
  const may = useMay();
  const other = list.rows.find((row) => row.edition === address.with && row.edition !== edition)?.edition;
  const model = useQuery({
    queryKey: ['identity-model', edition],
    queryFn: ({ signal }) => staffApi.model(edition, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const beside = useQuery({
    queryKey: ['identity-model', other],
    queryFn: ({ signal }) => staffApi.model(other ?? '', signal),
    enabled: other !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const figures = useQuery({ queryKey: ['identity-figures', edition], queryFn: ({ signal }) => staffApi.modelFigures(edition, signal) });
  const editions = list.rows.map((row) => ({ value: row.edition, label: row.isInUse ? `${row.edition} · ${t('identityModel.inUse')}` : row.edition }));
  return (
    <section className="stack" aria-label={t('identityModel.panel', { edition })}>
      <div className="filters">
        <span>{t('identityModel.look')}</span>
        <Select aria-label={t('identityModel.look')} style={{ width: 190 }} value={edition} onChange={(next) => patch({ edition: next })} options={editions} />
        <span>{t('identityModel.compareWith')}</span>
        <Select
          aria-label={t('identityModel.compareWith')}
          style={{ width: 190 }}
          value={other ?? ''}
          onChange={(next) => patch({ with: next })}
          options={[{ value: '', label: t('identityModel.noCompare') }, ...editions.filter(({ value }) => value !== edition)]}
        />
        <span className="grow" />
        {measure}
      </div>
      <Loaded query={model} skeleton={<Blocks heights={[700, 700]} columns={2} />}>
        {(loaded: ModelDetail) => (
          <div className="grid model-charts">
            <WeightsChart model={loaded} other={other === undefined ? undefined : beside.data} />
            <div className="stack">
              <RatesChart model={loaded} field={address.field} onField={(field) => patch({ field })} />
              <Loaded query={figures} skeleton={<Blocks heights={[340, 340, 340]} />}>
                {(found: ModelFigures) =>
                  found.measured === null ? (
                    <div className="card">
                      <Empty title={t('identityModel.notMeasuredTitle')}>
                        {t('identityModel.notMeasured', { who: may('model.train') ? t('identityModel.measureYourself') : t('identityModel.measureAsk') })}
                      </Empty>
                    </div>
                  ) : (
                    <>
                      <ScoresChart figures={found.measured.figures} thresholds={loaded.thresholds} />
                      <CurveChart found={found} figures={found.measured.figures} threshold={loaded.thresholds.match} />
                      <UnlinkableChart figures={found.measured.figures} threshold={loaded.thresholds.match} />
                    </>
                  )
                }
              </Loaded>
            </div>
          </div>
        )}
      </Loaded>
    </section>
  );
}
