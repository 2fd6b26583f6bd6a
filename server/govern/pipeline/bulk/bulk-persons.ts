/** Whom the rows of a chunk are about and what they say of them: keys for every number, details for every run of rows that says something new. */
import type { RawRecord, SourceId } from '@xinglin/contracts';
import type { BulkPlan } from '../../../collect/index.ts';
import { localDay } from '../../../kernel/index.ts';
import type { Platform } from '../../../platform/index.ts';
import { foldName } from '../../identity/identifiers.ts';
import { ownIdentifiers } from '../../privacy/blind.ts';
import type { Origin } from '../../privacy/fact-row.ts';
import type { Pseudonyms } from '../../privacy/pseudonyms.ts';
import { breather } from '../breathe.ts';
import type { Chunk, PersonWork } from '../chunk.ts';
import { dayTeller, positionOf } from '../positions.ts';
import { LOCAL_ID_LENGTH_MIN } from '../prepare.ts';
import type { BulkEngine } from './bulk-engine.ts';
import type { HeardPersons } from './heard.ts';
import { CELL_END, PLACED, runsSql, speakersSql } from './persons.sql.ts';
import type { Words } from './words.ts';

export interface BulkParts {
  readonly engine: BulkEngine;
  readonly platform: Platform;
  readonly names: Pseudonyms;
  readonly chunk: Chunk;
  readonly plan: BulkPlan;
  readonly records: readonly RawRecord[];
}
/** Record keys by `said.subject`. */
export type SubjectKeys = ReadonlyMap<string, string>;

/** The number a text of `said.subject` stands for. */
export function subjectOf(subject: NonNullable<BulkPlan['subject']>, text: string): SourceId | null {
  const [first] = subject.kinds;
  if (subject.kinds.length === 1 && first !== undefined) return { ...first, value: text };
  const kind = subject.kinds[Number(text[0])];
  return kind === undefined ? null : { ...kind, value: text.slice(2) };
}

/** Remembers whom the chunk is about, and makes the table `subjects` (text, record key). */
export async function seeSubjects({ engine, platform, names, chunk, plan, records }: BulkParts, words: Words): Promise<SubjectKeys> {
  const recordKeys = new Map<string, string>();
  const { subject } = plan;
  if (subject === null) return recordKeys;
  const { campusId, source } = chunk.stream;
  const [texts = [], deliveries = []] = await engine.columns(
    'select subject, min(delivery) as delivery from rows where subject is not null group by subject order by min(delivery), min(item)',
  );
  const breathe = breather(true);
  for (const [at, given] of texts.entries()) {
    const text = String(given);
    const id = subjectOf(subject, text);
    if (id === null) continue;
    const recordKey = names.record(source, id);
    const firstSeenAt = records[Number(deliveries[at]) - 1]?.receivedAt ?? platform.clock.now();
    const identifiers = ownIdentifiers(platform.keys, id, firstSeenAt);
    if (!chunk.records.has(recordKey)) chunk.records.set(recordKey, { recordKey, campusId, source, idType: id.type, firstSeenAt, identifiers });
    recordKeys.set(text, recordKey);
    if (id.value.length >= LOCAL_ID_LENGTH_MIN) words.add([foldName(id.value)], { subject: text, person: null });
    await breathe();
  }
  await engine.run('create table subjects (subject varchar, record_key varchar)');
  await engine.fill('subjects', [[...recordKeys.keys()], [...recordKeys.values()]]);
  return recordKeys;
}

/**
 * What the rows say of persons, into the chunk. Makes the table `speakers`; where it says so, facts are read from `PLACED` instead of `said`.
 * Null when a row cannot be read here.
 */
export async function hearPersons(parts: BulkParts, subjects: SubjectKeys, words: Words, heard: HeardPersons): Promise<{ factsFrom: string } | null> {
  const { engine, names, chunk, plan, records } = parts;
  const { person, subject } = plan;
  if (person === null || subject === null) return { factsFrom: 'said' };
  await engine.run(speakersSql);
  const runs = await engine.columns(runsSql(plan));
  const [texts = [], cells = [], deleted = [], times = [], first = [], last = [], newest = [], precisions = []] = runs;
  const origins = originsOf(parts);
  const { source, lane } = chunk.stream;
  const layout = JSON.stringify([chunk.stream, plan.mapping, person.columns, subject.kinds]);
  const breathe = breather(true);
  for (const [at, text] of texts.entries()) {
    const subjectText = String(text);
    const recordKey = subjects.get(subjectText);
    const personText = String(cells[at]);
    if (recordKey === undefined) return null;
    const said = heard.of(
      layout,
      personText,
      () => person.read(personText.split(CELL_END)),
      () => names.fact(source, 'person_record', recordKey),
    );
    const [delivery = 0, place = 0, version = 0, occurredAt = 0] = (newest[at] as readonly unknown[]).map(Number);
    const record = records[delivery - 1];
    const [firstOrigin, origin] = [origins[Number(first[at]) - 1], origins[Number(last[at]) - 1]];
    if (said === null || record === undefined || firstOrigin === undefined || origin === undefined) return null;
    const run: PersonWork = {
      ...{ recordKey, factKey: said.factKey, origin: origin.origin },
      ...{ firstReceivedAt: firstOrigin.receivedAt, receivedAt: origin.receivedAt, times: Number(times[at]) },
      statement: {
        stamp: [version, positionOf(record.position, lane, place)],
        occurredAt,
        precision: String(precisions[at]) as PersonWork['statement']['precision'],
        isDeleted: deleted[at] === true,
        details: said.details,
        isDeceased: said.isDeceased,
      },
    };
    const unfit = said.unfitAt(firstOrigin.receivedAt);
    // A birth date in a number may lie before one delivery and after another.
    if (unfit.length !== said.unfitAt(origin.receivedAt).length) return null;
    for (const note of unfit) chunk.note({ fact: 'person_record', ...note }, run.times);
    chunk.addRun(run);
    words.add(said.words, { subject: subjectText, person: personText });
    await breathe();
  }
  return { factsFrom: PLACED };
}

/** Of the deliveries, in order. */
export function originsOf({ platform, names, chunk, plan, records }: BulkParts): { origin: Origin; receivedAt: Date }[] {
  const { orgId, campusId, source } = chunk.stream;
  const day = dayTeller((instant) => localDay(instant, platform.config.timeZone));
  return records.map(({ receivedAt }) => ({
    receivedAt,
    origin: { orgId, campusId, source, day, names, receivedAtMicros: BigInt(receivedAt.getTime()) * 1000n, edition: plan.mapping },
  }));
}
