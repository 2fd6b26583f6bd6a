/** PID, NK1 and IN1 → who the patient is. Identifiers, names and addresses are carried as written; judging them is `govern`'s work. */
import type { IdentifierType, PersonDetails, SourceId } from '@xinglin/contracts';
import { detached } from '../../kernel/index.ts';
import { noDetails } from '../statement.ts';
import { IDENTIFIER_OF, payerOf, sexOf } from './codes.ts';
import { type Repetition, Segment } from './message.ts';
import { readHl7Date } from './time.ts';

const RESIDENT_ID_SHAPE = /^\d{17}[\dXx]$|^\d{15}$/;
const DISTRICT_SHAPE = /^\d{6}$/;

/** CX → id. Without a type it is taken by its place: `fallback`. */
function idOf(cx: Repetition, fallback: IdentifierType, source: string): SourceId | null {
  const value = cx.at(1);
  if (value === '') return null;
  const named = cx.at(5).toUpperCase();
  const type = named === '' ? fallback : (IDENTIFIER_OF[named] ?? 'other');
  const authority = cx.at(4) || cx.at(4, 2);
  return { type, system: authority || (type === 'other' && named !== '' ? named : source), value };
}

/** The ids of a field that names a patient (PID-3, MRG-1 …). */
export const idsOf = (segment: Segment, field: number, source: string): SourceId[] =>
  segment.repetitions(field).flatMap((each) => idOf(each, 'mrn', source) ?? []);

/** The one a source knows the patient by: the medical record number when it says which, else the first it gives. */
export function subjectOf(ids: readonly SourceId[]): SourceId | null {
  return ids.find((each) => each.type === 'mrn') ?? ids[0] ?? null;
}

/** PID-3, in old messages PID-2 or PID-4. */
export function patientOf(pid: Segment, source: string): SourceId | null {
  return subjectOf(idsOf(pid, 3, source)) ?? subjectOf(idsOf(pid, 2, source)) ?? subjectOf(idsOf(pid, 4, source));
}

interface Around {
  readonly nextOfKin: readonly Segment[];
  readonly insurance: readonly Segment[];
  readonly payer: string;
}

/** Most messages of a patient repeat the same lines: they are read once, and the same details given again. A few megabytes. */
const known = new Map<string, PersonDetails>();
const KNOWN_MAX = 3_000;

export function detailsOf(pid: Segment, around: Around, source: string): PersonDetails {
  let print = `${source}\n${pid.dialect.name}\n${around.payer}\n${pid.line}`;
  for (const each of around.nextOfKin) print += `\n${each.line}`;
  for (const each of around.insurance) print += `\n${each.line}`;
  const before = known.get(print);
  if (before !== undefined) return before;
  const details = readDetails(own(pid), { ...around, nextOfKin: around.nextOfKin.map(own), insurance: around.insurance.map(own) }, source);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(print, details);
  return details;
}

/** So that what is kept of a line does not keep its message. */
const own = (segment: Segment): Segment => new Segment(detached(segment.line), segment.dialect);

function readDetails(pid: Segment, around: Around, source: string): PersonDetails {
  const birth = pid.get(7);
  const cleared: NonNullable<PersonDetails['cleared']>[number][] = [];
  if (pid.isCleared(5)) cleared.push('names');
  if (pid.isCleared(7)) cleared.push('birthDate');
  if (pid.isCleared(8)) cleared.push('sex');
  if (pid.isCleared(11)) cleared.push('addresses');
  if (pid.isCleared(13)) cleared.push('phones');
  const plan = around.insurance.map((each) => payerOf(each.get(15)) ?? payerOf(each.get(2, 2)) ?? payerOf(each.get(2))).find((each) => each !== null);
  return {
    ...noDetails,
    names: distinct(pid.repetitions(5).sort(byWriting).map(nameOf)),
    identifiers: identifiersOf(pid, around.insurance, source),
    phones: distinct([...pid.repetitions(13), ...pid.repetitions(14), ...pid.repetitions(40)].map(phoneOf)),
    addresses: pid.repetitions(11).flatMap((each) => {
      const text = addressOf(each);
      const county = each.at(9);
      return text === '' ? [] : [{ text, district: DISTRICT_SHAPE.test(county) ? county : null }];
    }),
    birthDate: birth === '' ? null : readHl7Date(birth),
    sex: sexOf(pid.get(8)),
    insuranceType: plan ?? payerOf(around.payer),
    deceased: isDeceased(pid),
    guardian: guardianOf(around.nextOfKin),
    ...(cleared.length === 0 ? {} : { cleared }),
  };
}

/** PID-30, or a time in PID-29. */
export const isDeceased = (pid: Segment): boolean => /^(Y|1|是)$/i.test(pid.get(30)) || pid.get(29) !== '';
export const isDeceasedSaid = (pid: Segment): boolean => pid.get(30) !== '' || pid.get(29) !== '';

function identifiersOf(pid: Segment, insurance: readonly Segment[], source: string): SourceId[] {
  const all = [...idsOf(pid, 3, source), ...idsOf(pid, 2, source), ...idsOf(pid, 4, source)];
  const social = pid.get(19);
  if (social !== '')
    all.push({ type: RESIDENT_ID_SHAPE.test(social) ? 'resident-id' : 'other', system: RESIDENT_ID_SHAPE.test(social) ? source : 'PID-19', value: social });
  for (const each of insurance) {
    const policy = each.get(36);
    if (policy !== '') all.push({ type: 'insurance', system: each.get(3, 1) || source, value: policy });
  }
  const seen = new Set<string>();
  return all.filter((each) => {
    const key = `${each.type} ${each.system} ${each.value}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** Ideographic names first, then as given. */
const WRITING: Readonly<Record<string, number>> = { I: 0, '': 1, P: 2, A: 3 };
const byWriting = (a: Repetition, b: Repetition): number => (WRITING[a.at(8)] ?? 1) - (WRITING[b.at(8)] ?? 1);

/** XPN → the full name: Chinese family name first and together, others given name first. */
export function nameOf(xpn: Repetition): string {
  const family = xpn.at(1);
  const given = xpn.at(2);
  const further = xpn.at(3);
  if (/\p{Script=Han}/u.test(family + given)) return `${family}${given}${further}`;
  return [given, further, family].filter((each) => each !== '').join(' ');
}

/** XTN-12 or 1 as one text, else from its parts. Mail addresses are no phones. */
function phoneOf(xtn: Repetition): string {
  if (/^(internet|x\.400)$/i.test(xtn.at(3)) || /@/.test(xtn.at(1))) return '';
  const whole = xtn.at(12) || xtn.at(1);
  if (whole !== '') return whole;
  const [country, area, local] = [xtn.at(5), xtn.at(6), xtn.at(7)];
  return local === '' ? '' : `${country === '' ? '' : `+${country} `}${area === '' ? '' : `${area} `}${local}`;
}

/** XAD: Chinese addresses run from the large to the small, others the other way. */
function addressOf(xad: Repetition): string {
  const [street, other, city, state, zip, country] = [xad.at(1), xad.at(2), xad.at(3), xad.at(4), xad.at(5), xad.at(6)];
  const isChinese = /\p{Script=Han}/u.test(street + other + city + state);
  return isChinese ? [state, city, other, street].join('') : [street, other, city, state, zip, country].filter((each) => each !== '').join(', ');
}

const GUARDIAN = /^(GRD|GUARD|MTH|FTH|PAR|监护人|父亲|母亲|父|母)$/i;
function guardianOf(nextOfKin: readonly Segment[]): PersonDetails['guardian'] {
  const found = nextOfKin.find((each) => GUARDIAN.test(each.get(3)) || GUARDIAN.test(each.get(3, 2)));
  const name = found?.repetitions(2)[0];
  if (found === undefined || name === undefined) return null;
  const phone = found
    .repetitions(5)
    .map(phoneOf)
    .find((each) => each !== '');
  return { name: nameOf(name), phone: phone ?? null, relation: found.get(3, 2) || found.get(3) };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts.filter((each) => each !== ''))];
