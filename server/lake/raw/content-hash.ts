import { createHash } from 'node:crypto';
import type { RawDelivery } from '@xinglin/contracts';

/**
 * What `meta` says about the way here rather than about the content. It takes no part in the content hash, so that the same content is
 * the same delivery whatever file it lay in, on whatever line and whenever it came.
 *
 * Everything else in `meta` takes part (mapping edition, charset, a FHIR interaction …): the same bytes read under another mapping
 * edition are another delivery. A name unknown here counts as content, because taking two things for one would lose the second.
 */
export const META_OF_TRANSPORT: ReadonlySet<string> = new Set([
  'file',
  'fileName',
  'fileHash',
  'path',
  'line',
  'firstLine',
  'lastLine',
  'receivedAt',
  'sentAt',
  'remote',
  'by',
]);

/**
 * SHA-256 over organisation, source, type, the content part of `meta` (JSON, names sorted) and the body, each preceded by its length in
 * bytes as unsigned 32-bit little-endian. Campus and lane take no part: a file imported in bulk repeats what came live.
 */
export function contentHash(delivery: RawDelivery): Buffer {
  const hash = createHash('sha256');
  const length = Buffer.alloc(4);
  const names = Object.keys(delivery.meta)
    .filter((name) => !META_OF_TRANSPORT.has(name))
    .sort();
  const meta = names.length === 0 ? '{}' : JSON.stringify(Object.fromEntries(names.map((name) => [name, delivery.meta[name]])));
  for (const part of [delivery.stream.orgId, delivery.stream.source, delivery.type, meta]) {
    const bytes = Buffer.from(part);
    length.writeUInt32LE(bytes.length);
    hash.update(length).update(bytes);
  }
  length.writeUInt32LE(delivery.body.length);
  return hash.update(length).update(delivery.body).digest();
}
