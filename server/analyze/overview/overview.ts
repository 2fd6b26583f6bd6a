import type { Viewer } from '@xinglin/contracts';
import type { Overview } from '@xinglin/contracts/api.ts';
import { localDay } from '../../kernel/index.ts';
import type { Platform } from '../../platform/index.ts';
import { addDays } from '../business-days.ts';
import type { Indices } from '../indices/indices.ts';
import { labelOf } from '../labels.ts';
import type { MetricDefinition } from '../metrics/definition.ts';
import { type Cell, definitionOf, type Metrics } from '../metrics/metrics.ts';
import { periodsOf } from '../metrics/periods.ts';
import { addSums, figureOf, NO_SUMS } from '../metrics/value.ts';

/** Headline metrics. Each adds up over days, so one question per tile gives value, change and line. */
export const TILES = ['outpatient-visits', 'discharges', 'alos', 'revenue', 'satisfaction-mean', 'nps', 'complaint-rate', 'follow-up-on-time'] as const;

type Tile = Overview['tiles'][number];

/** What `loading`, open cases and due follow-ups add is given by those who know it. */
export type OverviewFigures = Pick<Overview, 'asOf' | 'scope' | 'indices' | 'tiles'>;

export async function overviewFigures(
  { platform, metrics, indices, asOf }: { platform: Platform; metrics: Metrics; indices: Indices; asOf: () => Date },
  viewer: Viewer,
  days: number,
): Promise<OverviewFigures> {
  const to = localDay(platform.clock.now(), platform.config.timeZone);
  const from = addDays(to, 1 - days);
  const [brand, tiles] = await Promise.all([
    indices.brand(viewer, from, to),
    Promise.all(TILES.map((id) => tile(metrics, viewer, definitionOf(id), from, to, days))),
  ]);
  return { asOf: asOf().toISOString(), scope: platform.access.scope(viewer, 'fact_encounter').label, indices: brand, tiles };
}

/** The last `days` days against the same number before them. A metric that never mixes survey modes shows its busiest mode and names it. */
async function tile(metrics: Metrics, viewer: Viewer, definition: MetricDefinition, from: string, to: string, days: number): Promise<Tile> {
  const by = definition.neverMix ?? null;
  const all = await metrics.cells(viewer, definition, { from: addDays(from, -days), to, grain: 'day', by, where: [] });
  const busiest = by === null ? null : busiestGroup(all.filter((cell) => (cell.period ?? '') >= from));
  const cells = all.filter((cell) => cell.grp === busiest);
  const sum = (isIn: (day: string) => boolean) => cells.filter((cell) => isIn(cell.period ?? '')).reduce(addSums, NO_SUMS);
  const now = figureOf(
    definition,
    sum((day) => day >= from),
  );
  const before = figureOf(
    definition,
    sum((day) => day < from),
  );
  const byDay = new Map(cells.map((cell) => [cell.period, cell]));
  const suffix = busiest === null ? null : labelOf(busiest);
  return {
    metric: definition.id,
    name: suffix === null ? definition.name : { zh: `${definition.name.zh}（${suffix.zh}）`, en: `${definition.name.en} (${suffix.en})` },
    value: now.value,
    unit: definition.unit,
    direction: definition.direction,
    n: now.n,
    change: now.value === null || before.value === null || before.n === 0 ? null : now.value - before.value,
    series: periodsOf('day', from, to).map((day) => ({ day: day ?? from, value: figureOf(definition, byDay.get(day) ?? NO_SUMS).value })),
  };
}

function busiestGroup(cells: readonly Cell[]): string | null {
  const counts = new Map<string, number>();
  for (const { grp, n } of cells) if (grp !== null) counts.set(grp, (counts.get(grp) ?? 0) + n);
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b))[0]?.[0] ?? null;
}
