/** The person a row names, when its mapping has a `person` part. */
import type { Canonical, SourceId } from '@xinglin/contracts';
import { type Noted, noted } from '../errors.ts';
import { payerOf, sexOf } from '../hl7v2/codes.ts';
import { IN_PASSING, noDetails, personValues, statement, token } from '../statement.ts';
import { readDateText } from '../time.ts';
import { type DateOrder, readCellTime } from './convert.ts';
import type { ColumnAsk } from './fitting-rows.ts';
import { type Mapping, type MappingColumn, personColumns } from './mapping.ts';
import { type Cells, isIntactId, type Sheet } from './sheet.ts';

const RESIDENT_ID_SHAPE = /^\d{17}[\dXx]$|^\d{15}$/;

export interface PersonReader {
  check(cells: Cells): Noted | null;
  /** What `check` asks of each column. */
  readonly asks: readonly ColumnAsk[];
  /** Null when the row names nobody. */
  read(cells: Cells, row: Canonical, identifiers: readonly SourceId[]): Canonical | null;
}

/** Registrations have a version of their own; everything else is said in passing. */
export const isRegistrationOf = ({ fact, person }: Mapping): boolean => person?.registration === true || fact === 'person_record';

/** Whether rows under this header say anything of a person. */
export const isNaming = (person: NonNullable<Mapping['person']>, sheet: Sheet): boolean =>
  person.optional !== true || personColumns(person).some((column) => sheet.at(column) !== null);

/** Columns are looked up once; the reader is then called for every row. Null for mappings without a person. */
export function personReader(mapping: Mapping, sheet: Sheet, source: string): PersonReader | null {
  const given = mapping.person;
  if (given === undefined || !isNaming(given, sheet)) return null;
  const order = mapping.formats?.dateOrder ?? 'YMD';
  const isRegistration = isRegistrationOf(mapping);
  const reads = (column: MappingColumn | undefined): ((cells: Cells) => string | null) => {
    const at = sheet.at(column);
    return (cells) => sheet.cell(cells, at);
  };
  const name = reads(given.name);
  const nickname = reads(given.nickname);
  const sex = reads(given.sex);
  const address = reads(given.address);
  const district = reads(given.district);
  const insurance = reads(given.insuranceType);
  const deceased = reads(given.deceased);
  const guardian = reads(given.guardianName);
  const guardianPhone = reads(given.guardianPhone);
  const relation = reads(given.guardianRelation);
  const phones = (given.phones ?? []).map(reads);
  const birthAt = sheet.at(given.birthDate);
  const ids = (
    [
      ['resident-id', given.residentId],
      ['insurance', given.insuranceNumber],
      ['passport', given.passport],
    ] as const
  ).map(([type, column]) => ({ type, at: sheet.at(column) }));

  const birthOf = (cells: Cells): string | null | undefined => {
    const cell = sheet.cell(cells, birthAt);
    return cell === null ? null : dateOf(cell, order);
  };

  const check = (cells: Cells): Noted | null => {
    for (const { at } of ids) {
      const wrong = sheet.checkId(cells, at);
      if (wrong !== null) return wrong;
    }
    return birthOf(cells) === undefined ? noted('csv-time', { column: sheet.name(birthAt) }) : null;
  };

  const asks: ColumnAsk[] = ids.flatMap(({ at }) => (at === null ? [] : [{ at, shape: 'id', fits: isIntactId }]));
  if (birthAt !== null) asks.push({ at: birthAt, shape: 'time', fits: (cell) => dateOf(cell, order) !== undefined });

  const read: PersonReader['read'] = (cells, row, found) => {
    if (row.subject === null) return null;
    const identifiers = [...found];
    for (const { type, at } of ids) {
      const value = sheet.cell(cells, at);
      if (value === null) continue;
      // A column of mixed documents (证件号码) holds passports too: what has not the shape of a resident id is some other document.
      const isOther = type === 'resident-id' && !RESIDENT_ID_SHAPE.test(value);
      const id: SourceId = isOther ? { type: 'other', system: 'document', value } : { type, system: source, value };
      if (!identifiers.some((each) => each.type === id.type && each.value === id.value)) identifiers.push(id);
    }
    const [street, area, payer, kin, ownName] = [address(cells), district(cells), insurance(cells), guardian(cells), name(cells)];
    const person = {
      ...noDetails,
      names: ownName === null ? [] : [ownName],
      identifiers,
      phones: phones.flatMap((each) => each(cells) ?? []),
      addresses: street === null && area === null ? [] : [{ text: street ?? '', district: area }],
      birthDate: birthOf(cells) ?? null,
      sex: sexOf(sex(cells) ?? ''),
      insuranceType: payer === null ? null : (payerOf(payer) ?? token(payer)),
      deceased: /^(是|1|true|死亡)$/i.test(deceased(cells) ?? ''),
      guardian: kin === null ? null : { name: kin, phone: guardianPhone(cells), relation: relation(cells) ?? '监护人' },
      nickname: nickname(cells),
    };
    return statement({
      fact: 'person_record',
      subject: row.subject,
      localId: `${row.subject.type}|${row.subject.system}|${row.subject.value}`,
      occurredAt: row.occurredAt,
      precision: row.precision,
      versionAt: isRegistration ? row.versionAt : IN_PASSING,
      deleted: mapping.fact === 'person_record' && row.deleted,
      values: personValues(person, deceased(cells) !== null),
      person,
    });
  };
  return { check, asks, read };
}
/** A calendar date; a spreadsheet's day number counts too. Undefined: neither. */
const dateOf = (cell: string, order: DateOrder): string | undefined => readCellTime(cell, 'UTC', order)?.iso.slice(0, 10) ?? readDateText(cell) ?? undefined;
