/** In which characters a message is written. Decided before it is cut, because a GB18030 character may end in a byte that looks like `|`. */
import { isUtf8 } from 'node:buffer';

export type CharsetReason = 'override' | 'bom' | 'declared' | 'valid-utf-8' | 'fallback';
export interface Decoded {
  readonly text: string;
  /** WHATWG label. */
  readonly charset: string;
  readonly reason: CharsetReason;
  /** Bytes that meant nothing were replaced by U+FFFD. */
  readonly isReplaced: boolean;
}

const NAMES: readonly [RegExp, string][] = [
  [/^(GB18030(2000|2005|2022)?|GBK|CP936|MS936|WINDOWS936|936|GB2312(1980)?|GB231280|EUCCN|ISOIR58)$/, 'gb18030'],
  [/^(UNICODE)?UTF8$|^UNICODE$|^65001$|^ISOIR192$/, 'utf-8'],
  [/^(US)?ASCII$|^ISOIR6$|^7BIT$/, 'ascii'],
  [/^BIG5(HKSCS)?$|^CP950$/, 'big5'],
  [/^ISOIR87$/, 'iso-2022-jp'],
];

const LABELS = new Set(['utf-8', 'gb18030', 'ascii', 'big5']);

/** MSH-18 as written in the field (table 0211 and sloppier) → label; null when it says nothing we know. */
export function charsetNamed(declared: string): string | null {
  const plain = declared.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const latin = /^(?:ISO)?8859(\d{1,2})$/.exec(plain);
  if (latin?.[1] !== undefined && Number(latin[1]) >= 1 && Number(latin[1]) <= 16 && latin[1] !== '12') return `iso-8859-${Number(latin[1])}`;
  return NAMES.find(([pattern]) => pattern.test(plain))?.[1] ?? null;
}

/** Making a decoder costs more than decoding a message with it. */
const strict = new Map<string, TextDecoder>();

/** What the strict decoder gives, in a third of its time. */
function utf8Of(bytes: Uint8Array): string | null {
  if (!isUtf8(bytes)) return null;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('utf8', hasMark(bytes) ? 3 : 0);
}
const hasMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Null when the bytes are not that charset. ASCII is UTF-8 without a byte above 7F. */
function strictly(bytes: Uint8Array, charset: string): string | null {
  if (charset === 'ascii' && bytes.some((byte) => byte > 0x7f)) return null;
  const label = labelOf(charset);
  if (label === 'utf-8') return utf8Of(bytes);
  let decoder = strict.get(label);
  if (decoder === undefined) {
    decoder = new TextDecoder(label, { fatal: true });
    strict.set(label, decoder);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** `first field separator … MSH-18`, read byte by byte, enough to see what the sender declares. */
function declaredIn(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEADER_MAX))
    .toString('latin1')
    .replace(/^[^M]*/, '');
  const line = head.split(/[\r\n]/, 1)[0] ?? '';
  const separator = line[3] ?? '|';
  const field = line.split(separator)[17] ?? '';
  return (field.split(line[5] ?? '~')[0] ?? '').trim();
}
const HEADER_MAX = 4096;

/**
 * Override of the channel, else byte order mark, else MSH-18 when the bytes agree with it, else valid UTF-8, else GB18030.
 * A declared set the bytes contradict is passed over: engines that copy `UNICODE UTF-8` into GBK messages are common.
 */
export function decodeMessage(bytes: Uint8Array, override: string | null = null): Decoded {
  if (override !== null) return decoded(bytes, LABELS.has(override) ? override : (charsetNamed(override) ?? override), 'override');
  if (hasMark(bytes)) return decoded(bytes, 'utf-8', 'bom');
  const declared = charsetNamed(declaredIn(bytes));
  const asDeclared = declared === null ? null : strictly(bytes, declared);
  if (declared !== null && asDeclared !== null) return { text: asDeclared, charset: labelOf(declared), reason: 'declared', isReplaced: false };
  const asUtf8 = strictly(bytes, 'utf-8');
  if (asUtf8 !== null) return { text: asUtf8, charset: 'utf-8', reason: 'valid-utf-8', isReplaced: false };
  return decoded(bytes, 'gb18030', 'fallback');
}

const labelOf = (charset: string): string => (charset === 'ascii' ? 'utf-8' : charset);
function decoded(bytes: Uint8Array, charset: string, reason: CharsetReason): Decoded {
  const text = strictly(bytes, charset);
  const label = labelOf(charset);
  return { text: text ?? new TextDecoder(label).decode(bytes), charset: label, reason, isReplaced: text === null };
}
