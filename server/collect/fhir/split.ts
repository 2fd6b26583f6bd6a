/**
 * Cuts a stream of bytes into FHIR resources: NDJSON line by line (a broken line never takes the next with it), or one JSON text,
 * pretty or not, that is a resource or a Bundle. Holds one line or one text at a time.
 */
import { isUtf8 } from 'node:buffer';
import { type Noted, noted } from '../errors.ts';
import { checkResource, isObject } from './accept.ts';
import { splitBundle } from './bundle.ts';
import { BrokenJson, membersOf, parsePart, placeOf, skipSpace, skipValue } from './json-parts.ts';

/** One NDJSON line: a large resource with an embedded document stays below it. */
export const LINE_MAX = 16 * 1024 * 1024;
/** One JSON text that is not NDJSON; larger sets come as NDJSON, which needs no such limit. */
export const TEXT_MAX = 64 * 1024 * 1024;

export type FhirItem =
  | { readonly kind: 'resource'; readonly body: Uint8Array; readonly line: number }
  | ({ readonly kind: 'refused'; readonly line: number } & Noted);

const NOTHING = Buffer.alloc(0);
const OPEN_BRACKET = 0x5b;
const NEW_LINE = Buffer.from('\n');

export class FhirSplitter {
  #parts: Buffer[] = [];
  #size = 0;
  #line = 1;
  #isSkipping = false;
  #first: { readonly bytes: Buffer; readonly line: number } | null = null;
  #mode: 'lines' | 'text' | 'undecided';
  readonly #lineMax: number;
  readonly #textMax: number;

  /** `isLines`: the name says NDJSON; otherwise the first line decides: complete in itself means NDJSON. */
  constructor(isLines: boolean, limits: { line: number; text: number } = { line: LINE_MAX, text: TEXT_MAX }) {
    this.#mode = isLines ? 'lines' : 'undecided';
    this.#lineMax = limits.line;
    this.#textMax = limits.text;
  }

  push(chunk: Uint8Array): FhirItem[] {
    const items: FhirItem[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (rest.length > 0) {
      const end = this.#mode === 'text' ? -1 : rest.indexOf(0x0a);
      if (end < 0) {
        this.#hold(rest, items);
        return items;
      }
      this.#hold(rest.subarray(0, end), items);
      rest = rest.subarray(end + 1);
      this.#endLine(items);
    }
    return items;
  }

  end(): FhirItem[] {
    const items: FhirItem[] = [];
    const last = this.#take();
    if (this.#isSkipping) return items;
    const held = this.#first === null ? last : Buffer.concat([this.#first.bytes, NEW_LINE, last]);
    const line = this.#first?.line ?? this.#line;
    if (!isBlank(held)) items.push(...(this.#mode === 'lines' ? readLine(held, line) : readText(held, line)));
    return items;
  }

  #hold(bytes: Buffer, items: FhirItem[]): void {
    if (this.#isSkipping) return;
    this.#parts.push(bytes);
    this.#size += bytes.length;
    const max = this.#mode === 'lines' ? this.#lineMax : this.#textMax;
    if (this.#size <= max) return;
    items.push({ kind: 'refused', line: this.#line, ...noted('line-too-long', { line: this.#line, limitMb: Math.round(max / 1024 / 1024) }) });
    this.#take();
    this.#isSkipping = true;
  }

  #endLine(items: FhirItem[]): void {
    const held = this.#take();
    const line = this.#line;
    this.#line += 1;
    if (this.#isSkipping) {
      this.#isSkipping = false;
      this.#mode = 'lines';
    } else if (isBlank(held)) return;
    else if (this.#mode === 'lines') items.push(...readLine(held, line));
    else this.#decide(held, line, items);
  }

  /** NDJSON when the first line, or after a broken first line the second, is a whole object; else one text over many lines. */
  #decide(held: Buffer, line: number, items: FhirItem[]): void {
    if (isWholeObject(held)) {
      this.#mode = 'lines';
      if (this.#first !== null) items.push(...readLine(this.#first.bytes, this.#first.line));
      this.#first = null;
      items.push(...readLine(held, line));
    } else if (this.#first === null && held[skipSpace(held, bomOf(held))] !== OPEN_BRACKET) this.#first = { bytes: held, line };
    else {
      this.#mode = 'text';
      this.#parts = [...(this.#first === null ? [] : [this.#first.bytes, NEW_LINE]), held, NEW_LINE];
      this.#size = this.#parts.reduce((sum, each) => sum + each.length, 0);
      this.#line = this.#first?.line ?? line;
      this.#first = null;
    }
  }

  #take(): Buffer {
    const held = this.#parts.length === 1 ? (this.#parts[0] ?? NOTHING) : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    return held;
  }
}

const isBlank = (bytes: Uint8Array): boolean => skipSpace(bytes, bomOf(bytes)) >= bytes.length;
const bomOf = (bytes: Uint8Array): number => (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);

function isWholeObject(line: Uint8Array): boolean {
  try {
    const start = skipSpace(line, bomOf(line));
    return line[start] === 0x7b && skipSpace(line, skipValue(line, start)) === line.length;
  } catch {
    return false;
  }
}

const broken = (bytes: Uint8Array, error: BrokenJson, firstLine: number): FhirItem => {
  const { line, column } = placeOf(bytes, error.offset);
  return {
    kind: 'refused',
    line: firstLine + line - 1,
    ...noted('json-broken', {
      line: firstLine + line - 1,
      column,
      what: error.isCutShort ? '内容在此处中断' : '语法错误',
      whatEn: error.isCutShort ? 'the text ends here' : 'syntax error',
    }),
  };
};

/** One line of NDJSON: a resource, or a whole Bundle. */
function readLine(line: Buffer, number: number): FhirItem[] {
  const bytes = line.subarray(bomOf(line));
  const start = skipSpace(bytes, 0);
  if (!isUtf8(bytes)) return [{ kind: 'refused', line: number, ...noted('encoding', { charset: 'UTF-8' }) }];
  try {
    const resource = parsePart(bytes, { start, end: bytes.length });
    if (isObject(resource) && resource['resourceType'] === 'Bundle') return splitBundle(bytes, start, number);
    const wrong = checkResource(resource);
    if (wrong !== null) return [{ kind: 'refused', line: number, ...wrong }];
    return [{ kind: 'resource', body: trimmed(bytes, start), line: number }];
  } catch (error) {
    if (error instanceof BrokenJson) return [broken(bytes, error, number)];
    throw error;
  }
}

/** A file that is one JSON text. */
function readText(text: Buffer, firstLine: number): FhirItem[] {
  const bytes = text.subarray(bomOf(text));
  const start = skipSpace(bytes, 0);
  if (!isUtf8(bytes)) return [{ kind: 'refused', line: firstLine, ...noted('encoding', { charset: 'UTF-8' }) }];
  if (bytes[start] === OPEN_BRACKET) return [{ kind: 'refused', line: firstLine, ...noted('json-array') }];
  try {
    const { members, end } = membersOf(bytes, start);
    if (skipSpace(bytes, end) < bytes.length) throw new BrokenJson(skipSpace(bytes, end), false);
    const type = members.find((each) => each.name === 'resourceType');
    if (type !== undefined && parsePart(bytes, type) === 'Bundle') return splitBundle(bytes, start, firstLine);
    const line = firstLine + placeOf(bytes, start).line - 1;
    const wrong = checkResource(parsePart(bytes, { start, end }));
    if (wrong !== null) return [{ kind: 'refused', line, ...wrong }];
    return [{ kind: 'resource', body: bytes.subarray(start, end), line }];
  } catch (error) {
    if (error instanceof BrokenJson) return [broken(bytes, error, firstLine)];
    throw error;
  }
}

function trimmed(bytes: Buffer, start: number): Buffer {
  let end = bytes.length;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end -= 1;
  return bytes.subarray(start, end);
}
