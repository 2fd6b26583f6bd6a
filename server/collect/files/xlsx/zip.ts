/** The entries of a zip archive held in memory, inflated piece by piece. Just what a workbook needs: stored and deflated entries, no encryption, no parts. */
import { crc32, createInflateRaw } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** The content as it inflates; throws `ZipBroken` when it is not what the directory says or more than `limit` bytes. */
  readonly bytes: (limit: number) => AsyncIterable<Uint8Array>;
}

/** Why an archive cannot be read. */
export class ZipBroken extends Error {
  override readonly name = 'ZipBroken';
  readonly why: 'broken' | 'encrypted' | 'too-large';

  constructor(why: ZipBroken['why']) {
    super(`zip ${why}`);
    this.why = why;
  }
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record stands before a comment of at most so many bytes. */
const END_SEARCH = 22 + 65_535;
const ENTRIES_MAX = 10_000;
/** Marks values kept in a zip64 record, which no workbook of the sizes taken here needs. */
const ZIP64 = 0xffff_ffff;

export function zipEntries(archive: Buffer): Map<string, ZipEntry> {
  const end = endOf(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  if (count > ENTRIES_MAX || at === ZIP64) throw new ZipBroken('broken');
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== CENTRAL) throw new ZipBroken('broken');
    const [flags, method] = [archive.readUInt16LE(at + 8), archive.readUInt16LE(at + 10)];
    const [compressed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)];
    const [nameLength, extraLength, commentLength] = [archive.readUInt16LE(at + 28), archive.readUInt16LE(at + 30), archive.readUInt16LE(at + 32)];
    const [checksum, local] = [archive.readUInt32LE(at + 16), archive.readUInt32LE(at + 42)];
    // Some writers use backslashes and capitals.
    const name = archive
      .subarray(at + 46, at + 46 + nameLength)
      .toString('utf8')
      .replaceAll('\\', '/')
      .replace(/^\//, '')
      .toLowerCase();
    if ((flags & 1) !== 0) throw new ZipBroken('encrypted');
    entries.set(name, { name, size, bytes: (limit) => contentOf(archive, { local, compressed, method, checksum, limit }) });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function endOf(archive: Buffer): number {
  for (let at = archive.length - 22; at >= Math.max(0, archive.length - END_SEARCH); at--) if (archive.readUInt32LE(at) === END) return at;
  throw new ZipBroken('broken');
}

async function* contentOf(
  archive: Buffer,
  { local, compressed, method, checksum, limit }: { local: number; compressed: number; method: number; checksum: number; limit: number },
): AsyncGenerator<Uint8Array> {
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== LOCAL) throw new ZipBroken('broken');
  const from = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const body = archive.subarray(from, from + compressed);
  if (body.length !== compressed || (method !== 0 && method !== 8)) throw new ZipBroken('broken');
  let given = 0;
  let sum = 0;
  const counted = (bytes: Uint8Array): Uint8Array => {
    given += bytes.length;
    sum = crc32(bytes, sum);
    if (given > limit) throw new ZipBroken('too-large');
    return bytes;
  };
  if (method === 0) {
    for (let at = 0; at < body.length; at += PIECE) yield counted(body.subarray(at, at + PIECE));
    if (sum !== checksum) throw new ZipBroken('broken');
    return;
  }
  const inflate = createInflateRaw({ chunkSize: PIECE });
  inflate.end(body);
  try {
    for await (const bytes of inflate) yield counted(bytes as Uint8Array);
  } catch (error) {
    throw error instanceof ZipBroken ? error : new ZipBroken('broken');
  }
  if (sum !== checksum) throw new ZipBroken('broken');
}
const PIECE = 256 * 1024;
