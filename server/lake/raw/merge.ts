/**
 * Small closed segments become large ones: a quiet stream closes one a minute when it has data, which would be half a million files a year.
 *
 * Records are copied as they are into a file beside the first segment of a run, synced, and renamed over it; then the others go. A mark beside
 * it says so until they have gone: after a crash in between the next start takes them away, so that no copy of a record outlives its erasure.
 */
import { join } from 'node:path';
import type { RawFile, RawFiles } from './files.ts';
import type { RawStream, Segment } from './raw-stream.ts';
import { readFooter, recordsOffset, SegmentScanner } from './scan.ts';
import { encodeFooter, MarkKeeper, SEGMENT_SUFFIX, type SegmentIndex } from './segment.ts';

const NEW_SUFFIX = '.new';
const MARK_SUFFIX = '.merged';
/** So few are not worth writing again: an hour of a quiet stream has sixty. */
const SEGMENTS_MIN = 8;

/** Returns how many files went. Segments damaged anywhere stay as they lie. `bytesMax`: as large as a segment gets. */
export async function mergeSmall(stream: RawStream, files: RawFiles, bytesMax: number): Promise<number> {
  let gone = 0;
  for (const run of await runsOf(stream, files, bytesMax)) {
    await merge(stream, run, files);
    gone += run.length - 1;
  }
  return gone;
}

interface Found {
  readonly segment: Segment;
  readonly index: SegmentIndex;
}

/** The last segment may be open. One above half the size is large enough. */
async function runsOf(stream: RawStream, files: RawFiles, bytesMax: number): Promise<Found[][]> {
  const runs: Found[][] = [];
  let run: Found[] = [];
  let bytes = 0;
  const end = (): void => {
    if (run.length >= SEGMENTS_MIN) runs.push(run);
    run = [];
    bytes = 0;
  };
  for (const segment of stream.segments.slice(0, -1)) {
    const index = segment.live === null ? await stream.indexOf(segment) : null;
    const isWhole = index !== null && index.records === index.last - segment.first + 1 && (await hasHeader(segment, files));
    if (!isWhole || index.end > bytesMax / 2) {
      end();
      continue;
    }
    if (bytes + index.end > bytesMax || (run.length > 0 && run.at(-1)?.index.last !== segment.first - 1)) end();
    run.push({ segment, index });
    bytes += index.end;
  }
  end();
  return runs;
}

async function hasHeader(segment: Segment, files: RawFiles): Promise<boolean> {
  const file = await files.open(segment.path, 'read');
  try {
    return (await recordsOffset(file)) > 0;
  } finally {
    await file.close();
  }
}

async function merge(stream: RawStream, run: readonly Found[], files: RawFiles): Promise<void> {
  const [first, ...others] = run.map((each) => each.segment);
  if (first === undefined) return;
  const path = first.path + NEW_SUFFIX;
  await files.remove(path);
  const to = await files.create(path);
  try {
    await copyAll(run, to, files);
  } finally {
    await to.close();
  }
  await (await files.create(first.path + MARK_SUFFIX)).close();
  await files.syncFolder(stream.folder);
  await files.rename(path, first.path);
  await files.syncFolder(stream.folder);
  stream.drop(others);
  stream.forgetIndex(first);
  for (const each of others) await files.remove(each.path);
  await files.syncFolder(stream.folder);
  await files.remove(first.path + MARK_SUFFIX);
}

/** Takes away what a crash left of a merge: segments whose records lie in the marked one. Before the segments of a folder are listed. */
export async function finishMerges(folder: string, files: RawFiles): Promise<void> {
  const names = await files.list(folder);
  for (const mark of names.filter((each) => each.endsWith(MARK_SUFFIX))) {
    const name = mark.slice(0, -MARK_SUFFIX.length);
    const last = names.includes(name) ? await lastOf(join(folder, name), files) : 0;
    const covered = names.filter((each) => each.endsWith(SEGMENT_SUFFIX) && each > name && Number(each.slice(0, -SEGMENT_SUFFIX.length)) <= last);
    for (const each of covered) await files.remove(join(folder, each));
    await files.syncFolder(folder);
    await files.remove(join(folder, mark));
  }
}

async function lastOf(path: string, files: RawFiles): Promise<number> {
  const file = await files.open(path, 'read');
  try {
    return (await readFooter(file))?.last ?? 0;
  } finally {
    await file.close();
  }
}

async function copyAll(run: readonly Found[], to: RawFile, files: RawFiles): Promise<void> {
  const keeper = new MarkKeeper();
  let [records, last, end] = [0, 0, 0];
  for (const [at, { segment, index }] of run.entries()) {
    const from = await files.open(segment.path, 'read');
    try {
      const start = await recordsOffset(from);
      if (at === 0) {
        const header = Buffer.alloc(start);
        await from.read(header, 0);
        await to.write(header, 0);
        end = start;
      }
      const scanner = new SegmentScanner(from, start, index.end);
      for (let found = await scanner.next(); found !== null; found = await scanner.next()) {
        const parts: Buffer[] = [];
        let bytes = 0;
        for (const { header, record } of found) {
          keeper.add(header.position, end + bytes);
          parts.push(record);
          bytes += record.length;
          records += 1;
          last = header.position;
        }
        await to.write(Buffer.concat(parts), end);
        end += bytes;
        await new Promise(setImmediate);
      }
    } finally {
      await from.close();
    }
  }
  await to.write(encodeFooter({ records, last, marks: keeper.marks, end }), end);
  await to.sync();
}
