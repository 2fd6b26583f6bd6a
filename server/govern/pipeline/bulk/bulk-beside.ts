/** What rows come to beside their facts: visits merged with what is known of them, surgeries and principal diagnoses, free texts. */
import { type Column, FACTS, type FactValue } from '@xinglin/contracts';
import { breather } from '../breathe.ts';
import type { EncounterItemWork } from '../chunk.ts';
import { ENCOUNTER_COLUMNS, type EncounterColumn } from '../encounter-state.ts';
import { recordPositionOf } from '../positions.ts';
import { type FactParts, factsSql, textsSql } from './bulk.sql.ts';
import { type BulkParts, originsOf } from './bulk-persons.ts';

const dateOf = (micros: unknown): Date => new Date(Number(BigInt(String(micros)) / 1000n));

/** Free texts of the rows that have one. */
export async function keepTexts({ engine, chunk, plan }: BulkParts, parts: FactParts): Promise<void> {
  if (plan.text === null) return;
  const [ids = [], recordKeys = [], texts = [], times = []] = await engine.columns(textsSql(plan, parts));
  for (const [at, id] of ids.entries()) {
    const [textId, text, recordKey] = [String(id), String(texts[at]), recordKeys[at]];
    chunk.textLength += text.length;
    chunk.texts.set(textId, { textId, recordKey: typeof recordKey === 'string' ? recordKey : null, text, occurredAt: dateOf(times[at]) });
  }
}

/** Surgeries and principal diagnoses of a visit travel with the news of its end. */
export async function addEncounterItems(bulk: BulkParts, parts: FactParts, factsFrom: string): Promise<void> {
  const { engine, chunk, plan } = bulk;
  const kind: EncounterItemWork['kind'] | null = plan.fact === 'procedure' ? 'surgery' : plan.fact === 'condition' ? 'diagnosis' : null;
  if (kind === null || plan.encounterLocalId === null || plan.subject === null) return;
  const isSurgery = kind === 'surgery';
  const [factKeys = [], encounterKeys = [], recordKeys = [], versions = [], positions = [], deleted = [], codes = [], times = []] = await engine.columns(
    `select cast(fact_key as varchar), cast(encounter_key as varchar), record_key, version, position,
            ${isSurgery ? `is_deleted or coalesce(status = 'cancelled', false)` : 'is_deleted'}, code, epoch_us(${isSurgery ? 'coalesce(started_at, occurred_at)' : 'occurred_at'})
     from (${factsSql(plan, parts, factsFrom)})
     where ${isSurgery ? `category = 'surgery'` : 'rank = 1'} and encounter_key is not null and record_key is not null order by position`,
  );
  const day = originsOf(bulk)[0]?.origin.day;
  if (day === undefined) return;
  const breathe = breather(true);
  for (const [at, factKey] of factKeys.entries()) {
    const code = codes[at];
    chunk.encounterItems.push({
      ...{ factKey: String(factKey), encounterKey: String(encounterKeys[at]), recordKey: String(recordKeys[at]), kind },
      ...{ version: Number(versions[at]), position: Number(positions[at]), isDeleted: deleted[at] === true },
      code: typeof code === 'string' ? code : null,
      day: day(BigInt(String(times[at]))),
      occurredAt: dateOf(times[at]),
    });
    await breathe();
  }
}

/** Visits are merged with what is known, so every row of one becomes a statement. */
export async function addEncounters(bulk: BulkParts, parts: FactParts, factsFrom: string): Promise<void> {
  const { engine, chunk, plan, records } = bulk;
  const given = ENCOUNTER_COLUMNS.filter((name) => name in plan.values);
  const timeColumns = new Set((FACTS.encounter as readonly Column[]).filter(({ kind }) => kind === 'time').map(({ name }) => name));
  const [factKeys = [], encounterKeys = [], recordKeys = [], versions = [], positions = [], deleted = [], times = [], precisions = [], ...values] =
    await engine.columns(
      `select cast(fact_key as varchar), cast(encounter_key as varchar), record_key, version, position, is_deleted, epoch_us(occurred_at), time_precision
              ${given.map((name) => (timeColumns.has(name) ? `, epoch_us(${name})` : `, ${name}`)).join('')}
       from (${factsSql(plan, parts, factsFrom)}) order by position`,
    );
  const origins = new Map(originsOf(bulk).map(({ origin }, at) => [records[at]?.position, origin]));
  const breathe = breather(true);
  for (const [at, factKey] of factKeys.entries()) {
    const [encounterKey, position, recordKey] = [String(encounterKeys[at]), Number(positions[at]), recordKeys[at]];
    const recordPosition = recordPositionOf(position);
    const origin = origins.get(recordPosition);
    if (origin === undefined) continue;
    const columns: Partial<Record<EncounterColumn, FactValue>> = {};
    for (const [place, name] of given.entries()) columns[name] = (values[place]?.[at] ?? null) as FactValue;
    const recordKeyOrNull = typeof recordKey === 'string' ? recordKey : null;
    chunk.encounterKeys.add(encounterKey);
    chunk.encounters.push({
      ...{ factKey: String(factKey), encounterKey, origin, recordPosition },
      statement: {
        stamp: [Number(versions[at]), position],
        occurredAt: Number(times[at]),
        precision: String(precisions[at]) as (typeof chunk.encounters)[number]['statement']['precision'],
        recordKey: recordKeyOrNull,
        isDeleted: deleted[at] === true,
        columns,
      },
    });
    const department = columns['department_code'];
    if (recordKeyOrNull !== null && typeof department === 'string')
      chunk.departments.set(`${recordKeyOrNull} ${department}`, { recordKey: recordKeyOrNull, source: origin.source, code: department });
    await breathe();
  }
}
