/** What a record carries: its `meta` and its body as one DEFLATE stream. Large ones are packed and unpacked on the thread pool. */
import { promisify } from 'node:util';
import { deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import type { RawRecord } from '@xinglin/contracts';

export interface Payload {
  readonly meta: RawRecord['meta'];
  readonly body: Uint8Array;
}

/** A body may hold 16 MiB; `meta` is small. What claims to be longer is not a record. */
export const BODY_BYTES_MAX = 16 * 1024 * 1024;
export const META_BYTES_MAX = 64 * 1024;
export const PAYLOAD_BYTES_MAX = BODY_BYTES_MAX + META_BYTES_MAX + 1024 * 1024;

/**
 * Below this a payload is one stored block of DEFLATE: packing would save a third of so little, and costs 12 µs here and 8 at every reading,
 * more than all else done to a small message at the door.
 */
const STORED_BYTES_MAX = 1024;
const STORED_HEAD_BYTES = 5;
/** Last block, not packed (RFC 1951, 3.2.4). */
const STORED = 1;

/** A small window asks for 40 kB instead of 270 kB a call, which is a quarter of the time of a small body; large ones pack as well with it. */
const DEFLATE = { level: 1, windowBits: 13, memLevel: 6 };
/** From here on, before packing and after it: asking the pool takes some 60 µs of the main thread, as packing 10 kB or unpacking 30 would. */
const POOL_BYTES = 16 * 1024;
const POOL_PACKED_BYTES = 8 * 1024;
/** What is asked of the pool should come back in one piece, which is this long at most. */
const PIECE_BYTES_MAX = 1024 * 1024;
/** Text packs to a sixth or more; what packs better comes in several pieces. */
const RATIO_MAX = 6;
/** What follows in a stream packs nearly as well as what came before. */
const RATIO_SLACK = 1.06;

/** How many bytes came of a packed one of late: what is made ready and not used is memory all the same. */
export interface PackingRatio {
  ofLate: number;
}
export const anyRatio = (): PackingRatio => ({ ofLate: RATIO_MAX });

const deflate = promisify<Uint8Array, object, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, object, Buffer>(inflateRaw);

/** Packed on the thread pool, or at once. */
export const isLarge = ({ body }: Pick<Payload, 'body'>): boolean => body.length >= POOL_BYTES;

/** Length of `meta`, `meta` as JSON, the body. A promise where it is large. */
export function pack({ meta, body }: Payload): Buffer | Promise<Buffer> {
  const json = JSON.stringify(meta);
  const metaBytes = Buffer.byteLength(json);
  const bytes = 4 + metaBytes + body.length;
  const head = bytes < STORED_BYTES_MAX ? STORED_HEAD_BYTES : 0;
  const block = Buffer.allocUnsafe(head + bytes);
  block.writeUInt32LE(metaBytes, head);
  block.write(json, head + 4, 'utf8');
  block.set(body, head + 4 + metaBytes);
  if (isLarge({ body })) return deflate(block, { ...DEFLATE, chunkSize: Math.min(PIECE_BYTES_MAX, Math.ceil(bytes / 2)) });
  if (head === 0) return deflateRawSync(block, { ...DEFLATE, chunkSize: Math.min(bytes, PIECE_BYTES_MAX) });
  block[0] = STORED;
  block.writeUInt16LE(bytes, 1);
  block.writeUInt16LE(~bytes & 0xffff, 3);
  return block;
}

/** Throws, or rejects, when it was not packed so. A promise where it is large. `ratio` is that of the stream and changes. */
export function unpack(packed: Buffer, ratio: PackingRatio): Payload | Promise<Payload> {
  const isStored = packed[0] === STORED && packed.length >= STORED_HEAD_BYTES && packed.readUInt16LE(1) === packed.length - STORED_HEAD_BYTES;
  if (isStored) return payloadOf(packed.subarray(STORED_HEAD_BYTES));
  const chunkSize = Math.min(PIECE_BYTES_MAX, Math.max(1024, Math.ceil(packed.length * ratio.ofLate)));
  const options = { maxOutputLength: PAYLOAD_BYTES_MAX, chunkSize };
  const seen = (plain: Buffer): Payload => {
    ratio.ofLate = Math.min(RATIO_MAX, (plain.length / packed.length) * RATIO_SLACK);
    return payloadOf(plain);
  };
  return packed.length < POOL_PACKED_BYTES ? seen(inflateRawSync(packed, options)) : inflate(packed, options).then(seen);
}

function payloadOf(plain: Buffer): Payload {
  const metaBytes = plain.readUInt32LE(0);
  const meta = JSON.parse(plain.toString('utf8', 4, 4 + metaBytes)) as RawRecord['meta'];
  return { meta, body: plain.subarray(4 + metaBytes) };
}
