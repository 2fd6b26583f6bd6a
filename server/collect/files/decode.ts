/** Bytes of a CSV file → text. UTF-8 with or without a mark, else GB18030, decided at the first characters beyond ASCII. */

export type CsvCharset = 'utf-8' | 'gb18030';

export class CsvDecoder {
  #charset: CsvCharset | null = null;
  #decoder: TextDecoder | null = null;
  #isFirst = true;

  /** Null while the file is plain ASCII. */
  get charset(): CsvCharset | null {
    return this.#charset;
  }

  push(bytes: Uint8Array): string {
    const body = this.#isFirst && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
    if (body !== bytes) this.#decide('utf-8');
    this.#isFirst = false;
    if (this.#charset === null && body.some((byte) => byte > 0x7f)) this.#decide(charsetOf(body));
    return this.#decoder === null ? Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1') : this.#decoder.decode(body, { stream: true });
  }

  end(): string {
    return this.#decoder?.decode() ?? '';
  }

  #decide(charset: CsvCharset): void {
    this.#charset = charset;
    this.#decoder = new TextDecoder(charset, { ignoreBOM: true });
  }
}

/** A piece may end within a character: up to three bytes of a UTF-8 one are left off before judging. */
export function charsetOf(bytes: Uint8Array): CsvCharset {
  let end = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      end = bytes.length - back;
      break;
    }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end));
    // Two GB18030 bytes can pass for one letter of Latin, Greek or Cyrillic; hanzi in the other reading decide.
    const hasHan = /\p{Script=Han}/u.test(text);
    if (hasHan || !/[\u0080-\u07ff]/.test(text)) return 'utf-8';
    return /\p{Script=Han}/u.test(new TextDecoder('gb18030').decode(bytes)) ? 'gb18030' : 'utf-8';
  } catch {
    return 'gb18030';
  }
}
