/**
 * Throws facts and rule-made links away and makes them again from raw.
 *
 * The vault, identifiers and visits stay readable meanwhile: rows of the generation before are shown until they are replayed, and count as
 * absent when merging. Persons keep their ids: links are decided once at the end, from the same links as before. Consents, merges a source
 * asked for and mappings made by hand are truths of PostgreSQL and stay. Streams remember up to where they replay, so a killed rebuild goes on.
 */
import { streamText } from '@xinglin/contracts';
import type { Lake } from '../../lake/index.ts';
import type { Db, Platform, Tx } from '../../platform/index.ts';
import type { IdentityEngine } from '../identity/engine.ts';
import { linkAllRecords, stir, type Touched } from '../identity/link-records.ts';
import type { Matcher } from '../identity/matcher.ts';

interface RebuildParts {
  readonly platform: Platform;
  readonly lake: Lake;
  readonly engine: IdentityEngine;
}

/** How keys of facts are made (`Keys.numberKeys`). */
const FACT_KEYS = 'number-keys';
const SETTING = 'govern.fact-keys';

/** Facts under keys made another way are made again: what is sent once more would be another fact, and count twice. */
export async function renewFactKeys(parts: RebuildParts): Promise<void> {
  const { db, log } = parts.platform;
  const made = await db.maybe<{ value: string }>('select value from platform.setting where name = $1', [SETTING]);
  if (made?.value === FACT_KEYS) return;
  const { any } = await db.one<{ any: boolean }>('select number > 0 as any from govern.turn');
  if (any) {
    log.info('govern.fact-keys-renewed', {});
    await beginRebuild(parts);
  }
  await db.query('insert into platform.setting (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value', [SETTING, FACT_KEYS]);
}

/** Streams being replayed, with the position up to which nothing is news. */
export async function loadRebuild(db: Db): Promise<Map<string, number>> {
  const rows = await db.query<{ stream: string; until: number }>('select stream, until from govern.rebuild');
  return new Map(rows.map((row) => [row.stream, row.until]));
}

/** Returns how many records will be replayed. */
export async function beginRebuild({ platform, lake }: RebuildParts): Promise<number> {
  const streams = await lake.raw.streams();
  await platform.db.tx(async (tx) => {
    await tx.query('update govern.turn set number = number + 1, generation = generation + 1');
    await tx.query('delete from govern.rebuild');
    await tx.query('insert into govern.rebuild (stream, until) select * from unnest($1::text[], $2::bigint[])', [
      streams.map(({ stream }) => streamText(stream)),
      streams.map(({ end }) => end),
    ]);
    for (const derived of ['quarantine', 'quality_count', 'source_figure', 'record_department', 'encounter_item', 'encounter_move', 'vault_past']) {
      await tx.query(`delete from govern.${derived}`);
    }
    await tx.query('update govern.encounter_state set state = null');
    await tx.query('update govern.dimension_code set seen = 0');
    await lake.forgetFacts(tx);
  });
  return streams.reduce((sum, { end }) => sum + end, 0);
}

export async function finishRebuild({ platform, engine, matcher, now }: RebuildParts & { matcher: Matcher | null; now: Date }): Promise<void> {
  await platform.db.tx(async (tx) => {
    const { number, generation } = await tx.one<{ number: number; generation: number }>(
      'update govern.turn set number = number + 1 returning number, generation',
    );
    const context = { engine, matcher, orgId: platform.config.orgId, turn: number, now };
    await stir(tx, await forgetUnsaid(tx, generation, number, now), context);
    await linkAllRecords(tx, context);
    await tx.query('delete from govern.rebuild');
  });
}

/** What raw, read by today's rules, no longer says. Returns what that may change for others. */
async function forgetUnsaid(tx: Tx, generation: number, turn: number, now: Date): Promise<Touched> {
  await tx.query('delete from govern.encounter_state where state is null');
  const details = await tx.query<{ record_key: string }>('delete from govern.vault_record where generation < $1 returning record_key', [generation]);
  const numbers = await tx.query<{ type: string; blind: Buffer }>(
    `with gone as (delete from govern.record where generation < $1 returning record_key),
     ended as (delete from govern.link l using gone where l.record_key = gone.record_key returning l.*),
     remembered as (
       insert into govern.link_history (record_key, person_id, linked_by, from_turn, from_at, to_turn, to_at)
       select record_key, person_id, linked_by, since_turn, since, $2, $3 from ended),
     forgotten as (delete from govern.record_identifier i using gone where i.record_key = gone.record_key returning i.*)
     select type, blind from forgotten where is_evidence or type = 'phone'`,
    [generation, turn, now],
  );
  return { records: new Set(), identifiers: numbers, described: details.map((row) => row.record_key) };
}
