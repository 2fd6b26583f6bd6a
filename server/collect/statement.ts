/** Builds canonical statements; fills in the dull fields. */
import { createHash } from 'node:crypto';
import type { Canonical, CanonicalAct, CanonicalValue, FactName, PersonDetails, Reading, SourceCode } from '@xinglin/contracts';
import type { Noted } from './errors.ts';

/**
 * Exports and apps name no authority for the record number they carry; it is the HIS's, so they get the name the HIS gives itself in its messages (PID-3.4).
 * Without it a survey and a visit with the same number would be two people. A source that carries another system's numbers says so in its registration;
 * the door then writes it into the delivery, so that it is read the same way for ever.
 */
export const MRN_AUTHORITY = 'HIS';
export const authorityOf = (meta: Readonly<Record<string, string | number>>): string => {
  const given = meta['mrnAuthority'];
  return typeof given === 'string' ? given : MRN_AUTHORITY;
};
export const authorityMeta = (authority: string | null): Readonly<Record<string, string>> =>
  authority === null || authority === MRN_AUTHORITY ? {} : { mrnAuthority: authority };

/** Said only in passing: introduces a person, never overrides a registration (see `Canonical.versionAt`). */
export const IN_PASSING = new Date(0).toISOString();

const CODE_MAX = 64;
const TOKEN_MAX = 60;

/**
 * A source's code, made safe for a fact: ASCII, at most 64 characters, no spaces. A source that only has a name (检查项目 without a number)
 * gets a code derived from the name, so that the same name is the same code for ever; the name teaches the dictionary.
 */
export function sourceCode(code: string | null | undefined, display: string | null | undefined, system: string | null = null): SourceCode | null {
  const name = display?.trim() || null;
  const given = foldWidth(code ?? '');
  if (given === '' && name === null) return null;
  if (given === '') return { code: derived(name ?? ''), display: name, system };
  const plain = given.replace(/\s+/g, '_');
  if (/^[\x21-\x7e]+$/.test(plain) && plain.length <= CODE_MAX) return { code: plain, display: name, system };
  return { code: derived(given), display: name ?? given, system };
}
const derived = (name: string): string => `x${createHash('sha256').update(foldWidth(name)).digest('hex').slice(0, 12)}`;

/** Full-width letters, digits and signs as half-width; blanks around removed. */
export const foldWidth = (text: string): string =>
  /^[\x21-\x7e]*$/.test(text)
    ? text
    : text
        .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
        .replaceAll('\u3000', ' ')
        .trim();

/** Short ASCII for a `token` column; other writing becomes a derived token. Empty → null. */
export function token(text: string | null | undefined): string | null {
  const given = foldWidth(text ?? '');
  if (given === '') return null;
  const plain = given.replace(/\s+/g, '_');
  return /^[\x21-\x7e]+$/.test(plain) && plain.length <= TOKEN_MAX ? plain : derived(given);
}

type Given = Pick<Canonical, 'fact' | 'subject' | 'localId' | 'occurredAt'> & Partial<Canonical>;
export const statement = (given: Given): Canonical => ({
  fact: given.fact,
  subject: given.subject,
  localId: given.localId,
  encounterLocalId: given.encounterLocalId ?? null,
  occurredAt: given.occurredAt,
  precision: given.precision ?? 'second',
  versionAt: given.versionAt ?? null,
  deleted: given.deleted ?? false,
  values: given.values ?? {},
  text: given.text ?? null,
  person: given.person ?? null,
});

export const noDetails: PersonDetails = {
  names: [],
  identifiers: [],
  phones: [],
  addresses: [],
  birthDate: null,
  sex: 'unknown',
  insuranceType: null,
  deceased: false,
  guardian: null,
  nickname: null,
};

/** Columns of `person_record` that follow from the details; what the source left out is left out. */
export function personValues(person: PersonDetails, isDeceasedSaid: boolean): Canonical['values'] {
  const known = isDeceasedSaid ? valuesWithDeath : valuesWithout;
  let values = known.get(person);
  if (values === undefined) {
    values = valuesOf(person, isDeceasedSaid);
    known.set(person, values);
  }
  return values;
}
/** Readers give the same details for the same lines. */
const valuesWithDeath = new WeakMap<PersonDetails, Canonical['values']>();
const valuesWithout = new WeakMap<PersonDetails, Canonical['values']>();

function valuesOf(person: PersonDetails, isDeceasedSaid: boolean): Canonical['values'] {
  const cleared = new Set(person.cleared ?? []);
  const district = person.addresses.find((each) => each.district !== null)?.district ?? null;
  return {
    ...(person.sex !== 'unknown' || cleared.has('sex') ? { sex: person.sex } : {}),
    ...(person.birthDate !== null && person.birthDate.length >= 7
      ? { birth_month: person.birthDate.slice(0, 7) }
      : cleared.has('birthDate')
        ? { birth_month: null }
        : {}),
    ...(district !== null ? { district } : cleared.has('addresses') ? { district: null } : {}),
    ...(person.insuranceType !== null ? { insurance_type: person.insuranceType } : cleared.has('insuranceType') ? { insurance_type: null } : {}),
    ...(isDeceasedSaid ? { is_deceased: person.deceased } : {}),
  };
}

/** Leaves out what the source did not say. */
export function said(values: Readonly<Record<string, CanonicalValue | undefined>>): Record<string, CanonicalValue> {
  const kept: Record<string, CanonicalValue> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== null && value !== undefined) kept[name] = value;
  }
  return kept;
}

/** `code_system` and `code` of a fact. */
export const coding = (code: SourceCode | null): Record<string, CanonicalValue> =>
  code === null ? {} : { code, ...(code.system === null ? {} : { code_system: code.system }) };

/** Collects what one delivery says. Repeated natural keys within a delivery get an ordinal: the same bytes give the same keys. */
export class Draft {
  readonly #facts: Canonical[] = [];
  readonly #acts: CanonicalAct[] = [];
  readonly #quarantined: { item: number; code: string; reason: string; reasonZh: string }[] = [];
  /** How often a natural key came, by fact. */
  readonly #seen = new Map<FactName, Map<string, number>>();

  /** A person or a visit named twice is the same one: the later statement stands. */
  add(given: Given): void {
    if (given.fact === 'person_record' || given.fact === 'encounter') {
      const earlier = this.#facts.findIndex((each) => each.fact === given.fact && each.localId === given.localId);
      if (earlier >= 0) this.#facts.splice(earlier, 1);
      this.#facts.push(statement(given));
      return;
    }
    let seen = this.#seen.get(given.fact);
    if (seen === undefined) {
      seen = new Map();
      this.#seen.set(given.fact, seen);
    }
    const times = (seen.get(given.localId) ?? 0) + 1;
    seen.set(given.localId, times);
    this.#facts.push(statement(times === 1 ? given : { ...given, localId: `${given.localId}#${times}` }));
  }

  act(act: CanonicalAct): void {
    this.#acts.push(act);
  }

  quarantine(item: number, noted: Noted): void {
    this.#quarantined.push({ item, ...noted });
  }

  get reading(): Reading {
    return { facts: this.#facts, acts: this.#acts, quarantined: this.#quarantined };
  }
}
