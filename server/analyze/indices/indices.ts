import type { Viewer } from '@xinglin/contracts';
import type { BrandIndex } from '@xinglin/contracts/api.ts';
import { localDay } from '../../kernel/index.ts';
import type { Lake } from '../../lake/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { BoundedCache } from '../bounded-cache.ts';
import { addDays, earliest, zoneHours } from '../business-days.ts';
import { changeBetween, type IndexValue } from './combine.ts';
import { computeIndices, INDEX_FACTS, type IndexSeries } from './compute.ts';
import { INDICES, type IndexDefinition, indexEdition } from './definition.ts';
import { EDITIONS, evidenceRows, forgetBefore, lockState, news, readSeries, saveSeries, setState } from './store.sql.ts';

/** How far back the indices are kept by day: two years and the comparison with a month earlier. */
export const KEPT_DAYS = 800;
/** Change is told against this many days earlier: whole weeks, so that weekdays compare with themselves. */
export const CHANGE_DAYS = 28;
/** Own series of scoped viewers held at once. */
const SERIES_KEPT = 40;
/** Up to this many rows of evidence (about a second of work) a reader waits for the newest facts; beyond, the page shows what is stored. */
const READER_WAITS_ROWS = 2_000_000;

export interface Indices {
  /** The three indices over a range with their value on the last day, as far as the viewer may see. */
  brand(viewer: Viewer, from: string, to: string): Promise<BrandIndex[]>;
  /**
   * Brings the stored indices up to the newest facts and today: only from the first day late data touched.
   * `isFull` makes every day again (merged people, changed dictionaries). Returns the days written, 0 when nothing was new.
   */
  refresh(options?: { isFull?: boolean; tx?: Tx }): Promise<number>;
}

export function createIndices({ platform, lake }: { platform: Platform; lake: Lake }): Indices {
  const { access, clock, config, db, log } = platform;
  const { warehouse } = lake;
  const zone = zoneHours(config.timeZone, clock.now());
  const own = new BoundedCache<IndexSeries>(SERIES_KEPT);
  const today = (): string => localDay(clock.now(), config.timeZone);
  const system: Viewer = { kind: 'system', room: 'analyze', orgId: config.orgId, purpose: 'operations' };
  const deps = { warehouse, access, zoneHours: zone };

  const refreshIn = async (tx: Tx, isFull: boolean): Promise<number> => {
    const now = clock.now();
    const state = await lockState(tx, config.orgId, now);
    const { generation, month } = await news(tx, state.generation);
    // Files are by month of UTC: west of Greenwich the first hours of a month belong to the day before.
    const arrived = month === null ? null : addDays(`${month}-01`, zone < 0 ? -1 : 0);
    const day = today();
    const isNew = isFull || state.editions !== EDITIONS || state.computed_from === null || state.computed_to === null;
    if (!isNew && arrived === null && state.computed_to === day) return 0;
    await warehouse.refresh();
    const first = isNew || (arrived !== null && arrived < (state.computed_from ?? '')) ? await firstDay(day) : state.computed_from;
    if (first === null) {
      await setState(tx, config.orgId, { editions: EDITIONS, generation, computed_from: null, computed_to: null }, now);
      return 0;
    }
    const touched = isNew ? first : earliest(day, arrived, addDays(state.computed_to ?? day, 1));
    const from = earliest(touched, first) === first ? touched : first;
    const series = await computeIndices(deps, system, from, day);
    if (isNew) await forgetBefore(tx, config.orgId, first);
    await saveSeries(tx, config.orgId, series);
    await setState(tx, config.orgId, { editions: EDITIONS, generation, computed_from: first, computed_to: day }, now);
    return series.heat.length;
  };

  /** First day any of the facts has, within the days kept. Null: no facts at all. */
  const firstDay = async (day: string): Promise<string | null> => {
    const sql = INDEX_FACTS.filter((fact) => fact !== 'person_record')
      .map((fact) => `select min(f.day) as day from fact_${fact} f where f.org_id = $1 and f.day >= cast($2 as date) and f.day <= cast($3 as date)`)
      .join(' union all ');
    const [found] = await warehouse.query<{ day: string | null }>(`select cast(min(day) as varchar) as day from (${sql}) first_day`, [
      config.orgId,
      addDays(day, 1 - KEPT_DAYS),
      day,
    ]);
    return found?.day ?? null;
  };

  let running: Promise<unknown> | null = null;
  let tookMs = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  /** For readers: one refresh at a time. In a large hospital nobody waits for it, and it pauses as long as it took. */
  const refreshForReader = async (): Promise<void> => {
    const isLarge = (await evidenceRows(db)) > READER_WAITS_ROWS;
    if (running === null && (!isLarge || performance.now() - endedAt > tookMs)) {
      const started = performance.now();
      running = db
        .tx((tx) => refreshIn(tx, false))
        .finally(() => {
          running = null;
          endedAt = performance.now();
          tookMs = endedAt - started;
        });
      if (isLarge) running.catch((error: unknown) => log.error('analyze.indices-refresh-failed', { error }));
    }
    if (!isLarge) await running;
  };

  const seriesFor = async (viewer: Viewer, from: string, to: string): Promise<IndexSeries> => {
    if (seesWholeHospital(viewer)) {
      await refreshForReader();
      return readSeries(db, viewer.orgId, from, to);
    }
    await warehouse.refresh();
    const rule = access.scope(viewer, 'fact_encounter', 'f', 'duckdb').where;
    return own.get(warehouse.generation(), JSON.stringify([rule, from, to]), () => computeIndices(deps, viewer, from, to));
  };

  return {
    refresh: ({ isFull = false, tx } = {}) => (tx === undefined ? db.tx((own) => refreshIn(own, isFull)) : refreshIn(tx, isFull)),
    async brand(viewer, from, to) {
      const series = await seriesFor(viewer, earliest(from, addDays(to, -CHANGE_DAYS)), to);
      return INDICES.map((index) => brandIndex(index, series[index.id], from, to, to === today() ? lastWholeDay(index, series[index.id], to) : to));
    },
  };
}

/** Heat ranks what a day gathered among whole days; a day that still runs would always look like a fall, so it shows from the day after. */
function lastWholeDay(index: IndexDefinition, values: readonly IndexValue[], today: string): string {
  const yesterday = addDays(today, -1);
  return index.id === 'heat' && values.some((each) => each.day === yesterday && each.value !== null) ? yesterday : today;
}

/** The stored series is hospital-wide; anyone with a narrower rule gets one worked out for that rule. */
const seesWholeHospital = (viewer: Viewer): boolean => viewer.kind === 'system' || (viewer.kind === 'staff' && viewer.departments === 'all');

/** The figure is that of the day `asOf`; days after it stand in the series without a value. */
export function brandIndex(index: IndexDefinition, values: readonly IndexValue[], from: string, to: string, asOf: string = to): BrandIndex {
  const byDay = new Map(values.map((value) => [value.day, value]));
  const last = byDay.get(asOf);
  const value = last?.value ?? null;
  const missing = index.parts.filter((part) => (last?.parts.find((each) => each.id === part.id)?.value ?? null) === null);
  const isPartial = value !== null && missing.length > 0;
  return {
    id: index.id,
    edition: indexEdition(index),
    name: index.name,
    value,
    lower: last?.lower ?? null,
    upper: last?.upper ?? null,
    n: last?.n ?? 0,
    change: changeBetween(index, byDay.get(addDays(asOf, -CHANGE_DAYS)), last),
    joined: joinedParts(
      index,
      values.filter((each) => each.day >= from && each.day <= asOf),
    ),
    method: {
      zh: index.method.zh + (isPartial ? ` 目前没有数据的部分：${missing.map((part) => part.name.zh).join('、')}，其权重已按比例分给其余部分。` : ''),
      en: index.method.en + (isPartial ? ` Without data at present: ${missing.map((part) => part.name.en).join(', ')}; their weight is shared out.` : ''),
    },
    parts: index.parts.map((part) => {
      const found = last?.parts.find((each) => each.id === part.id);
      return { id: part.id, name: part.name, weight: part.weight, value: found?.value == null ? null : 100 * found.value, n: found?.n ?? 0 };
    }),
    series: values
      .filter((each) => each.day >= from && each.day <= to)
      .map((each) =>
        each.day > asOf
          ? { day: each.day, value: null, lower: null, upper: null, n: each.n }
          : { day: each.day, value: each.value, lower: each.lower, upper: each.upper, n: each.n },
      ),
  };
}

/** Parts without a value on the first day that has one, and the day they got theirs. */
function joinedParts(index: IndexDefinition, values: readonly IndexValue[]): BrandIndex['joined'] {
  const known = values.filter((each) => each.value !== null);
  const dayOf = (id: string): string | undefined => known.find((each) => each.parts.some((part) => part.id === id && part.value !== null))?.day;
  return index.parts.flatMap(({ id, name }) => {
    const day = dayOf(id);
    return day === undefined || day === known[0]?.day ? [] : [{ day, name }];
  });
}
