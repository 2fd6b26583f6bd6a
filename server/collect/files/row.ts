/**
 * Reads rows by a mapping. The door and the later reading use this same function, so nothing that was accepted is lost later.
 */
import { type Canonical, type CanonicalValue, type ColumnKind, FACTS, type FactName, type SourceId } from '@xinglin/contracts';
import { type Noted, noted } from '../errors.ts';
import { sourceCode, token } from '../statement.ts';
import { ZONE } from '../time.ts';
import { cleanCell, conversionOf, type DateOrder, readCellTime } from './convert.ts';
import { fieldOf, type Mapping, type MappingField } from './mapping.ts';
import { type PersonReader, personReader } from './person.ts';
import { type Cells, isNoted, Sheet } from './sheet.ts';

interface Target {
  readonly name: string;
  /** Null: empty. A refusal: the cell does not fit. */
  readonly read: (cells: Cells) => CanonicalValue | Noted;
  readonly lead: number | null;
}
interface Repeat {
  readonly key: string;
  readonly targets: readonly Target[];
  readonly lead: number;
  readonly text: number | null;
}

export class RowReader {
  readonly #mapping: Mapping;
  readonly #sheet: Sheet;
  readonly #zone: string;
  readonly #order: DateOrder;
  readonly #targets: readonly Target[];
  readonly #repeats: readonly Repeat[];
  readonly #constants: Readonly<Record<string, CanonicalValue>>;
  readonly #person: PersonReader | null;
  readonly #key: readonly number[];
  readonly #subjects: readonly { type: SourceId['type']; system: string; at: number }[];
  readonly #occurred: number | null;
  readonly #version: number | null;
  readonly #encounter: number | null;
  readonly #deleted: { at: number; values: ReadonlySet<string> } | null;
  readonly #text: number | null;

  constructor(mapping: Mapping, header: readonly string[], source: string) {
    const sheet = new Sheet(header);
    this.#mapping = mapping;
    this.#sheet = sheet;
    this.#zone = mapping.formats?.zone ?? ZONE;
    this.#order = mapping.formats?.dateOrder ?? 'YMD';
    this.#targets = this.#targetsOf(mapping.columns);
    this.#repeats = this.#repeatsOf();
    this.#constants = constantsOf(mapping.fact, mapping.constants ?? {});
    this.#person = personReader(mapping, sheet, source);
    this.#key = mapping.naturalKey.flatMap((each) => sheet.at(each) ?? []);
    this.#subjects = (mapping.subject ?? []).flatMap((each) => {
      const at = sheet.at(each.column);
      return at === null ? [] : [{ type: each.type, system: each.system ?? source, at }];
    });
    this.#occurred = sheet.at(mapping.occurredAt);
    this.#version = sheet.at(mapping.version);
    this.#encounter = sheet.at(mapping.encounter);
    const deleted = sheet.at(mapping.deleted?.column);
    this.#deleted = deleted === null ? null : { at: deleted, values: new Set(mapping.deleted?.values ?? []) };
    this.#text = sheet.at(mapping.text);
  }

  /** What the row says, or why it is refused. */
  read(cells: Cells): Canonical[] | Noted {
    if (cells.length !== this.#sheet.width) return noted('csv-columns', { got: cells.length, expected: this.#sheet.width });
    const identifiers = this.#identifiers(cells);
    if (isNoted(identifiers)) return identifiers;
    const row = this.#row(cells, identifiers);
    if (isNoted(row)) return row;
    const values = valuesOf(this.#targets, cells);
    if (isNoted(values)) return values;
    const person = this.#person?.(cells, row, identifiers) ?? null;
    if (isNoted(person)) return person;
    const facts: Canonical[] = person === null ? [] : [person];
    if (this.#mapping.fact === 'person_record') return facts;
    if (this.#repeats.length === 0) {
      facts.push({ ...row, values: { ...this.#constants, ...values }, text: this.#sheet.cell(cells, this.#text) });
      return facts;
    }
    for (const each of this.#repeats) {
      if (this.#sheet.cell(cells, each.lead) === null) continue;
      const own = valuesOf(each.targets, cells);
      if (isNoted(own)) return own;
      facts.push({
        ...row,
        localId: `${row.localId}|${each.key}`,
        values: { ...this.#constants, ...values, ...own },
        text: this.#sheet.cell(cells, each.text),
      });
    }
    return facts;
  }

  #identifiers(cells: Cells): SourceId[] | Noted {
    const identifiers: SourceId[] = [];
    for (const { type, system, at } of this.#subjects) {
      const value = this.#sheet.id(cells, at);
      if (isNoted(value)) return value;
      if (value !== null) identifiers.push({ type, system, value });
    }
    if (identifiers.length > 0 || this.#subjects.length === 0 || this.#mapping.anonymous === true) return identifiers;
    return noted('csv-required', { column: this.#sheet.name(this.#subjects[0]?.at ?? null) });
  }

  /** Who, when, which: what every statement of the row shares. */
  #row(cells: Cells, identifiers: readonly SourceId[]): Canonical | Noted {
    const sheet = this.#sheet;
    const occurred = sheet.cell(cells, this.#occurred);
    if (occurred === null) return noted('csv-required', { column: sheet.name(this.#occurred) });
    const at = readCellTime(occurred, this.#zone, this.#order);
    if (at === undefined) return noted('csv-time', { column: sheet.name(this.#occurred) });
    const key: string[] = [];
    for (const position of this.#key) {
      const part = sheet.id(cells, position);
      if (isNoted(part)) return part;
      if (part === null) return noted('csv-required', { column: sheet.name(position) });
      key.push(part);
    }
    const encounter = sheet.id(cells, this.#encounter);
    if (isNoted(encounter)) return encounter;
    const version = sheet.cell(cells, this.#version);
    const versionAt = version === null ? null : readCellTime(version, this.#zone, this.#order);
    if (versionAt === undefined) return noted('csv-time', { column: sheet.name(this.#version) });
    const localId = key.join('|');
    return {
      fact: this.#mapping.fact,
      subject: identifiers[0] ?? null,
      localId,
      encounterLocalId: this.#mapping.fact === 'encounter' ? localId : encounter,
      occurredAt: at.iso,
      precision: at.precision,
      versionAt: versionAt?.iso ?? null,
      deleted: this.#deleted?.values.has(cleanCell(cells[this.#deleted.at] ?? '')) ?? false,
      values: {},
      text: null,
      person: null,
    };
  }

  #repeatsOf(): Repeat[] {
    return (this.#mapping.repeat ?? []).flatMap((each) => {
      const targets = this.#targetsOf(each.columns);
      const lead = targets[0]?.lead ?? null;
      const fixed = Object.entries(constantsOf(this.#mapping.fact, each.constants ?? {})).map(
        ([name, value]): Target => ({ name, read: () => value, lead: null }),
      );
      return lead === null ? [] : [{ key: each.key, targets: [...targets, ...fixed], lead, text: this.#sheet.at(each.text) }];
    });
  }

  #targetsOf(columns: Readonly<Record<string, MappingField>>): Target[] {
    return Object.entries(columns).flatMap(([name, given]) => {
      const field = fieldOf(given);
      const at = this.#sheet.at(field.column);
      return at === null ? [] : [{ name, lead: at, read: this.#valueReader(at, kindOf(this.#mapping.fact, name), field) }];
    });
  }

  #valueReader(at: number, kind: ColumnKind, field: ReturnType<typeof fieldOf>): Target['read'] {
    const sheet = this.#sheet;
    const column = sheet.name(at);
    const display = sheet.at(field.display);
    const map = field.map === undefined ? null : new Map(Object.entries(field.map));
    const system = field.system ?? null;
    const choices = kind.startsWith('enum:') ? new Set(kind.slice(5).split('|')) : null;
    const conversion = conversionOf(kind, this.#zone, this.#order);
    const empty = field.required === true ? noted('csv-required', { column }) : null;
    const mappedOf = (cell: string): string | number | boolean | undefined => map?.get(cell) ?? (map === null ? undefined : field.otherwise);
    if (isCodeKind(kind))
      return (cells) => {
        const cell = sheet.cell(cells, at);
        const code = cell === null ? null : String(mappedOf(cell) ?? cell);
        return sourceCode(code, sheet.cell(cells, display), system) ?? empty;
      };
    return (cells) => {
      const cell = sheet.cell(cells, at);
      if (cell === null) return empty;
      const mapped = mappedOf(cell);
      if (mapped !== undefined) return mapped;
      if (choices !== null) return choices.has(cell) ? cell : noted('csv-choice', { column, choices: [...(map?.keys() ?? choices)].join('、') });
      if (kind === 'token') return token(cell);
      return conversion.read(cell) ?? noted(conversion.refusal, { column });
    };
  }
}

function valuesOf(targets: readonly Target[], cells: Cells): Record<string, CanonicalValue> | Noted {
  const values: Record<string, CanonicalValue> = {};
  for (const target of targets) {
    const value = target.read(cells);
    if (isNoted(value)) return value;
    values[target.name] = value;
  }
  return values;
}

export const isCodeKind = (kind: ColumnKind): boolean => kind === 'code' || kind.startsWith('dimension:');
export const kindOf = (fact: FactName, column: string): ColumnKind => FACTS[fact].find((each) => each.name === column)?.kind ?? 'token';

export function constantsOf(fact: FactName, constants: Readonly<Record<string, string | number | boolean>>): Record<string, CanonicalValue> {
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, isCodeKind(kindOf(fact, name)) ? sourceCode(String(value), null) : value]));
}
