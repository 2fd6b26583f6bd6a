/**
 * What each system holds of a person: the truth with dirt on it. Kinds and rates are the table below (docs/simulator.md repeats it);
 * truth/person.csv says which kinds each record carries and whether its fields can identify the person at all.
 */
import { pinyin } from 'pinyin-pro';
import { Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { legacyResidentId } from './identifiers.ts';
import { type Identity, identityOf } from './identity.ts';
import { HOMOPHONES, LOOKALIKES, TRADITIONAL } from './name-tables.ts';
import { type Person, personOf } from './person.ts';

export const SYSTEMS = ['his', 'lis', 'booking', 'survey', 'app', 'his-second', 'pacs'] as const;
export type System = (typeof SYSTEMS)[number];

export const DIRT = [
  'homophone',
  'lookalike',
  'traditional',
  'swapped-digits',
  'legacy-id',
  'missing-document',
  'missing-phone',
  'missing-mrn',
  'nickname',
  'second-record',
  'relative-phone',
  'old-phone',
  'pinyin',
  'newborn-name',
] as const;
export type Dirt = (typeof DIRT)[number];

/**
 * Share of a system's records that carry a kind. `legacy-id` counts among people born before 1970; `relative-phone` follows from the family,
 * `newborn-name` from age: a second record of a newborn is the one made at birth, under the mother's name.
 */
export const DIRT_RATES: Record<System, Partial<Record<Dirt, number>>> = {
  his: {
    homophone: 0.006,
    lookalike: 0.004,
    traditional: 0.002,
    'swapped-digits': 0.002,
    'legacy-id': 0.03,
    'missing-document': 0.03,
    'missing-phone': 0.04,
    'old-phone': 0.03,
  },
  lis: { homophone: 0.01, lookalike: 0.005, 'missing-document': 1, 'missing-phone': 1 },
  booking: { homophone: 0.008, lookalike: 0.006, 'missing-mrn': 0.12, 'missing-document': 0.25, 'old-phone': 0.02 },
  survey: { homophone: 0.01, lookalike: 0.006, 'missing-mrn': 0.3, 'missing-phone': 0.15, 'missing-document': 1, nickname: 0.05 },
  app: { nickname: 0.3, 'missing-document': 0.5, 'old-phone': 0.03 },
  'his-second': { homophone: 0.25, lookalike: 0.1, 'missing-document': 0.55, 'missing-phone': 0.2, 'old-phone': 0.1 },
  // The imaging archive knows letters only.
  pacs: { homophone: 0.01, pinyin: 1, 'missing-mrn': 0.01, 'missing-document': 1, 'missing-phone': 1 },
};
/** People the registration desk entered twice, and how many of those pairs it later merges (A40). */
export const SECOND_RECORD_SHARE = 0.03;
const MERGED_SHARE = 0.4;
/** Newborns are registered before they have a name, and again with it. */
export const NEWBORN_SECOND_SHARE = 0.35;
const NEWBORN_MERGED_SHARE = 0.6;

export interface PersonRecord {
  readonly mrn: string | null;
  readonly name: string;
  readonly documentType: string | null;
  readonly documentNumber: string | null;
  readonly documentCountry: string | null;
  readonly insuranceNumber: string | null;
  readonly phone: string | null;
  readonly address: string | null;
  readonly dirt: readonly Dirt[];
  /** Its fields can identify the person: a record number, a document, or full name with own phone. */
  readonly linkable: boolean;
}

const random = new Random();

export function hasSecondRecord(world: World, person: Person): 'no' | 'open' | 'merged' {
  random.at(world.seed, STREAM.record, person.id, 9);
  const isNewborn = person.member.role === 'newborn';
  if (!random.chance(isNewborn ? NEWBORN_SECOND_SHARE : SECOND_RECORD_SHARE)) return 'no';
  return random.chance(isNewborn ? NEWBORN_MERGED_SHARE : MERGED_SHARE) ? 'merged' : 'open';
}
/** The visit the second record is made for: the first of a newborn, the second of anybody else. */
export const secondOrdinal = (person: Person): number => (person.member.role === 'newborn' ? 0 : 1);
export const secondMrn = (mrn: string): string => `M9${mrn.slice(2)}`;

export function recordOf(world: World, person: Person, system: System): PersonRecord {
  const identity = identityOf(world, person);
  random.at(world.seed, STREAM.record, person.id, 16 + SYSTEMS.indexOf(system));
  const rates = DIRT_RATES[system];
  const dirt: Dirt[] = [];
  const carries = (kind: Dirt): boolean => {
    const rate = rates[kind];
    const carried = rate !== undefined && random.chance(rate);
    if (carried) dirt.push(kind);
    return carried;
  };
  const name = system === 'his-second' && person.member.role === 'newborn' ? newbornName(world, person, dirt) : nameAs(identity, person, carries, dirt);
  const document = documentAs(identity, person, carries);
  let phone: string | null = identity.phone;
  if (carries('missing-phone')) phone = null;
  else if (carries('old-phone')) phone = oldPhone(identity.phone);
  else if (identity.isSharedPhone) dirt.push('relative-phone');
  const missingMrn = (rates['missing-mrn'] !== undefined && carries('missing-mrn')) || (system === 'app' && !person.isBound);
  if (system === 'his-second') dirt.push('second-record');
  const mrn = missingMrn ? null : system === 'his-second' ? secondMrn(identity.mrn) : identity.mrn;
  const isNamed = !dirt.includes('nickname') && !dirt.includes('newborn-name') && !dirt.includes('pinyin');
  return {
    mrn,
    name,
    documentType: document === null ? null : (identity.document?.type ?? null),
    documentNumber: document,
    documentCountry: identity.document?.country ?? null,
    insuranceNumber: system === 'his' ? identity.insuranceNumber : null,
    phone,
    address: system === 'his' ? identity.address : null,
    dirt,
    linkable:
      (mrn !== null && system !== 'his-second') || document !== null || (isNamed && phone !== null && !dirt.includes('old-phone') && !identity.isSharedPhone),
  };
}

function nameAs(identity: Identity, person: Person, carries: (kind: Dirt) => boolean, dirt: Dirt[]): string {
  const { full } = identity.name;
  if (carries('nickname')) return identity.nickname;
  if (carries('pinyin')) {
    const written = carries('homophone') ? replaced(full, HOMOPHONES, dirt, 'homophone') : full;
    return lettersOf(written, identity.name.surname);
  }
  if (carries('homophone')) return replaced(full, HOMOPHONES, dirt, 'homophone');
  if (carries('lookalike')) return replaced(full, LOOKALIKES, dirt, 'lookalike');
  if (person.document === 'hk-macau' || person.document === 'taiwan' || carries('traditional')) {
    const traditional = [...full].map((c) => TRADITIONAL.get(c) ?? c).join('');
    if (traditional !== full && !dirt.includes('traditional')) dirt.push('traditional');
    return traditional;
  }
  return full;
}

/** Before it has a name a newborn is its mother's: 王丽之子, twins 之长子 and 之次子. */
function newbornName(world: World, person: Person, dirt: Dirt[]): string {
  const { household, member, isMale } = person;
  const mother = household.members.find((each) => each.role === 'spouse');
  dirt.push('newborn-name');
  const place = member.twin < 0 ? '' : member.twin === 0 ? '长' : '次';
  const name = mother === undefined ? '无名氏' : identityOf(world, personOf(world, household, mother)).name.full;
  return `${name}之${place}${isMale ? '子' : '女'}`;
}

/** As DICOM writes a name in letters: `WANG^XIAOMING`. */
export function lettersOf(name: string, surname: string): string {
  const letters = (text: string, mode: 'surname' | 'normal'): string =>
    pinyin(text, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive', surname: mode === 'surname' ? 'all' : 'off' })
      .join('')
      .replace(/[^A-Za-z ]/g, '')
      .trim()
      .toUpperCase();
  if (surname === '' || !name.startsWith(surname)) return letters(name, 'normal');
  return `${letters(surname, 'surname')}^${letters(name.slice(surname.length), 'normal')}`;
}

/** Replaces the last character that has a counterpart; a name without one stays clean and says so. */
function replaced(name: string, by: ReadonlyMap<string, string>, dirt: Dirt[], kind: Dirt): string {
  const characters = [...name];
  for (let i = characters.length - 1; i >= 0; i--) {
    const other = by.get(characters[i] as string);
    if (other !== undefined && other !== characters[i]) {
      characters[i] = other;
      return characters.join('');
    }
  }
  dirt.splice(dirt.indexOf(kind), 1);
  return name;
}

function documentAs(identity: Identity, person: Person, carries: (kind: Dirt) => boolean): string | null {
  if (identity.document === null || carries('missing-document')) return null;
  const { type, number } = identity.document;
  if (type !== 'NI') return number;
  if (person.born < 0 && carries('legacy-id')) return legacyResidentId(number);
  if (carries('swapped-digits')) return number.slice(0, 15) + number[16] + number[15] + number.slice(17);
  return number;
}

const oldPhone = (phone: string): string => phone.slice(0, 3) + [...phone.slice(3)].reverse().join('');
