/**
 * Finds the parts of a JSON text without building it: members of an object and elements of an array as byte ranges.
 * A bundle of 60 MB is then parsed one resource at a time, and each resource is kept as it was sent.
 */
export interface Part {
  readonly start: number;
  readonly end: number;
}
export interface Member extends Part {
  readonly name: string;
}

/** The text ends early or breaks the rules at this byte. */
export class BrokenJson extends Error {
  readonly offset: number;
  readonly isCutShort: boolean;
  constructor(offset: number, isCutShort: boolean) {
    super('broken JSON');
    this.offset = offset;
    this.isCutShort = isCutShort;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

export function skipSpace(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && isSpace(bytes[at])) at += 1;
  return at;
}

/** Past the closing quote of the string that opens at `at`. */
function skipString(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next += 1) {
    const byte = bytes[next];
    if (byte === BACKSLASH) next += 1;
    else if (byte === QUOTE) return next + 1;
  }
  throw new BrokenJson(bytes.length, true);
}

/** Past the value that begins at `at`. Nesting is followed, grammar inside is left to the parser of the part. */
export function skipValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first === QUOTE) return skipString(bytes, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) {
    let next = at;
    while (next < bytes.length && bytes[next] !== COMMA && bytes[next] !== CLOSE_BRACE && bytes[next] !== CLOSE_BRACKET && !isSpace(bytes[next])) next += 1;
    if (next === at) throw new BrokenJson(at, at >= bytes.length);
    return next;
  }
  let depth = 0;
  for (let next = at; next < bytes.length; ) {
    const byte = bytes[next];
    if (byte === QUOTE) {
      next = skipString(bytes, next);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) return next + 1;
    }
    next += 1;
  }
  throw new BrokenJson(bytes.length, true);
}

function expect(bytes: Uint8Array, at: number, byte: number): number {
  if (bytes[at] !== byte) throw new BrokenJson(at, at >= bytes.length);
  return at + 1;
}

/** Members of the object at `at`, in order. Throws `BrokenJson`. */
export function membersOf(bytes: Uint8Array, at: number): { members: Member[]; end: number } {
  const members: Member[] = [];
  let next = skipSpace(bytes, expect(bytes, at, OPEN_BRACE));
  if (bytes[next] === CLOSE_BRACE) return { members, end: next + 1 };
  for (;;) {
    if (bytes[next] !== QUOTE) throw new BrokenJson(next, next >= bytes.length);
    const nameEnd = skipString(bytes, next);
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + next + 1, nameEnd - next - 2).toString('utf8');
    const start = skipSpace(bytes, expect(bytes, skipSpace(bytes, nameEnd), COLON));
    const end = skipValue(bytes, start);
    members.push({ name, start, end });
    next = skipSpace(bytes, end);
    if (bytes[next] === CLOSE_BRACE) return { members, end: next + 1 };
    next = skipSpace(bytes, expect(bytes, next, COMMA));
  }
}

/** Elements of the array at `at`, in order. Throws `BrokenJson`. */
export function elementsOf(bytes: Uint8Array, at: number): Part[] {
  const parts: Part[] = [];
  let next = skipSpace(bytes, expect(bytes, at, OPEN_BRACKET));
  if (bytes[next] === CLOSE_BRACKET) return parts;
  for (;;) {
    const end = skipValue(bytes, next);
    parts.push({ start: next, end });
    next = skipSpace(bytes, end);
    if (bytes[next] === CLOSE_BRACKET) return parts;
    next = skipSpace(bytes, expect(bytes, next, COMMA));
  }
}

/** Line and column, counted from 1, of a byte offset. */
export function placeOf(bytes: Uint8Array, offset: number): { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < offset && at < bytes.length; at += 1) {
    if (bytes[at] === 0x0a) {
      line += 1;
      lineStart = at + 1;
    }
  }
  const column = Buffer.from(bytes.buffer, bytes.byteOffset + lineStart, Math.max(0, Math.min(offset, bytes.length) - lineStart)).toString('utf8').length + 1;
  return { line, column };
}

/** Line numbers of ascending offsets: each byte is looked at once. */
export function lineCounter(bytes: Uint8Array, firstLine: number): (offset: number) => number {
  let line = firstLine;
  let at = 0;
  return (offset) => {
    for (; at < offset && at < bytes.length; at += 1) if (bytes[at] === 0x0a) line += 1;
    return line;
  };
}

/** Parses a part; says where in the whole text it is broken. */
export function parsePart(bytes: Uint8Array, part: Part): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + part.start, part.end - part.start).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    // Only the position is taken from the engine's message: it may quote the text.
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    const before = position === undefined ? '' : text.slice(0, Number(position));
    const isCutShort = /end of JSON/.test((error as Error).message);
    throw new BrokenJson(isCutShort ? part.end : part.start + Buffer.byteLength(before), isCutShort);
  }
}
