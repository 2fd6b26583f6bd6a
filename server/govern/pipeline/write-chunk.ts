/** Everything a chunk changes in PostgreSQL, set-based, in the order in which later statements need it. One function, one statement. */

import type { FactFile, Lake } from '../../lake/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import { linkRecords, stir } from '../identity/link-records.ts';
import type { Matcher } from '../identity/matcher.ts';
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

  const newRecords = await sql.upsertRecords(tx, chunk.stream.orgId, [...chunk.records.values()], turn.generation);
  await writeVault(tx, chunk, draft);
  const changed = await writeIdentifiers(tx, chunk, decisions, newRecords, turn.generation);
  const merged = await sql.upsertMergeActs(tx, chunk.stream.orgId, chunk.merges);
  const described = decisions.persons.filter((each) => each.identifiers !== null);
  const touched = {
    records: new Set([...newRecords, ...changed.map((each) => each.recordKey), ...merged.flatMap((each) => [each.survivor_key, each.retired_key])]),
    identifiers: changed.filter((each) => each.isEvidence || each.type === PHONE),
    described: described.map((each) => each.recordKey),
    details: new Map(described.map((each) => [each.recordKey, isDeleted(each.state) ? null : detailsOf(each.state)])),
  };
  const context = { engine: options.engine, matcher: options.matcher, orgId: chunk.stream.orgId, turn: turn.number + 1, now };
  const linksChanged = options.isRebuilding ? await stir(tx, touched, context).then(() => 0) : await linkRecords(tx, touched, context);

  await sql.upsertEncounters(tx, chunk.stream.orgId, decisions.encounters, turn.generation);
  await sql.upsertEncounterItems(tx, chunk.encounterItems);
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
async function writeVault(tx: Tx, { stream: { orgId, campusId } }: Chunk, { vault, turn }: Draft): Promise<void> {
  if (vault.subjects.length === 0) return;
  const { present } = await tx.one<{ present: number }>('select count(*) as present from platform.subject_key where subject = any($1::uuid[])', [
    vault.subjects,
  ]);
  if (present !== vault.subjects.length) throw refuse('stale-turn');
  await sql.upsertVaultRecords(tx, orgId, vault.records, turn.generation);
  await sql.insertVaultPasts(tx, vault.pasts);
  await sql.insertTexts(tx, orgId, campusId, vault.texts);
}

/**
 * Identifiers of described records become what is known now; a record known by its number alone has that one. Only differences are written,
 * and those of records there before are returned.
 */
async function writeIdentifiers(tx: Tx, chunk: Chunk, decisions: Decisions, newRecords: readonly string[], generation: number): Promise<sql.OwnedIdentifier[]> {
  const isNew = new Set(newRecords);
  const changed = decisions.persons.filter((each) => each.identifiers !== null);
  const described = new Set(decisions.persons.map((each) => each.recordKey));
  const wanted = changed.flatMap((person) => (person.identifiers ?? []).map((each) => ({ recordKey: person.recordKey, ...each })));
  for (const recordKey of newRecords) {
    if (!described.has(recordKey)) for (const each of chunk.records.get(recordKey)?.identifiers() ?? []) wanted.push({ recordKey, ...each });
  }
  // A record first seen since a rebuild began may still have what an older reading said of it.
  const looked = changed.map((each) => each.recordKey);
  const before = await sql.selectIdentifiers(tx, generation === 0 ? looked.filter((key) => !isNew.has(key)) : [...new Set([...looked, ...newRecords])]);
  const nameOf = (each: sql.OwnedIdentifier) => `${each.recordKey}${each.type}${each.blind.toString('latin1')}${each.isEvidence}${each.isSuspect}`;
  const stored = new Set(before.map(nameOf));
  const kept = new Set(wanted.map(nameOf));
  const gone = before.filter((each) => !kept.has(nameOf(each)));
  const added = wanted.filter((each) => !stored.has(nameOf(each)));
  await sql.deleteIdentifiers(tx, gone);
  await sql.insertIdentifiers(tx, added);
  return [...gone, ...added.filter((each) => !isNew.has(each.recordKey) || generation > 0)];
}
