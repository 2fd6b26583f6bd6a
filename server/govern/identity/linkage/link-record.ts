import type { PersonDetails } from '@xinglin/contracts';
import { DOCUMENT_TYPES, type DocumentType, isUnnamed, type PersonNumbers, readNumbers, readPhone } from '../identifiers.ts';
import { type Chinese, foldDate, foldText, splitName } from './normalise.ts';
import { type Kind, makeWord, type Word } from './word.ts';

/** What `describe` needs of a person; `detailsOf()` of a record's state fits. */
export type LinkDetails = Pick<PersonDetails, 'names' | 'identifiers' | 'phones' | 'addresses' | 'birthDate' | 'sex' | 'guardian' | 'nickname'>;

export interface LinkName {
  readonly surname: Word | null;
  readonly given: Word | null;
}
/** One person's details as they are compared. Lives in memory only: it identifies. */
export interface LinkRecord {
  /** Real names; a nickname is here only when there is nothing else. */
  readonly names: readonly LinkName[];
  readonly isNickname: boolean;
  /** Valid documents of which a person has one (resident id in 18 characters, permits …): `[type, value]`. Passports may be re-issued. */
  readonly ids: readonly (readonly [type: DocumentType, value: string])[];
  /** Written like a resident id but not a real one: a slip, or invented. */
  readonly brokenIds: readonly Word[];
  /** `authority|number`. */
  readonly mrns: readonly string[];
  readonly insurances: readonly string[];
  readonly phones: readonly { readonly word: Word; readonly isShared: boolean }[];
  readonly addresses: readonly Word[];
  /** Eight digits. */
  readonly birth: Word | null;
  readonly sex: Word | null;
  readonly isUnnamed: boolean;
  /** A resident id of the record says another birth date or sex than the record does. */
  readonly isSuspect: boolean;
}

export interface DescribeSettings {
  readonly chinese: Chinese;
  /** Dates of birth in resident ids must lie before it. */
  readonly today: Date;
  /** Whether more people than `PHONE_HOLDERS_MAX` have this number (`+86…`); such a number is weak evidence. */
  readonly isSharedPhone?: (number: string) => boolean;
  /** What the numbers say, where they were read already. */
  readonly numbers?: PersonNumbers;
  /** Parts of names, dates and the sex, where they are kept: they repeat, and so does what was worked out about them. */
  readonly commonWord?: (folded: string, kind: Kind) => Word;
}
export function describe(details: LinkDetails, settings: DescribeSettings): LinkRecord {
  const { chinese, today, isSharedPhone = () => false, numbers = readNumbers(details, today) } = settings;
  const { commonWord = (folded, kind) => makeWord(folded, kind, chinese) } = settings;
  const word = (value: string | null, kind: Kind): Word | null =>
    value === null ? null : kind === 'text' ? makeWord(value, kind, chinese) : commonWord(value, kind);
  const nameOf = (raw: string): LinkName | null => {
    const folded = foldText(raw, chinese);
    if (folded === null) return null;
    const { surname, given } = splitName(folded, raw);
    return { surname: word(surname, 'name'), given: word(given, 'name') };
  };
  const named = details.names.flatMap((raw) => nameOf(raw) ?? []);
  const nick = named.length > 0 || details.nickname === null ? [] : [nameOf(details.nickname)].flatMap((name) => name ?? []);
  const evidence = numbers.evidence.filter((each) => each !== null);
  const residents = evidence.flatMap(({ residentId }) => residentId ?? []);
  const birth = foldDate(details.birthDate);
  const fromId = residents[0]?.birth.replaceAll('-', '') ?? null;
  const sex = details.sex === 'unknown' ? null : details.sex;
  const isSuspect = residents.some((id) => (birth !== null && id.birth.replaceAll('-', '') !== birth) || (sex !== null && id.sex !== sex));
  // A child's record often carries the mother's phone: it ties the family, not the person.
  const familyPhone = details.guardian?.phone == null ? null : (readPhone(details.guardian.phone)?.number ?? null);
  return {
    names: named.length > 0 ? named : nick,
    isNickname: named.length === 0,
    ids: distinct(evidence.filter(({ type }) => isDocument(type)).map(({ type, value }) => [type as DocumentType, value] as const)),
    brokenIds: details.identifiers
      .filter((id, at) => id.type === 'resident-id' && numbers.evidence[at] === null)
      .map((id) => id.value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase())
      .filter((value) => /^\d{14,18}X?$/.test(value))
      .map((value) => makeWord(value, 'code', null)), // biome-ignore format: one chain
    mrns: evidence.filter(({ type }) => type === 'mrn').map(({ value }) => value),
    insurances: evidence.filter(({ type }) => type === 'insurance').map(({ value }) => value),
    phones: numbers.phones.flatMap((phone) => {
      if (phone === null) return [];
      const isPersonal = (phone.kind === 'mobile' || phone.kind === 'overseas') && phone.number !== familyPhone && !isSharedPhone(phone.number);
      return [{ word: makeWord(phone.number, 'code', null), isShared: !isPersonal }];
    }),
    addresses: details.addresses.flatMap(({ text }) => word(foldText(text, chinese), 'text') ?? []),
    birth: word(birth ?? fromId, 'date'),
    sex: word(sex ?? residents[0]?.sex ?? null, 'category'),
    isUnnamed: details.names.length > 0 && details.names.every(isUnnamed),
    isSuspect,
  };
}

const isDocument = (type: string): boolean => (DOCUMENT_TYPES as readonly string[]).includes(type);
const distinct = <T extends readonly string[]>(list: readonly T[]): T[] => [...new Map(list.map((each) => [each.join('|'), each])).values()];
