import type { StreamName } from '@xinglin/contracts';
import { streamText } from '@xinglin/contracts';
import type { Db } from '../../platform/index.ts';

export interface IndexedContent {
  readonly stream: StreamName;
  readonly position: number;
  readonly hash: Buffer;
}

/** Which content the raw zone holds, for ever. Derived from it: what is missing after a crash is read from the segments at start. */
export interface ContentIndex {
  /** Those of the hashes (hex) that are known. */
  known(hashes: readonly Buffer[]): Promise<Set<string>>;
  /** Adds entries and moves each stream's mark; entries of a stream come in order of position. */
  add(entries: readonly IndexedContent[]): Promise<void>;
  /** By stream text: every position up to `indexed` is in the index; `cursor` is how far processing came. */
  marks(): Promise<Map<string, { stream: StreamName; indexed: number; cursor: number }>>;
}

export function postgresIndex(db: Db): ContentIndex {
  const ids = new Map<string, number>();
  return {
    async known(hashes) {
      const rows = await db.query<{ hash: Buffer }>('select hash from lake.raw_content where hash = any($1::bytea[])', [hashes]);
      return new Set(rows.map((row) => row.hash.toString('hex')));
    },
    async add(entries) {
      await db.tx(async (tx) => {
        const lasts = new Map<number, number>();
        const streams: number[] = [];
        for (const { stream, position } of entries) {
          const text = streamText(stream);
          const id = ids.get(text) ?? (await streamId(tx, stream));
          ids.set(text, id);
          streams.push(id);
          lasts.set(id, position);
        }
        await tx.query(
          `insert into lake.raw_content (hash, stream_id, position)
           select * from unnest($1::bytea[], $2::int[], $3::bigint[])
           on conflict do nothing`,
          [entries.map((each) => each.hash), streams, entries.map((each) => each.position)],
        );
        await tx.query(
          `insert into lake.raw_indexed (stream_id, position)
           select * from unnest($1::int[], $2::bigint[])
           on conflict (stream_id) do update set position = greatest(lake.raw_indexed.position, excluded.position)`,
          [[...lasts.keys()], [...lasts.values()]],
        );
      });
    },
    async marks() {
      const rows = await db.query<StreamName & { indexed: number; cursor: number }>(
        `select s.org_id as "orgId", s.campus_id as "campusId", s.source, s.lane,
                coalesce(i.position, 0) as indexed, coalesce(c.position, 0) as cursor
         from lake.stream s
         left join lake.raw_indexed i on i.stream_id = s.stream_id
         left join lake.cursor c on c.stream_id = s.stream_id`,
      );
      return new Map(rows.map(({ indexed, cursor, ...stream }) => [streamText(stream), { stream, indexed, cursor }]));
    },
  };
}

/** Id of a stream, given on first use. */
export async function streamId(db: Pick<Db, 'maybe' | 'one'>, stream: StreamName): Promise<number> {
  const key = [stream.orgId, stream.campusId, stream.source, stream.lane];
  const found = await db.maybe<{ stream_id: number }>(
    'select stream_id from lake.stream where org_id = $1 and campus_id = $2 and source = $3 and lane = $4',
    key,
  );
  if (found !== undefined) return found.stream_id;
  // Two that meet here for the first time: the second waits for the first, and takes its row.
  const made = await db.one<{ stream_id: number }>(
    `insert into lake.stream (org_id, campus_id, source, lane) values ($1, $2, $3, $4)
     on conflict (org_id, campus_id, source, lane) do update set lane = excluded.lane
     returning stream_id`,
    key,
  );
  return made.stream_id;
}

/** For tests and tools without a database. */
export function memoryIndex(): ContentIndex {
  const hashes = new Set<string>();
  const marks = new Map<string, { stream: StreamName; indexed: number; cursor: number }>();
  return {
    known: async (asked) => new Set(asked.map((hash) => hash.toString('hex')).filter((hash) => hashes.has(hash))),
    async add(entries) {
      for (const { stream, position, hash } of entries) {
        hashes.add(hash.toString('hex'));
        marks.set(streamText(stream), { stream, indexed: position, cursor: 0 });
      }
    },
    marks: async () => marks,
  };
}
