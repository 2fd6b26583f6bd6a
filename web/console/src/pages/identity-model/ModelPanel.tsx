import { useQuery } from '@tanstack/react-query';
import type { ModelList, ModelRow } from '@xinglin/contracts/api.ts';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { count, decimal, instant } from '@xinglin/web-shared/format.ts';
import { useWords } from '../../i18n.ts';
import { Badge } from '../../ui/Badge.tsx';
import { SidePanel } from '../../ui/SidePanel.tsx';
import { Blocks, Loaded } from '../../ui/States.tsx';
import { Deciding, type ModelActions } from './Deciding.tsx';
import { FactRow } from './FactRow.tsx';
import { useGradeName } from './names.ts';

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
