/**
 * Reads rows by a mapping. `check` alone decides whether a row is taken, at the door and again when it is read, so nothing that was
 * accepted is lost later; what builds the statements relies on it and never fails.
 */
import { type Canonical, type CanonicalValue, type ColumnKind, FACTS, type FactName, type SourceId } from '@xinglin/contracts';
import { type Noted, noted } from '../errors.ts';
import { MRN_AUTHORITY, sourceCode, token } from '../statement.ts';
import { ZONE } from '../time.ts';
import { conversionOf, type DateOrder, fitsCellTime, readCellTime } from './convert.ts';
import type { ColumnAsk, RowAsks } from './fitting-rows.ts';
import { fieldOf, keyPieces, type Mapping, type MappingField, type PlainField } from './mapping.ts';
import { type PersonReader, personReader } from './person.ts';
import { type Cells, isIntactId, Sheet } from './sheet.ts';
import { identifiersOf, type SubjectColumn, subjectsOf } from './subject.ts';

/** One field of a fact: whether its cell fits, and what it says. */
interface Target {
  readonly name: string;
  readonly check: (cells: Cells) => Noted | null;
  readonly value: (cells: Cells) => CanonicalValue;
  readonly lead: number | null;
  /** What `check` asks of one column; null: of none. */
  readonly ask: ColumnAsk | null;
  /** Places one of which must be filled; empty: none. */
  readonly filled: readonly number[];
}
type Unfinished = { -readonly [K in keyof Canonical]: Canonical[K] };
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
  readonly #keyPieces: readonly (string | number)[];
  readonly #subjects: readonly SubjectColumn[];
  readonly #occurred: number | null;
  readonly #version: number | null;
  readonly #encounter: number | null;
  readonly #deleted: { at: number; values: ReadonlySet<string> } | null;
  readonly #text: number | null;

  /** `authority`: whose record numbers the source carries. */
  constructor(mapping: Mapping, header: readonly string[], source: string, authority: string = MRN_AUTHORITY) {
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
    this.#keyPieces = keyPieces(mapping);
    this.#subjects = subjectsOf(mapping, sheet, source, authority);
    this.#occurred = sheet.at(mapping.occurredAt);
    this.#version = sheet.at(mapping.version);
    this.#encounter = sheet.at(mapping.encounter);
    const deleted = sheet.at(mapping.deleted?.column);
    this.#deleted = deleted === null ? null : { at: deleted, values: new Set(mapping.deleted?.values ?? []) };
    this.#text = sheet.at(mapping.text);
  }

  /** Why the row is refused; null when it is taken. */
  check(cells: Cells): Noted | null {
    if (cells.length !== this.#sheet.width) return noted('csv-columns', { got: cells.length, expected: this.#sheet.width });
    const wrong = this.#checkIds(cells) ?? this.#checkTime(cells, this.#occurred, true) ?? this.#checkTime(cells, this.#version, false);
    if (wrong !== null) return wrong;
    for (const target of this.#targets) {
      const why = target.check(cells);
      if (why !== null) return why;
    }
    for (const each of this.#repeats) {
      if (this.#sheet.cell(cells, each.lead) === null) continue;
      for (const target of each.targets) {
        const why = target.check(cells);
        if (why !== null) return why;
      }
    }
    return this.#person?.check(cells) ?? null;
  }

  /** All that `check` asks, for rows judged by their bytes; null for rows of several facts. */
  get asks(): RowAsks | null {
    if (this.#repeats.length > 0 || this.#occurred === null) return null;
    const time = (cell: string): boolean => fitsCellTime(cell, this.#zone, this.#order);
    const named = this.#subjects.map(({ at }) => at);
    const ids = [...named, ...this.#key, ...(this.#encounter === null ? [] : [this.#encounter])];
    return {
      width: this.#sheet.width,
      filled: [
        ...(named.length === 0 || this.#mapping.anonymous === true ? [] : [named]),
        ...[...this.#key, this.#occurred].map((at) => [at]),
        ...this.#targets.flatMap(({ filled }) => (filled.length === 0 ? [] : [filled])),
      ],
      columns: [
        ...ids.map((at): ColumnAsk => ({ at, shape: 'id', fits: isIntactId })),
        ...[this.#occurred, this.#version].flatMap((at): ColumnAsk[] => (at === null ? [] : [{ at, shape: 'time', fits: time }])),
        ...this.#targets.flatMap(({ ask }) => ask ?? []),
        ...(this.#person?.asks ?? []),
      ],
    };
  }

  /** What the row says, or why it is refused. */
  read(cells: Cells): Canonical[] | Noted {
    const wrong = this.check(cells);
    if (wrong !== null) return wrong;
    const identifiers = identifiersOf(this.#subjects, this.#sheet, cells);
    const row = this.#row(cells, identifiers);
    const person = this.#person?.read(cells, row, identifiers) ?? null;
    const facts: Canonical[] = person === null ? [] : [person];
    if (this.#mapping.fact === 'person_record') return facts;
    const values = { ...this.#constants };
    for (const target of this.#targets) values[target.name] = target.value(cells);
    if (this.#repeats.length === 0) {
      row.values = values;
      row.text = this.#sheet.cell(cells, this.#text);
      facts.push(row);
      return facts;
    }
    for (const each of this.#repeats) {
      if (this.#sheet.cell(cells, each.lead) === null) continue;
      const own = { ...values };
      for (const target of each.targets) own[target.name] = target.value(cells);
      facts.push({ ...row, localId: `${row.localId}|${each.key}`, values: own, text: this.#sheet.cell(cells, each.text) });
    }
    return facts;
  }

  #checkIds(cells: Cells): Noted | null {
    const sheet = this.#sheet;
    let hasSubject = this.#subjects.length === 0 || this.#mapping.anonymous === true;
    for (const { at } of this.#subjects) {
      const wrong = sheet.checkId(cells, at);
      if (wrong !== null) return wrong;
      hasSubject ||= sheet.cell(cells, at) !== null;
    }
    if (!hasSubject) return noted('csv-required', { column: sheet.name(this.#subjects[0]?.at ?? null) });
    for (const at of this.#key) {
      const wrong = sheet.cell(cells, at) === null ? noted('csv-required', { column: sheet.name(at) }) : sheet.checkId(cells, at);
      if (wrong !== null) return wrong;
    }
    return sheet.checkId(cells, this.#encounter);
  }

  #checkTime(cells: Cells, at: number | null, isRequired: boolean): Noted | null {
    const cell = this.#sheet.cell(cells, at);
    if (cell === null) return isRequired ? noted('csv-required', { column: this.#sheet.name(at) }) : null;
    return fitsCellTime(cell, this.#zone, this.#order) ? null : noted('csv-time', { column: this.#sheet.name(at) });
  }

  /** Who, when, which: what every statement of the row shares. Values and text are still to come. */
  #row(cells: Cells, identifiers: readonly SourceId[]): Unfinished {
    const sheet = this.#sheet;
    const at = readCellTime(sheet.cell(cells, this.#occurred) ?? '', this.#zone, this.#order);
    const version = sheet.cell(cells, this.#version);
    let localId = '';
    for (const piece of this.#keyPieces) localId += typeof piece === 'string' ? piece : (sheet.cell(cells, this.#key[piece] ?? null) ?? '');
    const deleted = this.#deleted === null ? null : sheet.cell(cells, this.#deleted.at);
    return {
      fact: this.#mapping.fact,
      subject: identifiers[0] ?? null,
      localId,
      encounterLocalId: this.#mapping.fact === 'encounter' ? localId : sheet.cell(cells, this.#encounter),
      occurredAt: at?.iso ?? '',
      precision: at?.precision ?? 'day',
      versionAt: version === null ? null : (readCellTime(version, this.#zone, this.#order)?.iso ?? null),
      deleted: deleted !== null && this.#deleted?.values.has(deleted) === true,
      values: {},
      text: null,
      person: null,
    };
  }

  #repeatsOf(): Repeat[] {
    return (this.#mapping.repeat ?? []).flatMap((each) => {
      const targets = this.#targetsOf(each.columns);
      const lead = targets[0]?.lead ?? null;
      const constants = Object.entries(constantsOf(this.#mapping.fact, each.constants ?? {}));
      const fixed = constants.map(([name, value]): Target => ({ name, check: () => null, value: () => value, lead: null, ask: null, filled: [] }));
      return lead === null ? [] : [{ key: each.key, targets: [...targets, ...fixed], lead, text: this.#sheet.at(each.text) }];
    });
  }

  #targetsOf(columns: Readonly<Record<string, MappingField>>): Target[] {
    return Object.entries(columns).flatMap(([name, given]) => {
      const field = fieldOf(given);
      const at = this.#sheet.at(field.column);
      return at === null ? [] : [{ name, lead: at, ...this.#fieldReader(at, kindOf(this.#mapping.fact, name), field) }];
    });
  }

  #fieldReader(at: number, kind: ColumnKind, field: PlainField): Omit<Target, 'name' | 'lead'> {
    const sheet = this.#sheet;
    const column = sheet.name(at);
    const display = sheet.at(field.display);
    const choices = kind.startsWith('enum:') ? new Set(kind.slice(5).split('|')) : null;
    const conversion = conversionOf(kind, this.#zone, this.#order);
    const empty = field.required === true ? noted('csv-required', { column }) : null;
    const unfit =
      choices === null
        ? noted(conversion.refusal, { column })
        : noted('csv-choice', { column, choices: [...(field.map === undefined ? choices : Object.keys(field.map))].join('、') });
    const mappedOf = mapperOf(field);
    const word = wordReader(kind, field);
    if (isCodeKind(kind))
      return {
        ask: null,
        filled: empty === null ? [] : [at, ...(display === null ? [] : [display])],
        check: (cells) => (empty !== null && sheet.cell(cells, at) === null && sheet.cell(cells, display) === null ? empty : null),
        value: (cells) => word(sheet.cell(cells, at), sheet.cell(cells, display)),
      };
    const fits = (cell: string): boolean => mappedOf(cell) !== undefined || (choices === null ? kind === 'token' || conversion.fits(cell) : choices.has(cell));
    const shape = choices === null && kind !== 'token' ? conversion.shape : null;
    return {
      ask: choices === null && (kind === 'token' || kind === 'key') ? null : { at, shape, fits },
      filled: empty === null ? [] : [at],
      check: (cells) => {
        const cell = sheet.cell(cells, at);
        return cell === null ? empty : fits(cell) ? null : unfit;
      },
      value: (cells) => {
        const cell = sheet.cell(cells, at);
        if (choices !== null || kind === 'token') return word(cell, null);
        return cell === null ? null : (mappedOf(cell) ?? conversion.read(cell) ?? null);
      },
    };
  }
}

/** What the mapping's own list makes of a cell. */
function mapperOf({ map, otherwise }: PlainField): (cell: string) => string | number | boolean | undefined {
  if (map === undefined) return () => undefined;
  const known = new Map(Object.entries(map));
  return (cell) => known.get(cell) ?? otherwise;
}

/** Reads the cleaned cell of a code or a word, and the name beside a code. */
export function wordReader(kind: ColumnKind, field: PlainField): (cell: string | null, display: string | null) => CanonicalValue {
  const mappedOf = mapperOf(field);
  if (isCodeKind(kind)) return (cell, display) => sourceCode(cell === null ? null : String(mappedOf(cell) ?? cell), display, field.system ?? null);
  return (cell) => (cell === null ? null : (mappedOf(cell) ?? (kind === 'token' ? token(cell) : cell)));
}

export const isCodeKind = (kind: ColumnKind): boolean => kind === 'code' || kind.startsWith('dimension:');
export const kindOf = (fact: FactName, column: string): ColumnKind => FACTS[fact].find((each) => each.name === column)?.kind ?? 'token';

export function constantsOf(fact: FactName, constants: Readonly<Record<string, string | number | boolean>>): Record<string, CanonicalValue> {
  return Object.fromEntries(Object.entries(constants).map(([name, value]) => [name, isCodeKind(kindOf(fact, name)) ? sourceCode(String(value), null) : value]));
}
