/** Turns what a chunk found to be news into signals, in the transaction that files it. Keys are made of what is told, so a retry tells nothing twice. */
import type { EncounterSignal, SignalPayloads, Topic } from '@xinglin/contracts';
import type { Platform, Tx } from '../../platform/index.ts';
import type { Chunk } from './chunk.ts';
import type { Decisions, EncounterNewsItem } from './decide.ts';
import { columnOf, endOf, textColumn } from './encounter-state.ts';

export async function emitNews(tx: Tx, platform: Platform, chunk: Chunk, decisions: Decisions, newConsents: ReadonlySet<string>): Promise<void> {
  const consents = chunk.consents.filter((each) => each.isNews && newConsents.has(each.consentId));
  if (chunk.news.length === 0 && decisions.news.length === 0 && consents.length === 0) return;
  const ownCode = await departmentMapper(tx, chunk, decisions);
  const items = new Map<Topic, { key: string; payload: SignalPayloads[Topic] }[]>();
  const push = <T extends Topic>(topic: T, key: string, payload: SignalPayloads[T]) => {
    const list = items.get(topic) ?? [];
    items.set(topic, list);
    list.push({ key, payload });
  };
  for (const { topic, key, payload, departmentOf } of chunk.news) {
    push(topic, key, 'departmentCode' in payload ? { ...payload, departmentCode: ownCode(departmentOf) } : payload);
  }
  for (const { topic, key, payload } of await encounterSignals(tx, chunk, decisions.news, ownCode)) push(topic, key, payload);
  for (const { consentId, recordKey, purpose, channel, isGranted, occurredAt } of consents) {
    push('consent.changed', consentId, { recordKey, purpose, channel, granted: isGranted, occurredAt: occurredAt.toISOString() });
  }
  for (const [topic, list] of items) await platform.signals.emitMany(tx, topic, list as { key: string; payload: SignalPayloads[typeof topic] }[]);
}

/** The hospital's own code of a source's department; null while it is not mapped. */
async function departmentMapper(tx: Tx, chunk: Chunk, decisions: Decisions): Promise<(code: string | null) => string | null> {
  const codes = new Set<string>();
  for (const { departmentOf } of chunk.news) if (departmentOf !== null) codes.add(departmentOf);
  for (const { outcome } of decisions.news) {
    const code = textColumn(outcome.state, 'department_code');
    if (code !== null) codes.add(code);
  }
  const rows = await tx.query<{ source_code: string; code: string | null }>(
    `select source_code, code from govern.dimension_code where dimension = 'department' and source = $1 and source_code = any($2::text[])`,
    [chunk.stream.source, [...codes]],
  );
  const own = new Map(rows.map((row) => [row.source_code, row.code]));
  return (code) => (code === null ? null : (own.get(code) ?? null));
}

interface EncounterItems {
  readonly surgery: { code: string | null; day: string } | undefined;
  readonly diagnosis: { code: string | null } | undefined;
}

/** The latest surgery of a stay is the one recovery counts from. */
async function itemsOf(tx: Tx, encounterKeys: readonly string[]): Promise<Map<string, EncounterItems>> {
  const rows = await tx.query<{ encounter_key: string; kind: 'surgery' | 'diagnosis'; code: string | null; day: string }>(
    `select distinct on (encounter_key, kind) encounter_key, kind, code, day
     from govern.encounter_item
     where encounter_key = any($1::uuid[]) and not is_deleted
     order by encounter_key, kind, occurred_at desc, code`,
    [encounterKeys],
  );
  const items = new Map<string, EncounterItems>();
  for (const row of rows) items.set(row.encounter_key, { ...(items.get(row.encounter_key) ?? { surgery: undefined, diagnosis: undefined }), [row.kind]: row });
  return items;
}

type EncounterTopic = 'encounter.discharged' | 'encounter.finished' | 'encounter.reopened';
async function encounterSignals(
  tx: Tx,
  chunk: Chunk,
  news: readonly EncounterNewsItem[],
  ownCode: (code: string | null) => string | null,
): Promise<{ topic: EncounterTopic; key: string; payload: EncounterSignal }[]> {
  if (news.length === 0) return [];
  const items = await itemsOf(tx, [...new Set(news.map((each) => each.outcome.encounterKey))]);
  return news.flatMap(({ news: kind, outcome, stamp }) => {
    const { state, encounterKey } = outcome;
    if (state.recordKey === null) return [];
    const encounterClass = textColumn(state, 'class') ?? 'other';
    const topic: EncounterTopic = kind === 'reopened' ? 'encounter.reopened' : encounterClass === 'inpatient' ? 'encounter.discharged' : 'encounter.finished';
    const { surgery, diagnosis } = items.get(encounterKey) ?? {};
    const started = columnOf(state, 'started_at');
    const payload: EncounterSignal = {
      ...{ orgId: chunk.stream.orgId, campusId: outcome.campusId, source: outcome.source, recordKey: state.recordKey, encounterKey, encounterClass },
      departmentCode: ownCode(textColumn(state, 'department_code')),
      staffCode: textColumn(state, 'staff_code'),
      diseaseCode: textColumn(state, 'disease_code') ?? diagnosis?.code ?? null,
      surgeryCode: textColumn(state, 'surgery_code') ?? surgery?.code ?? null,
      surgeryDay: surgery?.day ?? null,
      disposition: textColumn(state, 'discharge_disposition'),
      startedAt: typeof started === 'number' ? isoOf(started) : null,
      endedAt: isoOf(endOf(state)),
    };
    return [{ topic, key: `${encounterKey}/${stamp[0]}/${stamp[1]}`, payload }];
  });
}
const isoOf = (micros: number): string => new Date(Math.floor(micros / 1000)).toISOString();
