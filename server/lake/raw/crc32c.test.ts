import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c.ts';

describe('crc32c', () => {
  it('agrees with the values of RFC 3720', () => {
    expect(crc32c(Buffer.alloc(32)).toString(16)).toBe('8a9136aa');
    expect(crc32c(Buffer.alloc(32, 0xff)).toString(16)).toBe('62a8ab43');
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i))).toString(16)).toBe('46dd794e');
    expect(crc32c(Buffer.from('123456789')).toString(16)).toBe('e3069283');
  });
  it('goes on from an earlier part', () => {
    const all = Buffer.from('the quick brown fox jumps over the lazy dog');
    for (const cut of [0, 1, 7, 8, 20, all.length]) expect(crc32c(all.subarray(cut), crc32c(all.subarray(0, cut)))).toBe(crc32c(all));
  });
});
