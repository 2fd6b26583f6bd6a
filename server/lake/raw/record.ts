/** One record of a segment, byte for byte as in docs/reference/raw-format.md. */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomFillSync } from 'node:crypto';
import type { RawRecord, RawType, StreamName } from '@xinglin/contracts';
import { streamText } from '@xinglin/contracts';
import { crc32c } from './crc32c.ts';
import { anyRatio, PAYLOAD_BYTES_MAX, type Payload, unpack } from './payload.ts';

export const RECORD_MAGIC = Buffer.from('XLRC', 'latin1');
export const RECORD_FORMAT = 1;
export const RECORD_HEADER_BYTES = 100;

/** Written in segments for ever: numbers are only added. */
const TYPE_CODES: Record<RawType, number> = { hl7v2: 1, fhir: 2, csv: 3, events: 4, loop: 5 };
const TYPES = new Map(Object.entries(TYPE_CODES).map(([type, code]) => [code, type as RawType]));
const DELIVERY = 1;
const TOMBSTONE = 2;

/** What stands in clear before the sealed payload. `receivedAt` is microseconds since 1970. */
export interface RecordHeader {
  readonly isTombstone: boolean;
  readonly type: RawType;
  readonly source: string;
  readonly keyId: number;
  readonly payloadBytes: number;
  readonly items: number;
  readonly position: number;
  readonly receivedAt: number;
  readonly sha256: Buffer;
  /** Of the whole record. */
  readonly bytes: number;
}

export type SegmentKeys = (id?: number) => { id: number; key: Buffer };

export interface RecordContent {
  readonly position: number;
  readonly receivedAt: number;
  readonly type: RawType;
  readonly items: number;
  readonly sha256: Buffer;
  /** As `pack` gives it. Null writes a tombstone: the payload is gone, its hash stays. */
  readonly payload: Uint8Array | null;
}

/** Seals and opens the records of one stream. */
export class RecordCodec {
  readonly #stream: StreamName;
  readonly #source: Buffer;
  readonly #keys: SegmentKeys;
  readonly #dayKeys = new Map<number, KeyObject>();
  readonly #ratio = anyRatio();

  constructor(stream: StreamName, keys: SegmentKeys) {
    this.#stream = stream;
    this.#source = Buffer.from(stream.source, 'latin1');
    this.#keys = keys;
  }

  encode(content: RecordContent): Buffer[] {
    const { id, key } = this.#keys();
    // Every byte of it is written below.
    const header = Buffer.allocUnsafe(RECORD_HEADER_BYTES + this.#source.length);
    RECORD_MAGIC.copy(header, 0);
    header[4] = RECORD_FORMAT;
    header[5] = content.payload === null ? TOMBSTONE : DELIVERY;
    header[6] = TYPE_CODES[content.type];
    header[7] = this.#source.length;
    header.writeUInt32LE(id, 8);
    header.writeUInt32LE(content.items, 16);
    writeUInt53(header, content.position, 20);
    writeUInt53(header, content.receivedAt, 28);
    content.sha256.copy(header, 36);
    nonce(header, 68);
    this.#source.copy(header, RECORD_HEADER_BYTES);
    const plain = content.payload ?? EMPTY;
    // GCM keeps the length, so it can stand in the part of the header that is authenticated.
    header.writeUInt32LE(plain.length, 12);
    const cipher = createCipheriv('aes-256-gcm', this.#dayKey(id, key, content.receivedAt), header.subarray(68, 80));
    cipher.setAAD(header.subarray(0, 80));
    const payload = cipher.update(plain);
    cipher.final();
    cipher.getAuthTag().copy(header, 84);
    header.writeUInt32LE(checksum(header, payload), 80);
    return [header, payload];
  }

  /** Null when the payload was not sealed by us, for this stream and this position. A promise where it is large; `record` has been read by then. */
  decode(header: RecordHeader, record: Buffer): RawRecord | null | Promise<RawRecord | null> {
    const { position, type, items, isTombstone } = header;
    const receivedAt = new Date(Math.floor(header.receivedAt / 1000));
    const known = { stream: this.#stream, position, receivedAt, sha256: header.sha256.toString('hex'), type };
    if (header.source !== this.#stream.source) return null;
    try {
      const packed = this.#open(header, record);
      if (isTombstone) return { ...known, items: 0, meta: {}, body: EMPTY, gap: 'erased' };
      const payload = unpack(packed, this.#ratio);
      const whole = ({ meta, body }: Payload): RawRecord => ({ ...known, items, meta, body });
      return payload instanceof Promise ? payload.then(whole, () => null) : whole(payload);
    } catch {
      return null;
    }
  }

  #open(header: RecordHeader, record: Buffer): Buffer {
    const { key } = this.#keys(header.keyId);
    const decipher = createDecipheriv('aes-256-gcm', this.#dayKey(header.keyId, key, header.receivedAt), record.subarray(68, 80));
    decipher.setAAD(record.subarray(0, 80));
    decipher.setAuthTag(record.subarray(84, 100));
    const packed = decipher.update(record.subarray(RECORD_HEADER_BYTES + header.source.length, header.bytes));
    decipher.final();
    return packed;
  }

  /**
   * A key for one stream and one UTC day, so that random nonces never come near the number at which they may meet (2^32 for one key),
   * and a record moved to another stream does not open.
   */
  #dayKey(id: number, key: Buffer, receivedAt: number): KeyObject {
    const day = Math.floor(receivedAt / DAY_MICROS);
    const known = id * DAYS_MAX + day;
    let found = this.#dayKeys.get(known);
    if (found === undefined) {
      if (this.#dayKeys.size >= DAY_KEYS_MAX) this.#dayKeys.clear();
      const info = `xinglin raw 1|${id}|${streamText(this.#stream)}|${new Date(day * 86_400_000).toISOString().slice(0, 10)}`;
      found = createSecretKey(Buffer.from(hkdfSync('sha256', key, EMPTY, info, 32)));
      this.#dayKeys.set(known, found);
    }
    return found;
  }
}
const DAY_MICROS = 86_400_000_000;
/** Days a `Date` can hold, rounded up: key id and day make one number. */
const DAYS_MAX = 2 ** 27;
/** A few weeks of days at hand; making one again costs 5 µs. */
const DAY_KEYS_MAX = 64;
const EMPTY = Buffer.alloc(0);

/** `incomplete`: more bytes are needed to say. `bad`: no record begins here. */
export function readHeader(bytes: Buffer, offset: number): RecordHeader | 'incomplete' | 'bad' {
  const left = bytes.length - offset;
  if (left < RECORD_HEADER_BYTES) {
    return bytes.subarray(offset, offset + Math.min(left, 4)).equals(RECORD_MAGIC.subarray(0, Math.min(left, 4))) ? 'incomplete' : 'bad';
  }
  if (bytes.compare(RECORD_MAGIC, 0, 4, offset, offset + 4) !== 0 || bytes[offset + 4] !== RECORD_FORMAT) return 'bad';
  const kind = bytes[offset + 5];
  const type = TYPES.get(bytes[offset + 6] ?? 0);
  const sourceBytes = bytes[offset + 7] ?? 0;
  const payloadBytes = bytes.readUInt32LE(offset + 12);
  if ((kind !== DELIVERY && kind !== TOMBSTONE) || type === undefined || sourceBytes === 0 || sourceBytes > 40 || payloadBytes > PAYLOAD_BYTES_MAX)
    return 'bad';
  if (left < RECORD_HEADER_BYTES + sourceBytes) return 'incomplete';
  return {
    isTombstone: kind === TOMBSTONE,
    type,
    source: bytes.toString('latin1', offset + RECORD_HEADER_BYTES, offset + RECORD_HEADER_BYTES + sourceBytes),
    keyId: bytes.readUInt32LE(offset + 8),
    payloadBytes,
    items: bytes.readUInt32LE(offset + 16),
    position: readUInt53(bytes, offset + 20),
    receivedAt: readUInt53(bytes, offset + 28),
    sha256: Buffer.from(bytes.subarray(offset + 36, offset + 68)),
    bytes: RECORD_HEADER_BYTES + sourceBytes + payloadBytes,
  };
}

/** The checksum covers every byte of the record but its own four. `record` is exactly one record. */
export const isWhole = (record: Buffer): boolean => record.readUInt32LE(80) === checksum(record, EMPTY);

const checksum = (header: Buffer, payload: Uint8Array): number => crc32c(payload, crc32c(header, crc32c(header, 0, 0, 80), 84));

/** Random bytes are drawn for many records at once. */
const random = Buffer.alloc(12 * 512);
let randomUsed = random.length;
function nonce(target: Buffer, offset: number): void {
  if (randomUsed === random.length) {
    randomFillSync(random);
    randomUsed = 0;
  }
  random.copy(target, offset, randomUsed, randomUsed + 12);
  randomUsed += 12;
}

export function writeUInt53(target: Buffer, value: number, offset: number): void {
  target.writeUInt32LE(value % 2 ** 32, offset);
  target.writeUInt32LE(Math.floor(value / 2 ** 32), offset + 4);
}
export const readUInt53 = (source: Buffer, offset: number): number => source.readUInt32LE(offset + 4) * 2 ** 32 + source.readUInt32LE(offset);
