/** Small readers of FHIR data types. They take what is there and never throw: the resource was checked at the door. */
import type { SourceCode } from '@xinglin/contracts';
import { Memo } from '../../kernel/index.ts';
import { coding, said, sourceCode } from '../statement.ts';
import { type ReadTime, readIsoTime } from '../time.ts';
import { choiceOf, isObject, type Json, type JsonObject } from './accept.ts';

export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value.trim() : '');
export const numberOf = (value: Json | undefined): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const listOf = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

const SYSTEMS: readonly [RegExp, string][] = [
  [/^https?:\/\/loinc\.org/, 'LOINC'],
  [/^https?:\/\/snomed\.info\/sct/, 'SNOMED'],
  [/icd-?10-cm/i, 'ICD-10-CM'],
  [/icd-?10/i, 'ICD-10'],
  [/icd-?9-cm-?3/i, 'ICD-9-CM-3'],
  [/icd-?9/i, 'ICD-9-CM'],
  [/rxnorm$/, 'RxNorm'],
  [/\/sid\/cvx$/, 'CVX'],
  [/\/sid\/ndc$/, 'NDC'],
  [/whocc\.no\/atc/, 'ATC'],
  [/unitsofmeasure\.org/, 'UCUM'],
];
export const systemOf = (uri: string): string | null => (uri === '' ? null : systems.of(uri));
const systems = new Memo(500, (uri) => SYSTEMS.find(([pattern]) => pattern.test(uri))?.[1] ?? uri);

/** CodeableConcept: the coding in an open system when there is one, else the first; its text teaches the name. */
export function conceptOf(value: Json | undefined): SourceCode | null {
  const concept = objectOf(value);
  const codings = listOf(concept['coding']).filter((each) => textOf(each['code']) !== '');
  const chosen = codings.find((each) => /^[A-Z]/.test(systemOf(textOf(each['system'])) ?? '')) ?? codings[0];
  const text = textOf(concept['text']);
  if (chosen === undefined) return sourceCode(null, text);
  return sourceCode(textOf(chosen['code']), textOf(chosen['display']) || text, systemOf(textOf(chosen['system'])));
}
export const codesIn = (value: Json | undefined): string[] => listOf(objectOf(value)['coding']).map((each) => textOf(each['code']));

/** Id of a literal reference to `type`; null for conditional, contained or logical ones. */
export function idIn(reference: Json | undefined, type: string): string | null {
  const text = textOf(objectOf(reference)['reference']).replace(/\/_history\/.*$/, '');
  const found = /(?:^|\/)([A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(text);
  return found?.[1] === type ? (found[2] ?? null) : null;
}

/** A reference to a place or a member of staff as a code: its id, or the identifier of a conditional or logical reference. */
export function referenceCode(value: Json | undefined): SourceCode | null {
  if (!isObject(value)) return null;
  const reference = value;
  const text = textOf(reference['reference']);
  const conditional = /\?identifier=(?:[^|]*\|)?([^&]+)$/.exec(text)?.[1];
  const literal = text.startsWith('#') ? undefined : /([^/?]+)$/.exec(text.replace(/\/_history\/.*$/, '').replace(/\?.*$/, ''))?.[1];
  const logical = textOf(objectOf(reference['identifier'])['value']);
  return sourceCode(conditional ?? (logical || literal), textOf(reference['display']));
}

/** The first usable time among the candidates; a Period counts by its start. */
export function timeAmong(zone: string, ...candidates: (Json | undefined)[]): ReadTime | null {
  for (const each of candidates) {
    const time = readIsoTime(isObject(each) ? (each['start'] ?? objectOf(each['repeat'])['start']) : each, zone);
    if (time !== null) return time;
  }
  return null;
}
export const endOf = (period: Json | undefined, zone: string): string | null => readIsoTime(objectOf(period)['end'], zone)?.iso ?? null;

export { choiceOf, coding, said };
