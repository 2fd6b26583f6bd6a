/** A table as columns of codes: every value is folded once, numbered once, and from then on compared by its number first. */
import { isUnnamed, readResidentId } from '../identifiers.ts';
import type { Columns, Role, Table } from './columns.ts';
import { type Chinese, foldCode, foldDate, foldPhone, foldSex, foldText, type NameParts, splitName } from './normalise.ts';
import { type Kind, makeWord, type Word } from './word.ts';

export type FieldName = Exclude<Role, 'record-id' | 'full-name'> | 'middle-name';
/** The values of one field, or of two fields whose values may be exchanged (given name and surname, the two lines of an address). */
export class Dictionary {
  readonly words: Word[] = [];
  readonly #numbers = new Map<string, number>();

  number(value: string, chinese: Chinese | null, kind: Kind): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.words.length);
    return this.words.push(makeWord(value, kind, chinese)) - 1;
  }
}

export interface Field {
  readonly name: FieldName;
  readonly kind: Kind;
  /** Per record the number of its value, −1 when there is none. */
  readonly codes: Int32Array;
  readonly dictionary: Dictionary;
  /** Index of the field whose values may stand here by mistake. */
  readonly partner: number | null;
}

export interface Records {
  readonly length: number;
  /** What the caller calls each record; sorted by content, so that the order of the input changes nothing. */
  readonly ids: readonly string[];
  readonly fields: readonly Field[];
  /** By id: of a kind a person has one of, and real (check character, form): two different ones are two people. */
  readonly isVerified: Uint8Array;
  /** By phone: more people have it than tells one from another, or it is no mobile phone. */
  readonly isSharedPhone: Uint8Array;
  /** By record: named 之子, 无名, 急诊临时 …: linked by an equal id or record number only. */
  readonly isUnnamed: Uint8Array;
  /** By record: its resident id says another birth date or sex than the record does. */
  readonly isSuspect: Uint8Array;
}

const KINDS: readonly (readonly [FieldName, Kind, FieldName | null])[] = [
  ['given-name', 'name', 'surname'],
  ['surname', 'name', 'given-name'],
  ['middle-name', 'name', null],
  ['birth-date', 'date', null],
  ['sex', 'category', null],
  ['id-number', 'code', null],
  ['mrn', 'number', null],
  ['insurance', 'number', null],
  ['phone', 'code', null],
  ['email', 'code', null],
  ['postcode', 'code', null],
  ['street-number', 'code', null],
  ['address', 'text', 'address-2'],
  ['address-2', 'text', 'address'],
  ['city', 'text', null],
  ['state', 'code', null],
  ['birth-place', 'text', null],
  ['occupation', 'text', null],
];
/** Folded value of a row, and where it comes from one cell alone, that cell: equal cells are folded once. */
interface Fold {
  readonly cell: ((row: number) => string | null) | null;
  readonly of: (row: number) => string | null;
}

/** Reads the recognised columns into fields. Fields without any value are left out. */
export function readFields(table: Table, columns: Columns, ids: readonly string[], chinese: Chinese | null, today: Date): Records {
  const column = (role: Role): readonly (string | null)[] | null => (columns[role] === undefined ? null : (table.columns.get(columns[role]) ?? null));
  const folds = foldsOf(column, chinese, today);
  const dictionaries = new Map<FieldName, Dictionary>();
  const read: { name: FieldName; kind: Kind; partner: FieldName | null; dictionary: Dictionary; codes: Int32Array }[] = [];
  for (const [name, kind, partner] of KINDS) {
    const fold = folds.get(name);
    if (fold === undefined) continue;
    const dictionary = (partner === null ? undefined : dictionaries.get(partner)) ?? new Dictionary();
    const codes = codesOf(table.length, fold, (value) => dictionary.number(value, chinese, kind));
    if (codes.every((code) => code < 0)) continue;
    dictionaries.set(name, dictionary);
    read.push({ name, kind, partner, dictionary, codes });
  }
  const order = contentOrder(read, ids);
  const fields = read.map(({ name, kind, partner, dictionary, codes }): Field => {
    const at = partner === null ? -1 : read.findIndex((field) => field.name === partner);
    return { name, kind, codes: Int32Array.from(order, (row) => codes[row]!), dictionary, partner: at < 0 ? null : at };
  });
  const full = column('full-name') ?? column('given-name');
  return {
    length: table.length,
    ids: Array.from(order, (row) => ids[row] ?? ''),
    fields,
    isUnnamed: Uint8Array.from(order, (row) => (isUnnamed(full?.[row] ?? '') ? 1 : 0)),
    ...proofOf(fields, table.length, today),
  };
}

/** What numbers prove: which ids are real, which records contradict theirs, which phones many people have. */
export function proofOf(fields: readonly Field[], length: number, today: Date): Pick<Records, 'isVerified' | 'isSharedPhone' | 'isSuspect'> {
  const field = (name: FieldName): Field | undefined => fields.find((each) => each.name === name);
  const [id, birth, sex, phone, given] = [field('id-number'), field('birth-date'), field('sex'), field('phone'), field('given-name')];
  const residents = id?.dictionary.words.map(({ value }) => readResidentId(value, today)) ?? [];
  // Landlines belong to houses; only said of files that hold resident ids, because elsewhere the first digit tells nothing.
  const hasResidents = residents.some((each) => each !== null);
  const isSuspect = new Uint8Array(length);
  const holders = (phone?.dictionary.words ?? []).map((): number[] => []);
  for (let record = 0; record < length; record++) {
    const resident = residents[id?.codes[record] ?? -1] ?? null;
    const born = birth?.dictionary.words[birth.codes[record] ?? -1]?.value;
    const said = sex?.dictionary.words[sex.codes[record] ?? -1]?.value;
    if (resident !== null && ((born !== undefined && resident.birth.replaceAll('-', '') !== born) || (said !== undefined && resident.sex[0] !== said))) {
      isSuspect[record] = 1;
    }
    const names = holders[phone?.codes[record] ?? -1];
    const name = given?.codes[record] ?? -1;
    if (names !== undefined && name >= 0 && names.length <= PHONE_HOLDERS_MAX && !names.includes(name)) names.push(name);
  }
  return {
    isVerified: Uint8Array.from(id?.dictionary.words ?? [], ({ value }, code) => (residents[code] !== null || PERMIT.test(value) ? 1 : 0)),
    isSharedPhone: Uint8Array.from(phone?.dictionary.words ?? [], ({ value }, code) =>
      (holders[code]?.length ?? 0) > PHONE_HOLDERS_MAX || (hasResidents && /^0/.test(value)) ? 1 : 0,
    ),
    isSuspect,
  };
}
/** 港澳居民来往内地通行证 */
const PERMIT = /^[HM]\d{8}(?:\d{2})?$/;
/** A phone on more people than this is a desk's or a village's (DOMAIN B12). */
export const PHONE_HOLDERS_MAX = 5;

function codesOf(length: number, { cell, of }: Fold, number: (value: string) => number): Int32Array {
  const codes = new Int32Array(length);
  const known = new Map<string, number>();
  for (let row = 0; row < length; row++) {
    const raw = cell === null ? null : cell(row);
    let code = raw === null ? undefined : known.get(raw);
    if (code === undefined) {
      const value = cell !== null && raw === null ? null : of(row);
      code = value === null ? -1 : number(value);
      if (raw !== null) known.set(raw, code);
    }
    codes[row] = code;
  }
  return codes;
}

function foldsOf(column: (role: Role) => readonly (string | null)[] | null, chinese: Chinese | null, today: Date): Map<FieldName, Fold> {
  const folds = new Map<FieldName, Fold>();
  const text = (raw: string | null): string | null => foldText(raw, chinese);
  const plain = (role: Exclude<FieldName, 'middle-name'>, fold: (raw: string | null) => string | null): void => {
    const values = column(role);
    if (values === null) return;
    const cell = (row: number): string | null => values[row] ?? null;
    folds.set(role, { cell, of: (row) => fold(cell(row)) });
  };
  for (const role of ['given-name', 'surname', 'address', 'address-2', 'city', 'birth-place', 'occupation'] as const) plain(role, text);
  for (const role of ['id-number', 'mrn', 'insurance', 'postcode', 'street-number', 'state', 'email'] as const) plain(role, (raw) => foldCode(raw, today));
  plain('birth-date', foldDate);
  plain('sex', foldSex);
  plain('phone', foldPhone);
  const full = column('full-name');
  if (full !== null) addFullName(folds, full, text);
  return folds;
}

/** The full name fills given name and surname where no column gives them, and leaves what stands between as the middle name. */
function addFullName(folds: Map<FieldName, Fold>, full: readonly (string | null)[], text: (raw: string | null) => string | null): void {
  const given = folds.get('given-name');
  const surname = folds.get('surname');
  const cell = (row: number): string | null => full[row] ?? null;
  if (given === undefined && surname === undefined) {
    const known = new Map<string, NameParts | null>();
    const parts = (row: number): NameParts | null => {
      const raw = full[row] ?? '';
      let split = known.get(raw);
      if (split === undefined) {
        const folded = text(raw);
        split = folded === null ? null : splitName(folded, raw);
        known.set(raw, split);
      }
      return split;
    };
    folds.set('given-name', { cell, of: (row) => parts(row)?.given ?? null });
    folds.set('surname', { cell, of: (row) => parts(row)?.surname ?? null });
    folds.set('middle-name', { cell, of: (row) => parts(row)?.middle ?? null });
    return;
  }
  const middle = (row: number): string | null => {
    const taken = new Set([given?.of(row), surname?.of(row)].flatMap((part) => part?.split(' ') ?? []));
    return text(full[row] ?? null)?.split(' ').filter((word) => !taken.has(word)).join(' ') || null; // biome-ignore format: one chain
  };
  folds.set('middle-name', { cell: null, of: middle });
}

/**
 * Rows in an order that depends on what they say and, where they say the same, on what they are called; never on where they stand in the file.
 * Rows of one name stand together (the first two fields are the names): most pairs are then neighbours in memory, which halves the time of comparing.
 */
function contentOrder(fields: readonly { readonly dictionary: Dictionary; readonly codes: Int32Array }[], ids: readonly string[]): Int32Array {
  const hashes = new Map<Dictionary, Uint32Array>();
  for (const { dictionary } of fields)
    if (!hashes.has(dictionary))
      hashes.set(
        dictionary,
        Uint32Array.from(dictionary.words, ({ value }) => hashOf(value)),
      );
  const [first, all] = [new Uint32Array(ids.length), new Uint32Array(ids.length)];
  fields.forEach(({ dictionary, codes }, f) => {
    const hash = hashes.get(dictionary)!;
    for (let row = 0; row < codes.length; row++) {
      const value = codes[row]! < 0 ? MISSING_HASH : hash[codes[row]!]!;
      all[row] = mix(all[row]!, value + f);
      if (f < 2) first[row] = mix(first[row]!, value + f);
    }
  });
  const keys = Float64Array.from(first, (name, row) => (name >>> 6) * 2 ** 27 + (all[row]! >>> 5));
  return new Int32Array(ids.keys()).sort((a, b) => keys[a]! - keys[b]! || (ids[a]! < ids[b]! ? -1 : ids[a]! > ids[b]! ? 1 : a - b));
}
const MISSING_HASH = 0x9e3779b9;
const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
};

/** FNV-1a over code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
