/** Erasure: the one way in which a segment changes. */
import type { RawFile, RawFiles } from './files.ts';
import type { RawStream, Segment } from './raw-stream.ts';
import { recordsOffset, SegmentScanner } from './scan.ts';
import { encodeFooter, encodeHeader, MarkKeeper } from './segment.ts';

/** Written beside the segment and renamed over it; one left by a crash is removed at the next start. */
const NEW_SUFFIX = '.new';

/**
 * Writes the segments that hold the positions anew, with a tombstone (the original's hash, type and time, no payload) in place of each.
 * Afterwards the old bytes have no name. Damaged records and records beyond them keep their positions. Returns how many were erased.
 * The caller sees to it that no segment concerned is open for writing.
 */
export async function eraseRecords(stream: RawStream, positions: readonly number[], files: RawFiles): Promise<number> {
  const bySegment = new Map<Segment, Set<number>>();
  for (const position of positions) {
    const segment = position <= stream.end ? stream.segmentOf(position) : undefined;
    if (segment === undefined) continue;
    const wanted = bySegment.get(segment) ?? new Set();
    bySegment.set(segment, wanted.add(position));
  }
  let erased = 0;
  for (const [segment, wanted] of bySegment) erased += await rewrite(stream, segment, wanted, files);
  return erased;
}

async function rewrite(stream: RawStream, segment: Segment, wanted: ReadonlySet<number>, files: RawFiles): Promise<number> {
  const index = await stream.indexOf(segment);
  const from = await files.open(segment.path, 'read');
  const path = segment.path + NEW_SUFFIX;
  await files.remove(path);
  const to = await files.create(path);
  let erased: number;
  try {
    erased = await copy(stream, segment, { from, to, end: index.end, wanted });
  } finally {
    await from.close();
    await to.close();
  }
  await files.rename(path, segment.path);
  await files.syncFolder(stream.folder);
  segment.live = null;
  stream.forgetIndex(segment);
  return erased;
}

async function copy(stream: RawStream, segment: Segment, job: { from: RawFile; to: RawFile; end: number; wanted: ReadonlySet<number> }): Promise<number> {
  const start = await recordsOffset(job.from);
  const head = Buffer.alloc(start);
  await job.from.read(head, 0);
  const header = start === 0 ? encodeHeader(stream.name, segment.first, 0) : head;
  await job.to.write(header, 0);
  const keeper = new MarkKeeper();
  let end = header.length;
  let records = 0;
  let last = segment.first - 1;
  let erased = 0;
  const scanner = new SegmentScanner(job.from, start, job.end);
  for (let found = await scanner.next(); found !== null; found = await scanner.next()) {
    const parts: Buffer[] = [];
    for (const { header: each, record } of found) {
      const isErased = job.wanted.has(each.position) && !each.isTombstone;
      const written = isErased ? Buffer.concat(stream.codec.encode({ ...each, payload: null })) : record;
      keeper.add(each.position, end + parts.reduce((sum, part) => sum + part.length, 0));
      parts.push(written);
      records += 1;
      last = each.position;
      if (isErased) erased += 1;
    }
    const bytes = Buffer.concat(parts);
    await job.to.write(bytes, end);
    end += bytes.length;
    await new Promise(setImmediate);
  }
  await job.to.write(encodeFooter({ records, last, marks: keeper.marks, end }), end);
  await job.to.sync();
  return erased;
}
