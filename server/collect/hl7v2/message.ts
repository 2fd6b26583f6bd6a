/**
 * A lazy reader of one HL7 v2 message: the text is cut into segments, a segment into fields when one is asked for, a field into
 * repetitions, components and subcomponents when they are. Cutting comes first, undoing escapes last.
 * (An eager tree of the same message costs fifteen times as much.)
 */
import { unescapeText } from './escape.ts';

export interface Separators {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** Fifth sign of MSH-2 since v2.7; `''` when absent. */
  readonly truncation: string;
}

const ENCODING_SIGNS_MAX = 5;

/** A source uses the same signs in every message. */
const known = new Map<string, Separators | null>();
const KNOWN_MAX = 100;

/** From the beginning of an MSH segment; null when the signs cannot separate anything. */
export function readSeparators(header: string): Separators | null {
  const earlier = known.get(header);
  if (earlier !== undefined) return earlier;
  const separators = separatorsIn(header);
  if (known.size < KNOWN_MAX) known.set(header, separators);
  return separators;
}

function separatorsIn(header: string): Separators | null {
  const field = header[3];
  if (!header.startsWith('MSH') || field === undefined || !isSign(field)) return null;
  let end = 4;
  while (end < header.length && header[end] !== field && header[end] !== '\r' && header[end] !== '\n') end += 1;
  const signs = header.slice(4, end);
  if (signs.length < 1 || signs.length > ENCODING_SIGNS_MAX || ![...signs].every(isSign)) return null;
  if (new Set([field, ...signs]).size !== signs.length + 1) return null;
  return { field, component: signs[0] ?? '', repetition: signs[1] ?? '', escape: signs[2] ?? '', subcomponent: signs[3] ?? '', truncation: signs[4] ?? '' };
}
const isSign = (sign: string): boolean => /^[!-/:-@[-`{-~]$/.test(sign);

/** `""` says: delete what you have. */
const CLEARED = '""';

/** What else than its text decides how a line reads: signs and charset. The messages of a source share one. */
export class Dialect {
  readonly separators: Separators;
  readonly name: string;
  readonly #charset: string;

  constructor(separators: Separators, charset: string) {
    this.separators = separators;
    this.#charset = charset;
    this.name = `${separators.field}${separators.component}${separators.repetition}${separators.escape}${separators.subcomponent}${charset}`;
  }

  /** Undoes escapes of one leaf. */
  leaf(raw: string): string {
    if (raw === '' || raw === CLEARED) return '';
    const sign = this.separators.escape;
    if (sign === '' || !raw.includes(sign)) return raw.trim();
    return unescapeText(raw, this.separators, (bytes) => new TextDecoder(this.#charset).decode(bytes)).trim();
  }

  /** Repetitions of a field as it stands, empty and cleared ones left out. */
  repetitions(field: string): Repetition[] {
    if (field === '' || field === CLEARED) return [];
    const sign = this.separators.repetition;
    if (sign === '' || !field.includes(sign)) return [new Repetition(field, this)];
    const parts: Repetition[] = [];
    for (const each of field.split(sign)) if (each !== '' && each !== CLEARED) parts.push(new Repetition(each, this));
    return parts;
  }

  /** A leaf of a field's first repetition. */
  first(field: string, component: number, subcomponent: number): string {
    if (field === '' || field === CLEARED) return '';
    const { repetition, component: sign } = this.separators;
    return this.part(part(part(field, repetition, 1), sign, component), subcomponent);
  }

  /** A leaf of a component. */
  part(component: string, subcomponent: number): string {
    return this.leaf(part(component, this.separators.subcomponent, subcomponent));
  }
}

/** The `number`th part of a text cut at a sign; `''` when there are fewer. */
function part(text: string, sign: string, number: number): string {
  let end = sign === '' ? -1 : text.indexOf(sign);
  if (end < 0) return number === 1 ? text : '';
  let start = 0;
  for (let at = 1; at < number; at += 1) {
    if (end < 0) return '';
    start = end + 1;
    end = text.indexOf(sign, start);
  }
  return text.slice(start, end < 0 ? text.length : end);
}

const dialects = new Map<string, Dialect>();
function dialectOf(separators: Separators, header: string, charset: string): Dialect {
  const name = `${header} ${charset}`;
  const earlier = dialects.get(name);
  if (earlier !== undefined) return earlier;
  const dialect = new Dialect(separators, charset);
  if (dialects.size < KNOWN_MAX) dialects.set(name, dialect);
  return dialect;
}

export class Message {
  readonly dialect: Dialect;
  readonly segments: readonly Segment[];

  private constructor(dialect: Dialect, segments: readonly Segment[]) {
    this.dialect = dialect;
    this.segments = segments;
  }

  /** Null when the text does not begin with a usable MSH segment. `charset` is a WHATWG label. */
  static parse(text: string, charset: string): Message | null {
    const start = firstLetter(text);
    const header = text.slice(start, start + 4 + ENCODING_SIGNS_MAX + 1);
    const separators = readSeparators(header);
    if (separators === null) return null;
    const dialect = dialectOf(separators, header, charset);
    return new Message(
      dialect,
      linesOf(text, start, separators.field).map((line) => new Segment(line, dialect)),
    );
  }

  get separators(): Separators {
    return this.dialect.separators;
  }

  first(name: string): Segment | undefined {
    return this.segments.find((each) => each.name === name);
  }

  all(name: string): Segment[] {
    return this.segments.filter((each) => each.name === name);
  }
}

/** Past a byte order mark, MLLP's start byte and blank lines. */
function firstLetter(text: string): number {
  let at = 0;
  while (at < text.length && (text.charCodeAt(at) <= 0x20 || text.charCodeAt(at) === 0xfeff)) at += 1;
  return at;
}

/** CR LF, CR, LF, and the bytes that frame a message in MLLP. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: VT and FS are the framing bytes themselves.
const LINE_END = /\r\n|[\r\n\u000b\u001c]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const OTHER_LINE_END = /[\n\u000b\u001c]/;

/** Segments end with CR, LF or both. A line that does not begin like a segment continues the one before: raw line ends in long texts. */
function linesOf(text: string, start: number, field: string): string[] {
  const lines: string[] = [];
  const whole = start === 0 ? text : text.slice(start);
  // Most senders end segments with CR alone, and cutting at one letter takes a third of the time.
  for (const line of OTHER_LINE_END.test(whole) ? whole.split(LINE_END) : whole.split('\r')) {
    if (line === '') continue;
    const last = lines.length - 1;
    if (last < 0 || isSegment(line, field)) lines.push(line);
    else lines[last] = `${lines[last]}\n${line}`;
  }
  return lines;
}
const isSegment = (line: string, field: string): boolean =>
  (line.length === 3 || line[3] === field) && isCapital(line.charCodeAt(0)) && isCapitalOrDigit(line.charCodeAt(1)) && isCapitalOrDigit(line.charCodeAt(2));
const isCapital = (code: number): boolean => code >= 65 && code <= 90;
const isCapitalOrDigit = (code: number): boolean => isCapital(code) || (code >= 48 && code <= 57);

/** One repetition of a field: components and subcomponents count from 1. */
export class Repetition {
  readonly raw: string;
  readonly #dialect: Dialect;

  constructor(raw: string, dialect: Dialect) {
    this.raw = raw;
    this.#dialect = dialect;
  }

  at(component: number, subcomponent = 1): string {
    return this.#dialect.part(part(this.raw, this.#dialect.separators.component, component), subcomponent);
  }

  /** The whole repetition as one text: for fields of type ST, TX and FT, where stray separators are part of the text. */
  get text(): string {
    return this.#dialect.leaf(this.raw);
  }
}

export class Segment {
  readonly name: string;
  readonly line: string;
  readonly dialect: Dialect;
  #fields: string[] | undefined;

  constructor(line: string, dialect: Dialect) {
    this.name = line.slice(0, 3);
    this.line = line;
    this.dialect = dialect;
  }

  /** The field as it stands. MSH-1 is the separator itself and counts as a field. */
  raw(field: number): string {
    const sign = this.dialect.separators.field;
    this.#fields ??= this.line.split(sign);
    if (this.name !== 'MSH') return this.#fields[field] ?? '';
    return field === 1 ? sign : (this.#fields[field - 1] ?? '');
  }

  repetitions(field: number): Repetition[] {
    return this.dialect.repetitions(this.raw(field));
  }

  /** A leaf of the first repetition; `''` when absent or `""`. */
  get(field: number, component = 1, subcomponent = 1): string {
    return this.dialect.first(this.raw(field), component, subcomponent);
  }

  /** The source says to delete what is on file. */
  isCleared(field: number): boolean {
    return this.raw(field) === CLEARED;
  }
}
