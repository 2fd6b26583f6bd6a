/**
 * Whole groups around some records, with what is known of them: everything reachable over shared evidence, acts, decisions, pairs the model would
 * join, and present persons. Walked in rounds, each record, number and person asked about once; what is read on the way is what deciding
 * and writing need.
 */
import type { Queryable } from '../../platform/index.ts';
import { BIRTH, NAME, UNNAMED } from '../privacy/blind.ts';
import type { RecordEvidence } from './engine.ts';
import type { EvidenceType } from './identifiers.ts';
import type { Meeting } from './newcomers.ts';

export interface LinkRow {
  readonly record_key: string;
  readonly person_id: string;
  readonly linked_by: string;
  readonly since_turn: number;
}
export interface PairRow {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
  /** Why it was not joined when it was last decided. */
  readonly held: string | null;
}
export interface KnownGroups {
  readonly records: ReadonlyMap<string, RecordEvidence>;
  /** Of the records that have one. */
  readonly links: ReadonlyMap<string, LinkRow>;
  /** That the model would join. */
  readonly pairs: readonly PairRow[];
  /** Whether anybody ever said anything of two records. */
  readonly isAnythingSaid: boolean;
}

/** `meeting`: of newcomers among the seeds; it knows already who else holds what they hold. */
export async function knownGroups(q: Queryable, seeds: readonly string[], meeting: Meeting | null = null): Promise<KnownGroups> {
  const records = new Map<string, RecordEvidence>();
  const links = new Map<string, LinkRow>();
  const pairs = new Map<string, PairRow>();
  const numbers = new Numbers();
  const isAnythingSaid = seeds.length > 0 && (await selectAnythingSaid(q));
  const seen = new Set(seeds);
  let frontier = [...seen];
  const reach = (recordKey: string): void => {
    if (seen.has(recordKey)) return;
    seen.add(recordKey);
    frontier.push(recordKey);
  };
  for (let isFirst = true; frontier.length > 0; isFirst = false) {
    // Those of one person at once: they mostly share everything, and the next round finds nobody.
    for (const row of await selectBeside(q, frontier)) {
      links.set(row.record_key, row);
      reach(row.record_key);
    }
    const round = frontier;
    frontier = [];
    const told = meeting === null ? [] : round.flatMap((key) => meeting.evidenceOf(key) ?? []);
    for (const each of told) records.set(each.recordKey, each);
    const untold = told.length === 0 ? round : round.filter((key) => !records.has(key));
    for (const each of await selectEvidence(q, untold)) records.set(each.recordKey, each);
    for (const key of round) numbers.add(records.get(key) as RecordEvidence);
    for (const row of await selectPairs(q, round)) {
      pairs.set(`${row.a} ${row.b}`, row);
      reach(row.a);
      reach(row.b);
    }
    if (isAnythingSaid) for (const row of await selectSaid(q, round)) reach(row.record_key);
    if (isFirst && meeting !== null) {
      for (const { blind, others } of meeting.heldByOthers()) {
        numbers.settle(blind.toString('latin1'));
        for (const other of others) reach(other);
      }
    }
    for (const row of await selectMoreHolders(q, numbers.take())) reach(row.record_key);
  }
  return { records, links, pairs: [...pairs.values()], isAnythingSaid };
}

/** Numbers met, by their blinded values, with how many of the records met hold each. */
class Numbers {
  readonly #holders = new Map<string, number>();
  readonly #settled = new Set<string>();
  #open = new Set<string>();

  add({ evidence }: RecordEvidence): void {
    for (const { blind } of evidence) {
      this.#holders.set(blind, (this.#holders.get(blind) ?? 0) + 1);
      if (!this.#settled.has(blind)) this.#open.add(blind);
    }
  }

  /** All holders are known. */
  settle(blind: string): void {
    this.#settled.add(blind);
    this.#open.delete(blind);
  }

  /** Those whose holders were not asked for yet; they will be. */
  take(): { blind: Buffer; known: number }[] {
    const taken = [...this.#open].map((blind) => ({ blind: Buffer.from(blind, 'latin1'), known: this.#holders.get(blind) ?? 0 }));
    for (const blind of this.#open) this.#settled.add(blind);
    this.#open = new Set();
    return taken;
  }
}

// ── statements: the values asked for stand in one array, so that the index is walked once, in its order ──────────────────────────
export const selectAnythingSaid = async (q: Queryable): Promise<boolean> =>
  (await q.one<{ any: boolean }>('select exists (select from govern.merge_act) or exists (select from govern.manual_decision) as any')).any;

/** Links of everyone who is one person with one of these now, their own included. */
const selectBeside = (q: Queryable, records: readonly string[]): Promise<LinkRow[]> =>
  q.query<LinkRow>(
    `select record_key, person_id, linked_by, since_turn from govern.link
     where person_id = any(array(select distinct person_id from govern.link where record_key = any($1::uuid[])))`,
    [records],
  );

const selectPairs = (q: Queryable, records: readonly string[]): Promise<PairRow[]> =>
  q.query<PairRow>(
    `select record_a as a, record_b as b, weight, held from govern.match_pair where record_a = any($1::uuid[]) and verdict = 'match'
     union
     select record_a, record_b, weight, held from govern.match_pair where record_b = any($1::uuid[]) and verdict = 'match'`,
    [records],
  );

const selectSaid = (q: Queryable, records: readonly string[]): Promise<{ record_key: string }[]> =>
  q.query(
    `select retired_key as record_key from govern.merge_act where survivor_key = any($1::uuid[])
     union
     select survivor_key from govern.merge_act where retired_key = any($1::uuid[])
     union
     select record_b from govern.manual_decision where record_a = any($1::uuid[]) and revoked_at is null
     union
     select record_a from govern.manual_decision where record_b = any($1::uuid[]) and revoked_at is null`,
    [records],
  );

/** Holders of these numbers, of those that have more than are known. None is a crowd's. */
const selectMoreHolders = async (q: Queryable, asked: readonly { blind: Buffer; known: number }[]): Promise<{ record_key: string }[]> =>
  asked.length === 0
    ? []
    : q.query<{ record_key: string }>(
        `with counted as (
           select i.blind, count(*) as holders from govern.record_identifier i where i.blind = any($1::bytea[]) and i.is_evidence group by i.blind
         )
         select more.record_key from counted
         join unnest($1::bytea[], $2::integer[]) as asked(blind, known) on asked.blind = counted.blind and counted.holders > asked.known
         cross join lateral (
           select i.record_key from govern.record_identifier i where i.blind = asked.blind and i.is_evidence offset 0) more`,
        [asked.map((each) => each.blind), asked.map((each) => each.known)],
      );

/** What a record brings to deciding travels as one value: for each identifier two bytes that say its type and whether it is suspect, and 16 of the blinded value. */
const TYPES = [
  ...['birth-certificate', 'foreign-permanent', 'hk-macau-permit', 'insurance', 'mrn', 'passport', 'resident-id', 'taiwan-permit'],
  ...[NAME, BIRTH, UNNAMED],
];
const IDENTIFIER_BYTES = 18;

/** Of each, in their order; nothing where nothing is known. */
export async function selectEvidence(q: Queryable, records: readonly string[]): Promise<RecordEvidence[]> {
  if (records.length === 0) return [];
  // A number a crowd shares is left out here and in `Meeting.evidenceOf`, so engines need not know about crowds.
  const rows = await q.query<{ record_key: string; packed: Buffer | null }>(
    `select i.record_key, string_agg(int2send((array_position($2::text[], i.type) * 2 + i.is_suspect::int)::int2) || i.blind, ''::bytea) as packed
     from govern.record_identifier i
     where i.record_key = any($1::uuid[]) and (i.is_evidence or i.type in ('name', 'birth', 'unnamed'))
       and not (i.is_evidence and exists (select from govern.crowded_identifier c where c.type = i.type and c.blind = i.blind))
     group by i.record_key`,
    [records, TYPES],
  );
  const packed = new Map(rows.map((row) => [row.record_key, row.packed?.toString('latin1') ?? '']));
  return records.map((recordKey) => unpack(recordKey, packed.get(recordKey) ?? ''));
}

function unpack(recordKey: string, packed: string): RecordEvidence {
  const identifiers: Identifier[] = [];
  for (let at = 0; at < packed.length; at += IDENTIFIER_BYTES) {
    const code = packed.charCodeAt(at + 1);
    identifiers.push({ type: TYPES[(code >> 1) - 1] as string, blind: packed.slice(at + 2, at + IDENTIFIER_BYTES), isSuspect: (code & 1) > 0 });
  }
  return evidenceFrom(recordKey, identifiers);
}

interface Identifier {
  readonly type: string;
  readonly blind: string;
  readonly isSuspect: boolean;
}
/** Of a record's identifiers without what a crowd shares: numbers that are evidence, names and birth. */
export function evidenceFrom(recordKey: string, identifiers: readonly Identifier[]): RecordEvidence {
  const evidence: RecordEvidence['evidence'][number][] = [];
  const names: string[] = [];
  let birth: string | null = null;
  let isUnnamed = false;
  for (const { type, blind, isSuspect } of identifiers) {
    if (type === NAME) names.push(blind);
    else if (type === UNNAMED) isUnnamed = true;
    else if (type !== BIRTH) evidence.push({ type: type as EvidenceType, blind, isSuspect });
    else if (birth === null || blind > birth) birth = blind;
  }
  return { recordKey, evidence: evidence.sort(inOrder), names, birth, isUnnamed };
}

/** An order of its own, so that what is listed of many conflicts does not depend on the order of arrival. */
function inOrder(x: RecordEvidence['evidence'][number], y: RecordEvidence['evidence'][number]): number {
  return TYPES.indexOf(x.type) - TYPES.indexOf(y.type) || (x.blind < y.blind ? -1 : 1);
}
