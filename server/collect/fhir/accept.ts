/** The structural look at one resource before it is taken in. */
import { type Noted, noted } from '../errors.ts';
import { R4_TYPES, REQUIRED } from './r4-types.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const ID = /^[A-Za-z0-9.-]{1,64}$/;
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** Null when the resource is fit to be stored. Without `id` only where the sender leaves it to us (`mayLackId`). */
export function checkResource(resource: unknown, mayLackId = false): Noted | null {
  if (!isObject(resource) || typeof resource['resourceType'] !== 'string' || !R4_TYPES.has(resource['resourceType'])) return noted('fhir-type');
  const type = resource['resourceType'];
  if (!isId(resource['id']) && !(mayLackId && resource['id'] === undefined)) return noted('fhir-id', { type });
  for (const [element, kind] of Object.entries(REQUIRED[type] ?? {})) {
    const value = element.endsWith('[x]') ? choiceOf(resource, element.slice(0, -3)) : resource[element];
    const isThere =
      kind === 'text'
        ? typeof value === 'string' && value !== ''
        : kind === 'object'
          ? isObject(value)
          : kind === 'list'
            ? Array.isArray(value) && value.length > 0
            : value !== undefined && value !== null;
    if (!isThere) return noted('fhir-required', { type, element });
  }
  return null;
}

/** `value[x]` and its like: whichever type was used. */
export function choiceOf(resource: JsonObject, stem: string): Json | undefined {
  for (const name in resource) {
    const next = name.charCodeAt(stem.length);
    if (name.startsWith(stem) && next >= 65 && next <= 90) return resource[name];
  }
  return undefined;
}
