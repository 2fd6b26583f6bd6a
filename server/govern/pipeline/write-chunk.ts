/** Everything a chunk changes in PostgreSQL, set-based, in the order in which later statements need it. One function, one statement. */

import type { FactFile, Lake } from '../../lake/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import { linkRecords, stir } from '../identity/link-records.ts';
import type { Matcher } from '../identity/matcher.ts';
import { meet, type Newcomer, writeNewcomers } from '../identity/newcomers.ts';
import { PHONE } from '../privacy/blind.ts';
import { detailsOf, isDeleted } from '../privacy/person-state.ts';
import { writeLearnedCodes } from '../terminology/learn-codes.sql.ts';
import type { Chunk } from './chunk.ts';
import type { Decisions } from './decide.ts';
import type { Draft } from './draft.ts';
import { emitNews } from './emit-news.ts';
import * as sql from './write-chunk.sql.ts';

export interface WriteOptions {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly engine: IdentityEngine;
  readonly matcher: Matcher | null;
  /** While a rebuild replays, links are decided once at its end. */
  readonly isRebuilding: boolean;
  readonly files: readonly FactFile[];
  readonly edition: string;
}
export interface Written {
  readonly linksChanged: number;
  readonly codes: { readonly isMapped: boolean; readonly isNamed: boolean };
}

export async function writeChunk(tx: Tx, chunk: Chunk, draft: Draft, options: WriteOptions): Promise<Written> {
  const { platform } = options;
  const { decisions, turn, now } = draft;
  const taken = await tx.maybe('update govern.turn set number = number + 1 where number = $1 and generation = $2 returning number', [
    turn.number,
    turn.generation,
  ]);
  if (taken === undefined) throw refuse('stale-turn');

  const { newRecords, unseen } = await sql.writeRecords(tx, chunk.stream.orgId, [...chunk.records.values()], turn.generation);
  await writeVault(tx, chunk, draft, unseen);
  const newcomers = newcomersOf(chunk, decisions, unseen);
  const changed = await writeIdentifiers(tx, chunk, decisions, newRecords, unseen);
  const meeting = await meet(tx, newcomers);
  await writeNewcomers(tx, newcomers);
  const merged = await sql.upsertMergeActs(tx, chunk.stream.orgId, chunk.merges);
  const described = decisions.persons.filter((each) => each.identifiers !== null && !unseen.has(each.recordKey));
  const touched = {
    records: new Set([...newRecords, ...changed.map((each) => each.recordKey), ...merged.flatMap((each) => [each.survivor_key, each.retired_key])]),
    identifiers: changed.filter((each) => each.isEvidence || each.type === PHONE),
    described: described.map((each) => each.recordKey),
    meeting,
    details: new Map(described.map((each) => [each.recordKey, isDeleted(each.state) ? null : detailsOf(each.state)])),
  };
  const context = { engine: options.engine, matcher: options.matcher, orgId: chunk.stream.orgId, turn: turn.number + 1, now };
  const linksChanged = options.isRebuilding ? await stir(tx, touched, context).then(() => 0) : await linkRecords(tx, touched, context);

  await sql.writeEncounters(tx, chunk.stream.orgId, decisions.encounters, turn.generation);
  await sql.writeEncounterItems(tx, chunk.encounterItems);
  await sql.upsertMoves(tx, chunk.moves);
  await sql.insertDepartments(tx, [...chunk.departments.values()]);
  const consents = await sql.insertConsents(tx, chunk.stream.orgId, chunk.stream.campusId, chunk.consents);
  const codes = await writeLearnedCodes(tx, [...chunk.learned.values()]);
  await sql.upsertQuality(tx, chunk.stream, [...chunk.quality.values()]);
  await sql.insertQuarantine(tx, chunk.stream, chunk.quarantine);
  await sql.addSourceFigure(tx, chunk.stream, chunk.statements);
  await emitNews(tx, platform, chunk, decisions, new Set(consents));
  const { stream, from, to } = chunk;
  await options.lake.commit(tx, { stream, from, to, files: options.files, edition: options.edition });
  return { linksChanged, codes };
}

/** Refused when one of the keys was destroyed since: what was sealed with it could never be opened. */
async function writeVault(tx: Tx, { stream: { orgId, campusId } }: Chunk, { vault, turn }: Draft, unseen: ReadonlySet<string>): Promise<void> {
  if (vault.subjects.length === 0) return;
  const { present } = await tx.one<{ present: number }>('select count(*) as present from platform.subject_key where subject = any($1::uuid[])', [
    vault.subjects,
  ]);
  if (present !== vault.subjects.length) throw refuse('stale-turn');
  await sql.writeVaultRecords(tx, orgId, vault.records, unseen, turn.generation);
  await sql.insertVaultPasts(tx, vault.pasts);
  await sql.insertTexts(tx, orgId, campusId, vault.texts);
}

/** Records never seen, with what they are found by. */
function newcomersOf(chunk: Chunk, decisions: Decisions, unseen: ReadonlySet<string>): Newcomer[] {
  const outcomes = new Map(decisions.persons.map((each) => [each.recordKey, each]));
  return [...unseen].map((recordKey) => {
    const outcome = outcomes.get(recordKey);
    const identifiers = outcome === undefined ? chunk.records.get(recordKey)?.identifiers() : outcome.identifiers;
    return { recordKey, identifiers: identifiers ?? [], described: outcome?.described ?? null };
  });
}

/**
 * Identifiers of described records seen before become what is known now; a record known by its number alone has that one. Only differences are
 * written; of records there before they are returned.
 */
async function writeIdentifiers(
  tx: Tx,
  chunk: Chunk,
  decisions: Decisions,
  newRecords: readonly string[],
  unseen: ReadonlySet<string>,
): Promise<sql.OwnedIdentifier[]> {
  const changed = decisions.persons.filter((each) => each.identifiers !== null && !unseen.has(each.recordKey));
  const wanted = changed.flatMap((person) => (person.identifiers ?? []).map((each) => ({ recordKey: person.recordKey, ...each })));
  // Seen again since a rebuild began: it may still have what an older reading said of it.
  const again = newRecords.filter((recordKey) => !unseen.has(recordKey));
  if (again.length > 0) {
    const described = new Set(decisions.persons.map((each) => each.recordKey));
    for (const recordKey of again) {
      if (!described.has(recordKey)) for (const each of chunk.records.get(recordKey)?.identifiers() ?? []) wanted.push({ recordKey, ...each });
    }
  }
  const before = await sql.selectIdentifiers(tx, [...new Set([...changed.map((each) => each.recordKey), ...again])]);
  const nameOf = (each: sql.OwnedIdentifier) => `${each.recordKey}${each.type}${each.blind.toString('latin1')}${each.isEvidence}${each.isSuspect}`;
  const stored = new Set(before.map(nameOf));
  const kept = new Set(wanted.map(nameOf));
  const gone = before.filter((each) => !kept.has(nameOf(each)));
  const added = wanted.filter((each) => !stored.has(nameOf(each)));
  await sql.deleteIdentifiers(tx, gone);
  await sql.insertIdentifiers(tx, added);
  return [...gone, ...added];
}
