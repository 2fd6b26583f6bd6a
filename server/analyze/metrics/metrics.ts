import type { Viewer } from '@xinglin/contracts';
import type { Bilingual, MetricAnswer, MetricInfo, MetricQuery, MetricRows } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import type { Govern } from '../../govern/index.ts';
import { localDay } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import { type Platform, readCursor, type Scope, writeCursor } from '../../platform/index.ts';
import { BoundedCache } from '../bounded-cache.ts';
import { zoneHours } from '../business-days.ts';
import { refuse } from '../errors.ts';
import { isListed, labelOf, NOT_GIVEN, namer, UNMAPPED } from '../labels.ts';
import { compileCells, compileRows, type Frame } from './compile.ts';
import { editionOf, type MetricDefinition } from './definition.ts';
import { METRICS, metricById } from './definitions/index.ts';
import { dimensionName } from './dimensions.ts';
import { periodsOf } from './periods.ts';
import { type Slice, sliceOf } from './slice.ts';
import { figureOf, NO_SUMS, type Sums, withheld } from './value.ts';

/** Answers held at once; one is a few kilobytes. */
const ANSWERS_KEPT = 400;
/** Cells in one answer: a year of days for thirteen departments. */
const CELLS_MAX = 5000;
const ROWS_DEFAULT = 50;

type Query = Static<typeof MetricQuery>;
type RowsQuery = Query & { cursor?: string; limit?: number };

export interface Cell extends Sums {
  readonly period: string | null;
  readonly grp: string | null;
}

export interface Metrics {
  list(): MetricInfo[];
  /** Any slice of one metric. Refuses an unknown metric, day, dimension or filter with what would be right. */
  answer(viewer: Viewer, id: string, query: Query): Promise<MetricAnswer>;
  /** The rows behind the same slice; `by` and `grain` do not matter, their numerators and denominators add up to the figure. */
  rows(viewer: Viewer, id: string, query: RowsQuery): Promise<MetricRows>;
  /** The plain sums of a slice, for callers inside the room. */
  cells(viewer: Viewer, definition: MetricDefinition, slice: Slice): Promise<readonly Cell[]>;
}

const STANDING: Record<MetricDefinition['origin']['standing'], string> = {
  read: '',
  general: '（一般口径，引用前须核对官方文本 · general knowledge, check the official text before quoting）',
  own: '（自有口径 · own definition）',
};

export const infoOf = (definition: MetricDefinition): MetricInfo => ({
  id: definition.id,
  edition: editionOf(definition),
  name: definition.name,
  unit: definition.unit,
  direction: definition.direction,
  formula: definition.formula,
  dimensions: [...definition.dimensions],
  source: `${definition.origin.clause}${STANDING[definition.origin.standing]}`,
  owner: `${definition.owner.zh} · ${definition.owner.en}`,
});

export const definitionOf = (id: string): MetricDefinition => {
  const found = metricById(id);
  if (found === undefined) throw refuse('unknown-metric', { metric: /^[a-z0-9-]{1,40}$/.test(id) ? id : '?' });
  return found;
};

export function createMetrics({ platform, lake, govern }: { platform: Platform; lake: Lake; govern: Pick<Govern, 'dimensions'> }): Metrics {
  const { access, clock, config } = platform;
  const { warehouse } = lake;
  const cache = new BoundedCache<readonly Cell[]>(ANSWERS_KEPT);

  const frameOf = (viewer: Viewer): Frame => {
    const now = clock.now();
    now.setUTCMinutes(0, 0, 0);
    return {
      viewer,
      scope: (who: Viewer, relation: string, alias: string): Scope => access.scope(who, relation, alias, 'duckdb'),
      zoneHours: zoneHours(config.timeZone, now),
      today: localDay(now, config.timeZone),
      now,
    };
  };
  const labelOfScope = (viewer: Viewer): Bilingual => access.scope(viewer, 'fact_encounter').label;

  const cells = async (viewer: Viewer, definition: MetricDefinition, slice: Slice): Promise<readonly Cell[]> => {
    const { sql, params } = compileCells(definition, slice, frameOf(viewer), CELLS_MAX);
    await warehouse.refresh();
    // The statement carries the viewer's row rule and the parameters the question, so together they are the key.
    const found = await cache.get(warehouse.generation(), JSON.stringify([sql, params]), () => warehouse.query<Cell>(sql, params));
    if (found.length > CELLS_MAX) throw refuse('too-many-cells', { max: CELLS_MAX });
    return found;
  };

  return {
    list: () => METRICS.map(infoOf),
    cells,

    async answer(viewer, id, query) {
      const definition = definitionOf(id);
      const slice = sliceOf(definition, query, localDay(clock.now(), config.timeZone));
      const found = await cells(viewer, definition, slice);
      const nameOf = await groupNamer(govern, slice.by);
      return {
        metric: infoOf(definition),
        asOf: warehouse.asOf().toISOString(),
        from: slice.from,
        to: slice.to,
        scope: labelOfScope(viewer),
        rows: (slice.by === null ? withEveryPeriod(found, slice) : found).map((cell) => {
          const figure = figureOf(definition, cell);
          const isRanked = slice.by === null || cell.n >= definition.nMin;
          return { period: cell.period, group: cell.grp, groupName: slice.by === null ? null : nameOf(cell.grp), ...(isRanked ? figure : withheld(figure)) };
        }),
      };
    },

    async rows(viewer, id, query) {
      const definition = definitionOf(id);
      const slice = sliceOf(definition, { ...query, grain: 'total' }, localDay(clock.now(), config.timeZone));
      const first = definition.sides[0];
      // Keys are what a row is told by; who may not see keys sees no rows.
      for (const side of definition.sides) {
        if (access.scope(viewer, `fact_${side.fact}`, 'f', 'duckdb').hidden.has('fact_key')) throw refuse('hidden-dimension', { dimension: 'fact_key' });
      }
      const after = readCursor(query.cursor, ['day', 'uuid', 'number']);
      const limit = query.limit ?? ROWS_DEFAULT;
      const { sql, params } = compileRows(definition, slice, frameOf(viewer), after, limit);
      const found = await warehouse.query<Record<string, string | number | Date | null>>(sql, params);
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const dimensions = definition.dimensions.map((each) => ({ name: each as string, ...dimensionName(first?.fact ?? 'encounter', each) }));
      return {
        columns: [...DRILL_COLUMNS, ...dimensions, ...SUM_COLUMNS],
        rows: page.map((row) => [
          row['fact'] as string,
          row['fact_key'] as string,
          row['day'] as string,
          row['occurred_at'] instanceof Date ? row['occurred_at'].toISOString() : null,
          row['record_key'] as string | null,
          ...definition.dimensions.map((_, at) => (row[`d${at}`] ?? null) as string | null),
          row['numerator'] as number,
          row['denominator'] as number,
        ]),
        next: found.length > limit && last !== undefined ? writeCursor(...([last['day'], last['fact_key'], last['side']] as (string | number)[])) : null,
        asOf: warehouse.asOf().toISOString(),
      };
    },
  };
}

const DRILL_COLUMNS = [
  { name: 'fact', zh: '事实', en: 'fact' },
  { name: 'fact_key', zh: '事实键', en: 'fact key' },
  { name: 'day', zh: '计入日期', en: 'day it counts on' },
  { name: 'occurred_at', zh: '发生时间', en: 'happened at' },
  { name: 'record_key', zh: '患者记录键', en: 'record key' },
];
const SUM_COLUMNS = [
  { name: 'numerator', zh: '计入分子', en: 'adds to the numerator' },
  { name: 'denominator', zh: '计入分母', en: 'adds to the denominator' },
];

async function groupNamer(govern: Pick<Govern, 'dimensions'>, by: string | null): Promise<(code: string | null) => Bilingual> {
  if (by !== null && isListed(by)) return namer(await govern.dimensions.entries(by), by === 'district' ? NOT_GIVEN : UNMAPPED);
  return (code) => (code === null ? NOT_GIVEN : labelOf(code));
}

/** A day without rows is a zero for counts and an empty place for shares: a line never jumps over it. */
function withEveryPeriod(found: readonly Cell[], slice: Slice): readonly Cell[] {
  const known = new Map(found.map((cell) => [cell.period, cell]));
  return periodsOf(slice.grain, slice.from, slice.to).map((period) => known.get(period) ?? { period, grp: null, ...NO_SUMS });
}
