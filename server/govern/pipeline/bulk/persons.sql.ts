/**
 * Who the rows of a chunk name, as SQL over `said` (see bulk.sql.ts). Of the rows of one delivery that name one person the last one speaks, as
 * when a delivery is read row by row; said again in the same words by later deliveries, it is one run.
 */
import type { BulkPlan } from '../../../collect/index.ts';
import { identifier } from './keys.sql.ts';

/** Between the cells of a person; a cell that holds it makes one too many, and the rows are read one by one. */
export const CELL_END = '\u001f';

/** The cells that say who it is, as one text. */
export const personSql = ({ columns }: NonNullable<BulkPlan['person']>): string =>
  columns.map((name) => `coalesce(${identifier(name)}, '')`).join(` || chr(${CELL_END.charCodeAt(0)}) || `);

/** What each delivery adds to what is held of a chunk: persons named first, characters of text. */
export const holdingsSql = (plan: BulkPlan): string => `select delivery, sum(persons) as persons, sum(characters) as characters from (
    ${plan.person === null ? '' : 'select min(delivery) as delivery, 1 as persons, 0 as characters from rows where subject is not null group by subject union all'}
    select delivery, 0 as persons, ${plan.text === null ? '0' : 'coalesce(sum(length(text)), 0)'} as characters from rows group by delivery
  ) group by delivery order by delivery`;

export const cutSql = (deliveries: number): string => `delete from rows where delivery > ${deliveries}`;

/** The speaking rows; `place` counts them in their delivery, from 0. */
export const speakersSql = `create table speakers as
  select delivery, subject, item, row_number() over (partition by delivery order by item) - 1 as place
  from (select delivery, subject, max(item) as item from rows where subject is not null group by delivery, subject)`;

/**
 * Where the fact of each row stands among the statements of its delivery: a speaking row says who it is, then what happened. Read in place of
 * `said`.
 */
export const PLACED = `(select said.* exclude (item), said.item + coalesce(s.place + 1, 0) as item
  from said asof left join speakers s on s.delivery = said.delivery and s.item <= said.item)`;

/**
 * Runs of deliveries that say the same of a person, in order of arrival. Of the statement with the greatest version: its delivery, its place,
 * its version and times in microseconds. `received_at` of a delivery stands in for a version that is missing or runs ahead, as in facts.
 */
export function runsSql(plan: BulkPlan): string {
  const isRecord = plan.fact === 'person_record';
  const version = plan.person?.isRegistration !== true ? '0' : VERSION;
  const deleted = isRecord ? 'said.is_deleted' : 'false';
  return `with spoken as (
      select s.delivery, s.item, s.place ${isRecord ? '' : '+ s.item'} as place, s.subject, said.person, ${deleted} as is_deleted, ${version} as version,
             epoch_us(said.occurred_at) as occurred_at, said.time_precision
      from speakers s join said on said.delivery = s.delivery and said.item = s.item ${version === '0' ? '' : 'join deliveries d on d.delivery = s.delivery'}
    ), begun as (
      select *, person is distinct from lag(person) over (partition by subject order by delivery)
             or is_deleted is distinct from lag(is_deleted) over (partition by subject order by delivery) as begins
      from spoken
    ), numbered as (
      select *, count(*) filter (where begins) over (partition by subject order by delivery) as run from begun
    )
    select subject, any_value(person) as person, any_value(is_deleted) as is_deleted, count(*) as times, min(delivery) as first, max(delivery) as last,
           arg_max([delivery, place, version, occurred_at], [version, delivery]) as newest,
           arg_max(time_precision, [version, delivery]) as time_precision
    from numbered group by subject, run order by min(delivery), min(item)`;
}
/** Of a row of `said` with its delivery `d`, in microseconds; a clock that runs ahead is not believed. */
export const VERSION = `case when said.version_at is null or said.version_at > d.received_at + interval 1 day then epoch_us(d.received_at) else epoch_us(said.version_at) end`;

/**
 * Each code or word of a column with each name it came with, in order of appearance. `hasHidden`: the table `hidden` lists rows whose name is not
 * to be learnt.
 */
export function pairsSql(plan: BulkPlan, column: string, limit: number, hasHidden: boolean): string {
  const { displaySql = null } = plan.values[column] ?? {};
  const v = identifier(`v_${column}`);
  const d = displaySql === null ? 'cast(null as varchar)' : identifier(`d_${column}`);
  const place = 'delivery * 1048576 + item as first, 1 as seen';
  const from = hasHidden
    ? `(select ${v} as code, case when h.item is null then ${d} end as display, said.${place.replace('+ item', '+ said.item')}
        from said left join hidden h on h.delivery = said.delivery and h.item = said.item)`
    : `(select ${v} as code, ${d} as display, ${place} from said)`;
  return `select code, display, sum(seen) as seen from ${from} where code is not null group by all order by min(first) limit ${limit}`;
}

/** Speaking rows whose name of a code is of the person they speak of. `suspects` lists what to look for. */
export const hiddenSql = (column: string): string => `create or replace table hidden as
  select said.delivery, said.item from said join speakers s on s.delivery = said.delivery and s.item = said.item
  join suspects x on x.subject = said.subject and x.person = said.person and x.display = said.${identifier(`d_${column}`)} group by all`;
