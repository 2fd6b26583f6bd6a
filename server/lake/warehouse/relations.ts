/**
 * The relations of the warehouse as SQL. They are written into each query as inlined `with` steps instead of being views: so a query
 * carries its own list of files and is not touched by what happens meanwhile, and only the joins a query asks for are in it
 * (DuckDB 1.5 does not drop an unused left join: over 48 M rows the person and three dimensions would cost seconds).
 */
import { type Column, columnsOf, FACT_NAMES, type FactName } from '@xinglin/contracts';
import { duckdb } from '../dialect.ts';
import { identifier } from '../engine/duckdb.ts';
import { dimensionOf, sqlType } from '../facts/columns.ts';
import { type Losers, ROW_PLACE } from './winning.ts';

/** The rows of one fact as SELECTs over `r`; null where there is no file. */
export interface FactSource {
  readonly winners: string | null;
  readonly fresh: string | null;
  readonly every: string | null;
  readonly losers: Losers;
}
/** Tables published by rooms, by relation name; undefined when not published yet. */
export type Published = (name: string) => string | undefined;

/** What a statement asks for. A name counts wherever it stands: too many joins cost time, too few would be wrong. */
export interface Mentions {
  readonly facts: readonly { fact: FactName; isHistory: boolean }[];
  /** The name stands in the text. */
  readonly has: (name: string) => boolean;
  /** As a column: by name or by a star. */
  readonly asksFor: (column: string) => boolean;
}

export function mentionsOf(sql: string): Mentions {
  const hasStar = sql.replace(/count\s*\(\s*\*\s*\)/gi, '').includes('*');
  const has = (name: string): boolean => new RegExp(`\\b${name}\\b`, 'i').test(sql);
  const facts = FACT_NAMES.flatMap((fact) => [
    ...(has(`fact_${fact}`) ? [{ fact, isHistory: false }] : []),
    ...(has(`fact_${fact}_history`) ? [{ fact, isHistory: true }] : []),
  ]);
  return { facts, has, asksFor: (column) => hasStar || has(column) };
}

export const relationName = (fact: FactName, isHistory: boolean): string => `fact_${fact}${isHistory ? '_history' : ''}`;

/** The SELECT behind `fact_X` or `fact_X_history`. */
export function factRelation(fact: FactName, isHistory: boolean, source: FactSource, mentions: Mentions, published: Published): string {
  const columns = columnsOf(fact);
  const rows = isHistory ? union(fact, [source.every]) : winningRows(fact, source);
  const joins: string[] = [];
  const extras: string[] = [];
  const link = published('link');
  if (mentions.asksFor('person_id')) {
    if (link !== undefined) joins.push(`left join ${identifier(link)} l on l.record_key = f.record_key`);
    extras.push(link === undefined ? 'cast(null as uuid) as person_id' : 'l.person_id as person_id');
  }
  const map = published('dimension_map');
  for (const [at, column] of columns.entries()) {
    const dimension = dimensionOf(column);
    if (dimension === null || !mentions.asksFor(dimension)) continue;
    if (map !== undefined) joins.push(dimensionJoin(`d${at}`, map, dimension, column));
    extras.push(`${map === undefined ? 'cast(null as varchar)' : `d${at}.code`} as ${identifier(dimension)}`);
  }
  if (extras.length === 0) return rows;
  return `select f.*, ${extras.join(', ')}\nfrom (${rows}) f\n${joins.join('\n')}`;
}

const dimensionJoin = (alias: string, map: string, dimension: string, column: Column): string =>
  `left join ${identifier(map)} ${alias} on ${alias}.dimension = '${dimension}' and ${alias}.source = f.source and ${alias}.source_code = f.${identifier(column.name)}`;

function winningRows(fact: FactName, { winners, fresh, losers }: FactSource): string {
  const { beatenKeys, lostRows } = losers;
  // NOT IN over keys that are never null; NOT EXISTS becomes a join over all distinct keys of the left side, ten times slower.
  const notBeaten = beatenKeys === null ? '' : ` and r.fact_key not in (select fact_key from ${identifier(beatenKeys)})`;
  const notLost = lostRows === null ? '' : ` and ${ROW_PLACE} not in (select place from ${identifier(lostRows)})`;
  return union(fact, [
    winners === null ? null : `${winners} where not r.is_deleted${notBeaten}`,
    fresh === null ? null : `${fresh} where not r.is_deleted${notLost}`,
  ]);
}

/** A fact without a file is an empty relation with its columns. */
function union(fact: FactName, parts: readonly (string | null)[]): string {
  const present = parts.filter((part) => part !== null);
  if (present.length > 0) return present.join('\nunion all\n');
  const empty = columnsOf(fact).map(({ name, kind }) => `cast(null as ${sqlType(kind)}) as ${identifier(name)}`);
  return `select ${empty.join(', ')} where false`;
}

const WITH = /^\s*with\s+(recursive\s+)?/i;

/** Puts steps before a statement's own; a step the statement names itself stays the statement's. */
export function withSteps(sql: string, steps: readonly { name: string; sql: string }[]): string {
  const ours = steps.filter(
    ({ name }) => !new RegExp(`\\b${name}\\s*(\\([^)]*\\)\\s*)?as\\s+(not\\s+materialized\\s+|materialized\\s+)?\\(\\s*(select|with|values)\\b`, 'i').test(sql),
  );
  if (ours.length === 0) return sql;
  const text = ours.map((step) => duckdb.inlined(step.name, step.sql)).join(',\n');
  const found = WITH.exec(sql);
  if (found === null) return `with ${text}\n${sql}`;
  return `with ${found[1] ?? ''}${text},\n${sql.slice(found[0].length)}`;
}
