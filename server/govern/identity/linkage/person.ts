/**
 * One person's details against another's: the online side of the engine, with the model the bulk side trains. Pure functions; the caller keeps
 * details sealed, blinds keys, and decides what to do with a verdict. `LinkRecord` lives in memory only.
 */
import type { PersonDetails } from '@xinglin/contracts';
import { DOCUMENT_TYPES, type DocumentType, evidenceOf, isUnnamed, readPhone } from '../identifiers.ts';
import { DATE_OTHER, EXACT, GRADES, type Grade, isClose, levelOfWords, MISSING, NAME_LOOK } from './compare.ts';
import { LINK_FIELDS, type LinkField, type LinkModel, weightOf } from './link-model.ts';
import { chanceOf } from './model.ts';
import { type Chinese, foldDate, foldText, splitName } from './normalise.ts';
import { type Ground, judge, type Reason, type Verdict } from './rules.ts';
import { type Kind, makeWord, type Word } from './word.ts';

/** What `describe` needs of a person; `detailsOf()` of a record's state fits. */
export type LinkDetails = Pick<PersonDetails, 'names' | 'identifiers' | 'phones' | 'addresses' | 'birthDate' | 'sex' | 'guardian' | 'nickname'>;

export interface LinkName {
  readonly surname: Word | null;
  readonly given: Word | null;
}
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
}
export function describe(details: LinkDetails, { chinese, today, isSharedPhone = () => false }: DescribeSettings): LinkRecord {
  const word = (value: string | null, kind: Kind): Word | null => (value === null ? null : makeWord(value, kind, chinese));
  const nameOf = (raw: string): LinkName | null => {
    const folded = foldText(raw, chinese);
    if (folded === null) return null;
    const { surname, given } = splitName(folded, raw);
    return { surname: word(surname, 'name'), given: word(given, 'name') };
  };
  const named = details.names.flatMap((raw) => nameOf(raw) ?? []);
  const nick = named.length > 0 || details.nickname === null ? [] : [nameOf(details.nickname)].flatMap((name) => name ?? []);
  const evidence = details.identifiers.flatMap((id) => evidenceOf(id, today) ?? []);
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
      .filter((id) => id.type === 'resident-id' && evidenceOf(id, today) === null)
      .map((id) => id.value.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toUpperCase())
      .filter((value) => /^\d{14,18}X?$/.test(value))
      .map((value) => makeWord(value, 'code', null)), // biome-ignore format: one chain
    mrns: evidence.filter(({ type }) => type === 'mrn').map(({ value }) => value),
    insurances: evidence.filter(({ type }) => type === 'insurance').map(({ value }) => value),
    phones: details.phones.flatMap((raw) => {
      const phone = readPhone(raw);
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

/** A key two records share when they are worth comparing. Rule and key are text; the key identifies and must be blinded before it is kept. */
export interface BlockingKey {
  readonly rule: 'id' | 'mrn' | 'insurance' | 'phone' | 'birth-surname' | 'sound-year' | 'birth-given' | 'name-district';
  readonly key: string;
}

export function blockingKeys(record: LinkRecord): BlockingKey[] {
  const keys: BlockingKey[] = [];
  const add = (rule: BlockingKey['rule'], ...parts: readonly (string | null | undefined)[]): void => {
    if (parts.every((part) => part !== null && part !== undefined && part !== '')) keys.push({ rule, key: parts.join('|') });
  };
  for (const [type, value] of record.ids) add('id', type, value);
  for (const { value } of record.brokenIds) add('id', 'resident-id', value);
  for (const value of record.mrns) add('mrn', value);
  for (const value of record.insurances) add('insurance', value);
  for (const { word } of record.phones) add('phone', word.value);
  if (record.isUnnamed) return keys;
  const birth = record.birth?.value;
  for (const { surname, given } of record.names) {
    if (birth?.length === 8) {
      add('birth-surname', birth, surname?.softSound || surname?.sound);
      add('birth-given', birth, given?.softSound || given?.sound);
    }
    add('sound-year', surname?.sound, given?.sound, birth?.slice(0, 4));
    for (const { address } of record.addresses) add('name-district', surname?.value, given?.value, address?.district);
  }
  return [...new Map(keys.map((each) => [`${each.rule} ${each.key}`, each])).values()];
}

export interface FieldWeight {
  readonly field: LinkField;
  readonly grade: Grade;
  /** log2(m/u); what the field says for (above 0) or against one person. */
  readonly weight: number;
}
export interface Comparison {
  /** log2 odds: the model's prior and all weights. Rules do not change it. */
  readonly weight: number;
  /** 0…1 */
  readonly probability: number;
  /** The waterfall: prior aside, these add up to `weight`. Fields that say nothing are left out. */
  readonly fields: readonly FieldWeight[];
  readonly verdict: Verdict;
  readonly reason: Reason;
}

/** Symmetric, and a function of the two records and the model alone. */
export function compareRecords(a: LinkRecord, b: LinkRecord, model: LinkModel): Comparison {
  const fields: FieldWeight[] = [];
  const say = (field: LinkField, grade: Grade, value: string | null = null): void => {
    if (grade !== 'missing') fields.push({ field, grade, weight: weightOf(model, field, grade, value) });
  };
  const name = bestName(a, b, model);
  for (const each of name.fields) fields.push(each);
  const birth = gradeOf('date', a.birth, b.birth);
  say('birth-date', birth, a.birth?.value);
  const sex = gradeOf('category', a.sex, b.sex);
  say('sex', sex);
  const id = compareIds(a, b);
  say('id-number', id.resident);
  say('document', id.other);
  const mrn = compareMrns(a.mrns, b.mrns);
  say('mrn', mrn);
  const insurance = sameOrNot(a.insurances, b.insurances);
  say('insurance', insurance);
  const phone = comparePhones(a, b);
  // A shared number says that they know one another at best.
  if (phone.grade !== 'missing') fields.push({ field: 'phone', grade: phone.grade, weight: phone.isShared ? 0 : weightOf(model, 'phone', phone.grade) });
  const address = best(a.addresses, b.addresses, 'text');
  say('address', address);
  const weight = fields.reduce((sum, each) => sum + each.weight, model.prior);
  const probability = chanceOf(weight);
  const ground: Ground = {
    id: id.ground,
    mrn: known(mrn),
    insurance: known(insurance),
    phone: phone.grade === 'missing' ? 'unknown' : phone.grade !== 'same' ? 'differ' : phone.isShared ? 'shared' : 'same',
    name: name.name,
    surname: name.surname,
    birth: birth === 'missing' ? 'unknown' : birth === 'same' ? 'same' : (GRADES.date as readonly Grade[]).indexOf(birth) < DATE_OTHER ? 'near' : 'differ',
    sex: known(sex),
    isChinese: name.isChinese,
    isUnnamed: a.isUnnamed || b.isUnnamed,
    isSuspect: a.isSuspect || b.isSuspect,
  };
  return {
    weight,
    probability,
    fields: fields.sort((x, y) => LINK_FIELDS.indexOf(x.field) - LINK_FIELDS.indexOf(y.field)),
    ...judge(ground, probability, model.thresholds),
  };
}

const known = (grade: Grade): 'same' | 'differ' | 'unknown' => (grade === 'missing' ? 'unknown' : grade === 'same' ? 'same' : 'differ');

function gradeOf(kind: Kind, x: Word | null, y: Word | null): Grade {
  return GRADES[kind][x === null || y === null ? MISSING : levelOfWords(kind, x, y)] ?? 'missing';
}

function best(a: readonly Word[], b: readonly Word[], kind: Kind): Grade {
  let least = Number.POSITIVE_INFINITY;
  for (const x of a) for (const y of b) least = Math.min(least, levelOfWords(kind, x, y));
  return GRADES[kind][Number.isFinite(least) ? least : MISSING] ?? 'missing';
}

const sameOrNot = (a: readonly string[], b: readonly string[]): Grade =>
  a.length === 0 || b.length === 0 ? 'missing' : a.some((value) => b.includes(value)) ? 'same' : 'different';

/** Numbers of different authorities say nothing of one another. */
function compareMrns(a: readonly string[], b: readonly string[]): Grade {
  if (a.some((value) => b.includes(value))) return 'same';
  const authority = (value: string): string => value.slice(0, value.indexOf('|'));
  const authorities = new Set(a.map(authority));
  return b.some((value) => authorities.has(authority(value))) ? 'different' : 'missing';
}

function compareIds(a: LinkRecord, b: LinkRecord): { resident: Grade; other: Grade; ground: Ground['id'] } {
  let [resident, other]: [Grade, Grade] = ['missing', 'missing'];
  let ground: Ground['id'] = 'unknown';
  for (const type of DOCUMENT_TYPES) {
    const [mine, theirs] = [a, b].map((record) => record.ids.filter(([kind]) => kind === type).map(([, value]) => value)) as [string[], string[]];
    const grade = sameOrNot(mine, theirs);
    if (grade === 'missing') continue;
    if (type === 'resident-id') resident = grade;
    else if (grade === 'same' || (other === 'missing' && type !== 'passport')) other = grade;
    // A passport is issued again under another number.
    if (grade === 'different' && type !== 'passport') ground = 'differ';
    else if (grade === 'same' && ground === 'unknown') ground = 'same';
  }
  if (resident === 'missing' && (a.brokenIds.length > 0 || b.brokenIds.length > 0)) {
    const written = (record: LinkRecord): Word[] => [
      ...record.brokenIds,
      ...record.ids.filter(([type]) => type === 'resident-id').map(([, value]) => makeWord(value, 'code', null)),
    ];
    resident = best(written(a), written(b), 'code');
  }
  return { resident, other, ground };
}

function comparePhones(a: LinkRecord, b: LinkRecord): { grade: Grade; isShared: boolean } {
  let isShared = false;
  for (const x of a.phones) {
    for (const y of b.phones) {
      if (x.word.value !== y.word.value) continue;
      if (!x.isShared && !y.isShared) return { grade: 'same', isShared: false };
      isShared = true;
    }
  }
  if (isShared) return { grade: 'same', isShared };
  return {
    grade: best(
      a.phones.map(({ word }) => word),
      b.phones.map(({ word }) => word),
      'code',
    ),
    isShared: false,
  };
}

interface NameGround {
  readonly fields: readonly FieldWeight[];
  readonly name: Ground['name'];
  readonly surname: Ground['surname'];
  readonly isChinese: boolean;
}

/** The two names that speak most for one person. A nickname tells nothing against. */
function bestName(a: LinkRecord, b: LinkRecord, model: LinkModel): NameGround {
  let found: NameGround = { fields: [], name: 'unknown', surname: 'unknown', isChinese: false };
  if (a.isNickname || b.isNickname) return found;
  let most = Number.NEGATIVE_INFINITY;
  for (const x of a.names) {
    for (const y of b.names) {
      const ground = compareNames(x, y, model);
      const weight = ground.fields.reduce((sum, each) => sum + each.weight, 0);
      if (weight > most) [most, found] = [weight, ground];
    }
  }
  return found;
}

function compareNames(x: LinkName, y: LinkName, model: LinkModel): NameGround {
  const grade = (part: 'surname' | 'given'): Grade => {
    const level = gradeOf('name', x[part], y[part]);
    if (level !== 'different' && level !== 'short-form') return level;
    const other = part === 'surname' ? 'given' : 'surname';
    return isClose(x[part] ?? undefined, y[other] ?? undefined) || isClose(y[part] ?? undefined, x[other] ?? undefined) ? 'exchanged' : level;
  };
  const [surname, given] = [grade('surname'), grade('given')];
  const fields: FieldWeight[] = [];
  if (surname !== 'missing') fields.push({ field: 'surname', grade: surname, weight: weightOf(model, 'surname', surname, x.surname?.value) });
  if (given !== 'missing') fields.push({ field: 'given-name', grade: given, weight: weightOf(model, 'given-name', given, x.given?.value) });
  const isNear = (each: Grade): boolean => GRADES.name.indexOf(each as 'same') <= NAME_LOOK || each === 'exchanged';
  const grades = [surname, given].filter((each) => each !== 'missing');
  const name =
    grades.length === 0
      ? 'unknown'
      : grades.every((each) => each === GRADES.name[EXACT])
        ? 'same'
        : grades.every(isNear)
          ? 'near'
          : given === 'short-form'
            ? 'short'
            : 'differ';
  return { fields, name, surname: surname === 'missing' ? 'unknown' : isNear(surname) ? 'same' : 'differ', isChinese: (x.given ?? x.surname)?.isHan === true };
}
