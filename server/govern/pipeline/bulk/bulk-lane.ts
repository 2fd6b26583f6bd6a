/**
 * The fast lane of big files: rows of a CSV mapping without identifying columns become facts inside DuckDB, hundreds of thousands at a time.
 *
 * It gives exactly what reading row by row gives, or nothing: at the first thing it would have to explain (a value that fits nowhere, a code
 * that looks like a person's number, a repeated key) the chunk goes the slow way, which puts items into quarantine and counts refusals.
 * Plain text passes through a named pipe into memory; what reaches the disk is pseudonymous.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column, FactName, RawRecord } from '@xinglin/contracts';
import type { BulkPlan, Collect } from '../../../collect/index.ts';
import { uuidv7 } from '../../../kernel/index.ts';
import type { FactFile, Lake } from '../../../lake/index.ts';
import type { Platform } from '../../../platform/index.ts';
import { blindSubject } from '../../privacy/blind.ts';
import { pseudonymsFor } from '../../privacy/pseudonyms.ts';
import { isSafeCode, isSafeDimensionCode, isSafeToken, safeDisplay } from '../../privacy/safe-values.ts';
import { dictionaryOf } from '../../terminology/learned-code.ts';
import { breather } from '../breathe.ts';
import type { Chunk } from '../chunk.ts';
import { isPassing } from '../passing.ts';
import { positionOf } from '../positions.ts';
import { needsSubject } from '../prepare.ts';
import { codesSql, encountersSql, type FactParts, factsSql, MARK, problemsSql, saidSql, sheetSql, textColumns } from './bulk.sql.ts';
import { BulkEngine } from './bulk-engine.ts';
import { feed, makePipe } from './feed.ts';
import { quoted } from './hmac.sql.ts';

/** Facts that change nothing but themselves. Visits, persons, surgeries and diagnoses have state beside the fact, answers and complaints may be news. */
const LANE_FACTS: ReadonlySet<FactName> = new Set(['charge', 'observation', 'medication', 'event', 'review', 'appointment', 'message']);
/** Below this an engine of its own costs more than reading the rows. */
export const LANE_ROWS_MIN = 5_000;
/** Moved visits looked for in a chunk; a hospital that has more goes the slow way. */
const MOVES_MAX = 10_000;
/** More different codes than this in one column are not a dictionary. */
const CODES_MAX = 20_000;

export interface BulkLane {
  /** Whether deliveries like this one may take the lane. */
  takes(record: RawRecord): Promise<boolean>;
  /** Null when the deliveries have no plan or are not clean. Fills the chunk with what the rows teach. */
  file(chunk: Chunk, records: readonly RawRecord[]): Promise<FactFile[] | null>;
}

export function createBulkLane(platform: Platform, lake: Lake, collect: Collect): BulkLane {
  const folder = join(platform.config.dataDir, 'tmp', 'lake');
  return {
    async takes(record) {
      return record.type === 'csv' && record.gap === undefined && (await planOf(collect, record)) !== null;
    },
    async file(chunk, records) {
      const batch = await planOf(collect, records[0]);
      if (batch === null) return null;
      const engine = await BulkEngine.open(folder);
      const path = join(folder, `bulk-${uuidv7()}.parquet`);
      try {
        const isRead = await readRows(engine, folder, batch, records);
        if (!isRead || !(await isClean(engine, batch.plan, records))) return null;
        if (!(await learnCodes(engine, chunk, batch.plan))) return null;
        if (!(await writeFacts(engine, platform, chunk, batch, records, path))) return null;
        return await toLake(lake, batch.plan.fact, path);
      } catch (error) {
        if (isPassing(error)) throw error;
        // Whatever it is, the slow way finds the row; an engine's message may quote one and goes no further.
        platform.log.warn('govern.fast-lane-left', { source: chunk.stream.source, code: (error as { code?: unknown }).code ?? null });
        return null;
      } finally {
        engine.close();
        await rm(path, { force: true });
      }
    },
  };
}

interface Batch {
  readonly plan: BulkPlan;
  readonly header: readonly string[];
  readonly delimiter: string;
}

/** The header line of a delivery, when it has no quotes: cells are then simply between delimiters. */
function headerOf(record: RawRecord): { text: string; bytes: number } | null {
  const end = Buffer.from(record.body.buffer, record.body.byteOffset, record.body.byteLength).indexOf(0x0a);
  if (end < 0) return null;
  const text = Buffer.from(record.body.subarray(0, end))
    .toString('utf8')
    .replace(/\r$/, '')
    .replace(/^\ufeff/, '');
  return text.includes('"') ? null : { text, bytes: end + 1 };
}

async function planOf(collect: Collect, first: RawRecord | undefined): Promise<Batch | null> {
  const mapping = first?.meta['mapping'];
  const head = first === undefined ? null : headerOf(first);
  // A plan keys records by the HIS's numbers; a source that carries another system's goes row by row.
  if (first === undefined || head === null || typeof mapping !== 'string' || first.meta['mrnAuthority'] !== undefined) return null;
  const delimiter = typeof first.meta['delimiter'] === 'string' ? first.meta['delimiter'] : ',';
  const header = head.text.split(delimiter);
  const plan = await collect.bulkPlan(mapping, header);
  return plan === null || !LANE_FACTS.has(plan.fact) ? null : { plan, header, delimiter };
}

/** Deliveries that may share a chunk: same mapping, same header line. */
export function areAlike(a: RawRecord, b: RawRecord): boolean {
  if (b.type !== 'csv' || b.gap !== undefined || a.meta['mapping'] !== b.meta['mapping'] || a.meta['delimiter'] !== b.meta['delimiter']) return false;
  if (a.meta['mrnAuthority'] !== b.meta['mrnAuthority']) return false;
  const [one, other] = [headerOf(a), headerOf(b)];
  return one !== null && one.text === other?.text;
}

async function readRows(engine: BulkEngine, folder: string, batch: Batch, records: readonly RawRecord[]): Promise<boolean> {
  const pipe = await makePipe(folder).catch(() => null);
  if (pipe === null) return false;
  const mark = Buffer.from(`${MARK}${batch.delimiter.repeat(batch.header.length - 1)}\n`);
  const parts = records.flatMap((record) => [mark, record.body.subarray(headerOf(record)?.bytes ?? 0)]);
  try {
    await feed(pipe.path, parts, () => engine.run(sheetSql(pipe.path, batch.header, batch.delimiter)));
    await engine.run(saidSql(batch.plan, batch.header));
    await engine.run('drop table sheet');
    return true;
  } catch {
    // A quote DuckDB reads otherwise than the door did: row by row it is. The engine's message quotes the row, so it goes no further.
    return false;
  } finally {
    await pipe.remove();
  }
}

/** The same rows as the door counted, every one of them readable, no key twice in one delivery. */
async function isClean(engine: BulkEngine, plan: BulkPlan, records: readonly RawRecord[]): Promise<boolean> {
  const counts = await engine.rows<{ delivery: number; n: number }>('select delivery, count(*) as n from said group by delivery order by delivery');
  if (counts.length !== records.length || counts.some(({ delivery, n }) => records[delivery - 1]?.items !== n)) return false;
  const [problems] = await engine.rows<{ wrong: number; repeated: number }>(problemsSql(plan, needsSubject(plan.fact)));
  return problems?.wrong === 0 && problems.repeated === 0;
}

/** False when a code or word may not stand in a fact as it is. */
async function learnCodes(engine: BulkEngine, chunk: Chunk, plan: BulkPlan): Promise<boolean> {
  for (const column of textColumns(plan)) {
    const codes = await engine.rows<{ code: string; seen: number; display: string | null }>(codesSql(plan, column.name, CODES_MAX + 1));
    const system = plan.values[column.name]?.system ?? null;
    if (codes.length > CODES_MAX || !codes.every(({ code }) => fits(column, code, system))) return false;
    const dimension = dictionaryOf(plan.fact, column);
    if (dimension === null) continue;
    for (const { code, seen, display } of codes) {
      const name = safeDisplay(display);
      // A code of an item list is only learned for its name; a department's or doctor's code also without.
      if (name === null && column.kind === 'code') continue;
      chunk.learn({ dimension, source: (column.kind === 'code' ? system : null) ?? chunk.stream.source, sourceCode: code, display: name }, seen);
    }
  }
  return true;
}

function fits({ kind }: Column, code: string, system: string | null): boolean {
  if (kind === 'code') return isSafeCode(code, system);
  if (kind === 'token') return isSafeToken(code);
  if (kind.startsWith('enum:')) return kind.slice('enum:'.length).split('|').includes(code);
  return isSafeDimensionCode(code);
}

async function writeFacts(
  engine: BulkEngine,
  platform: Platform,
  chunk: Chunk,
  { plan }: Batch,
  records: readonly RawRecord[],
  path: string,
): Promise<boolean> {
  const { orgId, campusId, source, lane } = chunk.stream;
  const parts: FactParts = { orgId, campusId, source, edition: plan.mapping, timeZone: platform.config.timeZone };
  const { inner, outer } = platform.keys.pseudonymPads();
  await engine.run('create table pads (inner_pad blob, outer_pad blob)');
  await engine.fill('pads', [[inner], [outer]]);
  const deliveries = records.map(
    ({ position, receivedAt }, at) => `(${at + 1}, ${positionOf(position, lane, 0)}, make_timestamp(${receivedAt.getTime()} * 1000))`,
  );
  await engine.run(`create table deliveries as select * from (values ${deliveries.join(', ')}) as d(delivery, base, received_at)`);
  await mapSubjects(engine, platform, chunk, plan, records);
  if (plan.encounterLocalId !== null) {
    await engine.run(encountersSql(parts));
    if (await hasMoved(engine, platform)) return false;
  }
  await engine.run(`copy (${factsSql(plan, parts)}) to ${quoted(path)} (format parquet, compression uncompressed)`);
  return true;
}

/** Visits a source moved to another patient take their rows along; the slow way knows how. */
async function hasMoved(engine: BulkEngine, platform: Platform): Promise<boolean> {
  const moves = await platform.db.query<{ encounter_key: string }>('select encounter_key from govern.encounter_move limit $1', [MOVES_MAX + 1]);
  if (moves.length === 0) return false;
  if (moves.length > MOVES_MAX) return true;
  const keys = moves.map((row) => quoted(row.encounter_key)).join(', ');
  const [found] = await engine.rows<{ n: number }>(`select count(*) as n from encounters where encounter_key in (${keys})`);
  return (found?.n ?? 0) > 0;
}

/** Record keys are made here, where their owners are remembered too. */
async function mapSubjects(engine: BulkEngine, platform: Platform, chunk: Chunk, plan: BulkPlan, records: readonly RawRecord[]): Promise<void> {
  const { subject } = plan;
  if (subject === null) return;
  const { orgId, campusId, source } = chunk.stream;
  const names = pseudonymsFor(platform.keys, orgId, false);
  const seen = await engine.rows<{ subject: string; delivery: number }>(
    'select subject, min(delivery) as delivery from said where subject is not null group by subject',
  );
  const keys: string[] = [];
  const breathe = breather();
  for (const { subject: value, delivery } of seen) {
    const id = { type: subject.type, system: subject.system ?? source, value };
    const recordKey = names.record(source, id);
    const firstSeenAt = records[delivery - 1]?.receivedAt ?? platform.clock.now();
    const identifiers = () => blindSubject(platform.keys, id, firstSeenAt);
    if (!chunk.records.has(recordKey)) chunk.records.set(recordKey, { recordKey, campusId, source, idType: subject.type, firstSeenAt, identifiers });
    keys.push(recordKey);
    await breathe();
  }
  await engine.run('create table subjects (subject varchar, record_key varchar)');
  await engine.fill('subjects', [seen.map((each) => each.subject), keys]);
}

async function toLake(lake: Lake, fact: FactName, path: string): Promise<FactFile[]> {
  const batch = lake.beginFacts();
  try {
    await batch.addFrom(fact, `select * from read_parquet(${quoted(path)})`);
    return await batch.close();
  } catch (error) {
    await batch.abort();
    throw error;
  }
}
