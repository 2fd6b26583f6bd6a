/**
 * Keeps `govern.match_pair` equal to what the model says of everyone known now. After details changed, the records concerned are keyed again,
 * compared with whoever shares a key, and the differences written. Set-based; names are in memory only. What is found depends on what is known,
 * not on the order in which it came: keys too many share are left out for all of them at once (`match-keys.ts`).
 */
import type { PersonDetails } from '@xinglin/contracts';
import type { Tx } from '../../platform/index.ts';
import { breather } from '../pipeline/breathe.ts';
import { selectEvidence } from './known-groups.ts';
import type { LinkRecord } from './linkage/index.ts';
import { holdersOf, keyName, type OwnedKey, writeKeys } from './match-keys.ts';
import type { Matcher, MatchKey } from './matcher.ts';
import { isSettled } from './settled.ts';

/** Records compared together: bounds what is held of opened details, not what is found. */
const RECORDS_TOGETHER_MAX = 2_000;

export interface Changed {
  readonly records: readonly string[];
  /** Details at hand, so that they need not be opened; null: there are none any more. */
  readonly details?: ReadonlyMap<string, PersonDetails | null>;
  /** Numbers that lost a holder. */
  readonly numbers: readonly { readonly type: string; readonly blind: Buffer }[];
  /** To be compared again though nothing of their own changed. */
  readonly stirred?: readonly string[];
}
/** Returns records whose pairs changed: they and their groups are to be decided again. */
export async function refreshPairs(tx: Tx, changed: Changed, matcher: Matcher, now: Date): Promise<Set<string>> {
  const touched = new Set<string>();
  const lost = await holdersOf(
    tx,
    changed.numbers.map(({ type, blind }) => ({ rule: type, blind })),
  );
  const stirred = new Set([...(changed.stirred ?? []), ...lost.stirred]);
  for (let at = 0; at < changed.records.length; at += RECORDS_TOGETHER_MAX) {
    const records = changed.records.slice(at, at + RECORDS_TOGETHER_MAX);
    const opened = await matcher.open(tx, records, changed.details);
    const owned = keysOf(opened, matcher);
    const keys = await writeKeys(tx, records, owned);
    const held = await holdersOf(tx, keys);
    for (const record of held.stirred) stirred.add(record);
    await pairUp(tx, { records, opened, owned, holders: held.holders }, matcher, now, touched);
  }
  // Their keys are what they were; what they are compared with is not.
  const again = [...stirred];
  for (let at = 0; at < again.length; at += RECORDS_TOGETHER_MAX) {
    const records = again.slice(at, at + RECORDS_TOGETHER_MAX);
    const opened = await matcher.open(tx, records);
    const owned = keysOf(opened, matcher);
    const { holders } = await holdersOf(tx, distinctKeys(owned));
    await pairUp(tx, { records, opened, owned, holders }, matcher, now, touched);
  }
  return touched;
}

const keysOf = (opened: ReadonlyMap<string, LinkRecord>, matcher: Matcher): OwnedKey[] =>
  [...opened].flatMap(([recordKey, record]) => matcher.keysOf(record).map((key) => ({ recordKey, ...key })));
const distinctKeys = (owned: readonly OwnedKey[]): MatchKey[] => [...new Map(owned.map((each) => [keyName(each), each])).values()];

interface Work {
  readonly records: readonly string[];
  readonly opened: ReadonlyMap<string, LinkRecord>;
  readonly owned: readonly OwnedKey[];
  readonly holders: ReadonlyMap<string, readonly string[]>;
}
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
  readonly probability: number;
  readonly grades: string;
  readonly verdict: string;
  readonly reason: string;
}

async function pairUp(tx: Tx, work: Work, matcher: Matcher, now: Date, touched: Set<string>): Promise<void> {
  const candidates = new Map<string, readonly [string, string]>();
  // A register of common names makes a million pairs: pages asked for meanwhile must not wait for all of them.
  const breathe = breather();
  for (const key of work.owned) {
    await breathe();
    for (const other of work.holders.get(keyName(key)) ?? []) {
      if (other === key.recordKey) continue;
      const [a, b] = other < key.recordKey ? [other, key.recordKey] : [key.recordKey, other];
      candidates.set(`${a} ${b}`, [a, b]);
    }
  }
  const said = new Map((await selectEvidence(tx, [...new Set([...candidates.values()].flat())])).map((each) => [each.recordKey, each]));
  for (const [name, [a, b]] of candidates) {
    await breathe();
    const [x, y] = [said.get(a), said.get(b)];
    if (x !== undefined && y !== undefined && isSettled(x, y)) candidates.delete(name);
  }
  const strangers = [...new Set([...candidates.values()].flat())].filter((record) => !work.opened.has(record));
  const others = await matcher.open(tx, strangers);
  const found = new Map<string, Pair>();
  for (const [name, [a, b]] of candidates) {
    await breathe();
    const [x, y] = [work.opened.get(a) ?? others.get(a), work.opened.get(b) ?? others.get(b)];
    if (x === undefined || y === undefined) continue;
    const comparison = matcher.compare(x, y);
    if (comparison.verdict === 'no') continue;
    const { weight, probability, verdict, reason } = comparison;
    found.set(name, { a, b, weight, probability, verdict, reason, grades: JSON.stringify(comparison.fields) });
  }
  await writePairs(tx, work.records, found, matcher.edition, now, touched);
}

async function writePairs(
  tx: Tx,
  records: readonly string[],
  found: ReadonlyMap<string, Pair>,
  edition: string,
  now: Date,
  touched: Set<string>,
): Promise<void> {
  const before = await tx.query<{ record_a: string; record_b: string; weight: number; verdict: string; reason: string; model: string }>(
    `select record_a, record_b, weight, verdict, reason, model from govern.match_pair where record_a = any($1::uuid[])
     union select record_a, record_b, weight, verdict, reason, model from govern.match_pair where record_b = any($1::uuid[])`,
    [records],
  );
  const known = new Map(before.map((row) => [`${row.record_a} ${row.record_b}`, row]));
  const gone = before.filter((row) => !found.has(`${row.record_a} ${row.record_b}`));
  const written = [...found].flatMap(([name, pair]) => {
    const old = known.get(name);
    const isSame = old?.weight === pair.weight && old.verdict === pair.verdict && old.reason === pair.reason && old.model === edition;
    return isSame ? [] : [pair];
  });
  for (const row of gone) if (row.verdict === 'match') touched.add(row.record_a).add(row.record_b);
  for (const pair of written) if (pair.verdict === 'match' || known.get(`${pair.a} ${pair.b}`)?.verdict === 'match') touched.add(pair.a).add(pair.b);
  if (gone.length > 0) {
    await tx.query(`delete from govern.match_pair p using unnest($1::uuid[], $2::uuid[]) as gone(a, b) where p.record_a = gone.a and p.record_b = gone.b`, [
      gone.map((row) => row.record_a),
      gone.map((row) => row.record_b),
    ]);
  }
  await insertPairs(tx, written, edition, now);
}

/** Pairs of records never seen: nothing was known of them. */
export const copyPairs = (tx: Tx, pairs: readonly Pair[], edition: string, now: Date): Promise<void> =>
  tx.copyTyped(
    'govern.match_pair',
    [
      ['record_a', 'uuid', (each) => each.a],
      ['record_b', 'uuid', (each) => each.b],
      ['weight', 'float8', (each) => each.weight],
      ['probability', 'float8', (each) => each.probability],
      ['grades', 'jsonb', (each) => each.grades],
      ['verdict', 'text', (each) => each.verdict],
      ['reason', 'text', (each) => each.reason],
      ['model', 'text', () => edition],
      ['found_at', 'timestamptz', () => now],
    ],
    pairs,
  );

/** What comparing them now comes to, over what was known of a pair before. */
async function insertPairs(tx: Tx, written: readonly Pair[], edition: string, now: Date): Promise<void> {
  if (written.length === 0) return;
  await tx.query(
    `insert into govern.match_pair (record_a, record_b, weight, probability, grades, verdict, reason, model, found_at)
     select a, b, weight, probability, grades, verdict, reason, $8, $9
     from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::float8[], $5::jsonb[], $6::text[], $7::text[]) as new(a, b, weight, probability, grades, verdict, reason)
     on conflict (record_a, record_b) do update set
       weight = excluded.weight, probability = excluded.probability, grades = excluded.grades, verdict = excluded.verdict, reason = excluded.reason,
       model = excluded.model, held = case when excluded.verdict = 'match' then match_pair.held end`,
    [
      written.map((each) => each.a),
      written.map((each) => each.b),
      written.map((each) => each.weight),
      written.map((each) => each.probability),
      written.map((each) => each.grades),
      written.map((each) => each.verdict),
      written.map((each) => each.reason),
      edition,
      now,
    ],
  );
}
