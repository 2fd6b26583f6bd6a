/**
 * Keeps `govern.link` equal to what the identity engine says of everything known now.
 *
 * After a change the whole connected groups around the touched records are decided again (a number given, taken back or corrected, a decision or
 * a changed name can join or split people), compared with the links in force, and only the differences written. Set-based; runs in the caller's
 * transaction, under its turn.
 */
import type { PersonDetails } from '@xinglin/contracts';
import { uuidv7 } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { PHONE } from '../privacy/blind.ts';
import { refreshCrowded } from './crowded.ts';
import { decideGroups, type LinkContext } from './decide-groups.ts';
import { knownGroups, selectAnythingSaid } from './known-groups.ts';
import { refreshPairs } from './match-pairs.ts';
import type { Matcher } from './matcher.ts';
import { type Meeting, pairNewcomers } from './newcomers.ts';
import { insertLinks, insertPersons } from './write-links.ts';

export type { LinkContext } from './decide-groups.ts';
export interface Touched {
  readonly records: ReadonlySet<string>;
  /** Numbers and phones that gained or lost a holder. */
  readonly identifiers: readonly { readonly type: string; readonly blind: Buffer }[];
  /** Records whose details changed: they are compared again. Left out: none. */
  readonly described?: readonly string[];
  /** Their details, where at hand. */
  readonly details?: ReadonlyMap<string, PersonDetails | null>;
  /** Records never seen before, written already; they are among `records` and nowhere else here. */
  readonly meeting?: Meeting;
}

/** How many records are decided together at most; a hospital's groups are a handful of records, so this bounds memory, not truth. */
const RECORDS_TOGETHER_MAX = 20_000;

/** Returns how many links changed. */
export async function linkRecords(tx: Tx, touched: Touched, context: LinkContext): Promise<number> {
  const { records, met } = await stir(tx, touched, context);
  const alone = await loneRecords(tx, touched, met);
  await linkLone(tx, alone, context);
  const isAlone = new Set(alone);
  const others = [...records].filter((key) => !isAlone.has(key));
  return alone.length + (others.length === 0 ? 0 : await decideGroups(tx, await knownGroups(tx, others, touched.meeting), context));
}

/** Brings what deciding rests on up to date, without deciding: which numbers are crowded, and what the model says of changed records. */
export async function stir(tx: Tx, touched: Touched, context: LinkContext): Promise<{ records: Set<string>; met: Set<string> }> {
  const { meeting = null } = touched;
  const isNew = new Set(meeting?.newcomers.map((each) => each.recordKey));
  const shared = await sharedIdentifiers(
    tx,
    [...touched.records].filter((key) => !isNew.has(key)),
  );
  const met = new Set(shared.map((each) => each.record_key));
  for (const { recordKey, type, blind, isCrowd } of meeting?.sharedEvidence() ?? []) {
    met.add(recordKey);
    // With newcomers a number gains holders: one that few hold now was no crowd's before.
    if (isCrowd) shared.push({ record_key: recordKey, type, blind });
  }
  const crowd = await refreshCrowded(tx, [...shared, ...touched.identifiers.filter((each) => each.type !== PHONE)]);
  const described = [...new Set([...(touched.described ?? []), ...crowd])];
  const paired = context.matcher === null ? [] : await pairAll(tx, touched, described, context.matcher, context.now);
  return { records: new Set([...touched.records, ...crowd, ...paired]), met: new Set([...met, ...paired]) };
}

async function pairAll(tx: Tx, touched: Touched, described: readonly string[], matcher: Matcher, now: Date): Promise<string[]> {
  const { meeting = null, identifiers: numbers, details } = touched;
  const first = meeting === null ? null : await pairNewcomers(tx, meeting, matcher, now);
  const stirred = first?.stirred ?? [];
  const changed = { records: described, numbers, stirred, ...(details === undefined ? {} : { details }) };
  const isQuiet = described.length + numbers.length + stirred.length === 0;
  return [...(first?.touched ?? []), ...(isQuiet ? [] : await refreshPairs(tx, changed, matcher, now))];
}

/** Evidence of these records that other records hold too, with the record that holds it. A count and no semi-join, so that the index is walked. */
async function sharedIdentifiers(tx: Tx, records: readonly string[]): Promise<{ record_key: string; type: string; blind: Buffer }[]> {
  if (records.length === 0) return [];
  return tx.query(
    `select own.record_key, own.type, own.blind from govern.record_identifier own
     where own.record_key = any($1::uuid[]) and own.is_evidence and (
       select count(*) from (
         select from govern.record_identifier other where other.type = own.type and other.blind = own.blind and other.is_evidence limit 2) two) > 1`,
    [records],
  );
}

/** New records that share nothing with anyone: most of a register. Each is a person of its own, whatever the engine. */
async function loneRecords(tx: Tx, { records, meeting }: Touched, sharing: ReadonlySet<string>): Promise<string[]> {
  const all = [...records].filter((key) => !sharing.has(key));
  // Where nobody said anything of two records, one never seen has nothing that ties it.
  const isNew = new Set(meeting === undefined || (await selectAnythingSaid(tx)) ? [] : meeting.newcomers.map((each) => each.recordKey));
  const candidates = all.filter((key) => !isNew.has(key));
  if (candidates.length === 0) return all;
  const known = await tx.query<{ record_key: string }>(
    `select record_key from govern.link where record_key = any($1::uuid[])
     union all
     select survivor_key from govern.merge_act where survivor_key = any($1::uuid[])
     union all
     select retired_key from govern.merge_act where retired_key = any($1::uuid[])
     union all
     select record_a from govern.manual_decision where record_a = any($1::uuid[]) and revoked_at is null
     union all
     select record_b from govern.manual_decision where record_b = any($1::uuid[]) and revoked_at is null`,
    [candidates],
  );
  const isKnown = new Set(known.map((row) => row.record_key));
  return all.filter((key) => !isKnown.has(key));
}

async function linkLone(tx: Tx, records: readonly string[], context: LinkContext): Promise<void> {
  if (records.length === 0) return;
  const persons = records.map(() => uuidv7(context.now.getTime()));
  await insertPersons(tx, persons, context);
  await insertLinks(tx, records.map((recordKey, at) => ({ recordKey, personId: persons[at] as string, basis: 'single' })), context); // biome-ignore format: one call
}

/** Decides everything again, group by group, from what is stored of numbers and pairs: the end of a rebuild. */
export async function linkAllRecords(tx: Tx, context: LinkContext): Promise<number> {
  await tx.query('delete from govern.crowded_identifier');
  const shared = await tx.query<{ type: string; blind: Buffer }>(
    'select type, blind from govern.record_identifier where is_evidence group by type, blind having count(*) > 1',
  );
  await refreshCrowded(tx, shared);
  const all = (await tx.query<{ record_key: string }>('select record_key from govern.record order by record_key')).map((row) => row.record_key);
  const done = new Set<string>();
  let changed = 0;
  for (let at = 0; at < all.length; ) {
    const seeds: string[] = [];
    for (; at < all.length && seeds.length < RECORDS_TOGETHER_MAX; at += 1) if (!done.has(all[at] ?? '')) seeds.push(all[at] as string);
    if (seeds.length === 0) break;
    const known = await knownGroups(tx, seeds);
    for (const record of known.records.keys()) done.add(record);
    changed += await decideGroups(tx, known, context);
  }
  return changed;
}
