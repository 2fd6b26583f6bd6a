/** The list of live fact files, and the cursors. PostgreSQL decides; whoever changes the list holds the manifest row until it commits. */
import type { FactName, StreamName } from '@xinglin/contracts';
import { FACT_NAMES, streamText } from '@xinglin/contracts';
import { invariant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { streamId } from '../raw/content-index.ts';
import type { FactFile } from '../types.ts';
import { columnsPrint } from './columns.ts';
import type { FileKind, WrittenFile } from './fact-folder.ts';

export interface LiveFile extends WrittenFile {
  readonly id: number;
  readonly edition: string;
  readonly generationData: number;
}
export interface Manifest {
  readonly generation: number;
  readonly files: readonly LiveFile[];
}

/** One statement, so one moment. */
export async function readManifest(q: Queryable): Promise<Manifest> {
  const rows = await q.query<Row & { generation: number }>(
    `select m.generation, f.file_id, f.fact, f.month, f.path, f.kind, f.row_count, f.byte_count, f.version_min, f.version_max, f.edition,
            f.columns_print, f.generation_data
     from lake.manifest m
     left join lake.fact_file f on f.generation_removed is null
     order by f.fact, f.month, f.file_id`,
  );
  const [first] = rows;
  invariant(first !== undefined, 'the manifest has its one row');
  return { generation: first.generation, files: rows.filter((row) => row.file_id !== null && FACT_NAMES.includes(row.fact)).map(fromRow) };
}

export const readGeneration = async (q: Queryable): Promise<number> => (await q.one<{ generation: number }>('select generation from lake.manifest')).generation;

export async function readCursor(q: Queryable, stream: StreamName): Promise<number> {
  const row = await q.maybe<{ position: number }>(
    `select c.position from lake.stream s join lake.cursor c on c.stream_id = s.stream_id
     where s.org_id = $1 and s.campus_id = $2 and s.source = $3 and s.lane = $4`,
    [stream.orgId, stream.campusId, stream.source, stream.lane],
  );
  return row?.position ?? 0;
}

/** Moves the cursor, or throws when another got there first. */
export async function moveCursor(tx: Tx, stream: StreamName, from: number, to: number): Promise<void> {
  invariant(to >= from, 'a cursor moves forward');
  const id = await streamId(tx, stream);
  await tx.query('insert into lake.cursor (stream_id, position) values ($1, 0) on conflict do nothing', [id]);
  const moved = await tx.maybe('update lake.cursor set position = $3 where stream_id = $1 and position = $2 returning stream_id', [id, from, to]);
  if (moved === undefined) throw refuse('cursor-moved', { stream: streamText(stream), from });
}

export async function nextGeneration(tx: Tx, reason: 'commit' | 'compaction' | 'rebuild', now: Date): Promise<number> {
  const { generation } = await tx.one<{ generation: number }>('update lake.manifest set generation = generation + 1 returning generation');
  await tx.query('insert into lake.generation (generation, reason, created_at) values ($1, $2, $3)', [generation, reason, now]);
  return generation;
}

export async function addFiles(
  tx: Tx,
  files: readonly (FactFile & Partial<WrittenFile>)[],
  added: { generation: number; edition: string; generationData?: number },
): Promise<void> {
  const column = <T>(pick: (file: (typeof files)[number]) => T): T[] => files.map(pick);
  await tx.query(
    `insert into lake.fact_file (fact, month, path, kind, row_count, byte_count, version_min, version_max, columns_print, edition, generation_data, generation_added)
     select f.*, $10, $11, $12
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[]) f`,
    [
      column((file) => file.fact),
      column((file) => file.month),
      column((file) => file.path),
      column((file) => file.kind ?? 'fresh'),
      column((file) => file.rows),
      column((file) => file.bytes),
      // A file whose versions are not known may hold any.
      column((file) => file.versionMin ?? Number.MIN_SAFE_INTEGER),
      column((file) => file.versionMax ?? Number.MAX_SAFE_INTEGER),
      column((file) => file.columnsPrint ?? columnsPrint(file.fact)),
      added.edition,
      added.generationData ?? added.generation,
      added.generation,
    ],
  );
}

/** False when one of them is not live any more; the caller then gives up its change. */
export async function removeFiles(tx: Tx, ids: readonly number[], generation: number, now: Date): Promise<boolean> {
  const removed = await tx.query(
    'update lake.fact_file set generation_removed = $2, removed_at = $3 where file_id = any($1::bigint[]) and generation_removed is null returning file_id',
    [ids, generation, now],
  );
  return removed.length === ids.length;
}

export async function removeAllFiles(tx: Tx, generation: number, now: Date): Promise<void> {
  await tx.query('update lake.fact_file set generation_removed = $1, removed_at = $2 where generation_removed is null', [generation, now]);
  await tx.query('update lake.cursor set position = 0');
}

/** Files taken out by the moment and generation; their rows go once the files are gone. */
export const removedFiles = (q: Queryable, before: Date, generation: number): Promise<{ file_id: number; path: string }[]> =>
  q.query('select file_id, path from lake.fact_file where removed_at <= $1 and generation_removed <= $2', [before, generation]);

export const forgetFiles = (q: Queryable, ids: readonly number[]): Promise<unknown> =>
  q.query('delete from lake.fact_file where file_id = any($1::bigint[]) and generation_removed is not null', [ids]);

export const knownPaths = async (q: Queryable): Promise<Set<string>> =>
  new Set((await q.query<{ path: string }>('select path from lake.fact_file')).map((row) => row.path));

interface Row {
  file_id: number | null;
  fact: FactName;
  month: string;
  path: string;
  kind: FileKind;
  row_count: number;
  byte_count: number;
  version_min: number;
  version_max: number;
  edition: string;
  columns_print: string;
  generation_data: number;
}
const fromRow = (row: Row): LiveFile => ({
  ...{ id: row.file_id as number, fact: row.fact, month: row.month, path: row.path, kind: row.kind, rows: row.row_count, bytes: row.byte_count },
  ...{ versionMin: row.version_min, versionMax: row.version_max, edition: row.edition },
  ...{ columnsPrint: row.columns_print, generationData: row.generation_data },
});
