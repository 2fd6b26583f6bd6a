/**
 * A saved mapping: which column of a CSV export is which field of a fact. Its page is docs/reference/mappings.md.
 * An edition never changes once used; a correction is a new edition.
 */
import { FACT_NAMES, FACTS, type FactName, IDENTIFIER_TYPES } from '@xinglin/contracts';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { refuse } from '../errors.ts';

/** A column by its header name, or by several names it is known under: the first one present is read. */
const Column = Type.Union([
  Type.String({ minLength: 1, maxLength: 80 }),
  Type.Array(Type.String({ minLength: 1, maxLength: 80 }), { minItems: 1, maxItems: 12 }),
]);
const Scalar = Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]);

const Field = Type.Union([
  Column,
  Type.Object(
    {
      column: Column,
      /** For codes: the column with the name of the code. */
      display: Type.Optional(Column),
      /** What the source writes → what the fact says. */
      map: Type.Optional(Type.Record(Type.String(), Scalar)),
      /** Stands for every value `map` does not name. */
      otherwise: Type.Optional(Scalar),
      /** An empty cell refuses the row. */
      required: Type.Optional(Type.Boolean()),
      /** The header may lack the column. */
      optional: Type.Optional(Type.Boolean()),
      /** Coding system of a `code`. */
      system: Type.Optional(Type.String({ maxLength: 60 })),
    },
    { additionalProperties: false },
  ),
]);

const Subject = Type.Object(
  { type: Type.Enum([...IDENTIFIER_TYPES]), column: Column, system: Type.Optional(Type.String({ maxLength: 60 })) },
  { additionalProperties: false },
);

const Person = Type.Object(
  {
    /** True when the rows are registrations; otherwise they name the person only in passing. */
    registration: Type.Optional(Type.Boolean()),
    /** True: where the header has none of these columns, rows name nobody; otherwise they introduce a record by its number alone. */
    optional: Type.Optional(Type.Boolean()),
    name: Type.Optional(Column),
    nickname: Type.Optional(Column),
    sex: Type.Optional(Column),
    birthDate: Type.Optional(Column),
    residentId: Type.Optional(Column),
    insuranceNumber: Type.Optional(Column),
    passport: Type.Optional(Column),
    phones: Type.Optional(Type.Array(Column)),
    address: Type.Optional(Column),
    district: Type.Optional(Column),
    insuranceType: Type.Optional(Column),
    deceased: Type.Optional(Column),
    guardianName: Type.Optional(Column),
    guardianPhone: Type.Optional(Column),
    guardianRelation: Type.Optional(Column),
  },
  { additionalProperties: false },
);

export const Mapping = Type.Object(
  {
    id: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$' }),
    edition: Type.Integer({ minimum: 1, maximum: 9999 }),
    titleZh: Type.Optional(Type.String({ maxLength: 80 })),
    titleEn: Type.Optional(Type.String({ maxLength: 80 })),
    fact: Type.Enum([...FACT_NAMES]),
    /** Tried in order; the first that is not empty names the person. Absent: the rows are about nobody (reviews). */
    subject: Type.Optional(Type.Array(Subject, { minItems: 1, maxItems: 6 })),
    /** Rows without any subject are taken as anonymous instead of refused. */
    anonymous: Type.Optional(Type.Boolean()),
    encounter: Type.Optional(Column),
    naturalKey: Type.Array(Column, { minItems: 1, maxItems: 6 }),
    /**
     * How the same system's interface writes the key, `{1}`, `{2}` … being the columns of `naturalKey`: a row of the history and a later message
     * about the same thing then have one key. Without it the columns stand side by side.
     */
    keyForm: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9/|]*(\\{[1-6]\\}[A-Za-z0-9/|]*)+$', maxLength: 80 })),
    occurredAt: Column,
    version: Type.Optional(Column),
    deleted: Type.Optional(Type.Object({ column: Column, values: Type.Array(Type.String()) }, { additionalProperties: false })),
    columns: Type.Record(Type.String(), Field),
    constants: Type.Optional(Type.Record(Type.String(), Scalar)),
    text: Type.Optional(Column),
    person: Type.Optional(Person),
    /** For wide files: each entry makes one more fact of a row, when the first of its columns is not empty. */
    repeat: Type.Optional(
      Type.Array(
        Type.Object(
          {
            key: Type.String({ pattern: '^[A-Za-z0-9._-]{1,40}$' }),
            columns: Type.Record(Type.String(), Field),
            constants: Type.Optional(Type.Record(Type.String(), Scalar)),
            text: Type.Optional(Column),
          },
          { additionalProperties: false },
        ),
        { minItems: 1, maxItems: 200 },
      ),
    ),
    /** Columns that may be there and are not read. */
    ignore: Type.Optional(Type.Array(Type.String())),
    formats: Type.Optional(
      Type.Object({ zone: Type.Optional(Type.String()), dateOrder: Type.Optional(Type.Enum(['YMD', 'DMY', 'MDY'])) }, { additionalProperties: false }),
    ),
  },
  { additionalProperties: false },
);
export type Mapping = Static<typeof Mapping>;
export type MappingField = Static<typeof Field>;
export type MappingColumn = Static<typeof Column>;

/** A key form in its pieces: constant text, and places in `naturalKey` from 0. */
export function keyPieces({ keyForm, naturalKey }: Pick<Mapping, 'keyForm' | 'naturalKey'>): readonly (string | number)[] {
  if (keyForm === undefined) return naturalKey.flatMap((_, at): (string | number)[] => (at === 0 ? [at] : ['|', at]));
  return keyForm
    .split(/(\{[1-6]\})/)
    .flatMap((piece): (string | number)[] => (piece === '' ? [] : /^\{[1-6]\}$/.test(piece) ? [Number(piece[1]) - 1] : [piece]));
}

export const mappingName = (mapping: Pick<Mapping, 'id' | 'edition'>): string => `${mapping.id}@${mapping.edition}`;

/** Checks a mapping as given by a person; throws a refusal that names the place. */
export function readMapping(given: unknown): Mapping {
  const [first] = Value.Errors(Mapping, given);
  if (first !== undefined) throw refuse('mapping-shape', { place: first.instancePath || '/', expected: first.message });
  const mapping = given as Mapping;
  const known = new Set(FACTS[mapping.fact].map((each) => each.name as string));
  for (const part of [mapping, ...(mapping.repeat ?? [])]) {
    for (const name of [...Object.keys(part.columns), ...Object.keys(part.constants ?? {})]) {
      if (!known.has(name) || name === 'text_id') throw refuse('mapping-column', { fact: mapping.fact, column: name, columns: columnNames(mapping.fact) });
    }
  }
  if (keyPieces(mapping).some((each) => typeof each === 'number' && each >= mapping.naturalKey.length))
    throw refuse('mapping-shape', { place: '/keyForm', expected: `no more than {${mapping.naturalKey.length}}` });
  return mapping;
}
const columnNames = (fact: FactName): string =>
  FACTS[fact]
    .map((each) => each.name)
    .filter((each) => each !== 'text_id')
    .join(', ');

export const namesOf = (column: MappingColumn): readonly string[] => (typeof column === 'string' ? [column] : column);
/** Every column a person is read from. */
export function personColumns(person: NonNullable<Mapping['person']>): MappingColumn[] {
  const { registration: _registration, optional: _optional, phones, ...details } = person;
  return [...Object.values(details), ...(phones ?? [])];
}
export interface PlainField {
  readonly column: MappingColumn;
  readonly display?: MappingColumn;
  readonly map?: Readonly<Record<string, string | number | boolean>>;
  readonly otherwise?: string | number | boolean;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly system?: string;
}
export const fieldOf = (field: MappingField): PlainField => (typeof field === 'string' || Array.isArray(field) ? { column: field } : field) as PlainField;
