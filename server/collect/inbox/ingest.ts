/**
 * Files and uploads, from their bytes to the raw zone. The same content twice is one delivery: a file whose content is known is not read
 * again, its refusals are repeated; one whose reading was interrupted goes on where the raw zone says it stopped.
 */
import { createHash } from 'node:crypto';
import { type IngestReport, isCode, REJECTIONS_LISTED_MAX, type Rejection } from '@xinglin/contracts';
import { uuidv7 } from '../../kernel/index.ts';
import { type Noted, noted, refuse } from '../errors.ts';
import { FhirDoor } from '../fhir/door.ts';
import { CsvDoor } from '../files/door.ts';
import type { Mapping } from '../files/mapping.ts';
import { mappingName } from '../files/mapping.ts';
import { archiveOf, workbookCsv } from '../files/xlsx/as-csv.ts';
import { Hl7Door } from '../hl7v2/door.ts';
import type { IngestOptions, IngestStreamOptions } from '../types.ts';
import { BulkWriter, type WriterDeps } from './bulk-writer.ts';
import { bytesOf, hashOf, headOf, peek } from './bytes.ts';
import {
  deleteRejections,
  endDelivery,
  insertDelivery,
  interruptedFile,
  knownFile,
  type NewDelivery,
  reopenDelivery,
  storedRejections,
} from './delivery.sql.ts';
import { storedName } from './file-name.ts';
import type { Door, DoorItem } from './item.ts';
import { type Recognised, recognise } from './recognise.ts';
import type { SavedMappings } from './saved-mappings.ts';
import type { Source, Sources } from './sources.ts';
import { type FoundFile, walk } from './walk.ts';

/** How files are cut and checked; raised when that changes, so that files once refused are looked at again. */
export const READER = 'collect@1';

export interface IngestDeps extends WriterDeps {
  readonly sources: Sources;
  readonly mappings: SavedMappings;
}

interface Wanted {
  readonly source: string | null;
  readonly mapping: Mapping | null;
  readonly by: string;
}
interface Input extends Wanted {
  /** As the report names it. */
  readonly name: string;
  readonly head: Uint8Array;
  /** All bytes, the head included. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** Known before reading for files; found while reading for uploads. */
  readonly sha256: Buffer | null;
  readonly onBytes: (bytes: number, accepted: number) => void;
  /** Refusals of the file as a whole, known once its bytes were read. */
  readonly notes?: () => readonly DoorItem[];
}

export async function ingestPaths(deps: IngestDeps, options: IngestOptions): Promise<IngestReport> {
  const files = await walk(options.paths);
  const wanted = await wantedOf(deps, options, true);
  const report: IngestReport = { accepted: 0, duplicate: 0, rejected: 0, rejections: [] };
  const bytesAll = files.reduce((sum, each) => sum + each.bytes, 0);
  let bytesBefore = 0;
  for (const file of files) {
    const tell = (bytes: number, accepted: number): void =>
      options.onProgress?.({ file: file.path, bytes: bytesBefore + bytes, bytesAll, accepted: report.accepted + accepted });
    await ingestFile(deps, file, wanted, report, tell);
    bytesBefore += file.bytes;
  }
  options.onProgress?.({ file: '', bytes: bytesAll, bytesAll, accepted: report.accepted });
  return report;
}

export async function ingestStream(deps: IngestDeps, options: IngestStreamOptions): Promise<IngestReport> {
  const wanted = await wantedOf(deps, options, false);
  const report: IngestReport = { accepted: 0, duplicate: 0, rejected: 0, rejections: [] };
  const { head, all } = await peek(options.bytes);
  await take(deps, { ...wanted, name: options.name, head, bytes: all, sha256: null, onBytes: () => undefined }, report);
  return report;
}

async function wantedOf(deps: IngestDeps, options: { source: string | null; mapping: string | null; by: string }, mayReadFile: boolean): Promise<Wanted> {
  const { source, by } = options;
  if (source !== null && !isCode(source)) throw refuse('source-name', { source: source.slice(0, 40).replace(/[^\x20-\x7e]/g, '?') });
  return { source, by, mapping: options.mapping === null ? null : await deps.mappings.given(options.mapping, by, mayReadFile) };
}

async function ingestFile(
  deps: IngestDeps,
  file: FoundFile,
  wanted: Wanted,
  report: IngestReport,
  tell: (bytes: number, accepted: number) => void,
): Promise<void> {
  let head: Uint8Array;
  let sha256: Buffer;
  try {
    head = await headOf(file.path);
    sha256 = await hashOf(file.path);
  } catch (error) {
    addRejection(report, { file: file.path, line: null, ...noted('unreadable', { code: codeOf(error) }) });
    return;
  }
  const bytes = (): AsyncIterable<Uint8Array> => bytesOf(file.path);
  await take(deps, { ...wanted, name: file.path, head, sha256, bytes, onBytes: tell }, report);
}

/** One file or upload. Adds to the report. */
async function take(deps: IngestDeps, given: Input, report: IngestReport): Promise<void> {
  const { input, recognised } = await unpacked(given, recognise(given.head, given.name));
  const isRefused = 'code' in recognised;
  const { source, campusId, mrnAuthority } = await deps.sources.use(input.source ?? (isRefused ? 'unrecognised' : recognised.type), input.by);
  const at = deps.platform.clock.now();
  const delivery: NewDelivery = {
    ...{ deliveryId: uuidv7(at.getTime()), orgId: deps.platform.config.orgId, campusId, source, lane: 'bulk', by: input.by, at },
    ...{ type: isRefused ? 'unknown' : recognised.type, fileName: storedName(input.name), sha256: input.sha256, mapping: null, reader: READER },
  };
  if (isRefused) await takeRefused(deps, input, delivery, recognised, report);
  else {
    const door = await doorFor(deps, input, recognised, { source, mrnAuthority });
    const mapping = await mappingAhead(deps, input, recognised.type, source);
    if (!(await repeatKnown(deps, input, { ...delivery, mapping }, report))) await takeThrough(deps, input, { ...delivery, mapping }, door, report);
  }
}

/** A workbook becomes the CSV of its first filled sheet; its hash stays that of the file. */
async function unpacked(input: Input, recognised: Recognised): Promise<{ input: Input; recognised: Recognised }> {
  if ('code' in recognised || recognised.type !== 'csv' || recognised.isWorkbook !== true) return { input, recognised };
  const hash = createHash('sha256');
  const archive = await archiveOf(tapped(input.bytes(), (piece) => hash.update(piece)));
  const sha256 = input.sha256 ?? hash.digest();
  const opened = await workbookCsv(archive);
  if ('code' in opened) return { input: { ...input, sha256 }, recognised: opened };
  let head: Uint8Array = new Uint8Array();
  for await (const piece of opened.csv()) {
    head = piece;
    break;
  }
  return { input: { ...input, head, bytes: opened.csv, sha256, notes: opened.notes }, recognised };
}

async function* tapped(bytes: AsyncIterable<Uint8Array>, onPiece: (piece: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    onPiece(piece);
    yield piece;
  }
}

async function doorFor(
  deps: IngestDeps,
  input: Input,
  recognised: { type: string; isLines?: boolean },
  of: Pick<Source, 'source' | 'mrnAuthority'>,
): Promise<Door> {
  const zone = deps.platform.config.timeZone;
  if (recognised.type === 'hl7v2') return new Hl7Door(zone);
  if (recognised.type === 'fhir') return new FhirDoor(recognised.isLines === true, zone);
  const mappings = input.mapping === null ? await deps.mappings.all() : [input.mapping];
  return new CsvDoor(mappings, input.mapping !== null, of.source, of.mrnAuthority);
}

/** Which mapping the header will choose, so that content known under another one is read again. */
async function mappingAhead(deps: IngestDeps, input: Input, type: string, source: string): Promise<string | null> {
  if (type !== 'csv') return null;
  if (input.mapping !== null) return mappingName(input.mapping);
  const trial = new CsvDoor(await deps.mappings.all(), false, source);
  trial.push(input.head);
  return trial.mapping;
}

/** True when the content is known: it counts as duplicate, and what was refused of it is refused again. */
async function repeatKnown(deps: IngestDeps, input: Input, delivery: NewDelivery, report: IngestReport): Promise<boolean> {
  if (delivery.sha256 === null) return false;
  const { db } = deps.platform;
  const known = await knownFile(db, delivery);
  if (known === undefined || known.accepted + known.duplicate === 0) return false;
  const duplicate = known.accepted + known.duplicate;
  await insertDelivery(db, delivery, { state: 'complete', counts: { accepted: 0, duplicate, rejected: known.rejected }, sameAs: known.deliveryId });
  const room = REJECTIONS_LISTED_MAX - report.rejections.length;
  for (const each of await storedRejections(db, known.deliveryId, Math.max(0, room))) report.rejections.push({ file: input.name, ...each });
  report.duplicate += duplicate;
  report.rejected += known.rejected;
  return true;
}

async function takeThrough(deps: IngestDeps, input: Input, given: NewDelivery, door: Door, report: IngestReport): Promise<void> {
  const { db } = deps.platform;
  const earlier = given.sha256 === null ? undefined : await interruptedFile(db, given);
  const delivery = earlier === undefined ? given : { ...given, deliveryId: earlier.deliveryId };
  if (earlier === undefined) await insertDelivery(db, delivery);
  else await db.tx((tx) => reopenDelivery(tx, delivery));
  const writer = new BulkWriter(deps, delivery, door.type, earlier?.accepted ?? 0);
  writer.mapping = delivery.mapping;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of input.bytes()) {
      if (input.sha256 === null) hash.update(chunk);
      bytes += chunk.length;
      await writer.add(door.push(chunk));
      writer.mapping = door.mapping ?? writer.mapping;
      input.onBytes(bytes, writer.accepted);
    }
    await writer.add(door.end());
    await writer.add(input.notes?.() ?? []);
    await writer.finish();
  } catch (error) {
    await endDelivery(db, delivery.deliveryId, { state: 'interrupted', sha256: null, sameAs: null }).catch(() => undefined);
    throw error;
  }
  await close(deps, { ...delivery, mapping: writer.mapping, sha256: input.sha256 ?? hash.digest() }, writer);
  report.accepted += writer.accepted;
  report.duplicate += writer.duplicate;
  report.rejected += writer.rejected;
  const room = REJECTIONS_LISTED_MAX - report.rejections.length;
  report.rejections.push(...writer.rejections.slice(0, Math.max(0, room)).map((each) => ({ file: input.name, ...each })));
}

/** An upload that turns out to repeat known content points to it, so that its refusals are listed once. */
async function close(deps: IngestDeps, delivery: NewDelivery, writer: BulkWriter): Promise<void> {
  await deps.platform.db.tx(async (tx) => {
    const known = writer.accepted > 0 ? undefined : await knownFile(tx, delivery);
    const sameAs = known === undefined || known.deliveryId === delivery.deliveryId ? null : known.deliveryId;
    if (sameAs !== null) await deleteRejections(tx, delivery.deliveryId);
    await endDelivery(tx, delivery.deliveryId, { state: 'complete', sha256: delivery.sha256, sameAs });
  });
}

/** A file that is nothing we can read: one refusal, and a row in the log. */
async function takeRefused(deps: IngestDeps, input: Input, delivery: NewDelivery, why: Noted, report: IngestReport): Promise<void> {
  const hash = createHash('sha256');
  if (input.sha256 === null) for await (const chunk of input.bytes()) hash.update(chunk);
  const row = { ...delivery, sha256: input.sha256 ?? hash.digest() };
  await insertDelivery(deps.platform.db, row);
  const writer = new BulkWriter(deps, row, 'csv', 0);
  await writer.add([{ kind: 'refused', line: null, ...why }]);
  await writer.finish();
  await close(deps, row, writer);
  addRejection(report, { file: input.name, line: null, ...why });
}

function addRejection(report: IngestReport, rejection: Rejection): void {
  report.rejected += 1;
  if (report.rejections.length < REJECTIONS_LISTED_MAX) report.rejections.push(rejection);
}

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' && /^[A-Z0-9]{2,20}$/.test(code) ? code : 'EIO';
};
