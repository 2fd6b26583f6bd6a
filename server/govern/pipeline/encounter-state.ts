/**
 * One visit, merged column by column from everything its source said of it, and the news that follows.
 *
 * planned → in-progress → finished        ends: `encounter.discharged` (inpatient) or `encounter.finished`
 * finished → in-progress | cancelled | taken back    after news of its end: `encounter.reopened`
 *
 * A message that leaves a column out says nothing about it; the greatest version of each column wins, so late history never
 * beats newer data. News is made per statement in order of arrival, so it does not depend on how deliveries were batched.
 */
import { FACTS, type FactValue, type TimePrecision } from '@xinglin/contracts';
import { isNewer, type Stamp } from '../privacy/person-state.ts';

export type EncounterColumn = (typeof FACTS.encounter)[number]['name'];
export const ENCOUNTER_COLUMNS: readonly EncounterColumn[] = FACTS.encounter.map((column) => column.name);

/** Plain JSON: times as microseconds. */
type Stored = string | number | boolean | null;
type Field = readonly [version: number, position: number, value: Stored];
export interface EncounterState {
  readonly stamp: Stamp;
  readonly revision: number;
  readonly occurredAt: number;
  readonly precision: TimePrecision;
  readonly recordKey: string | null;
  readonly isDeleted: boolean;
  readonly columns: Readonly<Partial<Record<EncounterColumn, Field>>>;
  readonly isAnnounced: boolean;
}

/** As it is kept: a column the newest statement spoke of is its bare value, one left from another has its stamp beside it. */
export type KeptEncounter = Pick<EncounterState, 'stamp' | 'revision' | 'occurredAt' | 'precision' | 'isDeleted'> & {
  readonly columns: Readonly<Partial<Record<EncounterColumn, Stored | Field>>>;
};

export function keepEncounter({ stamp, revision, occurredAt, precision, isDeleted, columns }: EncounterState): KeptEncounter {
  const kept: Partial<Record<EncounterColumn, Stored | Field>> = {};
  for (const name in columns) {
    const field = columns[name as EncounterColumn] as Field;
    kept[name as EncounterColumn] = field[0] === stamp[0] && field[1] === stamp[1] ? field[2] : field;
  }
  return { stamp, revision, occurredAt, precision, isDeleted, columns: kept };
}

export function recallEncounter({ columns, ...kept }: KeptEncounter, recordKey: string | null, isAnnounced: boolean): EncounterState {
  const fields: Partial<Record<EncounterColumn, Field>> = {};
  for (const [name, value] of Object.entries(columns) as [EncounterColumn, Stored | Field][]) {
    fields[name] = isField(value) ? value : [kept.stamp[0], kept.stamp[1], value];
  }
  return { ...kept, recordKey, columns: fields, isAnnounced };
}
const isField = (value: Stored | Field): value is Field => Array.isArray(value);

export interface EncounterStatement {
  readonly stamp: Stamp;
  readonly occurredAt: number;
  readonly precision: TimePrecision;
  readonly recordKey: string | null;
  readonly isDeleted: boolean;
  /** Only the columns the source spoke of. */
  readonly columns: Readonly<Partial<Record<EncounterColumn, FactValue>>>;
}

export type EncounterNews = 'ended' | 'reopened' | null;

/** `isNews(endedAt)` says whether an end at that moment (microseconds) is worth telling. */
export function applyStatement(
  before: EncounterState | null,
  statement: EncounterStatement,
  isNews: (endedAt: number) => boolean,
): { state: EncounterState; news: EncounterNews } {
  const isNewest = before === null || isNewer(statement.stamp, before.stamp);
  const columns: Partial<Record<EncounterColumn, Field>> = { ...before?.columns };
  for (const [name, value] of Object.entries(statement.columns) as [EncounterColumn, FactValue][]) {
    const old = columns[name];
    if (old === undefined || isNewer(statement.stamp, [old[0], old[1]])) {
      columns[name] = [statement.stamp[0], statement.stamp[1], typeof value === 'bigint' ? Number(value) : value];
    }
  }
  const newest = isNewest || before === null ? statement : before;
  const merged = {
    stamp: newest.stamp,
    occurredAt: newest.occurredAt,
    precision: newest.precision,
    recordKey: newest.recordKey,
    isDeleted: newest.isDeleted,
    revision: (before?.revision ?? 0) + 1,
    columns,
    isAnnounced: before?.isAnnounced ?? false,
  };
  const wasFinished = before !== null && isFinished(before);
  if (!wasFinished && isFinished(merged) && !merged.isAnnounced && isNews(endOf(merged))) return { state: { ...merged, isAnnounced: true }, news: 'ended' };
  if (wasFinished && !isFinished(merged) && merged.isAnnounced) return { state: { ...merged, isAnnounced: false }, news: 'reopened' };
  return { state: merged, news: null };
}

type Merged = Pick<EncounterState, 'columns' | 'isDeleted' | 'occurredAt'>;
export const isFinished = (state: Merged): boolean => !state.isDeleted && columnOf(state, 'status') === 'finished';
export const columnOf = (state: Merged, name: EncounterColumn): Stored => state.columns[name]?.[2] ?? null;
export const textColumn = (state: Merged, name: EncounterColumn): string | null => {
  const value = columnOf(state, name);
  return typeof value === 'string' ? value : null;
};
/** When it ended, microseconds; the statement's own time when the source gave none. */
export const endOf = (state: Merged): number => {
  const ended = columnOf(state, 'ended_at');
  return typeof ended === 'number' ? ended : state.occurredAt;
};

/** The fact's own columns in order, times as bigint again. */
export const encounterValues = (state: EncounterState): FactValue[] =>
  FACTS.encounter.map((column) => {
    const value = columnOf(state, column.name);
    return column.kind === 'time' && typeof value === 'number' ? BigInt(value) : value;
  });
