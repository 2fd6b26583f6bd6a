/**
 * From one canonical statement to one fact row: every column by its kind, and nothing that its kind does not allow.
 * A value that does not fit becomes null (or `unknown`/`other` where the list has it) and is counted by rule; the row goes on.
 * What makes the whole statement useless goes to quarantine instead.
 */
import {
  type Canonical,
  type CanonicalValue,
  COMMON_COLUMNS,
  type Column,
  type ColumnKind,
  enumOf,
  FACTS,
  type FactName,
  type FactRow,
  type FactValue,
  type SourceCode,
} from '@xinglin/contracts';
import { Memo, twoDigits } from '../../kernel/index.ts';
import { dictionaryOf, dimensionCodeOf, type LearnedCode } from '../terminology/learned-code.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { isSafeCode, isSafeToken, looksIdentifying, safeDisplay } from './safe-values.ts';

/** Where a statement came from: the same for all of one delivery but `position`. */
export interface Origin {
  readonly orgId: string;
  readonly campusId: string;
  readonly source: string;
  readonly receivedAtMicros: bigint;
  readonly edition: string;
  readonly names: Pseudonyms;
  readonly day: (micros: bigint) => string;
}
export interface QualityNote {
  readonly fact: FactName;
  readonly column: string;
  readonly rule:
    | 'not-a-code'
    | 'not-in-list'
    | 'not-a-number'
    | 'not-a-time'
    | 'identifying'
    | 'unknown-column'
    | 'invalid-id'
    | 'invalid-phone'
    | 'future-version';
}
/** Gathers what filling rows teaches: codes to learn and values refused. */
export interface Notes {
  quality(note: QualityNote): void;
  learn(code: LearnedCode): void;
  /** Strings known to identify the person of this delivery; a column holding one is emptied. */
  isIdentifying(value: string): boolean;
}
export interface RowKeys {
  readonly factKey: string;
  readonly version: number;
  readonly position: number;
  readonly recordKey: string | null;
  readonly encounterKey: string | null;
  readonly textId: string | null;
  readonly occurredAt: bigint;
  readonly isDeleted: boolean;
}

/** Microseconds of an ISO 8601 instant; null when it is none or lies outside 1800–2200. */
export function microsOf(value: string): bigint | null {
  const millis = plainInstant(value);
  return millis === null ? instants.of(value) : BigInt(millis * 1000);
}
/** What is not written as our own readers write it. */
const instants = new Memo<bigint | null>(5_000, (value) => {
  const ms = Date.parse(value);
  if (Number.isNaN(ms) || ms < -5_364_662_400_000 || ms > 7_258_118_400_000) return null;
  const fraction = /\.\d{3}(\d{1,3})\d*/.exec(value)?.[1];
  return BigInt(Math.round(ms)) * 1000n + (fraction === undefined ? 0n : BigInt(fraction.padEnd(3, '0')));
});

/**
 * Milliseconds of `2025-03-01T00:30:00.000Z`, which is what readers give, with a day every month has: taken digit by digit in half of the time of
 * `Date.parse`, and every row has two or three. Null for everything else.
 */
function plainInstant(value: string): number | null {
  if (value.length !== 24 || value[4] !== '-' || value[7] !== '-' || value[10] !== 'T' || value[13] !== ':' || value[16] !== ':') return null;
  if (value[19] !== '.' || value[23] !== 'Z') return null;
  const year = twoDigits(value, 0) * 100 + twoDigits(value, 2);
  const month = twoDigits(value, 5);
  const day = twoDigits(value, 8);
  const hour = twoDigits(value, 11);
  const minute = twoDigits(value, 14);
  const second = twoDigits(value, 17);
  const last = twoDigits(value, 21);
  const millis = twoDigits(value, 20) * 10 + (last % 10);
  const isDay = year >= 1900 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 28;
  return isDay && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && millis >= 0 && last >= 0
    ? Date.UTC(year, month - 1, day, hour, minute, second, millis)
    : null;
}

/** `columnsOf(fact)` in order. */
export function factRow(statement: Canonical, keys: RowKeys, origin: Origin, notes: Notes): FactRow {
  const { fields, names } = planOf(statement.fact);
  const row: FactValue[] = new Array(COMMON_COLUMNS.length + fields.length);
  row[0] = keys.factKey;
  row[1] = keys.version;
  row[2] = keys.position;
  row[3] = keys.isDeleted;
  row[4] = origin.orgId;
  row[5] = origin.campusId;
  row[6] = origin.source;
  row[7] = keys.recordKey;
  row[8] = keys.encounterKey;
  row[9] = keys.occurredAt;
  row[10] = origin.receivedAtMicros;
  row[11] = origin.day(keys.occurredAt);
  row[12] = statement.precision;
  row[13] = origin.edition;
  const { values } = statement;
  let at = COMMON_COLUMNS.length;
  for (const field of fields) {
    const { name } = field.column;
    row[at] = name === 'text_id' ? keys.textId : columnValue(field, values[name] ?? null, origin, notes);
    at += 1;
  }
  for (const name in values) if (!names.has(name)) notes.quality({ fact: statement.fact, column: 'other', rule: 'unknown-column' });
  return row;
}

/** What a column asks of its values, worked out once. */
interface Field {
  readonly fact: FactName;
  readonly column: Column;
  readonly kind: Exclude<ColumnKind, `enum:${string}` | `dimension:${string}`> | 'enum' | 'dimension';
  /** Words of an enum, and which stands for others. */
  readonly words: ReadonlySet<string>;
  readonly otherwise: string | null;
  /** Whose codes it holds. */
  readonly dimension: string;
}
interface Plan {
  readonly fields: readonly Field[];
  /** Names a statement may give values. */
  readonly names: ReadonlySet<string>;
  /** Where each stands in a row. */
  readonly places: ReadonlyMap<string, number>;
}
const plans = new Map<FactName, Plan>();
function planOf(fact: FactName): Plan {
  let plan = plans.get(fact);
  if (plan === undefined) {
    const columns = FACTS[fact] as readonly Column[];
    plan = {
      fields: columns.map((column) => fieldOf(fact, column)),
      names: new Set([...columns, ...COMMON_COLUMNS].map(({ name }) => name)),
      places: new Map(columns.map(({ name }, at) => [name, COMMON_COLUMNS.length + at])),
    };
    plans.set(fact, plan);
  }
  return plan;
}
function fieldOf(fact: FactName, column: Column): Field {
  const { kind } = column;
  const words = new Set(enumOf(kind));
  return {
    ...{ fact, column, words },
    kind: kind.startsWith('enum:') ? 'enum' : kind.startsWith('dimension:') ? 'dimension' : (kind as Field['kind']),
    otherwise: words.has('unknown') ? 'unknown' : words.has('other') ? 'other' : null,
    dimension: dictionaryOf(fact, column) ?? 'item',
  };
}

/** A column of a row made by `factRow`. */
export function rowColumn<F extends FactName>(fact: F, row: FactRow, name: (typeof FACTS)[F][number]['name']): FactValue {
  return row[planOf(fact).places.get(name) ?? -1] ?? null;
}

/** What `decimal(12,4)` holds. */
const PRICE_MAX = 1e8;

const codeText = (value: string | SourceCode): string => (typeof value === 'string' ? value : value.code).trim();
const isSourceCode = (value: CanonicalValue): value is SourceCode => typeof value === 'object' && value !== null;

function columnValue(field: Field, value: CanonicalValue, origin: Origin, notes: Notes): FactValue {
  if (value === null || value === '') return null;
  const { kind } = field;
  if (kind !== 'key' && (typeof value === 'string' || isSourceCode(value)) && notes.isIdentifying(codeText(value))) return refused(field, 'identifying', notes);
  switch (kind) {
    case 'key':
      return typeof value === 'string' ? origin.names.column(origin.source, field.column.name, value) : refused(field, 'not-a-code', notes);
    case 'time':
      return (typeof value === 'string' ? microsOf(value) : null) ?? refused(field, 'not-a-time', notes);
    case 'day':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : refused(field, 'not-a-time', notes);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : refused(field, 'not-a-number', notes);
    case 'price':
      return typeof value === 'number' && Math.abs(value) < PRICE_MAX ? value : refused(field, 'not-a-number', notes);
    case 'integer':
    case 'fen':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : refused(field, 'not-a-number', notes);
    case 'flag':
      return typeof value === 'boolean' ? value : refused(field, 'not-in-list', notes);
    case 'code':
      return codeValue(field, value, origin, notes) ?? refused(field, 'not-a-code', notes);
    case 'token': {
      const text = typeof value === 'string' || isSourceCode(value) ? codeText(value) : typeof value === 'number' ? String(value) : '';
      return isSafeToken(text) ? text : refused(field, 'not-a-code', notes);
    }
    case 'enum':
      return enumValue(field, value) ?? refused(field, 'not-in-list', notes, field.otherwise);
    case 'dimension':
      return dimensionValue(field.dimension, value, origin, notes) ?? refused(field, 'not-a-code', notes);
  }
}

function refused({ fact, column }: Field, rule: QualityNote['rule'], notes: Notes, instead: FactValue = null): FactValue {
  notes.quality({ fact, column: column.name, rule });
  return instead;
}

/** ICD, LOINC … as they are; an item of the source's own list that is not ASCII gets a stand-in, and its name goes to the dictionary. */
function codeValue({ column, dimension }: Field, value: CanonicalValue, origin: Origin, notes: Notes): string | null {
  if (typeof value !== 'string' && !isSourceCode(value)) return null;
  const text = codeText(value);
  const system = isSourceCode(value) ? value.system : null;
  if (isSafeCode(text, system)) {
    if (isSourceCode(value) && value.display !== null) learnName(dimension, text, value, origin, notes);
    return text;
  }
  if (!isSourceCode(value) || column.name === 'value_code' || looksIdentifying(text)) return null;
  const name = safeDisplay(value.display ?? text);
  if (name === null || notes.isIdentifying(name)) return null;
  const code = origin.names.code(dimension, origin.source, text);
  notes.learn({ dimension, source: system ?? origin.source, sourceCode: code, display: name });
  return code;
}

function learnName(dimension: string, code: string, value: SourceCode, origin: Origin, notes: Notes): void {
  const display = safeDisplay(value.display);
  if (display !== null && !notes.isIdentifying(display)) notes.learn({ dimension, source: value.system ?? origin.source, sourceCode: code, display });
}

function dimensionValue(dimension: string, value: CanonicalValue, origin: Origin, notes: Notes): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && !isSourceCode(value)) return null;
  const learned = dimensionCodeOf(dimension, typeof value === 'number' ? String(value) : value, origin, notes.isIdentifying);
  if (learned === null) return null;
  notes.learn(learned);
  return learned.sourceCode;
}

function enumValue({ words }: Field, value: CanonicalValue): string | null {
  const text = typeof value === 'string' ? value : isSourceCode(value) ? value.code : null;
  return text !== null && words.has(text) ? text : null;
}
