/** Gathers what a stream has beyond its cursor into one chunk, as much as its lane likes to handle at once. */
import type { Lane, RawRecord, StreamName } from '@xinglin/contracts';
import { breather } from './breathe.ts';
import { areAlike, LANE_ROWS_MIN, SHARE_ROWS_MIN } from './bulk/bulk-lane.ts';
import { growChunk } from './bulk/grow-chunk.ts';
import { HeardPersons } from './bulk/heard.ts';
import { Chunk } from './chunk.ts';
import type { PipelineParts } from './file-chunk.ts';
import { isPassing } from './passing.ts';
import { ROWS_HELD_MAX, RowSpool } from './row-spool.ts';

/**
 * Live and loop chunks are what is there now, a few hundred records at most, so that each is filed within a second.
 * Bulk chunks go up to fifty thousand rows as long as filing them holds nobody up for long (see stream-loop.ts): a file costs some 6 ms
 * however few its rows, and there is one for each fact and month. Rows go to a spool as they come, so what is held of a chunk is its
 * persons, visits and texts. Bodies are let go once read, so `bytes` bounds the time a chunk takes.
 */
interface Limit {
  readonly rows: number;
  readonly records: number;
  readonly bytes: number;
  readonly text: number;
}
const LIMITS: Readonly<Record<Lane, Limit>> = {
  live: { rows: 2_000, records: 400, bytes: 2 << 20, text: 2 << 20 },
  loop: { rows: 2_000, records: 400, bytes: 2 << 20, text: 2 << 20 },
  bulk: { rows: 50_000, records: 50_000, bytes: 64 << 20, text: 8 << 20 },
};
/** Read from the raw zone at a time. */
const READ = { records: 500, bytes: 4 << 20 };

/** What the fast lane takes at once: held twice for a moment, as text and as columns, and another run beside it. */
const FAST_BYTES = 16 << 20;
/** About what a row of an export takes: so that few rows are not looked for in many. */
const ROW_BYTES = 256;

/** Deliveries of one CSV mapping that follow one another, as many as the fast lane takes at once. */
export interface FastRun {
  readonly from: number;
  readonly until: number;
  readonly records: readonly RawRecord[];
  /** Its chunk may end elsewhere: before it with many new people, behind it with few. */
  readonly namesPeople: boolean;
}

/** Without `records` what comes next goes row by row, up to `until` if something was looked at. `rowsGiven` instead of the share. */
export async function gatherFast(
  parts: PipelineParts,
  stream: StreamName,
  from: number,
  share: number,
  rowsGiven?: number,
): Promise<FastRun | { until: number }> {
  const [peeked] = await parts.lake.raw.read(stream, from, { records: 1, bytes: 1 });
  const fits = peeked === undefined ? null : await parts.bulkLane.fits(peeked);
  if (fits === null) return { until: from };
  const records: RawRecord[] = [];
  let rows = 0;
  let bytes = 0;
  let hasMore = true;
  const rowsMax = rowsGiven ?? Math.max(SHARE_ROWS_MIN, fits.rowsMax * share);
  while (hasMore && rows < rowsMax && bytes < FAST_BYTES) {
    const after = records.at(-1)?.position ?? from;
    const left = { records: READ.records, bytes: Math.min(READ.bytes, FAST_BYTES - bytes, (rowsMax - rows) * ROW_BYTES) };
    const batch = await parts.lake.raw.read(stream, after, left);
    hasMore = batch.length > 0;
    for (const record of batch) {
      if (rows >= rowsMax) break;
      const first = records[0] ?? record;
      hasMore = hasMore && record.type === 'csv' && areAlike(first, record);
      if (!hasMore) break;
      records.push(record);
      rows += record.items;
      bytes += record.body.byteLength;
    }
  }
  const until = records.at(-1)?.position ?? from;
  return rows < Math.min(LANE_ROWS_MIN, rowsMax) ? { until } : { from, until, records, namesPeople: fits.namesPeople };
}

/** The run, and what may join it, as a chunk with its files written; null when it must go row by row. */
export async function fastChunk(parts: PipelineParts, stream: StreamName, run: FastRun, share: number): Promise<Chunk | null> {
  const heard = new HeardPersons();
  const filed = await fileRun(parts, stream, run, heard);
  if (filed === null || !filed.mayGrow || filed.chunk.to !== run.until) return filed?.chunk ?? null;
  const [first] = run.records;
  await growChunk(parts.platform.db, filed.chunk, share, async (from, rows) => {
    const next = await gatherFast(parts, stream, from, share, rows);
    if (!('records' in next) || first === undefined || !next.records.every((each) => areAlike(first, each))) return null;
    return (await fileRun(parts, stream, next, heard))?.chunk ?? null;
  });
  return filed.chunk;
}

async function fileRun(
  parts: PipelineParts,
  stream: StreamName,
  { from, records }: FastRun,
  heard: HeardPersons,
): Promise<{ chunk: Chunk; mayGrow: boolean } | null> {
  const chunk = new Chunk(stream, from);
  const filed = await parts.bulkLane.file(chunk, records, heard);
  if (filed === null) return null;
  const taken = records.slice(0, filed.taken);
  chunk.to = taken.at(-1)?.position ?? from;
  chunk.files = filed.files;
  chunk.dropFiles = filed.drop;
  chunk.fileRows = filed.files.reduce((sum, file) => sum + file.rows, 0);
  chunk.items = taken.reduce((sum, record) => sum + record.items, 0);
  return { chunk, mayGrow: filed.mayGrow };
}

export interface ReadOptions {
  /** Narrows the chunk while a record that cannot be filed is being found. */
  readonly recordsMax: number;
  /** 0–1: less while chunks hold up others. */
  readonly share: number;
  /** Up to here deliveries go row by row; behind it the chunk ends where the fast lane takes over. */
  readonly slowUntil: number;
}
/** Row by row. Null when the stream is at its end. */
export async function readChunk(parts: PipelineParts, stream: StreamName, from: number, { recordsMax, share, slowUntil }: ReadOptions): Promise<Chunk | null> {
  const whole = LIMITS[stream.lane];
  const limit = stream.lane === 'bulk' ? { ...whole, rows: whole.rows * share } : whole;
  const records = Math.min(limit.records, recordsMax);
  const chunk = new Chunk(stream, from);
  try {
    return await fill(parts, chunk, limit, records, slowUntil);
  } catch (error) {
    await chunk.spool?.end();
    throw error;
  }
}

async function fill(parts: PipelineParts, chunk: Chunk, limit: Limit, records: number, slowUntil: number): Promise<Chunk | null> {
  const { stream, from } = chunk;
  const breathe = breather(stream.lane === 'bulk');
  let bytes = 0;
  let last: RawRecord | null = null;
  while (!isFull(chunk, limit) && bytes < limit.bytes && chunk.to - from < records) {
    const left = { records: Math.min(READ.records, records - (chunk.to - from)), bytes: Math.min(READ.bytes, limit.bytes - bytes) };
    const batch = await parts.lake.raw.read(stream, chunk.to, left);
    if (batch.length === 0) break;
    for (const [at, record] of batch.entries()) {
      const isNext = last !== null && record.position > slowUntil && (last.position <= slowUntil || !areAlike(last, record));
      if (isNext && (await isFastRun(parts, batch, at))) return chunk;
      last = record;
      if (!(await take(parts, chunk, record))) return chunk;
      bytes += record.body.byteLength;
      chunk.isFull = isFull(chunk, limit);
      if (chunk.isFull) return chunk;
      if (chunk.rowsHeld >= ROWS_HELD_MAX) await spool(parts, chunk);
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
  }
  return chunk.to === from ? null : chunk;
}

/** Whether the fast lane would take what begins here, by what was read: few rows of a small table must not lead a large one in. */
async function isFastRun({ bulkLane }: PipelineParts, batch: readonly RawRecord[], at: number): Promise<boolean> {
  const first = batch[at];
  const fits = first === undefined ? null : await bulkLane.fits(first);
  if (first === undefined || fits === null) return false;
  let rows = 0;
  for (const record of batch.slice(at)) {
    if (!areAlike(first, record)) return false;
    rows += record.items;
    if (rows >= Math.min(LANE_ROWS_MIN, fits.rowsMax)) return true;
  }
  return false;
}

async function spool({ platform, lake }: PipelineParts, chunk: Chunk): Promise<void> {
  chunk.spool ??= new RowSpool(platform, lake);
  await chunk.spool.take(chunk);
}

const isFull = (chunk: Chunk, limit: Limit): boolean => chunk.moves.length > 0 || chunk.weight >= limit.rows || chunk.textLength >= limit.text;

/** False when the record must wait for the next chunk: a moved visit takes along what was filed before it. */
async function take(parts: PipelineParts, chunk: Chunk, record: RawRecord): Promise<boolean> {
  const { preparer } = parts;
  if (record.gap === undefined) {
    const reading = await parts.collect.read(record).catch((error: unknown) => {
      if (isPassing(error)) throw error;
      parts.platform.log.warn('govern.unreadable', { source: record.stream.source, position: record.position, error });
      return null;
    });
    const isMove = reading?.acts.some((act) => act.act === 'move-encounter') ?? false;
    if (isMove && chunk.to > chunk.from) return false;
    if (reading === null) preparer.quarantine(chunk, record, 0, 'unreadable');
    else await preparer.prepare(chunk, record, reading, record.position <= parts.replayUntil(record.stream));
  } else if (record.gap === 'corrupt') preparer.quarantine(chunk, record, 0, 'corrupt');
  chunk.to = record.position;
  return true;
}
