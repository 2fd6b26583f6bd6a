/**
 * The fast lane of big files: rows of a CSV mapping become facts inside DuckDB, hundreds of thousands at a time; what must be merged with
 * earlier data – persons, visits – is read out of it in columns.
 *
 * It gives exactly what reading row by row gives, or nothing: at the first thing it would have to explain (a value that fits nowhere, a code
 * that looks like a person's number, a key repeated by rows that name people) the chunk goes the slow way, which puts items into quarantine and counts refusals.
 * Plain text passes through a named pipe into memory; what reaches the disk is pseudonymous.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RawRecord } from '@xinglin/contracts';
import { type BulkPlan, type Collect, isPlainText } from '../../../collect/index.ts';
import { uuidv7 } from '../../../kernel/index.ts';
import { type FactFile, type FactsBatch, filesSql, type Lake } from '../../../lake/index.ts';
import type { Platform } from '../../../platform/index.ts';
import { factKind, type PseudonymsOf } from '../../privacy/pseudonyms.ts';
import { breather } from '../breathe.ts';
import type { Chunk } from '../chunk.ts';
import { isVoiceHistory } from '../news.ts';
import { isPassing } from '../passing.ts';
import { positionOf } from '../positions.ts';
import { needsSubject } from '../prepare.ts';
import {
  cellsSql,
  encountersSql,
  type FactParts,
  factsSql,
  fewTexts,
  KEEP_LAST,
  MARK,
  problemsSql,
  REPEATED,
  type ReadCell,
  rowsSql,
  saidSql,
  textColumns,
} from './bulk.sql.ts';
import { addEncounterItems, addEncounters, keepTexts } from './bulk-beside.ts';
import { CODES_MAX, type CodePair, learnCodes, pairsOf } from './bulk-codes.ts';
import { type BulkEngine, BulkEngines } from './bulk-engine.ts';
import { type BulkParts, hearPersons, seeSubjects } from './bulk-persons.ts';
import { feed } from './feed.ts';
import type { HeardPersons } from './heard.ts';
import { quoted } from './keys.sql.ts';
import { cutSql, holdingsSql } from './persons.sql.ts';
import { Words } from './words.ts';

/** Below this an engine of its own costs more than reading the rows. */
export const LANE_ROWS_MIN = 2_000;
/** Fewer are taken at once when what they hold keeps others waiting; not fewer than this. */
export const SHARE_ROWS_MIN = 500;
/** Rows at once: they are held in memory twice for a moment, as text and as columns. */
const ROWS_MAX = 400_000;
/** Statements held as objects until they are filed: persons, visits, surgeries and diagnoses, as many as make 50 to 100 MB. */
export const PERSONS_MAX = 30_000;
/** People told of for the first time: they are linked while others wait, about a seventh of a millisecond each; a chunk's share begins with a fifth. */
export const NEWCOMERS_MAX = 12_000;
const VISITS_MAX = 25_000;
const ITEMS_MAX = 100_000;
/** Characters of free text in a chunk. */
const TEXT_MAX = 8 << 20;
/** Moved visits looked for in a chunk; a hospital that has more goes the slow way. */
const MOVES_MAX = 10_000;

export interface BulkLane {
  /** How many rows like those of this delivery make a chunk, and whether they tell of people; null when they may not take the lane. */
  fits(record: RawRecord): Promise<{ rowsMax: number; namesPeople: boolean } | null>;
  /**
   * Null when the deliveries have no plan or are not clean. Fills the chunk with what the rows teach. `taken` of the deliveries are filed, from
   * the first on: fewer than all when they name more people than a chunk holds.
   */
  file(chunk: Chunk, records: readonly RawRecord[], heard: HeardPersons): Promise<Lane | null>;
  close(): Promise<void>;
}
export interface Lane {
  readonly files: FactFile[];
  readonly taken: number;
  /** Rows that follow are likely to name the same people. */
  readonly mayGrow: boolean;
  /** Removes the files; only while nobody tried to file them. */
  drop(): Promise<void>;
}

export function createBulkLane(platform: Platform, lake: Lake, collect: Collect, namesOf: PseudonymsOf): BulkLane {
  const folder = join(platform.config.dataDir, 'tmp', 'lake');
  const engines = new BulkEngines(folder);
  return {
    close: () => engines.close(),
    async fits(record) {
      const batch = record.type === 'csv' && record.gap === undefined ? await planOf(collect, record) : null;
      return batch === null ? null : { rowsMax: rowsMaxOf(batch.plan), namesPeople: batch.plan.person !== null };
    },
    async file(chunk, records, heard) {
      const batch = await planOf(collect, records[0]);
      return batch === null ? null : await engines.use((engine) => fileIn(engine, batch, chunk, records, heard));
    },
  };

  async function fileIn(engine: BulkEngine, batch: Batch, chunk: Chunk, records: readonly RawRecord[], heard: HeardPersons): Promise<Lane | null> {
    const facts = lake.beginFacts();
    const into = join(folder, `bulk-${uuidv7()}`);
    let isDone = false;
    try {
      const isRead = await readRows(engine, batch, records);
      if (!isRead || !(await isClean(engine, batch.plan, records))) return null;
      const taken = await cut(engine, batch.plan, records.length);
      const parts: BulkParts = { engine, platform, names: namesOf(chunk.stream.orgId, false), chunk, plan: batch.plan, records: records.slice(0, taken) };
      if (taken === 0 || !(await fileRows(parts, heard, into, facts))) return null;
      const lane = { files: await facts.close(), taken, mayGrow: mayGrow(batch.plan), drop: () => facts.abort() };
      isDone = true;
      return lane;
    } catch (error) {
      if (isPassing(error)) throw error;
      // Whatever it is, the slow way finds the row; an engine's message may quote one and goes no further.
      platform.log.warn('govern.fast-lane-left', { source: chunk.stream.source, code: (error as { code?: unknown }).code ?? null });
      return null;
    } finally {
      // Its folders are empty now, or it is gone, unless something went wrong.
      rmSync(into, { recursive: true, force: true });
      if (!isDone) await facts.abort();
    }
  }
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
  if (first === undefined || head === null || typeof mapping !== 'string') return null;
  const delimiter = typeof first.meta['delimiter'] === 'string' ? first.meta['delimiter'] : ',';
  const header = head.text.split(delimiter);
  const plan = await collect.bulkPlan(mapping, header, first);
  return plan === null ? null : { plan, header, delimiter };
}

/** Deliveries that may share a chunk: same mapping, same header line. */
export function areAlike(a: RawRecord, b: RawRecord): boolean {
  if (b.type !== 'csv' || b.gap !== undefined || a.meta['mapping'] !== b.meta['mapping'] || a.meta['delimiter'] !== b.meta['delimiter']) return false;
  if (a.meta['mrnAuthority'] !== b.meta['mrnAuthority']) return false;
  const [one, other] = [headerOf(a), headerOf(b)];
  return one !== null && one.text === other?.text;
}

async function readRows(engine: BulkEngine, { plan, header, delimiter }: Batch, records: readonly RawRecord[]): Promise<boolean> {
  const mark = Buffer.from(`${MARK}${delimiter.repeat(header.length - 1)}\n`);
  const bodies = records.map((record) => record.body.subarray(headerOf(record)?.bytes ?? 0));
  const isPlain = await arePlain(bodies, delimiter);
  try {
    const parts = bodies.flatMap((body) => [mark, body]);
    await feed(engine.pipe, parts, () => engine.run(rowsSql(plan, engine.pipe, header, delimiter, isPlain)));
    return true;
  } catch {
    // A quote DuckDB reads otherwise than the door did: row by row it is. The engine's message quotes the row, so it goes no further.
    return false;
  }
}

async function arePlain(bodies: readonly Uint8Array[], delimiter: string): Promise<boolean> {
  const breathe = breather(true);
  for (const body of bodies) {
    if (!isPlainText(body, delimiter)) return false;
    await breathe();
  }
  return true;
}

/** The same rows as the door counted, every one of them readable; afterwards no key is there twice in one delivery. */
async function isClean(engine: BulkEngine, plan: BulkPlan, records: readonly RawRecord[]): Promise<boolean> {
  const counts = await engine.rows<{ delivery: number; n: number }>('select delivery, count(*) as n from rows group by delivery order by delivery');
  if (counts.length !== records.length || counts.some(({ delivery, n }) => records[delivery - 1]?.items !== n)) return false;
  const [problems] = await engine.rows<{ rows: number; wrong: number; keys: number }>(problemsSql(plan, needsSubject(plan.fact)));
  if (problems?.wrong !== 0) return false;
  // A person is one per record, whatever number the row has.
  if (plan.fact === 'person_record' || problems.keys === problems.rows) return true;
  const [found] = await engine.rows<{ repeated: number }>(REPEATED);
  if (found?.repeated === 0) return true;
  // Each of the rows tells of a person; of the fact only the last does.
  if (plan.person !== null) return false;
  for (const statement of KEEP_LAST) await engine.run(statement);
  return true;
}

function rowsMaxOf({ fact, person }: BulkPlan): number {
  if (fact === 'person_record') return NEWCOMERS_MAX;
  if (fact === 'encounter') return person === null ? VISITS_MAX : NEWCOMERS_MAX;
  if (person !== null) return NEWCOMERS_MAX;
  return fact === 'condition' || fact === 'procedure' ? ITEMS_MAX : ROWS_MAX;
}

/** Surgeries, diagnoses and free texts are held until they are filed. */
const mayGrow = ({ fact, person, text }: BulkPlan): boolean =>
  person !== null && text === null && !['person_record', 'encounter', 'condition', 'procedure'].includes(fact);

/** Lets go the deliveries that would make the chunk hold too much; gives how many stay. */
async function cut(engine: BulkEngine, plan: BulkPlan, deliveries: number): Promise<number> {
  if (plan.person === null && plan.text === null) return deliveries;
  let [taken, persons, characters] = [0, 0, 0];
  for (const held of await engine.rows<{ persons: number; characters: number }>(holdingsSql(plan))) {
    persons += Number(held.persons);
    characters += Number(held.characters);
    if (persons > PERSONS_MAX || characters > TEXT_MAX) break;
    taken += 1;
  }
  if (taken < deliveries) await engine.run(cutSql(taken));
  return taken;
}

/** False when something must be explained. */
async function fileRows(bulk: BulkParts, persons: HeardPersons, into: string, facts: FactsBatch): Promise<boolean> {
  const { engine, platform, chunk, plan } = bulk;
  if (isVoice(plan) && (await hasNews(engine, platform))) return false;
  await makeTables(bulk);
  const pairs = await pairUp(bulk);
  if (pairs === null) return false;
  const words = new Words();
  const subjects = await seeSubjects(bulk, words);
  const heard = await hearPersons(bulk, subjects, words, persons);
  if (heard === null || !(await learnCodes(bulk, words, pairs))) return false;
  if (plan.fact === 'person_record') return true;
  const { orgId, campusId, source } = chunk.stream;
  const parts: FactParts = { orgId, campusId, source, edition: plan.mapping, timeZone: platform.config.timeZone };
  if (plan.encounterLocalId !== null) await engine.run(encountersSql(parts));
  await keepTexts(bulk, parts);
  if (plan.fact === 'encounter') {
    await addEncounters(bulk, parts, heard.factsFrom);
    return true;
  }
  if (plan.encounterLocalId !== null && (await hasMoved(engine, platform))) return false;
  await addEncounterItems(bulk, parts, heard.factsFrom);
  const files = await engine.rows<{ filename: string }>(
    filesSql(plan.fact, factsSql(plan, parts, heard.factsFrom), into, { few: fewTexts(plan.fact, parts, pairs), isOneMonth: await isOneMonth(engine) }),
  );
  await facts.adopt(
    plan.fact,
    files.map(({ filename }) => filename),
  );
  return true;
}

/** Each column of codes by its different cells, read here; makes `said`. Null: too many to be a dictionary, or an event without a name. */
async function pairUp({ engine, plan }: BulkParts): Promise<Map<string, CodePair[]> | null> {
  const words = new Map<string, ReadCell[]>();
  for (const { name } of textColumns(plan)) {
    const value = plan.values[name];
    if (value === undefined || value.cells.length === 0) continue;
    const [given = [], seen = []] = await engine.columns(cellsSql(value, CODES_MAX + 1));
    if (given.length > CODES_MAX) return null;
    const read = given.map((each, at): ReadCell => {
      const cells = each as readonly (string | null)[];
      return { cell: cells[0] ?? null, ...value.read(cells), seen: Number(seen[at]) };
    });
    if (plan.fact === 'event' && name === 'name' && read.some(({ code }) => code === null)) return null;
    words.set(name, read);
  }
  await engine.run(saidSql(plan, words));
  return new Map([...words].map(([name, read]) => [name, pairsOf(read)]));
}

async function makeTables({ engine, platform, chunk, plan, records }: BulkParts): Promise<void> {
  const { orgId, source } = chunk.stream;
  const { inner, outer } = platform.keys.pseudonymPads();
  const { secret } = platform.keys.numberKeys(...factKind(orgId, source, plan.fact));
  await engine.run('create table pads (inner_pad blob, outer_pad blob, fact_secret blob)');
  await engine.fill('pads', [[inner], [outer], [secret]]);
  const bases = records.map(({ position }) => positionOf(position, chunk.stream.lane, 0));
  const times = records.map(({ receivedAt }) => receivedAt.getTime());
  await engine.run(
    `create table deliveries as select unnest(range(1, ${records.length + 1})) as delivery, unnest([${bases.join(', ')}]) as base,
       make_timestamp(unnest([${times.join(', ')}]) * 1000) as received_at`,
  );
}

const isVoice = ({ fact }: BulkPlan): boolean => fact === 'survey_answer' || fact === 'complaint';

/** Answers and complaints recent enough to be news are told row by row. */
async function hasNews(engine: BulkEngine, platform: Platform): Promise<boolean> {
  const [latest] = await engine.rows<{ at: number | null }>('select epoch_ms(max(occurred_at)) as at from rows where not is_deleted');
  return latest?.at != null && !isVoiceHistory(new Date(latest.at), platform.clock.now());
}

async function isOneMonth(engine: BulkEngine): Promise<boolean> {
  const [found] = await engine.rows<{ is_one: boolean | null }>(
    `select strftime(min(occurred_at), '%Y-%m') = strftime(max(occurred_at), '%Y-%m') as is_one from rows`,
  );
  return found?.is_one === true;
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
