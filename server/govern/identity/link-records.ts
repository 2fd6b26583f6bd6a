/**
 * Keeps `govern.link` equal to what the identity engine says of everything known now.
 *
 * After a change the whole connected groups around the touched records are decided again (a number given, taken back or corrected can join
 * or split people), compared with the links in force, and only the differences written. Set-based; runs in the caller's transaction, under its turn.
 */
import { uuidv7 } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { BIRTH, NAME, UNNAMED } from '../privacy/blind.ts';
import { assignPersons, type CurrentLink, type PastLink } from './assign.ts';
import { refreshCrowded } from './crowded.ts';
import type { Cluster, Conflict, IdentityEngine, MergeAct, RecordEvidence } from './engine.ts';
import type { EvidenceType } from './identifiers.ts';

export interface LinkContext {
  readonly engine: IdentityEngine;
  readonly orgId: string;
  readonly turn: number;
  readonly now: Date;
}
export interface Touched {
  readonly records: ReadonlySet<string>;
  /** Identifiers that gained or lost a holder. */
  readonly identifiers: readonly { readonly type: string; readonly blind: Buffer }[];
}

/** How many records are decided together at most; a hospital's groups are a handful of records, so this bounds memory, not truth. */
const RECORDS_TOGETHER_MAX = 20_000;

/** Returns how many links changed. */
export async function linkRecords(tx: Tx, touched: Touched, context: LinkContext): Promise<number> {
  if (touched.records.size === 0) return 0;
  const records = [...touched.records];
  const shared = await sharedIdentifiers(tx, records);
  const crowdMembers = await refreshCrowded(tx, [...shared, ...touched.identifiers]);
  const alone = await loneRecords(tx, records, new Set(shared.map((each) => each.record_key)));
  await linkLone(tx, alone, context);
  const isAlone = new Set(alone);
  const others = await connectedRecords(tx, [...records.filter((key) => !isAlone.has(key)), ...crowdMembers]);
  return alone.length + (others.length === 0 ? 0 : await decide(tx, others, context));
}

/** Evidence of these records that other records hold too, with the record that holds it. */
async function sharedIdentifiers(tx: Tx, records: readonly string[]): Promise<{ record_key: string; type: string; blind: Buffer }[]> {
  return tx.query(
    `select own.record_key, own.type, own.blind from govern.record_identifier own
     where own.record_key = any($1::uuid[]) and own.is_evidence and exists (
       select from govern.record_identifier other
       where other.type = own.type and other.blind = own.blind and other.record_key <> own.record_key and other.is_evidence)`,
    [records],
  );
}

/** New records that share nothing with anyone: most of a register. Each is a person of its own, whatever the engine. */
async function loneRecords(tx: Tx, records: readonly string[], sharing: ReadonlySet<string>): Promise<string[]> {
  const candidates = records.filter((key) => !sharing.has(key));
  if (candidates.length === 0) return [];
  const known = await tx.query<{ record_key: string }>(
    `select record_key from govern.link where record_key = any($1::uuid[])
     union all
     select survivor_key from govern.merge_act where survivor_key = any($1::uuid[])
     union all
     select retired_key from govern.merge_act where retired_key = any($1::uuid[])`,
    [candidates],
  );
  const isKnown = new Set(known.map((row) => row.record_key));
  return candidates.filter((key) => !isKnown.has(key));
}

async function linkLone(tx: Tx, records: readonly string[], context: LinkContext): Promise<void> {
  if (records.length === 0) return;
  const persons = records.map(() => uuidv7(context.now.getTime()));
  await tx.query('insert into govern.person (person_id, org_id, created_at) select unnest($1::uuid[]), $2, $3', [persons, context.orgId, context.now]);
  await tx.query(
    `insert into govern.link (record_key, person_id, linked_by, since, since_turn) select record_key, person_id, 'single', $3, $4
     from unnest($1::uuid[], $2::uuid[]) as new(record_key, person_id)`,
    [records, persons, context.now, context.turn],
  );
}

/** Decides everything again, group by group: the end of a rebuild. */
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
    const records = await connectedRecords(tx, seeds);
    for (const record of records) done.add(record);
    if (records.length > 0) changed += await decide(tx, records, context);
  }
  return changed;
}

/** Everything reachable over shared evidence, merge acts and present persons. */
async function connectedRecords(tx: Tx, seeds: readonly string[]): Promise<string[]> {
  const seen = new Set(seeds);
  for (let frontier = [...seen]; frontier.length > 0; ) {
    const rows = await tx.query<{ record_key: string }>(
      `select other.record_key
       from govern.record_identifier own
       join govern.record_identifier other on other.type = own.type and other.blind = own.blind and other.is_evidence
       where own.record_key = any($1::uuid[]) and own.is_evidence
         and not exists (select from govern.crowded_identifier c where c.type = own.type and c.blind = own.blind)
       union
       select retired_key from govern.merge_act where survivor_key = any($1::uuid[])
       union
       select survivor_key from govern.merge_act where retired_key = any($1::uuid[])
       union
       select beside.record_key from govern.link own join govern.link beside on beside.person_id = own.person_id where own.record_key = any($1::uuid[])`,
      [frontier],
    );
    frontier = [];
    for (const { record_key: recordKey } of rows) {
      if (seen.has(recordKey)) continue;
      seen.add(recordKey);
      frontier.push(recordKey);
    }
  }
  return [...seen];
}

async function decide(tx: Tx, records: readonly string[], context: LinkContext): Promise<number> {
  const evidence = await loadEvidence(tx, records);
  const acts = await tx.query<MergeAct>(
    'select survivor_key as survivor, retired_key as retired from govern.merge_act where survivor_key = any($1::uuid[]) and retired_key = any($1::uuid[])',
    [records],
  );
  const { clusters, conflicts } = context.engine.resolve(evidence, acts);
  await writeConflicts(tx, records, conflicts, context.now);
  return writeLinks(tx, records, clusters, context);
}

async function loadEvidence(tx: Tx, records: readonly string[]): Promise<RecordEvidence[]> {
  // A number a crowd shares is left out here and nowhere else, so engines need not know about crowds.
  const rows = await tx.query<{ record_key: string; type: string; blind: string; is_evidence: boolean; is_suspect: boolean }>(
    `select i.record_key, i.type, encode(i.blind, 'hex') as blind, i.is_evidence, i.is_suspect
     from govern.record_identifier i
     where i.record_key = any($1::uuid[]) and (i.is_evidence or i.type in ('name', 'birth', 'unnamed'))
       and not (i.is_evidence and exists (select from govern.crowded_identifier c where c.type = i.type and c.blind = i.blind))
     order by i.record_key, i.type, i.blind`,
    [records],
  );
  interface Draft {
    evidence: { type: EvidenceType; blind: string; isSuspect: boolean }[];
    names: string[];
    birth: string | null;
    isUnnamed: boolean;
  }
  const drafts = new Map<string, Draft>(records.map((key) => [key, { evidence: [], names: [], birth: null, isUnnamed: false }]));
  for (const row of rows) {
    const draft = drafts.get(row.record_key);
    if (draft === undefined) continue;
    if (row.is_evidence) draft.evidence.push({ type: row.type as EvidenceType, blind: row.blind, isSuspect: row.is_suspect });
    else if (row.type === NAME) draft.names.push(row.blind);
    else if (row.type === UNNAMED) draft.isUnnamed = true;
    else if (row.type === BIRTH) draft.birth = row.blind;
  }
  return [...drafts].map(([recordKey, draft]) => ({ recordKey, ...draft }));
}

async function writeConflicts(tx: Tx, records: readonly string[], conflicts: readonly Conflict[], now: Date): Promise<void> {
  const column = (of: (each: Conflict) => string) => conflicts.map(of);
  const columns = [column((c) => c.recordA), column((c) => c.recordB), column((c) => c.reason), column((c) => c.type)];
  await tx.query(
    `delete from govern.identity_conflict old
     where (old.record_a = any($1::uuid[]) or old.record_b = any($1::uuid[]))
       and not exists (select from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as now(a, b, reason, type)
                       where now.a = old.record_a and now.b = old.record_b and now.reason = old.reason and now.type = old.type)`,
    [records, ...columns],
  );
  if (conflicts.length === 0) return;
  await tx.query(
    `insert into govern.identity_conflict (record_a, record_b, reason, type, found_at)
     select a, b, reason, type, $5 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) as found(a, b, reason, type)
     on conflict do nothing`,
    [...columns, now],
  );
}

async function writeLinks(tx: Tx, records: readonly string[], clusters: readonly Cluster[], context: LinkContext): Promise<number> {
  const links = await tx.query<{ record_key: string; person_id: string; linked_by: string; since_turn: number }>(
    'select record_key, person_id, linked_by, since_turn from govern.link where record_key = any($1::uuid[])',
    [records],
  );
  const current: CurrentLink[] = links.map((row) => ({ recordKey: row.record_key, personId: row.person_id, sinceTurn: row.since_turn }));
  // Only a group that may split needs to know who its records were before.
  const past = current.length === 0 ? { links: [], retired: new Set<string>() } : await loadPast(tx, records);
  const assignment = assignPersons(
    clusters,
    current,
    past.links,
    (personId) => past.retired.has(personId),
    () => uuidv7(context.now.getTime()),
  );
  await writePersons(tx, assignment, context);

  const before = new Map(links.map((row) => [row.record_key, row]));
  const changed: { recordKey: string; personId: string; basis: string; isMove: boolean }[] = [];
  clusters.forEach((cluster, index) => {
    const personId = assignment.persons[index] as string;
    for (const recordKey of cluster.records) {
      const old = before.get(recordKey);
      const basis = cluster.basis.get(recordKey) ?? 'single';
      if (old?.person_id === personId && old.linked_by === basis) continue;
      changed.push({ recordKey, personId, basis, isMove: old?.person_id !== personId });
    }
  });
  await writeChanged(tx, changed, context);
  return changed.filter((each) => each.isMove).length;
}

async function loadPast(tx: Tx, records: readonly string[]): Promise<{ links: PastLink[]; retired: Set<string> }> {
  const rows = await tx.query<{ record_key: string; person_id: string; to_turn: number; is_retired: boolean }>(
    `select h.record_key, h.person_id, h.to_turn, p.retired_into is not null as is_retired
     from govern.link_history h join govern.person p on p.person_id = h.person_id
     where h.record_key = any($1::uuid[])`,
    [records],
  );
  return {
    links: rows.map((row) => ({ recordKey: row.record_key, personId: row.person_id, toTurn: row.to_turn })),
    retired: new Set(rows.filter((row) => row.is_retired).map((row) => row.person_id)),
  };
}

async function writePersons(tx: Tx, assignment: ReturnType<typeof assignPersons>, context: LinkContext): Promise<void> {
  const { created, retired, revived } = assignment;
  if (created.length > 0) {
    await tx.query('insert into govern.person (person_id, org_id, created_at) select unnest($1::uuid[]), $2, $3', [created, context.orgId, context.now]);
  }
  if (revived.length > 0) await tx.query('update govern.person set retired_into = null, retired_at = null where person_id = any($1::uuid[])', [revived]);
  if (retired.length > 0) {
    await tx.query(
      `update govern.person p set retired_into = gone.into_id, retired_at = $3
       from unnest($1::uuid[], $2::uuid[]) as gone(person_id, into_id) where p.person_id = gone.person_id`,
      [retired.map((each) => each.personId), retired.map((each) => each.into), context.now],
    );
  }
}

async function writeChanged(
  tx: Tx,
  changed: readonly { recordKey: string; personId: string; basis: string; isMove: boolean }[],
  context: LinkContext,
): Promise<void> {
  if (changed.length === 0) return;
  const moved = changed.filter((each) => each.isMove).map((each) => each.recordKey);
  await tx.query(
    `insert into govern.link_history (record_key, person_id, linked_by, from_turn, from_at, to_turn, to_at)
     select record_key, person_id, linked_by, since_turn, since, $2, $3 from govern.link where record_key = any($1::uuid[])`,
    [moved, context.turn, context.now],
  );
  await tx.query(
    `insert into govern.link as l (record_key, person_id, linked_by, since, since_turn)
     select record_key, person_id, basis, $4, $5 from unnest($1::uuid[], $2::uuid[], $3::text[]) as new(record_key, person_id, basis)
     on conflict (record_key) do update set
       person_id = excluded.person_id,
       linked_by = excluded.linked_by,
       since = case when l.person_id = excluded.person_id then l.since else excluded.since end,
       since_turn = case when l.person_id = excluded.person_id then l.since_turn else excluded.since_turn end`,
    [changed.map((each) => each.recordKey), changed.map((each) => each.personId), changed.map((each) => each.basis), context.now, context.turn],
  );
}
