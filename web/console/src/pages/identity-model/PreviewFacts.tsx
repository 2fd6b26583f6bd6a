import type { ModelPreview, ModelTask } from '@xinglin/contracts/api.ts';
import { count, percent } from '@xinglin/web-shared/format.ts';
import { useWords } from '../../i18n.ts';
import { FactRow } from './FactRow.tsx';

/** What using an edition would change, as the last look ahead found it. */
export function PreviewFacts({ last, fits, inUse }: { last: ModelTask | undefined; fits: boolean; inUse: string }) {
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
