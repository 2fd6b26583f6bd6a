/** Everything a chunk changes in PostgreSQL, set-based, in the order in which later statements need it. One function, one statement. */

import { invariant } from '../../kernel/index.ts';
import type { FactFile, Lake } from '../../lake/index.ts';
import type { Platform, Tx } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import { linkRecords, stir } from '../identity/link-records.ts';
import type { Matcher } from '../identity/matcher.ts';
import { packState } from '../privacy/person-state.ts';
import { writeLearnedCodes } from '../terminology/learn-codes.sql.ts';
import type { Chunk } from './chunk.ts';
import type { Decisions } from './decide.ts';
import { emitNews } from './emit-news.ts';
import type { Turn } from './load-state.ts';
import * as sql from './write-chunk.sql.ts';

export interface WriteOptions {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly engine: IdentityEngine;
  readonly matcher: Matcher | null;
  readonly turn: Turn;
  /** While a rebuild replays, links are decided once at its end. */
  readonly isRebuilding: boolean;
  readonly files: readonly FactFile[];
  readonly edition: string;
  readonly now: Date;
}
export interface Written {
  readonly linksChanged: number;
  readonly codes: { readonly isMapped: boolean; readonly isNamed: boolean };
}

export async function writeChunk(tx: Tx, chunk: Chunk, decisions: Decisions, options: WriteOptions): Promise<Written> {
  const { platform, turn, now } = options;
  const taken = await tx.maybe('update govern.turn set number = number + 1 where number = $1 and generation = $2 returning number', [
    turn.number,
    turn.generation,
  ]);
  if (taken === undefined) throw refuse('stale-turn');

  const newRecords = await sql.upsertRecords(tx, chunk.stream.orgId, [...chunk.records.values()], turn.generation);
  await writeVault(tx, chunk, decisions, platform, turn.generation);
  const changed = await writeIdentifiers(tx, chunk, decisions, newRecords, turn.generation);
  const merged = await sql.insertMergeActs(tx, chunk.stream.orgId, chunk.merges);
  const touched = {
    records: new Set([...newRecords, ...changed.map((each) => each.recordKey), ...merged.flatMap((each) => [each.survivor_key, each.retired_key])]),
    identifiers: changed.filter((each) => each.isEvidence),
    described: decisions.persons.map((each) => each.recordKey),
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
  const rows = chunk.rowCount + chunk.fileRows + decisions.personRows.length + decisions.encounterRows.length;
  await sql.addSourceFigure(tx, chunk.stream, rows);
  await emitNews(tx, platform, chunk, decisions, new Set(consents));
  const { stream, from, to } = chunk;
  await options.lake.commit(tx, { stream, from, to, files: options.files, edition: options.edition });
  return { linksChanged, codes };
}

/** Seals details and texts with the keys of their records; the keys are made in this transaction. */
async function writeVault(tx: Tx, chunk: Chunk, decisions: Decisions, platform: Platform, generation: number): Promise<void> {
  const { keys } = platform;
  const texts = [...chunk.texts.values()];
  const subjects = new Set([...decisions.persons.map((each) => each.recordKey), ...texts.map((each) => each.recordKey ?? each.textId)]);
  if (subjects.size === 0) return;
  const subjectKeys = await keys.subjectKeys(tx, [...subjects], true);
  const keyOf = (subject: string): Buffer => {
    const key = subjectKeys.get(subject);
    invariant(key !== undefined, 'a key asked for with create is there');
    return key;
  };
  await sql.upsertVaultRecords(
    tx,
    chunk.stream.orgId,
    decisions.persons.map(({ recordKey, campusId, state, hasPhone }) => ({
      ...{ recordKey, campusId, hasPhone, revision: state.revision, sealed: keys.seal(keyOf(recordKey), packState(state)) },
      birthMonth: state.birthDate?.[1]?.slice(0, 7) ?? null,
      sex: state.sex?.[1] ?? 'unknown',
      isDeceased: state.deceased?.[1] ?? false,
    })),
    generation,
  );
  await sql.insertVaultPasts(
    tx,
    decisions.pasts.map(({ recordKey, state, until }) => ({
      ...{ recordKey, until, revision: state.revision, sealed: keys.seal(keyOf(recordKey), packState(state)) },
    })),
  );
  await sql.insertTexts(
    tx,
    chunk.stream.orgId,
    chunk.stream.campusId,
    texts.map((each) => ({ ...each, sealed: keys.seal(keyOf(each.recordKey ?? each.textId), Buffer.from(each.text, 'utf8')) })),
  );
}

/**
 * Identifiers of described records become what is known now; a record known by its number alone has that one. Only differences are written,
 * and those of records there before are returned.
 */
async function writeIdentifiers(tx: Tx, chunk: Chunk, decisions: Decisions, newRecords: readonly string[], generation: number): Promise<sql.OwnedIdentifier[]> {
  const isNew = new Set(newRecords);
  const described = new Set(decisions.persons.map((each) => each.recordKey));
  const wanted = decisions.persons.flatMap((person) => person.identifiers.map((each) => ({ recordKey: person.recordKey, ...each })));
  for (const recordKey of newRecords) {
    if (!described.has(recordKey)) for (const each of chunk.records.get(recordKey)?.identifiers ?? []) wanted.push({ recordKey, ...each });
  }
  // A record first seen since a rebuild began may still have what an older reading said of it.
  const before = await sql.selectIdentifiers(tx, generation === 0 ? [...described].filter((key) => !isNew.has(key)) : [...described, ...newRecords]);
  const nameOf = (each: sql.OwnedIdentifier) => `${each.recordKey}${each.type}${each.blind.toString('latin1')}${each.isEvidence}${each.isSuspect}`;
  const stored = new Set(before.map(nameOf));
  const kept = new Set(wanted.map(nameOf));
  const gone = before.filter((each) => !kept.has(nameOf(each)));
  const added = wanted.filter((each) => !stored.has(nameOf(each)));
  await sql.deleteIdentifiers(tx, gone);
  await sql.insertIdentifiers(tx, added);
  return [...gone, ...added.filter((each) => !isNew.has(each.recordKey) || generation > 0)];
}
