import { columnsOf, type FactName, type Viewer } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import type { Scope } from '../../platform/index.ts';
import { addDays, localDaySql, midnightOf, timestampText } from '../business-days.ts';
import { refuse } from '../errors.ts';
import type { Lookup, MetricDefinition, Side } from './definition.ts';
import { hasDenominator } from './definition.ts';
import { dimensionSql } from './dimensions.ts';
import type { Grain, Slice } from './slice.ts';

/** What a statement is compiled for. `scope` is the platform's one rule; nothing else here decides what may be seen. */
export interface Frame {
  readonly viewer: Viewer;
  readonly scope: (viewer: Viewer, relation: string, alias: string) => Scope;
  /** Hours the campus is ahead of UTC. */
  readonly zoneHours: number;
  readonly today: string;
  readonly now: Date;
}

export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Values always travel as parameters; the same value is one parameter. */
class Params {
  readonly values: unknown[] = [];

  add(value: string | number): string {
    const found = this.values.indexOf(value);
    if (found >= 0) return `$${found + 1}`;
    return `$${this.values.push(value)}`;
  }
}

/** One row per period and group: numerator, denominator, n, and the sum of squares the intervals need. */
export function compileCells(definition: MetricDefinition, slice: Slice, frame: Frame, cellsMax: number): Statement {
  const params = new Params();
  const sides = definition.sides.map((side) => contributions(definition, side, slice, frame, params, slice.by));
  const rows = sides.join('\nunion all\n');
  const counted =
    definition.sides[0]?.unit === undefined
      ? `rows_in as (\n${rows}\n), counted as (select ${period(slice.grain)} as period, grp, num, den, n from rows_in)`
      : `rows_in as (\n${rows}\n), counted as (
  select ${period(slice.grain)} as period, grp, max(num) as num, max(den) as den, max(n) as n from rows_in group by 1, 2, unit_key)`;
  return {
    sql: `with ${counted}
select cast(period as varchar) as period, cast(grp as varchar) as grp, sum(num) as numerator, sum(den) as denominator,
  cast(sum(n) as double) as n, sum(power(num, 2)) as squares
from counted group by 1, 2 order by 1, 2 limit ${cellsMax + 1}`,
    params: params.values,
  };
}

/** The very rows behind a figure, each with what it adds; sums over all pages equal the figure. Keyset order: day, fact key, side. */
export function compileRows(
  definition: MetricDefinition,
  slice: Slice,
  frame: Frame,
  after: readonly [string, string, number] | null,
  limit: number,
): Statement {
  const params = new Params();
  const sides = definition.sides.map((side, at) => contributions(definition, side, slice, frame, params, null, { at, dimensions: definition.dimensions }));
  const unit = definition.sides[0]?.unit !== undefined;
  const kept = ['side', 'fact', 'fact_key', 'day', 'occurred_at', 'record_key', ...definition.dimensions.map((_, at) => `d${at}`)].join(', ');
  const placed = unit
    ? `select ${kept}, max(num) over (partition by unit_key) as unit_num, max(den) over (partition by unit_key) as unit_den,
    row_number() over (partition by unit_key order by day, fact_key) as place from rows_in`
    : `select ${kept}, num as unit_num, den as unit_den, 1 as place from rows_in`;
  const later =
    after === null
      ? ''
      : ` and (day > cast(${params.add(after[0])} as date) or (day = cast(${params.add(after[0])} as date)
    and (fact_key > ${params.add(after[1])} or (fact_key = ${params.add(after[1])} and side > ${after[2]}))))`;
  const dims = definition.dimensions.map((_, at) => `cast(d${at} as varchar) as d${at}`).join(', ');
  return {
    sql: `with rows_in as (\n${sides.join('\nunion all\n')}\n), kept as (${placed})
select side, fact, fact_key, cast(day as varchar) as day, occurred_at, record_key, ${dims}, unit_num as numerator, unit_den as denominator
from kept where place = 1 and (unit_num <> 0 or unit_den <> 0)${later}
order by day, fact_key, side limit ${limit + 1}`,
    params: params.values,
  };
}

function period(grain: Grain): string {
  return grain === 'total' ? 'cast(null as date)' : grain === 'day' ? 'day' : `cast(date_trunc('${grain}', day) as date)`;
}

/** The rows of one side in view and in the slice. This is the only place a fact is read for a metric, and it always carries the scope. */
function contributions(
  definition: MetricDefinition,
  side: Side,
  slice: Slice,
  frame: Frame,
  params: Params,
  by: string | null,
  drill?: { at: number; dimensions: readonly string[] },
): string {
  const scope = frame.scope(frame.viewer, `fact_${side.fact}`, 'f');
  const joins = new Map<string, Lookup>(side.joins?.map((each) => [each.name, each]));
  const sqlOf = (id: string): string => {
    const dimension = dimensionSql(side.fact, id);
    invariant(dimension !== null, `every side of a metric has its dimensions (${definition.id}, ${id})`);
    if (scope.hidden.has(dimension.column)) throw refuse('hidden-dimension', { dimension: id });
    if (dimension.join !== undefined) joins.set(dimension.join.name, dimension.join);
    return dimension.sql;
  };
  const group = by === null ? 'cast(null as varchar)' : sqlOf(by);
  const filters = slice.where.map(({ dimension, values }) => filter(sqlOf(dimension), values, params));
  const numerator = side.numerator ?? '0';
  const denominator = side.denominator ?? '0';
  const counts = hasDenominator(definition) ? denominator : numerator;
  const details =
    drill === undefined
      ? `${group} as grp`
      : `${drill.at} as side, '${side.fact}' as fact, cast(f.fact_key as varchar) as fact_key, f.occurred_at as occurred_at,
    cast(f.record_key as varchar) as record_key, ${drill.dimensions.map((id, at) => `cast(${sqlOf(id)} as varchar) as d${at}`).join(', ')}`;
  const select = `select ${details}, ${side.at === undefined ? 'f.day' : `{day ${side.at}}`} as day,
    cast(${numerator} as double) as num, cast(${denominator} as double) as den, case when (${counts}) <> 0 then 1 else 0 end as n,
    ${side.unit ?? 'cast(null as varchar)'} as unit_key
  from fact_${side.fact} f
  ${[...joins.values()].map((join) => `left join (${join.sql}) ${join.name} on ${join.on}`).join('\n  ')}
  where ${[scope.where, during(side, slice, frame, params), ...(side.where === undefined ? [] : [`(${side.where})`]), ...filters].join('\n    and ')}`;
  return placeholders(select, frame, params);
}

function filter(sql: string, values: readonly (string | null)[], params: Params): string {
  const given = values.filter((each) => each !== null);
  const alternatives = [
    ...(given.length === 0 ? [] : [`${sql} in (${given.map((each) => params.add(each)).join(', ')})`]),
    ...(given.length === values.length ? [] : [`${sql} is null`]),
  ];
  return `(${alternatives.join(' or ')})`;
}

/** Compares the instant itself, so that engines can skip row groups by their least and greatest value. */
function during(side: Side, slice: Slice, frame: Frame, params: Params): string {
  if (side.at === undefined) return `f.day >= cast(${params.add(slice.from)} as date) and f.day <= cast(${params.add(slice.to)} as date)`;
  return `${side.at} >= cast(${params.add(midnight(slice.from, frame))} as timestamp) and ${side.at} < cast(${params.add(midnight(addDays(slice.to, 1), frame))} as timestamp)`;
}

const midnight = (day: string, frame: Frame): string => timestampText(midnightOf(day, frame.zoneHours));

/** `{day X}`, `{today}`, `{now}` and `{fact}`; see `Side` and `Lookup`. */
function placeholders(sql: string, frame: Frame, params: Params): string {
  const system: Viewer = { kind: 'system', room: 'analyze', orgId: frame.viewer.orgId, purpose: 'operations' };
  return sql
    .replace(/\{day ([^{}]+)\}/g, (_, instant: string) => localDaySql(instant, frame.zoneHours))
    .replace(/\{today\}/g, () => `cast(${params.add(frame.today)} as date)`)
    .replace(/\{now\}/g, () => `cast(${params.add(timestampText(frame.now))} as timestamp)`)
    .replace(
      /\{([a-z_]+)\}/g,
      (_, fact: FactName) =>
        `(select ${columnsNamed(fact, sql).join(', ')} from fact_${fact} whole where ${frame.scope(system, `fact_${fact}`, 'whole').where})`,
    );
}

/** Only what the statement names: a `select *` would bring in the person and every dimension, each a join over the whole fact. */
function columnsNamed(fact: FactName, sql: string): string[] {
  const all = [...columnsOf(fact).map((column) => column.name), 'person_id', 'department'];
  return all.filter((name) => new RegExp(`\\.${name}\\b`).test(sql) && (name !== 'department' || dimensionSql(fact, name) !== null));
}
