/** A Bundle → its resources, each a delivery of its own with the references inside the bundle resolved. */
import { createHash } from 'node:crypto';
import { type Noted, noted } from '../errors.ts';
import { checkResource, isId, isObject, type JsonObject } from './accept.ts';
import { elementsOf, lineCounter, type Member, membersOf, type Part, parsePart } from './json-parts.ts';

export type BundleItem =
  | { readonly kind: 'resource'; readonly body: Uint8Array; readonly line: number }
  | ({ readonly kind: 'refused'; readonly line: number } & Noted);

const TYPES = new Set(['transaction', 'batch', 'collection', 'searchset', 'history', 'document', 'message']);

interface Entry {
  readonly number: number;
  readonly line: number;
  readonly fullUrl: string | null;
  readonly part: Part;
  readonly resource: JsonObject;
  readonly id: string;
  /** The sender gave none; it is written into the body. */
  readonly isIdMade: boolean;
}

/** `bytes` holds the bundle from `at`; `firstLine` is the line its text begins at in the file. Throws `BrokenJson`. */
export function splitBundle(bytes: Uint8Array, at: number, firstLine: number): BundleItem[] {
  const { members } = membersOf(bytes, at);
  const lineAt = lineCounter(bytes, firstLine);
  const typePart = members.find((each) => each.name === 'type');
  const type = typePart === undefined ? null : parsePart(bytes, typePart);
  if (typeof type !== 'string' || !TYPES.has(type)) return [{ kind: 'refused', line: firstLine, ...noted('fhir-bundle-type') }];
  const list = members.find((each) => each.name === 'entry');
  const parts = list === undefined ? [] : elementsOf(bytes, list.start);
  if (parts.length === 0) return [{ kind: 'refused', line: firstLine, ...noted('empty') }];

  const entries: Entry[] = [];
  const refused: BundleItem[] = [];
  for (const [index, part] of parts.entries()) {
    const line = lineAt(part.start);
    const read = readEntry(bytes, part, index + 1, line, type);
    if (read === 'skip') continue;
    if (!('code' in read)) {
      entries.push(read);
      continue;
    }
    const name = type === 'transaction' ? 'fhir-transaction' : 'fhir-bundle';
    const refusal: BundleItem = { kind: 'refused', line, ...noted(name, { entry: index + 1, why: read.reasonZh, whyEn: read.reason }) };
    if (type === 'transaction') return [refusal];
    refused.push(refusal);
  }
  const known = new Map(
    entries.flatMap((each) => (each.fullUrl === null ? [] : [[each.fullUrl, `${String(each.resource['resourceType'])}/${each.id}`] as const])),
  );
  const resources = entries.map((each): BundleItem => ({ kind: 'resource', line: each.line, body: bodyOf(bytes, each, known) }));
  return [...resources, ...refused].sort((a, b) => a.line - b.line);
}

function readEntry(bytes: Uint8Array, part: Part, number: number, line: number, type: string): Entry | Noted | 'skip' {
  if (bytes[part.start] !== 0x7b) return noted('fhir-type');
  const { members } = membersOf(bytes, part.start);
  const member = (name: string): Member | undefined => members.find((each) => each.name === name);
  const small = (name: string): unknown => {
    const found = member(name);
    return found === undefined ? undefined : parsePart(bytes, found);
  };
  const search = small('search');
  if (isObject(search) && search['mode'] === 'outcome') return 'skip';
  const request = small('request');
  const method = isObject(request) ? request['method'] : undefined;
  const resourcePart = member('resource');
  const isWrite = type === 'transaction' || type === 'batch';
  if (resourcePart === undefined || (isWrite && method !== 'POST' && method !== 'PUT') || method === 'DELETE') return noted('fhir-method');
  const resource = parsePart(bytes, resourcePart);
  const wrong = checkResource(resource, true);
  if (wrong !== null) return wrong;
  const object = resource as JsonObject;
  const fullUrl = small('fullUrl');
  const url = typeof fullUrl === 'string' ? fullUrl : null;
  const made = object['id'] === undefined ? idFrom(url, bytes, resourcePart) : null;
  const id = made ?? object['id'];
  if (!isId(id)) return noted('fhir-id', { type: String(object['resourceType']) });
  return { number, line, fullUrl: url, part: resourcePart, resource: object, id, isIdMade: made !== null };
}

/** A new resource without an id is known by its `urn:uuid`, else by its content: the same bundle sent again is the same resource. */
function idFrom(fullUrl: string | null, bytes: Uint8Array, part: Part): string {
  const uuid = /^urn:uuid:([0-9A-Fa-f-]{36})$/.exec(fullUrl ?? '')?.[1];
  return uuid?.toLowerCase() ?? createHash('sha256').update(bytes.subarray(part.start, part.end)).digest('hex').slice(0, 32);
}

const REFERENCE = /("reference"\s*:\s*)"((?:urn:|https?:)[^"\\]+)"/g;

/** The resource as sent; only references to other entries of the bundle, and an id the sender left to us, are written in. */
function bodyOf(bytes: Uint8Array, entry: Entry, known: ReadonlyMap<string, string>): Uint8Array {
  const sent = bytes.subarray(entry.part.start, entry.part.end);
  if (!entry.isIdMade && Buffer.from(sent.buffer, sent.byteOffset, sent.length).indexOf('"reference"') < 0) return sent;
  const text = Buffer.from(sent.buffer, sent.byteOffset, sent.length).toString('utf8');
  const resolved = text.replace(REFERENCE, (whole, before: string, url: string) => {
    const to = known.get(url);
    return to === undefined ? whole : `${before}"${to}"`;
  });
  return Buffer.from(entry.isIdMade ? resolved.replace('{', `{"id":${JSON.stringify(entry.id)},`) : resolved);
}
