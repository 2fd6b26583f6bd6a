/** Patient → who the person is; its links → merges. */
import type { PersonDetails, SourceId } from '@xinglin/contracts';
import { IDENTIFIER_OF, sexOf } from '../hl7v2/codes.ts';
import { noDetails, personValues } from '../statement.ts';
import type { JsonObject } from './accept.ts';
import { type FhirContext, patientId } from './context.ts';
import { choiceOf, codesIn, idIn, listOf, objectOf, textOf } from './elements.ts';

/** Who a Patient resource says the person is. */
export function personOf(resource: JsonObject, source: string): PersonDetails {
  const deceased = choiceOf(resource, 'deceased');
  return {
    ...noDetails,
    names: namesOf(resource),
    identifiers: listOf(resource['identifier']).flatMap((each) => identifierOf(each, source) ?? []),
    phones: listOf(resource['telecom']).flatMap((each) =>
      /^(phone|sms)$/.test(textOf(each['system'])) && textOf(each['value']) !== '' ? [textOf(each['value'])] : [],
    ),
    addresses: listOf(resource['address']).flatMap((each) => addressOf(each) ?? []),
    birthDate: /^\d{4}(-\d{2}(-\d{2})?)?$/.test(textOf(resource['birthDate'])) ? textOf(resource['birthDate']) : null,
    sex: sexOf(textOf(resource['gender'])),
    deceased: deceased === true || typeof deceased === 'string',
    guardian: guardianOf(resource),
  };
}

export function readPatient({ id, resource, draft, versionAt, fallback, isError, source }: FhirContext): void {
  const deceased = choiceOf(resource, 'deceased');
  const person = personOf(resource, source);
  const subject = patientId(id);
  draft.add({
    fact: 'person_record',
    subject,
    localId: `Patient/${id}`,
    occurredAt: fallback.iso,
    precision: fallback.precision,
    versionAt,
    deleted: isError,
    values: personValues(person, deceased !== undefined),
    person,
  });
  for (const link of listOf(resource['link'])) {
    const other = idIn(link['other'], 'Patient');
    if (other === null || other === id) continue;
    if (link['type'] === 'replaced-by') draft.act({ act: 'merge', survivor: patientId(other), retired: subject, occurredAt: fallback.iso });
    if (link['type'] === 'seealso' || link['type'] === 'refer') draft.act({ act: 'link', one: subject, other: patientId(other), occurredAt: fallback.iso });
    if (link['type'] === 'replaces') draft.act({ act: 'merge', survivor: subject, retired: patientId(other), occurredAt: fallback.iso });
  }
}

/** Official and usual names first; old ones too, because people are looked for by them. */
function namesOf(resource: JsonObject): string[] {
  const order = ['official', 'usual', ''];
  const rank = (name: JsonObject): number => {
    const at = order.indexOf(textOf(name['use']));
    return at < 0 ? order.length : at;
  };
  const names = listOf(resource['name'])
    .sort((a, b) => rank(a) - rank(b))
    .map((each) => {
      const text = textOf(each['text']);
      if (text !== '') return text;
      const family = textOf(each['family']);
      const given = Array.isArray(each['given']) ? each['given'].map(textOf) : [];
      return /\p{Script=Han}/u.test(family) ? family + given.join('') : [...given, family].filter((part) => part !== '').join(' ');
    });
  return [...new Set(names.filter((each) => each !== ''))];
}

const RESIDENT_ID_SYSTEM = /resident-?id|identity-?card|id-?card|居民身份证|2\.16\.156\.10011\.1\.3$/i;

function identifierOf(identifier: JsonObject, source: string): SourceId | null {
  const value = textOf(identifier['value']);
  if (value === '') return null;
  const system = textOf(identifier['system']);
  const coded = codesIn(identifier['type'])
    .map((code) => IDENTIFIER_OF[code.toUpperCase()])
    .find((each) => each !== undefined);
  return { type: coded ?? (RESIDENT_ID_SYSTEM.test(system) ? 'resident-id' : 'other'), system: system || source, value };
}

function addressOf(address: JsonObject): PersonDetails['addresses'][number] | null {
  const lines = Array.isArray(address['line']) ? address['line'].map(textOf) : [];
  const [state, city, district, postal, country] = ['state', 'city', 'district', 'postalCode', 'country'].map((name) => textOf(address[name]));
  const isChinese = /\p{Script=Han}/u.test([...lines, state, city].join(''));
  const text =
    textOf(address['text']) ||
    (isChinese ? [state, city, district, ...lines].join('') : [...lines, city, state, postal, country].filter((each) => each !== '').join(', '));
  return text === '' ? null : { text, district: district !== undefined && /^\d{6}$/.test(district) ? district : null };
}

const GUARDIAN = /^(N|GUARD|GUARDIAN|PRN|MTH|FTH|PAR)$/i;
function guardianOf(resource: JsonObject): PersonDetails['guardian'] {
  for (const contact of listOf(resource['contact'])) {
    const relations = listOf(contact['relationship']);
    const relation = relations.flatMap((each) => codesIn(each)).find((code) => GUARDIAN.test(code));
    if (relation === undefined) continue;
    const [name] = namesOf({ name: [objectOf(contact['name'])] });
    if (name === undefined) continue;
    const phone = listOf(contact['telecom']).find((each) => textOf(each['system']) === 'phone');
    return { name, phone: textOf(phone?.['value']) || null, relation };
  }
  return null;
}
