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
  FACTS,
  type FactName,
  type FactRow,
  type FactValue,
  type SourceCode,
} from '@xinglin/contracts';
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
  const ms = Date.parse(value);
  if (Number.isNaN(ms) || ms < -5_364_662_400_000 || ms > 7_258_118_400_000) return null;
  const fraction = /\.\d{3}(\d{1,3})\d*/.exec(value)?.[1];
  return BigInt(Math.round(ms)) * 1000n + (fraction === undefined ? 0n : BigInt(fraction.padEnd(3, '0')));
}

/** `columnsOf(fact)` in order. */
export function factRow(statement: Canonical, keys: RowKeys, origin: Origin, notes: Notes): FactRow {
  const row: FactValue[] = [
    keys.factKey,
    keys.version,
    keys.position,
    keys.isDeleted,
    origin.orgId,
    origin.campusId,
    origin.source,
    keys.recordKey,
    keys.encounterKey,
    keys.occurredAt,
    origin.receivedAtMicros,
    origin.day(keys.occurredAt),
    statement.precision,
    origin.edition,
  ];
  const columns = FACTS[statement.fact] as readonly Column[];
  for (const column of columns) {
    if (column.name === 'text_id') row.push(keys.textId);
    else row.push(columnValue(statement, column, statement.values[column.name] ?? null, origin, notes));
  }
  for (const name of Object.keys(statement.values)) {
    if (!knownColumns(statement.fact).has(name)) notes.quality({ fact: statement.fact, column: 'other', rule: 'unknown-column' });
  }
  return row;
}

/** A column of a row made by `factRow`. */
export function rowColumn<F extends FactName>(fact: F, row: FactRow, name: (typeof FACTS)[F][number]['name']): FactValue {
  const index = FACTS[fact].findIndex((column) => column.name === name);
  return row[COMMON_COLUMNS.length + index] ?? null;
}

const known = new Map<FactName, ReadonlySet<string>>();
function knownColumns(fact: FactName): ReadonlySet<string> {
  let names = known.get(fact);
  if (names === undefined) {
    names = new Set([...FACTS[fact].map((column) => column.name), ...COMMON_COLUMNS.map((column) => column.name)]);
    known.set(fact, names);
  }
  return names;
}

/** What `decimal(12,4)` holds. */
const PRICE_MAX = 1e8;

const codeText = (value: string | SourceCode): string => (typeof value === 'string' ? value : value.code).trim();
const isSourceCode = (value: CanonicalValue): value is SourceCode => typeof value === 'object' && value !== null;

function columnValue(statement: Canonical, column: Column, value: CanonicalValue, origin: Origin, notes: Notes): FactValue {
  if (value === null || value === '') return null;
  const refused = (rule: QualityNote['rule'], instead: FactValue = null): FactValue => {
    notes.quality({ fact: statement.fact, column: column.name, rule });
    return instead;
  };
  const { kind } = column;
  if (typeof value === 'string' || isSourceCode(value)) {
    if (kind !== 'key' && notes.isIdentifying(codeText(value))) return refused('identifying');
  }
  switch (kind) {
    case 'key':
      return typeof value === 'string' ? origin.names.column(origin.source, column.name, value) : refused('not-a-code');
    case 'time': {
      const micros = typeof value === 'string' ? microsOf(value) : null;
      return micros ?? refused('not-a-time');
    }
    case 'day':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : refused('not-a-time');
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : refused('not-a-number');
    case 'price':
      return typeof value === 'number' && Math.abs(value) < PRICE_MAX ? value : refused('not-a-number');
    case 'integer':
    case 'fen':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : refused('not-a-number');
    case 'flag':
      return typeof value === 'boolean' ? value : refused('not-in-list');
    case 'code':
      return codeValue(statement, column, value, origin, notes) ?? refused('not-a-code');
    case 'token': {
      const text = typeof value === 'string' || isSourceCode(value) ? codeText(value) : typeof value === 'number' ? String(value) : '';
      return isSafeToken(text) ? text : refused('not-a-code');
    }
    default:
      if (kind.startsWith('enum:')) return enumValue(kind, value) ?? refused('not-in-list', fallback(kind));
      return dimensionValue(kind.slice('dimension:'.length), value, origin, notes) ?? refused('not-a-code');
  }
}

/** ICD, LOINC … as they are; an item of the source's own list that is not ASCII gets a stand-in, and its name goes to the dictionary. */
function codeValue(statement: Canonical, column: Column, value: CanonicalValue, origin: Origin, notes: Notes): string | null {
  if (typeof value !== 'string' && !isSourceCode(value)) return null;
  const text = codeText(value);
  const system = isSourceCode(value) ? value.system : null;
  const dimension = dictionaryOf(statement.fact, column) ?? 'item';
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

const lists = new Map<string, ReadonlySet<string>>();
function listOf(kind: string): ReadonlySet<string> {
  let list = lists.get(kind);
  if (list === undefined) {
    list = new Set(kind.slice('enum:'.length).split('|'));
    lists.set(kind, list);
  }
  return list;
}
function enumValue(kind: string, value: CanonicalValue): string | null {
  const text = typeof value === 'string' ? value : isSourceCode(value) ? value.code : null;
  return text !== null && listOf(kind).has(text) ? text : null;
}
const fallback = (kind: string): string | null => (listOf(kind).has('unknown') ? 'unknown' : listOf(kind).has('other') ? 'other' : null);
