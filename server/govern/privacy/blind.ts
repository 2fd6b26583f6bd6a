/** From a record's details to what can be looked up and compared without being read. */
import type { PersonDetails, SourceId } from '@xinglin/contracts';
import type { Keys } from '../../platform/index.ts';
import { type Evidence, evidenceOf, foldName, foldNumber, isUnnamed, type PersonNumbers, type ResidentId, readNumbers } from '../identity/identifiers.ts';
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
export const blindSubject = (keys: Keys, subject: SourceId, today: Date): BlindIdentifier[] =>
  numberIdentifiers(keys, [subject], null, [evidenceOf(subject, today)]);

/** What a record's own number proves, when asked; nothing where `said`, what its details say, has the number already. */
export const ownIdentifiers =
  (keys: Keys, subject: SourceId, today: Date) =>
  (said: readonly SourceId[] = []): BlindIdentifier[] =>
    said.some((id) => id.value === subject.value && id.type === subject.type && id.system === subject.system) ? [] : blindSubject(keys, subject, today);

/** All indexes of a record: its numbers, names, birth date and phones. `numbers`: as read on that day, where they were. */
export function blindDetails(keys: Keys, details: PersonDetails, today: Date, numbers: PersonNumbers = readNumbers(details, today)): IdentityFindings {
  const residentIds = numbers.evidence.flatMap((each) => each?.residentId ?? []);
  const found = numberIdentifiers(keys, details.identifiers, details, numbers.evidence);
  const add = (type: string, value: string) => put(found, { type, blind: keys.blindIndex(type, value), isEvidence: false, isSuspect: false });
  for (const name of details.names) {
    const folded = foldName(name);
    if (folded !== '') add(isUnnamed(name) ? UNNAMED : NAME, folded);
  }
  const birth = fullBirth(details, residentIds);
  if (birth !== null) add(BIRTH, birth);
  for (const phone of numbers.phones) if (phone !== null) add(PHONE, phone.number);
  return { identifiers: found, hasResidentId: residentIds.length > 0, hasPhone: numbers.phones.some((phone) => phone !== null) };
}

function numberIdentifiers(keys: Keys, ids: readonly SourceId[], details: PersonDetails | null, read: readonly (Evidence | null)[]): BlindIdentifier[] {
  const found: BlindIdentifier[] = [];
  for (const [at, id] of ids.entries()) {
    const evidence = read[at] ?? null;
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
/** Of the same value said twice the later holds. A record has a handful. */
function put(into: BlindIdentifier[], each: BlindIdentifier): void {
  const same = into.findIndex((other) => isSameIdentifier(other, each));
  if (same < 0) into.push(each);
  else into[same] = each;
}
export const isSameIdentifier = (a: BlindIdentifier, b: BlindIdentifier): boolean => a.type === b.type && a.blind.equals(b.blind);

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
