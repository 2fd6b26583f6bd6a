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

export class Message {
  readonly separators: Separators;
  readonly segments: readonly Segment[];
  readonly #charset: string;

  private constructor(separators: Separators, charset: string) {
    this.separators = separators;
    this.#charset = charset;
    this.segments = [];
  }

  /** Null when the text does not begin with a usable MSH segment. `charset` is a WHATWG label. */
  static parse(text: string, charset: string): Message | null {
    const start = firstLetter(text);
    const separators = readSeparators(text.slice(start, start + 4 + ENCODING_SIGNS_MAX + 1));
    if (separators === null) return null;
    const message = new Message(separators, charset);
    const segments = message.segments as Segment[];
    for (const line of linesOf(text, start, separators.field)) segments.push(new Segment(line, message));
    return message;
  }

  first(name: string): Segment | undefined {
    return this.segments.find((each) => each.name === name);
  }

  all(name: string): Segment[] {
    return this.segments.filter((each) => each.name === name);
  }

  /** What else than its text decides how a line reads. */
  get dialect(): string {
    const signs = this.separators;
    return `${signs.field}${signs.component}${signs.repetition}${signs.escape}${signs.subcomponent}${this.#charset}`;
  }

  /** Undoes escapes of one leaf. */
  leaf(raw: string): string {
    if (raw === '' || raw === CLEARED) return '';
    return unescapeText(raw, this.separators, (bytes) => new TextDecoder(this.#charset).decode(bytes)).trim();
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

/** Segments end with CR, LF or both. A line that does not begin like a segment continues the one before: raw line ends in long texts. */
function linesOf(text: string, start: number, field: string): string[] {
  const lines: string[] = [];
  for (const line of text.slice(start).split(LINE_END)) {
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
  readonly #message: Message;
  #components: string[] | undefined;

  constructor(raw: string, message: Message) {
    this.raw = raw;
    this.#message = message;
  }

  rawAt(component: number): string {
    const sign = this.#message.separators.component;
    this.#components ??= sign === '' ? [this.raw] : this.raw.split(sign);
    return this.#components[component - 1] ?? '';
  }

  at(component: number, subcomponent = 1): string {
    const raw = this.rawAt(component);
    const sign = this.#message.separators.subcomponent;
    if (sign === '' || !raw.includes(sign)) return subcomponent === 1 ? this.#message.leaf(raw) : '';
    return this.#message.leaf(raw.split(sign)[subcomponent - 1] ?? '');
  }

  /** The whole repetition as one text: for fields of type ST, TX and FT, where stray separators are part of the text. */
  get text(): string {
    return this.#message.leaf(this.raw);
  }
}

export class Segment {
  readonly name: string;
  readonly #line: string;
  readonly #message: Message;
  #fields: string[] | undefined;

  constructor(line: string, message: Message) {
    this.name = line.slice(0, 3);
    this.#line = line;
    this.#message = message;
  }

  /** The whole segment: two with the same print read the same. */
  get print(): string {
    return `${this.#message.dialect} ${this.#line}`;
  }

  /** The field as it stands. MSH-1 is the separator itself and counts as a field. */
  raw(field: number): string {
    const sign = this.#message.separators.field;
    if (this.name === 'MSH' && field === 1) return sign;
    this.#fields ??= this.#line.split(sign);
    return this.#fields[this.name === 'MSH' ? field - 1 : field] ?? '';
  }

  repetitions(field: number): Repetition[] {
    const raw = this.raw(field);
    if (raw === '' || raw === CLEARED) return [];
    const sign = this.#message.separators.repetition;
    const parts = sign === '' || !raw.includes(sign) ? [raw] : raw.split(sign);
    return parts.filter((each) => each !== '' && each !== CLEARED).map((each) => new Repetition(each, this.#message));
  }

  /** A leaf of the first repetition; `''` when absent or `""`. */
  get(field: number, component = 1, subcomponent = 1): string {
    const raw = this.raw(field);
    if (raw === '' || raw === CLEARED) return '';
    const sign = this.#message.separators.repetition;
    const first = sign !== '' && raw.includes(sign) ? raw.slice(0, raw.indexOf(sign)) : raw;
    return new Repetition(first, this.#message).at(component, subcomponent);
  }

  /** The source says to delete what is on file. */
  isCleared(field: number): boolean {
    return this.raw(field) === CLEARED;
  }
}
