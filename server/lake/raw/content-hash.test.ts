import { createHash, randomBytes } from 'node:crypto';
import type { RawDelivery } from '@xinglin/contracts';
import { expect, test } from 'vitest';
import { contentHash } from './content-hash.ts';

/** As the format page says it, part by part. */
function plainly({ stream, type, body, meta }: RawDelivery): string {
  const { file: _file, line: _line, ...content } = meta;
  const sorted = Object.fromEntries(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
  const hash = createHash('sha256');
  for (const part of [stream.orgId, stream.source, type, JSON.stringify(sorted), body]) {
    const bytes = Buffer.from(part as string);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    hash.update(length).update(bytes);
  }
  return hash.digest('hex');
}

test('the hash of a delivery is that of its parts, whatever its size and whatever was hashed before', () => {
  const stream = { orgId: 'demo', campusId: 'main', source: 'his', lane: 'bulk' } as const;
  for (const size of [0, 1, 16_000, 16_200, 16_300, 16_330, 16_384, 40_000, 3]) {
    for (const meta of [{}, { file: 'f', line: 3 }, { mapping: '映射@1', charset: 'gb18030', line: 1 }]) {
      const delivery: RawDelivery = { stream, type: 'csv', body: randomBytes(size), meta, items: 1 };
      expect(contentHash(delivery).toString('hex')).toBe(plainly(delivery));
    }
  }
});
