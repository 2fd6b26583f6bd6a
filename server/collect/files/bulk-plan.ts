/** A mapping as DuckDB SQL (see `BulkPlan`). Each expression is the twin of what `RowReader` does with the same column. */
import type { ColumnKind } from '@xinglin/contracts';
import { MRN_AUTHORITY } from '../statement.ts';
import { ZONE } from '../time.ts';
import type { BulkPlan, BulkValue } from '../types.ts';
import { bulkPersonPlanOf } from './bulk-person.ts';
import { cleanSql, codeSql, conversionOf, type DateOrder, derivedSql, precisionSql, quoted, timeSql } from './convert.ts';
import { fieldOf, keyPieces, type Mapping, type MappingColumn, mappingName, type PlainField } from './mapping.ts';
import { constantsOf, isCodeKind, kindOf, wordReader } from './row.ts';
import { Sheet } from './sheet.ts';
import { type SubjectKind, subjectsOf } from './subject.ts';

const CODE_MAX = 64;
const TOKEN_MAX = 60;
const NOTHING = 'cast(null as varchar)';
const UNREAD = { code: null, display: null };
const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
/** A cell is cleaned once, however many expressions look at it. */
const cellName = (name: string): string => `cell ${name}`;
const cell = (name: string): string => identifier(cellName(name));

/** For the columns of one header; null when rows must be read one by one: they make several facts. `authority`: whose record numbers they carry. */
export function bulkPlanOf(mapping: Mapping, header: readonly string[], source: string, authority: string = MRN_AUTHORITY): BulkPlan | null {
  if (mapping.repeat !== undefined) return null;
  const sheet = new Sheet(header);
  const zone = mapping.formats?.zone ?? ZONE;
  const order = mapping.formats?.dateOrder ?? 'YMD';
  const used = new Set<string>();
  const column = (given: MappingColumn | undefined): string | null => {
    const at = sheet.at(given);
    if (at === null) return null;
    used.add(header[at] ?? '');
    return cell(header[at] ?? '');
  };
  const occurred = column(mapping.occurredAt);
  const key = mapping.naturalKey.map(column);
  if (occurred === null || key.some((each) => each === null)) return null;
  const localId = keyPieces(mapping)
    .map((piece) => (typeof piece === 'string' ? quoted(piece) : key[piece]))
    .join(' || ');
  const version = column(mapping.version);
  const deleted = column(mapping.deleted?.column);
  const subjects = subjectsOf(mapping, sheet, source, authority);
  const subject = subjectOf(subjects.map(({ type, system, at }) => ({ type, system, sql: column(header[at]) ?? NOTHING })));
  const values: Record<string, BulkValue> = {};
  for (const [name, value] of Object.entries(constantsOf(mapping.fact, mapping.constants ?? {})))
    values[name] = { sql: literal(typeof value === 'object' && value !== null ? value.code : value), displaySql: null, cells: [], read: () => UNREAD };
  for (const [name, given] of Object.entries(mapping.columns)) {
    const field = fieldOf(given);
    const x = column(field.column);
    if (x === null) continue;
    const kind = kindOf(mapping.fact, name);
    const display = isCodeKind(kind) ? column(field.display) : null;
    const word = wordReader(kind, field);
    values[name] = {
      sql: valueSql(x, display, kind, field, zone, order),
      displaySql: isCodeKind(kind) ? displayOf(x, display, field) : null,
      cells: [field.column, ...(display === null ? [] : [field.display])].map((given) => cellName(header[sheet.at(given) ?? -1] ?? '')),
      ...(field.system === undefined ? {} : { system: field.system }),
      read([cell = null, name = null]) {
        const said = word(cell, name);
        if (said === null) return UNREAD;
        return typeof said === 'object' ? { code: said.code, display: said.display } : { code: String(said), display: null };
      },
    };
  }
  const text = column(mapping.text);
  const encounterLocalId = mapping.fact === 'encounter' ? localId : column(mapping.encounter);
  return {
    mapping: mappingName(mapping),
    fact: mapping.fact,
    columns: [...used],
    cells: Object.fromEntries([...used].map((name) => [cellName(name), { column: name, cleaned: cleanSql(identifier(name)) }])),
    subject,
    localId,
    encounterLocalId,
    occurredAt: timeSql(occurred, zone, order),
    precision: precisionSql(occurred, order),
    versionAt: version === null ? null : timeSql(version, zone, order),
    isDeleted: deleted === null ? 'false' : `coalesce(${deleted} in (${(mapping.deleted?.values ?? []).map(quoted).join(', ') || 'null'}), false)`,
    values,
    person: subject === null ? null : bulkPersonPlanOf(mapping, header, subjects, source),
    text,
  };
}

/** The first number a row has names its person. */
function subjectOf(subjects: readonly (SubjectKind & { readonly sql: string })[]): BulkPlan['subject'] {
  const kinds = subjects.map(({ type, system }) => ({ type, system }));
  const [first] = subjects;
  if (first === undefined) return null;
  if (subjects.length === 1) return { kinds, sql: first.sql };
  // Two columns for one kind of number name the same person by the same number.
  const placeOf = (kind: SubjectKind): number => kinds.findIndex(({ type, system }) => type === kind.type && system === kind.system);
  return { kinds, sql: `coalesce(${subjects.map((each) => `'${placeOf(each)}|' || ${each.sql}`).join(', ')})` };
}

function mappedSql(x: string, field: PlainField, otherwise: string): string {
  if (field.map === undefined) return otherwise;
  const branches = Object.entries(field.map).map(([from, to]) => `when ${quoted(from)} then ${literal(to)}`);
  const rest = field.otherwise === undefined ? otherwise : literal(field.otherwise);
  return `case ${x} ${branches.join(' ')} else case when ${x} is null then null else ${rest} end end`;
}

function valueSql(x: string, display: string | null, kind: ColumnKind, field: PlainField, zone: string, order: DateOrder): string {
  if (isCodeKind(kind)) {
    const code = mappedSql(x, field, x);
    const coded = `case when (${code}) is not null then ${codeSql(`(${code})`, CODE_MAX)} end`;
    return display === null ? coded : `coalesce(${coded}, case when ${display} is not null then ${derivedSql(display)} end)`;
  }
  if (kind === 'token') return mappedSql(x, field, `case when ${x} is not null then ${codeSql(x, TOKEN_MAX)} end`);
  return mappedSql(x, field, conversionOf(kind, zone, order).sql(x));
}
/** The name that teaches the dictionary: the display column, else a code that is itself a name. */
function displayOf(x: string, display: string | null, field: PlainField): string {
  const code = mappedSql(x, field, x);
  const own = `case when regexp_full_match(${codeSql(`(${code})`, CODE_MAX)}, 'x[0-9a-f]{12}') and not regexp_full_match((${code}), '[!-~]*') then (${code}) end`;
  return `coalesce(${display ?? NOTHING}, ${own})`;
}

function literal(value: string | number | boolean | null): string {
  return value === null ? 'null' : typeof value === 'string' ? quoted(value) : String(value);
}
