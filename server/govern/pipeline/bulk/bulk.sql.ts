/** The statements of the fast lane, in order: rows → said → checks and lists → facts. Every name in them comes from our own schemas. */
import { COMMON_COLUMNS, type Column, type ColumnKind, columnsOf, enumOf, FACTS, type FactName } from '@xinglin/contracts';
import type { BulkPlan, BulkValue } from '../../../collect/index.ts';
import { enumType, type FewTexts } from '../../../lake/index.ts';
import type { CodePair } from './bulk-codes.ts';
import { identifier, numberKeySql, pseudonymSql, quoted } from './keys.sql.ts';
import { personSql, VERSION } from './persons.sql.ts';

/** Begins the line that announces a delivery among the rows; no cell of a delivery can hold it alone in its line. */
export const MARK = '\u0001';

/**
 * What the mapping reads in each row of several deliveries with the same header, each delivery announced by a line of `MARK`. `delivery` counts
 * from 1, `item` from 0. Windows over the order of reading are streamed, and no text is held beside what is made of it. Codes and words stay the
 * cells they are read from (see `saidSql`). `isPlain`: no cell needs cleaning.
 */
export function rowsSql(plan: BulkPlan, path: string, header: readonly string[], delimiter: string, isPlain: boolean): string {
  const types = header.map((_, at) => `'c${at}': 'VARCHAR'`).join(', ');
  const soFar = 'over (rows between unbounded preceding and current row)';
  const sheet = `select ${header.map((name, at) => `c${at} as ${identifier(name)}`).join(', ')}, "#delivery", "#row" - max("#own") ${soFar} - 1 as "#item", "#own"
      from (select *, count("#own") ${soFar} as "#delivery"
            from (select *, case when c0 = chr(1) then "#row" end as "#own"
                  from (select *, row_number() over () as "#row"
                        from read_csv(${quoted(path)}, columns = {${types}}, header = false, auto_detect = false, delim = ${quoted(delimiter)},
                                      quote = '"', escape = '"', nullstr = '', new_line = '\\n', parallel = false))))`;
  const missing = plan.columns.filter((name) => !header.includes(name)).map((name) => `, cast(null as varchar) as ${identifier(name)}`);
  const cells = Object.entries(plan.cells).map(([name, { column, cleaned }]) => `${isPlain ? identifier(column) : cleaned} as ${identifier(name)}`);
  const words = new Set(textColumns(plan).map(({ name }) => name));
  const values = Object.entries(plan.values).filter(([name]) => !words.has(name));
  const kept = new Set([...words].flatMap((name) => plan.values[name]?.cells ?? []));
  const more = [...values.map(([name, { sql }]) => `${sql} as ${identifier(`v_${name}`)}`), ...[...kept].map(identifier), ...moreSql(plan)];
  return `create table rows as
    select "#delivery" as delivery, "#item" as item, ${plan.localId} as local_id, ${plan.subject?.sql ?? 'cast(null as varchar)'} as subject,
           ${plan.encounterLocalId ?? 'cast(null as varchar)'} as encounter, ${plan.occurredAt} as occurred_at, cast(${plan.precision} as ${PRECISION}) as time_precision,
           ${plan.versionAt ?? 'cast(null as timestamp)'} as version_at, ${plan.isDeleted} as is_deleted${more.map((value) => `, ${value}`).join('')}
    from (select *, ${cells.join(', ')} from (select *${missing.join('')} from (${sheet}) where "#own" is null))`;
}

/**
 * `rows` with codes as `v_…` and, where rows name people, the names they came with as `d_…`. `words`: the codes of a column by its different cells,
 * where that is known. Every statement over `said` is planned with all its expressions, which took as long as 30,000 rows: they are kept short.
 */
export function saidSql(plan: BulkPlan, words: ReadonlyMap<string, readonly ReadCell[]>): string {
  const values = textColumns(plan).flatMap(({ name }) => {
    const value = plan.values[name] as BulkValue;
    const d = value.displaySql === null || plan.person === null ? [] : [`${value.displaySql} as ${identifier(`d_${name}`)}`];
    return [`${wordSql(value, words.get(name))} as ${identifier(`v_${name}`)}`, ...d];
  });
  return `create view said as select *${values.map((value) => `, ${value}`).join('')} from rows`;
}

/** The type of `time_precision`. */
const PRECISION = enumType(COMMON_COLUMNS.flatMap(({ name, kind }) => (name === 'time_precision' ? (enumOf(kind) ?? []) : [])));

/** What the different cells of a column say. */
export interface ReadCell {
  readonly cell: string | null;
  readonly code: string | null;
  readonly display: string | null;
  readonly seen: number;
}
/** More than these are not written out. */
const WRITTEN_OUT_MAX = 32;

/** A cell that is its own code as it stands, few others written out, the rest by the mapping's expression. */
function wordSql({ sql, cells }: BulkValue, words: readonly ReadCell[] | undefined): string {
  if (words === undefined) return sql;
  const cell = identifier(cells[0] ?? '');
  if (words.every((word) => word.code === word.cell)) return cell;
  const codes = new Map(words.map((word) => [word.cell, word.code]));
  // Without a cell the code comes of the name beside it.
  const isFew = codes.size <= WRITTEN_OUT_MAX && words.every((word) => word.cell !== null || word.code === null);
  const branches = [...codes].flatMap(([given, code]) => (given === null || code === null ? [] : [`when ${quoted(given)} then ${quoted(code)}`]));
  return isFew && branches.length > 0 ? `case ${cell} ${branches.join(' ')} end` : sql;
}

/** The different cells of a column of codes, in order of appearance, and in how many rows. */
export function cellsSql({ cells }: BulkValue, limit: number): string {
  const given = cells.map(identifier);
  return `select [${given.join(', ')}] as cells, seen
    from (select ${given.join(', ')}, count(*) as seen, min(rowid) as first from rows group by ${given.join(', ')}) order by first limit ${limit}`;
}

const moreSql = ({ person, text }: BulkPlan): string[] => [
  ...(person === null ? [] : [`${personSql(person)} as person`]),
  ...(text === null ? [] : [`${text} as text`]),
];

const isText = (kind: ColumnKind): boolean => kind === 'code' || kind === 'token' || enumOf(kind) !== null || kind.startsWith('dimension:');
export const textColumns = (plan: BulkPlan): Column[] =>
  (FACTS[plan.fact] as readonly Column[]).filter(({ name, kind }) => name in plan.values && isText(kind));

/** One row of counts. Rows that are `wrong` send the chunk the slow way, which explains itself item by item; fewer `keys` than rows ask for `REPEATED`. */
export function problemsSql(plan: BulkPlan, needsSubject: boolean): string {
  const columns = FACTS[plan.fact] as readonly Column[];
  const given = columns.filter(({ name }) => name in plan.values);
  const wrong = [
    'local_id is null or occurred_at is null or time_precision is null',
    `occurred_at not between timestamp '1800-01-01' and timestamp '2199-12-31'`,
    ...(needsSubject ? ['subject is null'] : []),
    ...(plan.fact === 'event' && !('name' in plan.values) ? ['true'] : []),
    ...given.flatMap(({ name, kind }) => {
      const v = identifier(`v_${name}`);
      if (kind === 'number') return [`${v} is not null and not isfinite(${v})`];
      if (kind === 'price') return [`abs(${v}) >= 1e8`];
      if (kind === 'time') return [`${v} not between timestamp '1800-01-01' and timestamp '2199-12-31'`];
      return [];
    }),
  ];
  return `select count(*) as rows, count(*) filter (where ${wrong.map((each) => `(${each})`).join(' or ')}) as wrong,
                 count(distinct local_id) as keys from rows`;
}

/** Rows that say a fact again within one delivery. */
export const REPEATED = 'select count(*) - count(distinct (delivery, local_id)) as repeated from rows';

/** Of what a delivery says more than once the last holds, as if nothing else had been said: items are counted without the rest. */
export const KEEP_LAST = [
  `create table gone as select rows.delivery, rows.item
   from rows join (select delivery, local_id, max(item) as item from rows group by delivery, local_id having count(*) > 1) last
     on rows.delivery = last.delivery and rows.local_id = last.local_id and rows.item < last.item`,
  'delete from rows using gone where rows.delivery = gone.delivery and rows.item = gone.item',
  `update rows set item = item - (select count(*) from gone where gone.delivery = rows.delivery and gone.item < rows.item)
   where delivery in (select delivery from gone)`,
  'drop table gone',
];

export interface FactParts {
  readonly orgId: string;
  readonly campusId: string;
  readonly source: string;
  readonly edition: string;
  readonly timeZone: string;
}

/**
 * `columnsOf(fact)` by name. Tables beside `said`: `pads`, `deliveries` (position base, received_at), `subjects` (text, key). `from` stands in for
 * `said` where facts are not the only statements of a delivery.
 */
export function factsSql(plan: BulkPlan, parts: FactParts, from = 'said'): string {
  const { orgId, campusId, source, edition } = parts;
  const own = FACTS[plan.fact] as readonly Column[];
  const value = ({ name, kind }: Column): string => {
    if (name === 'text_id' && plan.text !== null) return `${textIdSql(parts)} as text_id`;
    if (!(name in plan.values)) return `null as ${identifier(name)}`;
    const v = `said.${identifier(`v_${name}`)}`;
    if (kind === 'key') return `case when ${v} is not null then ${pseudonymSql(['column', orgId, source, name], [v])} end as ${identifier(name)}`;
    return `${v} as ${identifier(name)}`;
  };
  return `select
      ${FACT_KEY} as fact_key,
      ${VERSION} as version,
      d.base + said.item as position,
      said.is_deleted as is_deleted, ${quoted(orgId)} as org_id, ${quoted(campusId)} as campus_id, ${quoted(source)} as source,
      ${plan.subject === null ? 'null' : 's.record_key'} as record_key,
      ${plan.encounterLocalId === null ? 'null' : 'e.encounter_key'} as encounter_key,
      said.occurred_at as occurred_at, d.received_at as received_at,
      ${daySql('said.occurred_at', parts.timeZone)} as day,
      said.time_precision as time_precision, ${quoted(edition)} as edition
      ${own.map((column) => `, ${value(column)}`).join('')}
    from ${from === 'said' ? from : `${from} said`} join deliveries d on d.delivery = said.delivery cross join pads
    ${plan.subject === null ? '' : 'left join subjects s on s.subject = said.subject'}
    ${plan.encounterLocalId === null ? '' : 'left join encounters e on e.encounter = said.encounter'}`;
}

/** The columns of a run's facts in which few texts occur. `codes`: those that were read from cells. */
export function fewTexts(fact: FactName, { orgId, campusId, source, edition }: FactParts, codes: ReadonlyMap<string, readonly CodePair[]>): FewTexts {
  const few = new Map(Object.entries({ org_id: [orgId], campus_id: [campusId], source: [source], edition: [edition] }));
  for (const { name, kind } of columnsOf(fact)) {
    const texts = enumOf(kind) ?? [...new Set(codes.get(name)?.map(({ code }) => code))];
    if (texts.length > 0 && texts.length <= WRITTEN_OUT_MAX) few.set(name, [...texts]);
  }
  return few;
}

/** The day at the hospital. China's zone has not moved since 1992 and needs no calendar. */
function daySql(x: string, zone: string): string {
  const day = `cast(timezone(${quoted(zone)}, timezone('UTC', ${x})) as date)`;
  const plain = `cast(make_timestamp(epoch_us(${x}) + ${8 * 3_600_000_000}) as date)`;
  return zone === 'Asia/Shanghai' ? `case when ${x} >= timestamp '1992-01-01' then ${plain} else ${day} end` : day;
}

const FACT_KEY = numberKeySql('said.local_id', 'pads.fact_secret');
const textIdSql = ({ orgId }: FactParts): string =>
  `case when said.text is not null then ${pseudonymSql(['text', orgId], [`cast(${FACT_KEY} as varchar)`, 'said.text'])} end`;

/** The free texts: id, whose, the words, when (microseconds); in order of arrival. */
export const textsSql = (plan: BulkPlan, parts: FactParts): string =>
  `select cast(${textIdSql(parts)} as varchar) as text_id, ${plan.subject === null ? 'null' : 's.record_key'} as record_key, said.text, epoch_us(said.occurred_at) as at
   from said cross join pads ${plan.subject === null ? '' : 'left join subjects s on s.subject = said.subject'}
   where said.text is not null order by said.delivery, said.item`;

/** A visit has many rows: its key is made once. */
export const encountersSql = ({ orgId, source }: FactParts): string =>
  `create table encounters as select encounter, ${pseudonymSql(['encounter', orgId, source], ['encounter'])} as encounter_key
   from (select distinct encounter from rows where encounter is not null) cross join pads`;
