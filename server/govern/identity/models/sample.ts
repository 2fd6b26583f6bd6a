/**
 * What a model is trained and measured on. Keys of records are keyed hashes, so walking them in their own order is drawing at random, and the
 * same data gives the same sample. Pairs are drawn by the keys they share: up to `recordsMax` records every key is taken, beyond that as many
 * keys as their records fill the limit, and each pair stands for as many as its chance of being drawn says. Details are in memory only.
 */
import type { Platform, Queryable } from '../../../platform/index.ts';
import { breather } from '../../pipeline/breathe.ts';
import { type BlockingKey, blockingKeys, type LinkRecord } from '../linkage/index.ts';
import type { Matcher } from '../matcher.ts';

/** Records opened together: some 20 ms of the event loop, so that pages do not wait. */
const RECORDS_TOGETHER = 200;
/** A described record takes about 4 KB, so this is some 160 MB. */
export const RECORDS_MAX = 40_000;
/** Records drawn one by one, for how common names are and what cannot be linked. They pass through; only the first few are kept. */
export const SINGLES_MAX = 20_000;
/** Of these random pairs are made: 18 million different ones, far more than are compared. */
export const STRANGERS_MAX = 6_000;
/** Keys on more records are used by nobody (see match-keys.ts). */
const HOLDERS_MAX = 100;
/** Keys are read in slices of their hash. */
const SLICES_LEAST = 16;
const HASH_SPACE = 2 ** 32;

export type Rule = BlockingKey['rule'];
const RULES = ['id', 'mrn', 'insurance', 'phone', 'birth-surname', 'sound-year', 'birth-given', 'name-district'] as const satisfies readonly Rule[];

export interface Group {
  readonly rule: Rule;
  /** Places in `keys`, ascending. */
  readonly members: readonly number[];
}
export interface Sample {
  /** Records on file with details, and people. */
  readonly records: number;
  readonly people: number;
  /** Records that share a drawn key, in the order of their keys. */
  readonly keys: readonly string[];
  readonly groups: readonly Group[];
  /** Share of all keys that was drawn; 1: everything. */
  readonly share: number;
}

export async function drawSample(q: Queryable, recordsMax: number): Promise<Sample> {
  const { records, people } = await q.one<{ records: number; people: number }>(
    `select (select count(*) from govern.vault_record) as records,
       (select count(distinct l.person_id) from govern.link l join govern.vault_record v on v.record_key = l.record_key) as people`,
  );
  // Each record shares a handful of keys; slices are small enough that one more does not overshoot by much.
  const slices = Math.max(SLICES_LEAST, Math.ceil((records / recordsMax) * SLICES_LEAST * 8));
  const found: { rule: Rule; members: string[] }[] = [];
  const seen = new Set<string>();
  let slice = 0;
  for (; slice < slices && (slice === 0 || records <= recordsMax || seen.size < recordsMax); slice += 1) {
    const [from, to] = [slice, slice + 1].map((at) => hashAt(at / slices)) as [Buffer | null, Buffer | null];
    for (const rule of RULES) {
      for (const { members } of await selectGroups(q, rule, from, to)) {
        found.push({ rule, members });
        for (const member of members) seen.add(member);
      }
    }
  }
  const keys = [...seen].sort();
  const place = new Map(keys.map((key, at) => [key, at]));
  const groups = found.map(({ rule, members }) => ({ rule, members: members.map((key) => place.get(key) ?? 0).sort((a, b) => a - b) }));
  return { records, people, keys, groups, share: slice / slices };
}

/** The hash below which this share of all hashes lies; null at the ends. */
function hashAt(share: number): Buffer | null {
  if (share <= 0 || share >= 1) return null;
  const start = Buffer.alloc(4);
  start.writeUInt32BE(Math.floor(share * HASH_SPACE));
  return start;
}

const selectGroups = (q: Queryable, rule: Rule, from: Buffer | null, to: Buffer | null): Promise<{ members: string[] }[]> =>
  q.query(
    `select array_agg(k.record_key order by k.record_key) as members from govern.match_key k
     where k.rule = $1 and ($2::bytea is null or k.blind >= $2) and ($3::bytea is null or k.blind < $3)
     group by k.blind having count(*) between 2 and $4 order by k.blind`,
    [rule, from, to, HOLDERS_MAX],
  );

export type Tell = (done: number, total: number) => Promise<void>;
export interface Opened {
  /** By place; a record whose details are gone is not there. */
  readonly records: readonly (LinkRecord | undefined)[];
}

/** Opens these records in memory, in batches. */
export async function openAll(q: Queryable, matcher: Matcher, keys: readonly string[], tell: Tell): Promise<Opened> {
  const records: (LinkRecord | undefined)[] = [];
  for (let at = 0; at < keys.length; at += RECORDS_TOGETHER) {
    const batch = keys.slice(at, at + RECORDS_TOGETHER);
    const opened = await matcher.open(q, batch);
    for (const key of batch) records.push(opened.get(key));
    await tell(records.length, keys.length);
  }
  return { records };
}

export interface Single {
  readonly recordKey: string;
  readonly source: string;
  /** Records of the same person. */
  readonly siblings: number;
  readonly record: LinkRecord;
}
/** Up to `SINGLES_MAX` records drawn evenly, batch by batch; nothing of a batch is kept here. */
export async function eachSingle(platform: Platform, matcher: Matcher, visit: (single: Single) => void, tell: Tell): Promise<number> {
  const breathe = breather();
  let [after, count] = ['00000000-0000-0000-0000-000000000000', 0];
  while (count < SINGLES_MAX) {
    const rows = await platform.db.query<{ record_key: string; source: string; siblings: number }>(
      `select v.record_key, r.source, greatest(1, (select count(*) from govern.link o where o.person_id = l.person_id)) as siblings
       from govern.vault_record v
       join govern.record r on r.record_key = v.record_key
       left join govern.link l on l.record_key = v.record_key
       where v.record_key > $1 order by v.record_key limit $2`,
      [after, Math.min(RECORDS_TOGETHER, SINGLES_MAX - count)],
    );
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.record_key;
    const opened = await matcher.open(platform.db, rows.map((row) => row.record_key)); // biome-ignore format: one call
    for (const row of rows) {
      const record = opened.get(row.record_key);
      if (record !== undefined) visit({ recordKey: row.record_key, source: row.source, siblings: row.siblings, record });
      await breathe();
    }
    count += rows.length;
    await tell(count, SINGLES_MAX);
  }
  return count;
}

export interface DrawnPair {
  /** Places, a < b. */
  readonly a: number;
  readonly b: number;
  readonly x: LinkRecord;
  readonly y: LinkRecord;
  /** Rules under which the two were drawn. */
  readonly rules: ReadonlySet<Rule>;
  /** How many pairs of the whole this one stands for; 1 when every key was taken. */
  readonly stands: number;
}
/** Every pair that shares a drawn key, once, in order. */
export async function eachPair({ keys, groups, share }: Sample, { records }: Opened, visit: (pair: DrawnPair) => void, tell: Tell): Promise<number> {
  const groupsOf: number[][] = keys.map(() => []);
  groups.forEach((group, at) => {
    for (const member of group.members) groupsOf[member]?.push(at);
  });
  const breathe = breather();
  let pairs = 0;
  for (let a = 0; a < keys.length; a += 1) {
    const x = records[a];
    if (x === undefined) continue;
    const met = new Map<number, Set<Rule>>();
    for (const at of groupsOf[a] ?? []) {
      const group = groups[at];
      if (group === undefined) continue;
      for (const b of group.members) {
        if (b <= a) continue;
        const rules = met.get(b);
        if (rules === undefined) met.set(b, new Set([group.rule]));
        else rules.add(group.rule);
      }
    }
    for (const [b, rules] of [...met].sort(([one], [other]) => one - other)) {
      const y = records[b];
      if (y === undefined) continue;
      visit({ a, b, x, y, rules, stands: share === 1 ? 1 : 1 / (1 - (1 - share) ** Math.max(1, sharedKeys(x, y))) });
      pairs += 1;
      const pause = breathe();
      if (pause !== undefined) {
        await pause;
        await tell(a, keys.length);
      }
    }
  }
  return pairs;
}

function sharedKeys(x: LinkRecord, y: LinkRecord): number {
  const mine = new Set(blockingKeys(x).map(({ rule, key }) => `${rule} ${key}`));
  return blockingKeys(y).filter(({ rule, key }) => mine.has(`${rule} ${key}`)).length;
}
