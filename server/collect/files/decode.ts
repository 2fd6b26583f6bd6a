/** Bytes of a CSV file → text. UTF-8 with or without a mark, else GB18030, decided at the first line with characters beyond ASCII. */

export type CsvCharset = 'utf-8' | 'gb18030';

/** Undecided bytes held at most; a file that has not decided by then is taken for what it looks like. */
const HELD_MAX = 1024 * 1024;
const NEW_LINE = 0x0a;

export class CsvDecoder {
  #charset: CsvCharset | null = null;
  #decoder: TextDecoder | null = null;
  #isFirst = true;
  #held: Buffer = Buffer.alloc(0);

  /** Null while the file is plain ASCII. */
  get charset(): CsvCharset | null {
    return this.#charset;
  }

  push(bytes: Uint8Array): string {
    let body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#isFirst && body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
      this.#decide('utf-8');
      body = body.subarray(3);
    }
    this.#isFirst = false;
    if (this.#decoder !== null) return this.#decoder.decode(body, { stream: true });
    if (this.#held.length === 0 && isAscii(body)) return body.toString('latin1');
    this.#held = Buffer.concat([this.#held, body]);
    return this.#flush(this.#held.length > HELD_MAX);
  }

  end(): string {
    const rest = this.#flush(true);
    return rest + (this.#decoder?.decode() ?? '');
  }

  #flush(isLast: boolean): string {
    if (this.#held.length === 0) return '';
    const charset = decisive(this.#held) ?? (isLast ? charsetOf(this.#held) : null);
    if (charset === null) return '';
    this.#decide(charset);
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return this.#decoder?.decode(held, { stream: true }) ?? '';
  }

  #decide(charset: CsvCharset): void {
    this.#charset = charset;
    this.#decoder = new TextDecoder(charset, { ignoreBOM: true });
  }
}

const isAscii = (bytes: Uint8Array): boolean => !bytes.some((byte) => byte > 0x7f);

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
