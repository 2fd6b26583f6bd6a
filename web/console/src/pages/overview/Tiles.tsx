import type { Overview } from '@xinglin/contracts/api.ts';
import { change, count, figure, figureShort, monthDay } from '@xinglin/web-shared/format.ts';
import { type Language, pick } from '@xinglin/web-shared/language.ts';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { movementOf, toneOf } from '../../findings.ts';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { useMay } from '../../session.tsx';
import { Chart } from '../../ui/chart/Chart.tsx';
import { sparkOption } from '../../ui/chart/options.ts';
import { useLook } from '../../ui/chart/use-look.ts';

type Tile = Overview['tiles'][number];
const plain = (value: number | null): string => String(value);
/** A change carries its metric's unit, except shares, which change by points. */
const sayChange = (value: number, unit: string, language: Language): string =>
  unit === '%' || Math.abs(value) < 0.05 ? change(value, language) : `${value > 0 ? '+' : '−'}${figureShort(Math.abs(value), unit, language)}`;

export function Tiles({ tiles, days }: { tiles: readonly Tile[]; days: string }) {
  const { t } = useWords();
  if (tiles.length === 0) return null;
  return (
    <section aria-labelledby="tiles-title" className="stack" style={{ gap: 8 }}>
      <h2 className="section-title" id="tiles-title">
        {t('overview.tiles')} <span className="note">{t('overview.tileChange', { days })}</span>
      </h2>
      <div className="tile-grid">
        {tiles.map((tile) => (
          <TileBox key={tile.metric} tile={tile} days={days} />
        ))}
      </div>
    </section>
  );
}

function TileBox({ tile, days }: { tile: Tile; days: string }) {
  const { t, language } = useWords();
  const may = useMay();
  const look = useLook(plain, monthDay);
  const option = useMemo(
    () =>
      sparkOption(
        tile.series.map((point) => point.value),
        null,
        look,
      ),
    [tile.series, look],
  );
  const movement = movementOf({ value: tile.value, lower: null, upper: null, change: tile.change });
  const tone = toneOf(movement, tile.direction);
  const content = (
    <>
      <span className="name">{pick(tile.name, language)}</span>
      <span className="value" title={figure(tile.value, tile.unit, language)}>
        {figureShort(tile.value, tile.unit, language)}
      </span>
      <Chart height={34} option={option} label={pick(tile.name, language)} />
      <span className="foot">
        <span className={`tone-${tone}`}>
          {tile.change === null ? '' : `${movement === 'up' ? '↑' : movement === 'down' ? '↓' : ''} ${sayChange(tile.change, tile.unit, language)}`}
        </span>
        <span>n={count(tile.n, language)}</span>
      </span>
    </>
  );
  return may('metric.read') ? (
    <Link className="tile" to={paths.metric(tile.metric)} title={t('overview.tileChange', { days })}>
      {content}
    </Link>
  ) : (
    <div className="tile">{content}</div>
  );
}
