import { QuestionCircleOutlined } from '@ant-design/icons';
import type { BrandIndex } from '@xinglin/contracts/api.ts';
import { change, count, decimal, monthDay } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { Button, Popover } from 'antd';
import { useMemo } from 'react';
import { movementOf } from '../../findings.ts';
import { useWords } from '../../i18n.ts';
import { Badge } from '../../ui/Badge.tsx';
import { Chart } from '../../ui/chart/Chart.tsx';
import { sparkOption } from '../../ui/chart/options.ts';
import { useLook } from '../../ui/chart/use-look.ts';

const ARROW = { up: '↑', down: '↓', flat: '→', none: '' } as const;
const TONE = { up: 'good', down: 'bad', flat: 'none', none: 'none' } as const;
const plain = (value: number | null): string => String(value);

/** One index: its value, its interval, its change and its shape. Choosing it draws it large below. */
export function IndexCard({ index, isChosen, onChoose }: { index: BrandIndex; isChosen: boolean; onChoose: () => void }) {
  const { t, language } = useWords();
  const look = useLook(plain, monthDay);
  const name = pick(index.name, language);
  const movement = movementOf(index);
  const values = index.series.map((point) => point.value);
  const option = useMemo(() => sparkOption(values, index.id, look), [values, index.id, look]);
  return (
    <article className={`index-card ${isChosen ? 'is-chosen' : ''}`}>
      <div className="index-head">
        <h2 style={{ margin: 0 }}>
          <button type="button" className="index-name" aria-pressed={isChosen} title={t('overview.choose', { name })} onClick={onChoose}>
            {name}
          </button>
        </h2>
        <MethodPopover index={index} isCompact />
      </div>
      <div className="index-value">
        <b>{decimal(index.value, language)}</b>
        {index.change === null ? (
          <span className="note">{t('overview.noChange')}</span>
        ) : (
          <span>
            <span className={`tone-${TONE[movement]}`}>
              <span aria-hidden>{ARROW[movement]}</span> {change(index.change, language)}
            </span>{' '}
            <span className="note">{t('overview.change')}</span>
          </span>
        )}
      </div>
      <p className="note">
        {t('chart.intervalText', { lower: decimal(index.lower, language), upper: decimal(index.upper, language) })} · n={count(index.n, language)}
      </p>
      <Chart height={48} option={option} label={t('chart.description', { title: name })} />
    </article>
  );
}

/** How the figure is made: words, parts, weights, counts, edition. */
export function MethodPopover({ index, isCompact = false }: { index: BrandIndex; isCompact?: boolean }) {
  const { t, language } = useWords();
  const name = pick(index.name, language);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('overview.methodTitle', { name })}
      content={
        <div className="method">
          <p>{pick(index.method, language)}</p>
          <table className="plain-table">
            <caption className="sr-only">{t('overview.methodTitle', { name })}</caption>
            <thead>
              <tr>
                <th scope="col">{t('overview.part')}</th>
                <th scope="col">{t('overview.weight')}</th>
                <th scope="col">{t('chart.value')}</th>
                <th scope="col">n</th>
              </tr>
            </thead>
            <tbody>
              {index.parts.map((part) => (
                <tr key={part.id}>
                  <td>{pick(part.name, language)}</td>
                  <td>{decimal(part.weight * 100, language, 0)}%</td>
                  <td>{decimal(part.value, language)}</td>
                  <td>{count(part.n, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <Badge tone="none">{t('overview.edition', { edition: index.edition })}</Badge>
        </div>
      }
    >
      <Button
        size="small"
        type={isCompact ? 'text' : 'default'}
        icon={<QuestionCircleOutlined aria-hidden />}
        aria-label={isCompact ? t('overview.methodTitle', { name }) : undefined}
      >
        {isCompact ? null : t('overview.method')}
      </Button>
    </Popover>
  );
}
