/** Bytes of a CSV file → UTF-8. UTF-8 with or without a mark, else GB18030, decided at the first line with characters beyond ASCII. */
import { isAscii, isUtf8 } from 'node:buffer';

export type CsvCharset = 'utf-8' | 'gb18030';

/** Undecided bytes held at most; a file that has not decided by then is taken for what it looks like. */
const HELD_MAX = 1024 * 1024;
const NEW_LINE = 0x0a;
const NOTHING = Buffer.alloc(0);

/** What is no character of the charset becomes U+FFFD. Bytes that are good already are given on as they are. */
export class CsvDecoder {
  #charset: CsvCharset | null = null;
  /** Of GB18030. */
  #decoder: TextDecoder | null = null;
  #isFirst = true;
  /** Undecided; once UTF-8 was decided, the beginning of a character whose end has not come. */
  #held: Buffer = NOTHING;

  /** Null while the file is plain ASCII. */
  get charset(): CsvCharset | null {
    return this.#charset;
  }

  push(bytes: Uint8Array): Buffer {
    let body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#isFirst && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
      this.#decide('utf-8');
      body = body.subarray(3);
    }
    this.#isFirst = false;
    if (this.#charset !== null) return this.#decode(body);
    if (this.#held.length === 0 && isAscii(body)) return body;
    this.#held = Buffer.concat([this.#held, body]);
    return this.#flush(this.#held.length > HELD_MAX);
  }

  end(): Buffer {
    const flushed = this.#charset === null ? this.#flush(true) : NOTHING;
    const rest = this.#decoder === null ? wellFormed(this.#held) : Buffer.from(this.#decoder.decode());
    this.#held = NOTHING;
    return Buffer.concat([flushed, rest]);
  }

  #flush(isLast: boolean): Buffer {
    if (this.#held.length === 0) return NOTHING;
    const charset = decisive(this.#held) ?? (isLast ? charsetOf(this.#held) : null);
    if (charset === null) return NOTHING;
    this.#decide(charset);
    const held = this.#held;
    this.#held = NOTHING;
    return this.#decode(held);
  }

  #decide(charset: CsvCharset): void {
    this.#charset = charset;
    if (charset === 'gb18030') this.#decoder = new TextDecoder(charset, { ignoreBOM: true });
  }

  #decode(bytes: Buffer): Buffer {
    if (this.#decoder !== null) return Buffer.from(this.#decoder.decode(bytes, { stream: true }));
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const end = wholeCharacters(all);
    this.#held = all.subarray(end);
    return wellFormed(all.subarray(0, end));
  }
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const wellFormed = (bytes: Buffer): Buffer => (isUtf8(bytes) ? bytes : Buffer.from(utf8.decode(bytes)));

/** Where the last character begins if some of its bytes are missing, else the end. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** What the first telling whole line says; null while none does. */
function decisive(bytes: Buffer): CsvCharset | null {
  let from = 0;
  for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, from)) {
    const line = bytes.subarray(from, end);
    from = end + 1;
    if (isAscii(line)) continue;
    const text = strictUtf8(line);
    if (text === null) return 'gb18030';
    if (/[\u0800-\u{10ffff}]/u.test(text)) return 'utf-8';
  }
  return null;
}

/**
 * For bytes that are all there is. Two GB18030 bytes can pass for one letter of Latin, Greek or Cyrillic: it is one when it stands in a
 * word with plain letters (`Müller`), and a hanzi when it stands by itself.
 */
export function charsetOf(bytes: Uint8Array): CsvCharset {
  const text = strictUtf8(bytes);
  if (text === null) return 'gb18030';
  if (/[\u0800-\u{10ffff}]/u.test(text) || /[A-Za-z][\u0080-\u07ff]|[\u0080-\u07ff][A-Za-z]/.test(text)) return 'utf-8';
  return /\p{Script=Han}/u.test(new TextDecoder('gb18030').decode(bytes)) ? 'gb18030' : 'utf-8';
}

function strictUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
