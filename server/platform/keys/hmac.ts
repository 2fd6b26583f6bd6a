/** HMAC-SHA-256 as its two hashes: several are made for every fact and a dozen for every person, and this takes a quarter of `createHmac`'s time. */
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Room for the longest message that is common. */
const MESSAGE_BYTES = 4096;

/** The inner and the outer pad of a key of at most 64 bytes. */
export const padsOf = (key: Buffer): { inner: Buffer; outer: Buffer } => {
  const pad = (byte: number) => Buffer.from(Buffer.alloc(BLOCK_BYTES, byte).map((each, i) => each ^ (key[i] ?? 0)));
  return { inner: pad(0x36), outer: pad(0x5c) };
};

/** Of a text as UTF-8; the digest in hexadecimal, or one character for each byte. */
export function hmacMaker(key: Buffer): (text: string, as: 'hex' | 'binary') => string {
  const { inner, outer } = padsOf(key);
  let message = Buffer.alloc(BLOCK_BYTES + MESSAGE_BYTES);
  inner.copy(message);
  const last = Buffer.concat([outer, Buffer.alloc(DIGEST_BYTES)]);
  return (text, as) => {
    // UTF-8 takes at most three bytes for each unit of a string.
    if (text.length * 3 > message.length - BLOCK_BYTES) message = Buffer.concat([inner, Buffer.alloc(text.length * 3)]);
    const length = BLOCK_BYTES + message.write(text, BLOCK_BYTES, 'utf8');
    last.write(hash('sha256', message.subarray(0, length), 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', last, as);
  };
}
