/** The statements of `writeChunk`. Each takes whole columns and does nothing when there is nothing to do. */
import type { StreamName } from '@xinglin/contracts';
import type { Tx } from '../../platform/index.ts';
import type { BlindIdentifier, Chunk, ConsentWork, EncounterItemWork, MergeWork, MoveWork, QuarantineWork, SeenRecord } from './chunk.ts';
import type { EncounterOutcome } from './decide.ts';
import { keepEncounter } from './encounter-state.ts';

/** Rows sent in one statement: making its parameters keeps the event loop for some 20 ms. */
const ROWS_PER_STATEMENT = 4_000;
async function inSlices<T>(rows: readonly T[], write: (slice: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) await write(rows.slice(at, at + ROWS_PER_STATEMENT));
}

export interface WrittenRecords {
  /** Seen for the first time, or for the first time since a rebuild began. */
  readonly newRecords: readonly string[];
  /** Of these, the ones never seen at all: nothing of them is anywhere. */
  readonly unseen: ReadonlySet<string>;
}
/** Records known already are not touched: a conflict would lock each row. */
export async function writeRecords(tx: Tx, orgId: string, seen: readonly SeenRecord[], generation: number): Promise<WrittenRecords> {
  const generations = await knownRecords(tx, seen);
  const unseen = seen.filter((each) => !generations.has(each.recordKey));
  const again = seen.filter((each) => (generations.get(each.recordKey) ?? generation) < generation).map((each) => each.recordKey);
  if (again.length > 0) await tx.query('update govern.record set generation = $2 where record_key = any($1::uuid[])', [again, generation]);
  if (unseen.length > 0) {
    await tx.copyTyped(
      'govern.record',
      [
        ['record_key', 'uuid', (each) => each.recordKey],
        ['org_id', 'text', () => orgId],
        ['campus_id', 'text', (each) => each.campusId],
        ['source', 'text', (each) => each.source],
        ['id_type', 'text', (each) => each.idType],
        ['first_seen_at', 'timestamptz', (each) => each.firstSeenAt],
        ['generation', 'integer', () => generation],
      ],
      unseen,
    );
  }
  const keys = unseen.map((each) => each.recordKey);
  return { newRecords: [...keys, ...again], unseen: new Set(keys) };
}

/** With the generation they were last seen in. */
async function knownRecords(tx: Tx, seen: readonly SeenRecord[]): Promise<Map<string, number>> {
  if (seen.length === 0) return new Map();
  const rows = await tx.query<{ record_key: string; generation: number }>(
    'select record_key, generation from govern.record where record_key = any($1::uuid[])',
    [seen.map((each) => each.recordKey)],
  );
  return new Map(rows.map((row) => [row.record_key, row.generation]));
}

export interface VaultRow {
  readonly recordKey: string;
  readonly campusId: string;
  readonly revision: number;
  readonly sealed: Buffer;
  readonly birthMonth: string | null;
  readonly sex: string;
  readonly hasPhone: boolean;
  readonly isDeceased: boolean;
}
export async function writeVaultRecords(tx: Tx, orgId: string, rows: readonly VaultRow[], unseen: ReadonlySet<string>, generation: number): Promise<void> {
  const known = rows.filter((each) => !unseen.has(each.recordKey));
  await upsertVaultRecords(tx, orgId, known, generation);
  if (known.length === rows.length) return;
  await tx.copyTyped(
    'govern.vault_record',
    [
      ['record_key', 'uuid', (each) => each.recordKey],
      ['org_id', 'text', () => orgId],
      ['campus_id', 'text', (each) => each.campusId],
      ['revision', 'bigint', (each) => each.revision],
      ['sealed', 'bytea', (each) => each.sealed],
      ['birth_month', 'text', (each) => each.birthMonth],
      ['sex', 'text', (each) => each.sex],
      ['has_phone', 'boolean', (each) => each.hasPhone],
      ['is_deceased', 'boolean', (each) => each.isDeceased],
      ['generation', 'integer', () => generation],
    ],
    rows.filter((each) => unseen.has(each.recordKey)),
  );
}

async function upsertVaultRecords(tx: Tx, orgId: string, rows: readonly VaultRow[], generation: number): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into govern.vault_record (record_key, org_id, campus_id, revision, sealed, birth_month, sex, has_phone, is_deceased, generation)
     select record_key, $9, campus_id, revision, sealed, birth_month, sex, has_phone, is_deceased, $10
     from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::boolean[], $8::boolean[])
       as new(record_key, campus_id, revision, sealed, birth_month, sex, has_phone, is_deceased)
     on conflict (record_key) do update set
       campus_id = excluded.campus_id, revision = excluded.revision, sealed = excluded.sealed, birth_month = excluded.birth_month,
       sex = excluded.sex, has_phone = excluded.has_phone, is_deceased = excluded.is_deceased, generation = excluded.generation`,
    [
      rows.map((each) => each.recordKey),
      rows.map((each) => each.campusId),
      rows.map((each) => each.revision),
      rows.map((each) => each.sealed),
      rows.map((each) => each.birthMonth),
      rows.map((each) => each.sex),
      rows.map((each) => each.hasPhone),
      rows.map((each) => each.isDeceased),
      orgId,
      generation,
    ],
  );
}

export interface VaultPast {
  readonly recordKey: string;
  readonly revision: number;
  readonly until: Date;
  readonly sealed: Buffer;
}
export const insertVaultPasts = (tx: Tx, rows: readonly VaultPast[]): Promise<void> =>
  inSlices(rows, (slice) =>
    tx.query(
      `insert into govern.vault_past (record_key, revision, until, sealed)
       select * from unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::bytea[])
       on conflict (record_key, revision) do nothing`,
      [slice.map((each) => each.recordKey), slice.map((each) => each.revision), slice.map((each) => each.until), slice.map((each) => each.sealed)],
    ),
  );

export interface TextRow {
  readonly textId: string;
  readonly recordKey: string | null;
  readonly sealed: Buffer;
  readonly occurredAt: Date;
}
/** A text id depends on the words, so what is there is the same text. */
export async function insertTexts(tx: Tx, orgId: string, campusId: string, rows: readonly TextRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into govern.vault_text (text_id, org_id, campus_id, record_key, sealed, occurred_at)
     select text_id, $5, $6, record_key, sealed, occurred_at
     from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::timestamptz[]) as new(text_id, record_key, sealed, occurred_at)
     on conflict (text_id) do nothing`,
    [
      rows.map((each) => each.textId),
      rows.map((each) => each.recordKey),
      rows.map((each) => each.sealed),
      rows.map((each) => each.occurredAt),
      orgId,
      campusId,
    ],
  );
}

export type OwnedIdentifier = BlindIdentifier & { readonly recordKey: string };

/** What is stored of these records' identifiers. */
export async function selectIdentifiers(tx: Tx, records: readonly string[]): Promise<OwnedIdentifier[]> {
  if (records.length === 0) return [];
  const rows = await tx.query<{ record_key: string; type: string; blind: Buffer; is_evidence: boolean; is_suspect: boolean }>(
    'select record_key, type, blind, is_evidence, is_suspect from govern.record_identifier where record_key = any($1::uuid[])',
    [records],
  );
  return rows.map((row) => ({ recordKey: row.record_key, type: row.type, blind: row.blind, isEvidence: row.is_evidence, isSuspect: row.is_suspect }));
}

export const insertIdentifiers = (tx: Tx, rows: readonly OwnedIdentifier[]): Promise<void> =>
  inSlices(rows, (slice) =>
    tx.query(
      `insert into govern.record_identifier (record_key, type, blind, is_evidence, is_suspect)
       select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::boolean[], $5::boolean[])`,
      [
        slice.map((each) => each.recordKey),
        slice.map((each) => each.type),
        slice.map((each) => each.blind),
        slice.map((each) => each.isEvidence),
        slice.map((each) => each.isSuspect),
      ],
    ),
  );

export async function deleteIdentifiers(tx: Tx, rows: readonly OwnedIdentifier[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `delete from govern.record_identifier i using unnest($1::uuid[], $2::text[], $3::bytea[]) as gone(record_key, type, blind)
     where i.record_key = gone.record_key and i.type = gone.type and i.blind = gone.blind`,
    [rows.map((each) => each.recordKey), rows.map((each) => each.type), rows.map((each) => each.blind)],
  );
}

/** What a source said of two numbers; the newest statement of a kind holds, and one that changes nothing is not returned. */
export async function upsertMergeActs(tx: Tx, orgId: string, acts: readonly MergeWork[]): Promise<{ survivor_key: string; retired_key: string }[]> {
  const newest = new Map<string, MergeWork>();
  for (const act of acts) if ((newest.get(act.actKey)?.occurredAt ?? act.occurredAt) <= act.occurredAt) newest.set(act.actKey, act);
  const rows = [...newest.values()];
  if (rows.length === 0) return [];
  return tx.query(
    `insert into govern.merge_act as old (act_key, org_id, source, survivor_key, retired_key, occurred_at, kind)
     select act_key, $7, source, survivor_key, retired_key, occurred_at, kind
     from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::text[])
       as new(act_key, source, survivor_key, retired_key, occurred_at, kind)
     on conflict (act_key) do update set kind = excluded.kind, occurred_at = excluded.occurred_at
     where excluded.occurred_at >= old.occurred_at and (excluded.kind, excluded.occurred_at) is distinct from (old.kind, old.occurred_at)
     returning survivor_key, retired_key`,
    [
      rows.map((each) => each.actKey),
      rows.map((each) => each.source),
      rows.map((each) => each.survivorKey),
      rows.map((each) => each.retiredKey),
      rows.map((each) => each.occurredAt),
      rows.map((each) => each.kind),
      orgId,
    ],
  );
}

/** Visits nothing was kept of are copied in: the turn says that nobody else wrote them since. */
export async function writeEncounters(tx: Tx, orgId: string, outcomes: readonly EncounterOutcome[], generation: number): Promise<void> {
  await tx.copyTyped(
    'govern.encounter_state',
    [
      ['fact_key', 'uuid', (each) => each.factKey],
      ['encounter_key', 'uuid', (each) => each.encounterKey],
      ['org_id', 'text', () => orgId],
      ['campus_id', 'text', (each) => each.campusId],
      ['source', 'text', (each) => each.source],
      ['record_key', 'uuid', (each) => each.state.recordKey],
      ['state', 'jsonb', (each) => JSON.stringify(keepEncounter(each.state))],
      ['is_announced', 'boolean', (each) => each.state.isAnnounced],
      ['generation', 'integer', () => generation],
    ],
    outcomes.filter((each) => each.isNew),
  );
  const known = outcomes.filter((each) => !each.isNew);
  await upsertEncounters(tx, orgId, known, generation);
}

async function upsertEncounters(tx: Tx, orgId: string, outcomes: readonly EncounterOutcome[], generation: number): Promise<void> {
  if (outcomes.length === 0) return;
  await tx.query(
    `insert into govern.encounter_state (fact_key, encounter_key, org_id, campus_id, source, record_key, state, is_announced, generation)
     select fact_key, encounter_key, $8, campus_id, source, record_key, state, is_announced, $9
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::jsonb[], $7::boolean[])
       as new(fact_key, encounter_key, campus_id, source, record_key, state, is_announced)
     on conflict (fact_key) do update set
       encounter_key = excluded.encounter_key, campus_id = excluded.campus_id, record_key = excluded.record_key,
       state = excluded.state, is_announced = excluded.is_announced, generation = excluded.generation`,
    [
      outcomes.map((each) => each.factKey),
      outcomes.map((each) => each.encounterKey),
      outcomes.map((each) => each.campusId),
      outcomes.map((each) => each.source),
      outcomes.map((each) => each.state.recordKey),
      outcomes.map((each) => JSON.stringify(keepEncounter(each.state))),
      outcomes.map((each) => each.state.isAnnounced),
      orgId,
      generation,
    ],
  );
}

/** The newest statement of each surgery or diagnosis; those never said before are copied in. */
export async function writeEncounterItems(tx: Tx, items: readonly EncounterItemWork[]): Promise<void> {
  if (items.length === 0) return;
  // Within one chunk a fact may be said twice: the newest stays, as the conflict rule would have it.
  const newest = new Map<string, EncounterItemWork>();
  for (const item of items) {
    const old = newest.get(item.factKey);
    if (old === undefined || item.version > old.version || (item.version === old.version && item.position > old.position)) newest.set(item.factKey, item);
  }
  const known = await tx.query<{ fact_key: string }>('select fact_key from govern.encounter_item where fact_key = any($1::uuid[])', [[...newest.keys()]]);
  const again = known.map((row) => newest.get(row.fact_key) as EncounterItemWork);
  for (const row of known) newest.delete(row.fact_key);
  await tx.copyTyped(
    'govern.encounter_item',
    [
      ['fact_key', 'uuid', (each) => each.factKey],
      ['encounter_key', 'uuid', (each) => each.encounterKey],
      ['record_key', 'uuid', (each) => each.recordKey],
      ['kind', 'text', (each) => each.kind],
      ['version', 'bigint', (each) => each.version],
      ['position', 'bigint', (each) => each.position],
      ['is_deleted', 'boolean', (each) => each.isDeleted],
      ['code', 'text', (each) => each.code],
      ['day', 'date', (each) => each.day],
      ['occurred_at', 'timestamptz', (each) => each.occurredAt],
    ],
    [...newest.values()],
  );
  await updateEncounterItems(tx, again);
}

async function updateEncounterItems(tx: Tx, items: readonly EncounterItemWork[]): Promise<void> {
  if (items.length === 0) return;
  await tx.query(
    `update govern.encounter_item old set
       encounter_key = new.encounter_key, record_key = new.record_key, kind = new.kind, version = new.version,
       position = new.position, is_deleted = new.is_deleted, code = new.code, day = new.day, occurred_at = new.occurred_at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[], $6::bigint[], $7::boolean[], $8::text[], $9::date[], $10::timestamptz[])
       as new(fact_key, encounter_key, record_key, kind, version, position, is_deleted, code, day, occurred_at)
     where old.fact_key = new.fact_key and (old.version, old.position) < (new.version, new.position)`,
    [
      items.map((each) => each.factKey),
      items.map((each) => each.encounterKey),
      items.map((each) => each.recordKey),
      items.map((each) => each.kind),
      items.map((each) => each.version),
      items.map((each) => each.position),
      items.map((each) => each.isDeleted),
      items.map((each) => each.code),
      items.map((each) => each.day),
      items.map((each) => each.occurredAt),
    ],
  );
}

/** A visit moved to another record, with what is kept beside it. */
export async function upsertMoves(tx: Tx, moves: readonly MoveWork[]): Promise<void> {
  for (const move of moves) {
    await tx.query(
      `insert into govern.encounter_move (encounter_key, record_key, version) values ($1, $2, $3)
       on conflict (encounter_key) do update set record_key = excluded.record_key, version = excluded.version`,
      [move.encounterKey, move.recordKey, move.version],
    );
    await tx.query('update govern.encounter_item set record_key = $2 where encounter_key = $1', [move.encounterKey, move.recordKey]);
  }
}

export async function insertDepartments(tx: Tx, seen: readonly { recordKey: string; source: string; code: string }[]): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(
    `insert into govern.record_department (record_key, source, department_code)
     select * from unnest($1::uuid[], $2::text[], $3::text[]) on conflict do nothing`,
    [seen.map((each) => each.recordKey), seen.map((each) => each.source), seen.map((each) => each.code)],
  );
}

/** Returns the ids that were not there yet: a choice already recorded is not news again. */
export async function insertConsents(tx: Tx, orgId: string, campusId: string, consents: readonly ConsentWork[]): Promise<string[]> {
  if (consents.length === 0) return [];
  const rows = await tx.query<{ consent_id: string }>(
    `insert into govern.consent (consent_id, org_id, campus_id, record_key, purpose, channel, is_granted, text_edition, given_by, occurred_at, position)
     select consent_id, $10, $11, record_key, purpose, channel, is_granted, text_edition, given_by, occurred_at, position
     from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::boolean[], $6::text[], $7::text[], $8::timestamptz[], $9::bigint[])
       as new(consent_id, record_key, purpose, channel, is_granted, text_edition, given_by, occurred_at, position)
     on conflict (consent_id) do nothing
     returning consent_id`,
    [
      consents.map((each) => each.consentId),
      consents.map((each) => each.recordKey),
      consents.map((each) => each.purpose),
      consents.map((each) => each.channel),
      consents.map((each) => each.isGranted),
      consents.map((each) => each.textEdition),
      consents.map((each) => each.givenBy),
      consents.map((each) => each.occurredAt),
      consents.map((each) => each.position),
      orgId,
      campusId,
    ],
  );
  return rows.map((row) => row.consent_id);
}

type QualityRow = Chunk['quality'] extends Map<string, infer Row> ? Row : never;
export async function upsertQuality(tx: Tx, stream: StreamName, rows: readonly QualityRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into govern.quality_count as old (org_id, source, fact, column_name, rule, count)
     select $5, $6, fact, column_name, rule, count from unnest($1::text[], $2::text[], $3::text[], $4::bigint[]) as new(fact, column_name, rule, count)
     on conflict (org_id, source, fact, column_name, rule) do update set count = old.count + excluded.count`,
    [
      rows.map((each) => each.fact),
      rows.map((each) => each.column),
      rows.map((each) => each.rule),
      rows.map((each) => each.count),
      stream.orgId,
      stream.source,
    ],
  );
}

export async function insertQuarantine(tx: Tx, stream: StreamName, rows: readonly QuarantineWork[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into govern.quarantine (org_id, campus_id, source, lane, position, item, code, reason_zh, reason_en, received_at)
     select $8, $9, $10, lane, position, item, code, reason_zh, reason_en, received_at
     from unnest($1::text[], $2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       as new(lane, position, item, code, reason_zh, reason_en, received_at)
     on conflict do nothing`,
    [
      rows.map((each) => each.lane),
      rows.map((each) => each.position),
      rows.map((each) => each.item),
      rows.map((each) => each.code),
      rows.map((each) => each.reasonZh),
      rows.map((each) => each.reasonEn),
      rows.map((each) => each.receivedAt),
      stream.orgId,
      stream.campusId,
      stream.source,
    ],
  );
}

export async function addSourceFigure(tx: Tx, stream: StreamName, facts: number): Promise<void> {
  await tx.query(
    `insert into govern.source_figure as old (org_id, source, facts) values ($1, $2, $3)
     on conflict (org_id, source) do update set facts = old.facts + excluded.facts`,
    [stream.orgId, stream.source, facts],
  );
}
