/**
 * Merges a chunk's statements about persons and visits with what is known, in order of arrival: fact rows, vault contents and news. Pure.
 * One row is filed for each record and each visit of a chunk, what all of it came to.
 */
import type { FactRow, FactValue, PersonDetails } from '@xinglin/contracts';
import type { Keys } from '../../platform/index.ts';
import { type PersonNumbers, readNumbers } from '../identity/identifiers.ts';
import type { Matcher } from '../identity/matcher.ts';
import type { Described } from '../identity/newcomers.ts';
import { blindDetails, isSameIdentifier } from '../privacy/blind.ts';
import { districtOf, insuranceToken } from '../privacy/district.ts';
import type { Origin } from '../privacy/fact-row.ts';
import { detailsOf, hasSameDetails, isDeleted, mergeStatement, type PersonState } from '../privacy/person-state.ts';
import type { BlindIdentifier, Chunk, PersonWork } from './chunk.ts';
import { applyStatement, columnOf, type EncounterState, encounterValues } from './encounter-state.ts';
import type { KnownState } from './load-state.ts';
import { isVisitNews } from './news.ts';

export interface PersonOutcome {
  readonly recordKey: string;
  readonly campusId: string;
  readonly state: PersonState;
  /** Null: as they were before. */
  readonly identifiers: readonly BlindIdentifier[] | null;
  /** As it will be compared, of a record of which nothing was known; null: it will be described when it is compared. */
  readonly described: Described | null;
  readonly hasPhone: boolean;
}
/** What a record said until a statement changed it. */
export interface PastDetails {
  readonly recordKey: string;
  readonly state: PersonState;
  readonly until: Date;
}
export interface EncounterOutcome {
  readonly factKey: string;
  readonly encounterKey: string;
  readonly campusId: string;
  readonly source: string;
  readonly state: EncounterState;
  /** Nothing was kept of it before. */
  readonly isNew: boolean;
}
export interface EncounterNewsItem {
  readonly news: 'ended' | 'reopened';
  readonly outcome: EncounterOutcome;
  readonly stamp: readonly [number, number];
}
export interface Decisions {
  readonly personRows: FactRow[];
  readonly encounterRows: FactRow[];
  readonly persons: readonly PersonOutcome[];
  readonly pasts: readonly PastDetails[];
  readonly encounters: readonly EncounterOutcome[];
  readonly news: readonly EncounterNewsItem[];
}

export interface DecideOptions {
  readonly keys: Keys;
  readonly matcher: Matcher | null;
  readonly now: Date;
  /** Deliveries up to this position are replayed by a rebuild: no news. */
  readonly replayUntil: number;
  /** Called now and then so that a long decision lets others work. */
  readonly breathe: () => Promise<void> | undefined;
}

export async function decideChunk(chunk: Chunk, known: KnownState, options: DecideOptions): Promise<Decisions> {
  const { personRows, persons, pasts } = await decidePersons(chunk, known, options);
  const { encounterRows, encounters, news } = await decideEncounters(chunk, known, options);
  return { personRows, encounterRows, persons, pasts, encounters, news };
}

async function decidePersons(chunk: Chunk, known: KnownState, { keys, matcher, breathe }: DecideOptions) {
  const pasts: PastDetails[] = [];
  const states = new Map<string, { state: PersonState; work: PersonWork }>();
  for (const work of chunk.persons) {
    const before = states.get(work.recordKey)?.state ?? known.persons.get(work.recordKey) ?? null;
    const state = mergeStatement(before, work.statement, work.times);
    if (before !== null && !hasSameDetails(before, state)) pasts.push({ recordKey: work.recordKey, state: before, until: work.firstReceivedAt });
    states.set(work.recordKey, { state, work });
    await breathe();
  }
  const changed = new Set(pasts.map((each) => each.recordKey));
  const personRows: FactRow[] = [];
  const persons: PersonOutcome[] = [];
  for (const [recordKey, { state, work }] of states) {
    const { receivedAt, origin } = work;
    const details = detailsOf(state);
    const numbers = readNumbers(details, receivedAt);
    const hasPhone = numbers.phones.some((phone) => phone !== null);
    personRows.push(personRow(work, state, details, numbers, hasPhone));
    const before = known.persons.get(recordKey);
    const isAsBefore = before !== undefined && (!changed.has(recordKey) || hasSameDetails(before, state));
    const found = isAsBefore ? null : isDeleted(state) ? [] : blindDetails(keys, details, receivedAt, numbers).identifiers;
    // The record's own number is evidence whether or not its details repeat it; a record taken back proves nothing.
    const own = found === null || isDeleted(state) ? [] : (chunk.records.get(recordKey)?.identifiers(details.identifiers) ?? []);
    const identifiers = found === null ? null : [...found, ...own.filter((each) => !found.some((other) => isSameIdentifier(other, each)))];
    const isNew = matcher !== null && before === undefined && !isDeleted(state);
    const described = isNew && found !== null ? describedBy(matcher, details, numbers, found.length) : null;
    persons.push({ recordKey, campusId: origin.campusId, state, identifiers, described, hasPhone });
    await breathe();
  }
  return { personRows, persons, pasts };
}

/** `saidCount`: identifiers that come from the details. A number that was none on the day it was received may be one by now: then it is looked for as it is now. */
function describedBy(matcher: Matcher, details: PersonDetails, numbers: PersonNumbers, saidCount: number): Described {
  const isPlain = !numbers.evidence.includes(null);
  const record = matcher.describe(details, isPlain ? numbers : undefined);
  return { record, keys: isPlain ? matcher.keptKeysOf(record) : matcher.keysOf(record), saidCount };
}

/** `position` is the count of statements: the last row filed is the merged whole, whatever order they came in. */
function personRow({ factKey, recordKey, origin }: PersonWork, state: PersonState, details: PersonDetails, numbers: PersonNumbers, hasPhone: boolean): FactRow {
  const occurredAt = BigInt(state.occurredAt);
  const hasResidentId = numbers.evidence.some((each) => (each?.residentId ?? null) !== null);
  const row: FactValue[] = [
    ...[factKey, state.stamp[0], state.revision, isDeleted(state), origin.orgId, origin.campusId, origin.source, recordKey, null],
    ...[occurredAt, origin.receivedAtMicros, origin.day(occurredAt), state.precision, origin.edition],
    ...[details.sex, (details.birthDate?.length ?? 0) >= 7 ? (details.birthDate?.slice(0, 7) ?? null) : null, districtOf(details)],
    ...[insuranceToken(details.insuranceType), hasPhone, hasResidentId, details.deceased],
  ];
  return row;
}

async function decideEncounters(chunk: Chunk, known: KnownState, { now, replayUntil, breathe }: DecideOptions) {
  const outcomes = new Map<string, EncounterOutcome & { readonly origin: Origin }>();
  const news: EncounterNewsItem[] = [];
  for (const { factKey, encounterKey, state } of known.moving) {
    const move = chunk.moves.find((each) => each.encounterKey === encounterKey);
    if (move === undefined || state.recordKey === move.recordKey) continue;
    const { origin } = move;
    const moved = { ...state, recordKey: move.recordKey, revision: state.revision + 1 };
    outcomes.set(factKey, { factKey, encounterKey, campusId: origin.campusId, source: origin.source, state: moved, isNew: false, origin });
  }
  for (const work of chunk.encounters) {
    const { factKey, encounterKey, origin } = work;
    const recordKey = known.moves.get(encounterKey) ?? work.statement.recordKey;
    const before = outcomes.get(factKey)?.state ?? known.encounters.get(factKey) ?? null;
    const isReplay = work.recordPosition <= replayUntil;
    const isNews = (endedAt: number) => !isReplay && recordKey !== null && isVisitNews(new Date(endedAt / 1000), now);
    const step = applyStatement(before, { ...work.statement, recordKey }, isNews);
    // A rebuild neither tells nor forgets that an end was told.
    const state = isReplay && before !== null ? { ...step.state, isAnnounced: before.isAnnounced } : step.state;
    const outcome = { factKey, encounterKey, campusId: origin.campusId, source: origin.source, state, isNew: !known.encounters.has(factKey), origin };
    outcomes.set(factKey, outcome);
    if (step.news !== null && !isReplay) news.push({ news: step.news, outcome, stamp: work.statement.stamp });
    await breathe();
  }
  const encounters = [...outcomes.values()];
  return { encounterRows: encounters.map((each) => encounterRow(each, each.origin)), encounters, news };
}

function encounterRow({ factKey, encounterKey, state }: EncounterOutcome, origin: Origin): FactRow {
  const started = columnOf(state, 'started_at');
  // A discharge message that names no admission time must not move the visit to the day it ended.
  const occurredAt = BigInt(typeof started === 'number' ? started : state.occurredAt);
  return [
    ...[factKey, state.stamp[0], state.revision, state.isDeleted, origin.orgId, origin.campusId, origin.source, state.recordKey, encounterKey],
    ...[occurredAt, origin.receivedAtMicros, origin.day(occurredAt), state.precision, origin.edition],
    ...encounterValues(state),
  ];
}
