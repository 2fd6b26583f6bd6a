/** Writes GB18030 into a buffer at speed: two-byte characters from a table made once from iconv-lite, anything rarer through iconv-lite itself. */
import iconv from 'iconv-lite';

let table: Uint16Array | null = null;

/** Lead and trail byte of every BMP character that has a two-byte form; 0 for the rest. */
function twoBytes(): Uint16Array {
  if (table === null) {
    table = new Uint16Array(0x10000);
    for (let code = 0x80; code < 0x10000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const bytes = iconv.encode(String.fromCharCode(code), 'gb18030');
      if (bytes.length === 2) table[code] = ((bytes[0] as number) << 8) | (bytes[1] as number);
    }
  }
  return table;
}

/** Bytes written; the buffer must have room for four bytes a character. */
export function writeGb18030(buffer: Buffer, text: string, at: number): number {
  const pairs = twoBytes();
  let to = at;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x80) {
      buffer[to++] = code;
      continue;
    }
    const pair = pairs[code] as number;
    if (pair === 0) return iconv.encode(text, 'gb18030').copy(buffer, at);
    buffer[to++] = pair >> 8;
    buffer[to++] = pair & 0xff;
  }
  return to - at;
}

export const encoded = (text: string, charset: 'utf-8' | 'gb18030'): Buffer => (charset === 'utf-8' ? Buffer.from(text) : iconv.encode(text, 'gb18030'));
