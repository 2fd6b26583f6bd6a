/** From a record's details to what can be looked up and compared without being read. */
import type { PersonDetails, SourceId } from '@xinglin/contracts';
import type { Keys } from '../../platform/index.ts';
import { evidenceOf, foldName, foldNumber, isUnnamed, type ResidentId, readPhone } from '../identity/identifiers.ts';
import type { BlindIdentifier } from '../pipeline/chunk.ts';

/** Index of a name; `unnamed` marks newborns and unknown persons, who are linked by record numbers only. */
export const NAME = 'name';
export const UNNAMED = 'unnamed';
export const BIRTH = 'birth';
export const PHONE = 'phone';
/** A number without its authority, as people type it into a search box: of types whose evidence is kept with the authority, or is none. */
export const NUMBER = 'number';
const NEEDS_NUMBER: ReadonlySet<SourceId['type']> = new Set(['mrn', 'passport', 'app-account', 'openid', 'other']);

export interface IdentityFindings {
  readonly identifiers: BlindIdentifier[];
  readonly hasResidentId: boolean;
  readonly hasPhone: boolean;
}

export function blindSubject(keys: Keys, subject: SourceId, today: Date): BlindIdentifier[] {
  return [...numberIdentifiers(keys, [subject], null, today).values()];
}

/** All indexes of a record: its numbers, names, birth date and phones. */
export function blindDetails(keys: Keys, details: PersonDetails, today: Date): IdentityFindings {
  const residentIds = details.identifiers.map((id) => evidenceOf(id, today)?.residentId ?? null).filter((each) => each !== null);
  const found = numberIdentifiers(keys, details.identifiers, details, today);
  const add = (type: string, value: string) => put(found, { type, blind: keys.blindIndex(type, value), isEvidence: false, isSuspect: false });
  for (const name of details.names) {
    const folded = foldName(name);
    if (folded !== '') add(isUnnamed(name) ? UNNAMED : NAME, folded);
  }
  const birth = fullBirth(details, residentIds);
  if (birth !== null) add(BIRTH, birth);
  let hasPhone = false;
  for (const raw of details.phones) {
    const phone = readPhone(raw);
    if (phone === null) continue;
    hasPhone = true;
    add(PHONE, phone.number);
  }
  return {
    identifiers: [...found.values()],
    hasResidentId: residentIds.length > 0,
    hasPhone,
  };
}

function numberIdentifiers(keys: Keys, ids: readonly SourceId[], details: PersonDetails | null, today: Date): Map<string, BlindIdentifier> {
  const found = new Map<string, BlindIdentifier>();
  for (const id of ids) {
    const evidence = evidenceOf(id, today);
    if (evidence !== null) {
      const isSuspect = evidence.residentId !== null && details !== null && contradicts(details, evidence.residentId);
      put(found, { type: evidence.type, blind: keys.blindIndex(evidence.type, evidence.value), isEvidence: true, isSuspect });
    }
    const number = foldNumber(id.value);
    if (number.length > 2 && NEEDS_NUMBER.has(id.type) && evidence?.type !== 'resident-id')
      put(found, { type: NUMBER, blind: keys.blindIndex(NUMBER, number), isEvidence: false, isSuspect: false });
  }
  return found;
}
const put = (into: Map<string, BlindIdentifier>, each: BlindIdentifier) => into.set(`${each.type} ${each.blind.toString('hex')}`, each);

/** The number's own birth date or sex is not what the record says. */
function contradicts(details: PersonDetails, id: ResidentId): boolean {
  if (details.birthDate !== null && !id.birth.startsWith(details.birthDate)) return true;
  return details.sex !== 'unknown' && details.sex !== id.sex;
}

/** The stated date, else the one every resident id of the record agrees on. */
function fullBirth(details: PersonDetails, residentIds: readonly ResidentId[]): string | null {
  if (details.birthDate !== null && details.birthDate.length === 10) return details.birthDate;
  const births = new Set(residentIds.map((id) => id.birth));
  const [only] = births;
  return births.size === 1 && only !== undefined && (details.birthDate === null || only.startsWith(details.birthDate)) ? only : null;
}
