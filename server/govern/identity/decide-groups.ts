/** Decides whole connected groups: what is known of them is read, the engine asked, and the differences written. */
import type { Tx } from '../../platform/index.ts';
import { BIRTH, NAME, UNNAMED } from '../privacy/blind.ts';
import type { Conflict, Decision, IdentityEngine, MergeAct, ModelFindings, PairScore, RecordEvidence, Resolved, Ruled } from './engine.ts';
import type { EvidenceType } from './identifiers.ts';
import { type Matcher, scoreOf } from './matcher.ts';
import { writeLinks } from './write-links.ts';

export interface LinkContext {
  readonly engine: IdentityEngine;
  /** Null: numbers, acts and decisions only. */
  readonly matcher: Matcher | null;
  readonly orgId: string;
  readonly turn: number;
  readonly now: Date;
}

/** `records` are whole groups (see `connectedRecords`). Returns how many records came to another person. */
export async function decideGroups(tx: Tx, records: readonly string[], context: LinkContext): Promise<number> {
  const ruled = context.engine.byRules(await loadEvidence(tx, records), await loadActs(tx, records), await loadDecisions(tx, records));
  const { resolved, pairs } = await withModel(tx, ruled, records, context.matcher);
  await writeConflicts(tx, records, resolved.conflicts, context.now);
  await writeHeld(tx, pairs, resolved.held);
  return writeLinks(tx, records, resolved.clusters, context);
}

/** What a source said of two of its numbers, unless it took it back later (HL7 A37). */
const loadActs = (tx: Tx, records: readonly string[]): Promise<MergeAct[]> =>
  tx.query<MergeAct>(
    `select m.survivor_key as survivor, m.retired_key as retired, m.kind from govern.merge_act m
     where m.survivor_key = any($1::uuid[]) and m.retired_key = any($1::uuid[]) and m.kind <> 'unlink' and not exists (
       select from govern.merge_act u
       where u.kind = 'unlink' and u.occurred_at >= m.occurred_at
         and ((u.survivor_key = m.survivor_key and u.retired_key = m.retired_key) or (u.survivor_key = m.retired_key and u.retired_key = m.survivor_key)))`,
    [records],
  );

/** Newest first: of decisions that cannot all hold, the newer do. */
const loadDecisions = (tx: Tx, records: readonly string[]): Promise<Decision[]> =>
  tx.query<Decision>(
    `select record_a as a, record_b as b, decision from govern.decision_in_force
     where record_a = any($1::uuid[]) and record_b = any($1::uuid[]) order by decided_at desc, record_a, record_b`,
    [records],
  );

interface PairRow {
  readonly a: string;
  readonly b: string;
  readonly weight: number;
  readonly held: string | null;
}

async function withModel(tx: Tx, ruled: Ruled, records: readonly string[], matcher: Matcher | null): Promise<{ resolved: Resolved; pairs: PairRow[] }> {
  if (matcher === null) return { resolved: ruled.finish(null), pairs: [] };
  const pairs = await tx.query<PairRow>(
    `select record_a as a, record_b as b, weight, held from govern.match_pair
     where verdict = 'match' and record_a = any($1::uuid[]) and record_b = any($1::uuid[])`,
    [records],
  );
  const opened = await matcher.open(tx, ruled.inDoubt(pairs));
  const score = (a: string, b: string): PairScore | null => {
    const [x, y] = [opened.get(a), opened.get(b)];
    return x === undefined || y === undefined ? null : scoreOf(matcher.compare(x, y));
  };
  const findings: ModelFindings = { edition: matcher.edition, pairs, score };
  return { resolved: ruled.finish(findings), pairs };
}

/** Notes beside each pair the model would join why it was not. */
async function writeHeld(tx: Tx, pairs: readonly PairRow[], held: Resolved['held']): Promise<void> {
  const reasons = new Map(held.map((each) => [`${each.a} ${each.b}`, each.reason]));
  const changed = pairs.filter((pair) => pair.held !== (reasons.get(`${pair.a} ${pair.b}`) ?? null));
  if (changed.length === 0) return;
  await tx.query(
    `update govern.match_pair p set held = new.held from unnest($1::uuid[], $2::uuid[], $3::text[]) as new(a, b, held)
     where p.record_a = new.a and p.record_b = new.b`,
    [changed.map((pair) => pair.a), changed.map((pair) => pair.b), changed.map((pair) => reasons.get(`${pair.a} ${pair.b}`) ?? null)],
  );
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
