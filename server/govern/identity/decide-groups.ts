/** Decides whole connected groups: what is known of them is read, the engine asked, and the differences written. */
import type { Tx } from '../../platform/index.ts';
import type { Conflict, Decision, IdentityEngine, MergeAct, ModelFindings, PairScore, Resolved, Ruled } from './engine.ts';
import type { KnownGroups, PairRow } from './known-groups.ts';
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

/** Returns how many records came to another person. */
export async function decideGroups(tx: Tx, known: KnownGroups, context: LinkContext): Promise<number> {
  const records = [...known.records.keys()];
  const said = known.isAnythingSaid ? { acts: await loadActs(tx, records), decisions: await loadDecisions(tx, records) } : { acts: [], decisions: [] };
  const ruled = context.engine.byRules([...known.records.values()], said.acts, said.decisions);
  const resolved = await withModel(tx, ruled, known.pairs, context.matcher);
  await writeConflicts(tx, records, resolved.conflicts, context.now);
  if (context.matcher !== null) await writeHeld(tx, known.pairs, resolved.held);
  return writeLinks(tx, known, resolved.clusters, context);
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

async function withModel(tx: Tx, ruled: Ruled, pairs: readonly PairRow[], matcher: Matcher | null): Promise<Resolved> {
  if (matcher === null) return ruled.finish(null);
  const opened = await matcher.open(tx, ruled.inDoubt(pairs));
  const score = (a: string, b: string): PairScore | null => {
    const [x, y] = [opened.get(a), opened.get(b)];
    return x === undefined || y === undefined ? null : scoreOf(matcher.compare(x, y));
  };
  const findings: ModelFindings = { edition: matcher.edition, pairs, score };
  return ruled.finish(findings);
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
