import type { MetricQuery } from '@xinglin/contracts/api.ts';
import type { Static } from 'typebox';
import { addDays, daysBetween, isDay } from '../business-days.ts';
import { refuse } from '../errors.ts';
import type { MetricDefinition } from './definition.ts';
import type { DimensionId } from './dimensions.ts';

export const GRAINS = ['day', 'week', 'month', 'total'] as const;
export type Grain = (typeof GRAINS)[number];

/** A question to a metric, checked. `null` among the values of a filter stands for unmapped or not given. */
export interface Slice {
  readonly from: string;
  readonly to: string;
  readonly grain: Grain;
  readonly by: DimensionId | null;
  readonly where: readonly { readonly dimension: DimensionId; readonly values: readonly (string | null)[] }[];
}

/** Ten years and some: long enough for any comparison, short enough for a daily answer. */
const RANGE_DAYS_MAX = 3700;
const FILTERS_MAX = 20;
/** Last 90 days when the question names none. */
const RANGE_DAYS_DEFAULT = 90;
const VALUE = /^(?:-|[A-Za-z0-9][A-Za-z0-9._@+/-]{0,63})$/;

export function checkedDay(field: string, text: string): string {
  if (!isDay(text)) throw refuse('bad-day', { field });
  return text;
}

/** Throws a refusal that says what would be right. `today` is the local day of business time. */
export function sliceOf(definition: MetricDefinition, query: Static<typeof MetricQuery>, today: string): Slice {
  const to = query.to === undefined ? today : checkedDay('to', query.to);
  const from = query.from === undefined ? addDays(to, 1 - RANGE_DAYS_DEFAULT) : checkedDay('from', query.from);
  if (from > to || daysBetween(from, to) >= RANGE_DAYS_MAX) throw refuse('bad-range', { max: RANGE_DAYS_MAX });
  const slice: Slice = {
    from,
    to,
    grain: query.grain ?? 'total',
    by: query.by === undefined || query.by === '' ? null : dimensionOf(definition, query.by),
    where: filtersOf(definition, query.where ?? ''),
  };
  return unmixed(definition, slice);
}

function dimensionOf(definition: MetricDefinition, id: string): DimensionId {
  const found = definition.dimensions.find((each) => each === id);
  if (found === undefined) throw refuse('unknown-dimension', { metric: definition.id, dimensions: definition.dimensions.join(', ') });
  return found;
}

/** `department:CARD,department:ORTH,class:inpatient`: values of one dimension are alternatives, dimensions narrow. */
function filtersOf(definition: MetricDefinition, text: string): Slice['where'] {
  if (text.trim() === '') return [];
  const wanted = new Map<DimensionId, (string | null)[]>();
  const parts = text.split(',');
  if (parts.length > FILTERS_MAX) throw refuse('bad-filter', { max: FILTERS_MAX });
  for (const part of parts) {
    const at = part.indexOf(':');
    const value = part.slice(at + 1).trim();
    if (at < 1 || !VALUE.test(value)) throw refuse('bad-filter', { max: FILTERS_MAX });
    const dimension = dimensionOf(definition, part.slice(0, at).trim());
    wanted.set(dimension, [...(wanted.get(dimension) ?? []), value === '-' ? null : value]);
  }
  return [...wanted].map(([dimension, values]) => ({ dimension, values }));
}

/**
 * Survey modes are never mixed in one trend: people answer a caller more kindly than a page, so a change of mode would look like a change
 * of satisfaction. A trend of one mode, or one line per mode, is fine; a plain trend is answered one line per mode; anything else is refused.
 */
function unmixed(definition: MetricDefinition, slice: Slice): Slice {
  const dimension = definition.neverMix;
  if (dimension === undefined || slice.grain === 'total' || slice.by === dimension) return slice;
  if (slice.where.some((each) => each.dimension === dimension && each.values.length === 1)) return slice;
  if (slice.by === null) return { ...slice, by: dimension };
  throw refuse('mixed-modes');
}
