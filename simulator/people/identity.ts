import { dayPlain } from '../calendar.ts';
import { DISTRICTS } from '../city/districts.ts';
import { Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { foreignPassport, hkMacauPermit, insuranceNumber, mobilePhone, residentId, taiwanPermit } from './identifiers.ts';
import { FOREIGN } from './name-tables.ts';
import { drawName, drawNickname, drawSurname, nameKind, type PersonName } from './names.ts';
import { ageAt, type Person, SELF_PAY } from './person.ts';

/** Names, numbers and places of a person as they truly are. What each system makes of them is in people/records.ts. */
export interface Identity {
  readonly name: PersonName;
  readonly birth: string;
  /** Type as HL7 v2 table 0203 names it, or null: no document yet. */
  readonly document: { readonly type: 'NI' | 'PPN' | 'HKM' | 'TWP'; readonly number: string; readonly country: string } | null;
  readonly insuranceNumber: string | null;
  readonly phone: string;
  /** The phone is a relative's. */
  readonly isSharedPhone: boolean;
  /** Within the city: district, street, house. */
  readonly address: string;
  readonly districtCode: string;
  readonly mrn: string;
  /** App account, if any. */
  readonly account: string;
  readonly nickname: string;
}

const random = new Random();
/** People met again within a day or so of simulated time: enough to spare most repeats, small enough to stay flat. */
const CACHE_MAX = 8192;
let cache = new Map<number, Identity>();
let cachedWorld: World | null = null;

export const mrnOf = (person: number): string => `M${String(person + 100_001).padStart(8, '0')}`;
export const accountOf = (person: number): string => `u${(person * 7_919 + 500_009).toString(36)}`;

export function identityOf(world: World, person: Person): Identity {
  if (cachedWorld !== world || cache.size >= CACHE_MAX) {
    cache = new Map();
    cachedWorld = world;
  }
  let identity = cache.get(person.id);
  if (identity === undefined) {
    identity = makeIdentity(world, person);
    cache.set(person.id, identity);
  }
  return identity;
}

function makeIdentity(world: World, person: Person): Identity {
  const { household, member, isMale } = person;
  const year = 1970 + Math.floor(person.born / 365.2425);
  random.at(world.seed, STREAM.record, household.id);
  const familyKind = nameKind(random);
  const familySurname = drawSurname(random);
  random.at(world.seed, STREAM.record, person.id, 1);
  const ownSurname = drawSurname(random);
  // Children bear the father's surname, one in twelve the mother's is left out of the model; spouses keep their own.
  const inherits = member.role === 'adult' || member.role === 'child' || member.role === 'newborn' || member.role === 'elder';
  let name = drawName(random, familyKind, inherits ? familySurname : ownSurname, isMale, year);
  if (person.document === 'foreign') {
    const options = FOREIGN.filter(([, , male]) => male === isMale);
    const [full] = random.pick(options);
    name = { kind: 'long', full, surname: '', given: full };
  }
  const birth = dayPlain(person.born);
  const age = ageAt(person, world.spanEnd);
  const hasOwnPhone = age > 16 && !(age > 72 && random.chance(0.35));
  const holder = hasOwnPhone ? person.id : household.id;
  const district = DISTRICTS[person.district] as (typeof DISTRICTS)[number];
  random.at(world.seed, STREAM.record, household.id, 2);
  const address = `${district.nameZh}${random.pick(district.streets)}${1 + random.int(240)}号${1 + random.int(28)}幢${1 + random.int(6)}单元${(1 + random.int(18)) * 100 + 1 + random.int(4)}室`;
  random.at(world.seed, STREAM.record, person.id, 3);
  return {
    name,
    birth,
    document: documentOf(person, birth),
    insuranceNumber: person.insurance === SELF_PAY || person.document === 'foreign' ? null : insuranceNumber(person.id),
    phone: mobilePhone(holder),
    isSharedPhone: holder !== person.id,
    address,
    districtCode: district.code,
    mrn: mrnOf(person.id),
    account: accountOf(person.id),
    nickname: drawNickname(random, name),
  };
}

function documentOf(person: Person, birth: string): Identity['document'] {
  switch (person.document) {
    case 'resident':
      return { type: 'NI', number: residentId(person.id, person.household.id, birth, person.isMale), country: 'CHN' };
    case 'hk-macau':
      return { type: 'HKM', number: hkMacauPermit(person.id), country: 'HKG' };
    case 'taiwan':
      return { type: 'TWP', number: taiwanPermit(person.id), country: 'TWN' };
    case 'foreign':
      return { type: 'PPN', number: foreignPassport(person.id), country: 'XXA' };
    case 'none':
      return null;
  }
}
