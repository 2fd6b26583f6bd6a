/**
 * Records never seen before: most of a register, and all of it the first time. What they share with each other is found in memory; asked of
 * PostgreSQL is only who else holds their numbers and keys, before their own are written. The pairs are those `match-pairs.ts` would find, and
 * whatever these records change for others (a number or key that becomes crowded, a phone that becomes shared) is left to it.
 */
import type { Tx } from '../../platform/index.ts';
import { breather } from '../pipeline/breathe.ts';
import type { BlindIdentifier } from '../pipeline/chunk.ts';
import { BIRTH, NAME, PHONE, UNNAMED } from '../privacy/blind.ts';
import { BlindTable } from './blind-table.ts';
import type { RecordEvidence } from './engine.ts';
import { evidenceFrom, selectEvidence } from './known-groups.ts';
import { type LinkRecord, PHONE_HOLDERS_MAX } from './linkage/index.ts';
import { type Flipped, KEY_HOLDERS_MAX, keyName, noteFlipped, SHARED_PHONE, selectCrowded, selectOthers, selectShared } from './match-keys.ts';
import { copyPairs, type Pair } from './match-pairs.ts';
import { isNumber, type Matcher, type MatchKey } from './matcher.ts';
import { IDENTIFIER_HOLDERS_MAX } from './resolve.ts';
import { isSettled } from './settled.ts';

/** As it is compared, and what it is found by. */
export interface Described {
  readonly record: LinkRecord;
  /** Beside its numbers. */
  readonly keys: readonly MatchKey[];
  /** So many of the record's identifiers, the first, come from its details: with the numbers among them it is compared. */
  readonly saidCount: number;
}
export interface Newcomer {
  readonly recordKey: string;
  readonly identifiers: readonly BlindIdentifier[];
  /** Null when there are no details to compare. */
  readonly described: Described | null;
}

/** Records whose strangers are opened together: bounds what is held of opened details. */
const RECORDS_TOGETHER_MAX = 2_000;
/** Numbers and keys of one record, as a first guess. */
const VALUES_EACH = 10;
/** How a record holds a value: as evidence, as something to be found and compared by. */
const EVIDENCE = 1;
const KEY = 2;

interface Value {
  readonly key: MatchKey;
  /** Records on file that hold it. */
  others: readonly string[];
  /** Newcomers and others. */
  holders: number;
  /** Newcomers whose evidence it is. */
  evidences: number;
  /** Listed as crowded: nobody is looked for under it. */
  isCrowded: boolean;
  /** A phone listed as shared. */
  isShared: boolean;
}
const NOBODY: readonly string[] = [];
/** Beside evidence. */
const DECIDING: ReadonlySet<string> = new Set([NAME, BIRTH, UNNAMED]);

/** Newcomers beside what they share with each other and with records on file. */
export class Meeting {
  readonly newcomers: readonly Newcomer[];
  /** Distinct values, by number. */
  readonly values: Value[] = [];
  readonly #table: BlindTable;
  // What each record holds, one after another, and from each entry the way to the one before of the same value.
  readonly #starts: number[] = [0];
  readonly #held: number[] = [];
  readonly #how: number[] = [];
  readonly #place: number[] = [];
  readonly #before: number[] = [];
  readonly #last: number[] = [];
  readonly #places = new Map<string, number>();
  readonly #said = new Map<string, RecordEvidence>();
  #isMarked = false;

  private constructor(newcomers: readonly Newcomer[]) {
    this.newcomers = newcomers;
    this.#table = new BlindTable(newcomers.length * VALUES_EACH);
  }

  static async of(newcomers: readonly Newcomer[]): Promise<Meeting> {
    const meeting = new Meeting(newcomers);
    const breathe = breather();
    for (const [place, newcomer] of newcomers.entries()) {
      meeting.#take(place, newcomer);
      await breathe();
    }
    return meeting;
  }

  #take(place: number, { recordKey, identifiers, described }: Newcomer): void {
    this.#places.set(recordKey, place);
    const saidCount = described?.saidCount ?? 0;
    for (const [at, { type, blind, isEvidence }] of identifiers.entries())
      if (isEvidence || type === PHONE) this.#hold(place, type, blind, (isEvidence ? EVIDENCE : 0) | (at < saidCount ? KEY : 0));
    for (const { rule, blind } of described?.keys ?? []) this.#hold(place, rule, blind, KEY);
    this.#starts.push(this.#held.length);
  }

  #hold(place: number, rule: string, blind: Buffer, how: number): void {
    const value = this.#table.numberOf(blind);
    const entry = this.values[value];
    const last = this.#last[value] ?? -1;
    if (entry !== undefined && last >= 0 && this.#place[last] === place) {
      this.#how[last] = (this.#how[last] ?? 0) | how;
      return;
    }
    if (entry === undefined)
      this.values.push({ key: { rule, blind }, others: NOBODY, holders: 1, evidences: how & EVIDENCE, isCrowded: false, isShared: false });
    else {
      entry.holders += 1;
      entry.evidences += how & EVIDENCE;
    }
    this.#before.push(last);
    this.#last[value] = this.#held.length;
    this.#held.push(value);
    this.#how.push(how);
    this.#place.push(place);
  }

  /** Numbers that prove something and are held by others too, with a record of ours that holds each; whether they may be of a crowd. */
  *sharedEvidence(): Generator<{ recordKey: string; type: string; blind: Buffer; isCrowd: boolean }> {
    for (let entry = 0; entry < this.#held.length; entry += 1) {
      const { key, others, evidences, holders, isCrowded } = this.#valueAt(entry);
      const isEvidence = ((this.#how[entry] ?? 0) & EVIDENCE) > 0;
      if (isEvidence && (isCrowded || evidences + others.length > 1))
        yield {
          ...{ recordKey: this.recordKey(this.#place[entry] ?? 0), type: key.rule, blind: key.blind },
          isCrowd: isCrowded || holders > IDENTIFIER_HOLDERS_MAX,
        };
    }
  }

  /** Numbers that prove something, with all records on file that hold them. Those of which not all holders are known, or that a crowd shares, are left out. */
  *heldByOthers(): Generator<{ blind: Buffer; others: readonly string[] }> {
    for (const { key, others, evidences, holders, isCrowded } of this.values)
      if (evidences > 0 && !isCrowded && holders <= IDENTIFIER_HOLDERS_MAX) yield { blind: key.blind, others };
  }

  /** Places of the records that hold a value. */
  *placesOf(value: number): Generator<number> {
    for (let entry = this.#last[value] ?? -1; entry >= 0; entry = this.#before[entry] ?? -1) yield this.#place[entry] ?? 0;
  }

  /** Whom the record at this place is to be compared with: records of ours before it, and others, each as often as they share a value. */
  *candidatesOf(place: number): Generator<number | readonly string[]> {
    for (let entry = this.#starts[place] ?? 0; entry < (this.#starts[place + 1] ?? 0); entry += 1) {
      const { others, isCrowded, holders } = this.#valueAt(entry);
      if (isCrowded || holders > KEY_HOLDERS_MAX) continue;
      const isKey = ((this.#how[entry] ?? 0) & KEY) > 0;
      for (let other = this.#before[entry] ?? -1; other >= 0; other = this.#before[other] ?? -1)
        if (isKey || ((this.#how[other] ?? 0) & KEY) > 0) yield this.#place[other] ?? 0;
      if (isKey && others.length > 0) yield others;
    }
  }

  /** What a record brings to deciding, as `selectEvidence` would read it: once crowds are known of a newcomer, and of whom was noted. */
  evidenceOf(recordKey: string): RecordEvidence | undefined {
    const place = this.#said.has(recordKey) || !this.#isMarked ? undefined : this.#places.get(recordKey);
    if (place !== undefined) this.note(this.#evidenceAt(place));
    return this.#said.get(recordKey);
  }

  /** Of a record on file, so that deciding need not read it again. */
  note(said: RecordEvidence): void {
    this.#said.set(said.recordKey, said);
  }

  /** From now on the values know whether a crowd shares them. */
  mark(): void {
    this.#isMarked = true;
  }

  #evidenceAt(place: number): RecordEvidence {
    const { recordKey, identifiers } = this.newcomers[place] as Newcomer;
    const crowded = new Set<string>();
    for (let entry = this.#starts[place] ?? 0; entry < (this.#starts[place + 1] ?? 0); entry += 1) {
      const { key, isCrowded } = this.#valueAt(entry);
      if (isCrowded) crowded.add(key.blind.toString('latin1'));
    }
    const given = identifiers.filter(({ type, isEvidence }) => isEvidence || DECIDING.has(type));
    const texts = given.map(({ type, blind, isSuspect }) => ({ type, blind: blind.toString('latin1'), isSuspect }));
    return evidenceFrom(
      recordKey,
      texts.filter(({ blind }) => !crowded.has(blind)),
    );
  }

  #valueAt = (entry: number) => this.values[this.#held[entry] ?? 0] as Value;

  recordKey(place: number): string {
    return (this.newcomers[place] as Newcomer).recordKey;
  }
}

/** Who else holds what these records hold. To be asked before anything of them is written. */
export async function meet(tx: Tx, newcomers: readonly Newcomer[]): Promise<Meeting> {
  const meeting = await Meeting.of(newcomers);
  const keys = meeting.values.map((value) => value.key);
  // Under a crowded key nobody is looked for, and one record more does not change that.
  for (const at of await selectCrowded(tx, keys)) (meeting.values[at] as Value).isCrowded = true;
  const asked = meeting.values.flatMap((value, at) => (value.isCrowded ? [] : [at]));
  for (const { at, others } of await selectOthers(
    tx,
    asked.map((at) => keys[at] as MatchKey),
  )) {
    const value = meeting.values[asked[at] as number] as Value;
    value.others = others;
    value.holders += others.length;
  }
  return meeting;
}

/** Writes what newcomers are found by. */
export async function writeNewcomers(tx: Tx, newcomers: readonly Newcomer[]): Promise<void> {
  await tx.copyTyped(
    'govern.record_identifier',
    [
      ['record_key', 'uuid', ({ recordKey }) => recordKey],
      ['type', 'text', ({ each }) => each.type],
      ['blind', 'bytea', ({ each }) => each.blind],
      ['is_evidence', 'boolean', ({ each }) => each.isEvidence],
      ['is_suspect', 'boolean', ({ each }) => each.isSuspect],
    ],
    each(newcomers, (newcomer) => newcomer.identifiers),
  );
  await tx.copyTyped(
    'govern.match_key',
    [
      ['rule', 'text', ({ each }) => each.rule],
      ['blind', 'bytea', ({ each }) => each.blind],
      ['record_key', 'uuid', ({ recordKey }) => recordKey],
    ],
    each(newcomers, ({ described }) => described?.keys.filter(({ rule }) => !isNumber(rule)) ?? []),
  );
}
function* each<T>(newcomers: readonly Newcomer[], of: (newcomer: Newcomer) => readonly T[]): Generator<{ recordKey: string; each: T }> {
  for (const newcomer of newcomers) for (const one of of(newcomer)) yield { recordKey: newcomer.recordKey, each: one };
}

export interface Paired {
  /** Records that came to a pair the model would join. */
  readonly touched: ReadonlySet<string>;
  /** Records to be compared again: of keys that became crowded, of phones that became shared. */
  readonly stirred: readonly string[];
}

/** Compares newcomers with each other and with whoever shares a key, after they were written, and writes the pairs. */
export async function pairNewcomers(tx: Tx, meeting: Meeting, matcher: Matcher, now: Date): Promise<Paired> {
  const records = await marked(tx, meeting, matcher);
  meeting.mark();
  const touched = new Set<string>();
  for (let from = 0; from < records.length; from += RECORDS_TOGETHER_MAX) {
    const pairs = await pairSlice(tx, meeting, records, from, Math.min(records.length, from + RECORDS_TOGETHER_MAX), matcher);
    for (const pair of pairs) if (pair.verdict === 'match') touched.add(pair.a).add(pair.b);
    await copyPairs(tx, pairs, matcher.edition, now);
  }
  return { touched, stirred: await noteFlipped(tx, await flippedBy(tx, meeting)) };
}

/** The records as they are to be compared: numbers a crowd shares left out, and nobody looked for under them; phones many share marked. */
async function marked(tx: Tx, meeting: Meeting, matcher: Matcher): Promise<(LinkRecord | null)[]> {
  const records = meeting.newcomers.map(({ described }) => described?.record ?? null);
  const numbers = meeting.values.flatMap(({ key }, at) => (isNumber(key.rule) ? [{ type: key.rule, blind: key.blind, at }] : []));
  const marks = await matcher.marksOf(tx, numbers);
  if (marks === null) return records;
  for (const { type, blind, at } of numbers) {
    const value = meeting.values[at] as Value;
    const isCrowd = marks.hasNumber(type, blind);
    value.isCrowded ||= isCrowd;
    value.isShared = type === PHONE && marks.hasPhone(blind);
    if (!isCrowd && !value.isShared) continue;
    for (const place of meeting.placesOf(at)) {
      const record = records[place];
      if (record !== null && record !== undefined) records[place] = marks.on(record);
    }
  }
  return records;
}

async function pairSlice(tx: Tx, meeting: Meeting, records: readonly (LinkRecord | null)[], from: number, to: number, matcher: Matcher): Promise<Pair[]> {
  const unsettled = await unsettledPairs(tx, meeting, records, from, to);
  const opened = await matcher.open(tx, [...new Set(unsettled.flatMap(({ other }) => (typeof other === 'string' ? [other] : [])))]);
  const breathe = breather();
  const found: Pair[] = [];
  for (const { place, other } of unsettled) {
    await breathe();
    const [own, theirs] = [records[place], typeof other === 'string' ? opened.get(other) : records[other]];
    if (own == null || theirs == null) continue;
    const comparison = matcher.compare(own, theirs);
    if (comparison.verdict === 'no') continue;
    const { weight, probability, verdict, reason } = comparison;
    const [recordKey, otherKey] = [meeting.recordKey(place), typeof other === 'string' ? other : meeting.recordKey(other)];
    const [a, b] = otherKey < recordKey ? [otherKey, recordKey] : [recordKey, otherKey];
    found.push({ a, b, weight, probability, verdict, reason, grades: JSON.stringify(comparison.fields) });
  }
  return found;
}

/** With whom the records at these places are to be compared: newcomers by place, others by key, each once. */
async function unsettledPairs(
  tx: Tx,
  meeting: Meeting,
  records: readonly (LinkRecord | null)[],
  from: number,
  to: number,
): Promise<{ place: number; other: number | string }[]> {
  const breathe = breather();
  const strangers = new Set<string>();
  for (let place = from; place < to; place += 1) {
    await breathe();
    if (records[place] === null) continue;
    for (const candidate of meeting.candidatesOf(place)) if (typeof candidate !== 'number') for (const other of candidate) strangers.add(other);
  }
  const untold = [...strangers].filter((other) => meeting.evidenceOf(other) === undefined);
  for (const each of await selectEvidence(tx, untold)) meeting.note(each);
  const evidenceOf = (who: number | string): RecordEvidence => meeting.evidenceOf(typeof who === 'string' ? who : meeting.recordKey(who)) as RecordEvidence;
  const found: { place: number; other: number | string }[] = [];
  const seen = new Set<number | string>();
  for (let place = from; place < to; place += 1) {
    await breathe();
    if (records[place] === null) continue;
    seen.clear();
    for (const candidate of meeting.candidatesOf(place))
      for (const other of typeof candidate === 'number' ? [candidate] : candidate) {
        if (seen.has(other)) continue;
        seen.add(other);
        if (!isSettled(evidenceOf(place), evidenceOf(other))) found.push({ place, other });
      }
  }
  return found;
}

/** Keys that became crowded with these records, and phones that became shared. */
async function flippedBy(tx: Tx, { values }: Meeting): Promise<Flipped[]> {
  const full = values.filter((value) => value.holders > KEY_HOLDERS_MAX && !value.isCrowded);
  const phones = values
    .filter((value) => value.key.rule === PHONE && value.holders > PHONE_HOLDERS_MAX && !value.isCrowded && !value.isShared)
    .map((value) => value.key);
  const shared = await selectShared(tx, phones);
  return [
    ...full.map(({ key }) => ({ ...key, list: key.rule, isOn: true })),
    ...phones.filter((key) => shared.has(keyName(key))).map((key) => ({ ...key, list: SHARED_PHONE, isOn: true })),
  ];
}
