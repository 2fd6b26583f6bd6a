/**
 * From what `collect` read in one delivery to what will be filed: keys made, values checked, texts and details set apart for the vault.
 * Works in memory only and decides nothing that depends on earlier data. One bad item goes to quarantine; the others go on.
 */
import type { Canonical, CanonicalAct, FactName, FactRow, FactValue, PersonDetails, RawRecord, Reading } from '@xinglin/contracts';
import type { ErrorDetails } from '../../kernel/index.ts';
import { localDay, Memo } from '../../kernel/index.ts';
import type { Platform } from '../../platform/index.ts';
import { refuse } from '../errors.ts';
import { foldName, readPhone, readResidentId } from '../identity/identifiers.ts';
import { ownIdentifiers } from '../privacy/blind.ts';
import { factRow, microsOf, type Notes, type Origin, type RowKeys, rowColumn } from '../privacy/fact-row.ts';
import { isOwnDelivery, type PseudonymsOf, RECORD_KEY_SYSTEM } from '../privacy/pseudonyms.ts';
import { prepareAct } from './acts.ts';
import { breather } from './breathe.ts';
import type { Chunk } from './chunk.ts';
import { ENCOUNTER_COLUMNS, type EncounterColumn } from './encounter-state.ts';
import { dayTeller, positionOf } from './positions.ts';
import { prepareVoiceNews } from './voice-news.ts';

/** Raised when what a row means changes; stored with every row beside the mapping's own edition. */
export const EDITION = 'govern@1';
/** A source whose clock runs ahead by more than this would freeze its records: the time of receipt is taken instead. */
const VERSION_AHEAD_MICROS = 86_400_000_000;

export interface Preparer {
  /** Lets others work in between: one delivery may hold thousands of statements. */
  prepare(chunk: Chunk, record: RawRecord, reading: Reading, isReplay: boolean): Promise<void>;
  quarantine(chunk: Chunk, record: RawRecord, item: number, code: Parameters<typeof refuse>[0], details?: ErrorDetails): void;
}

export function createPreparer(platform: Platform, namesOf: PseudonymsOf): Preparer {
  const day = dayTeller((instant) => localDay(instant, platform.config.timeZone));

  return {
    quarantine,
    async prepare(chunk, record, reading, isReplay) {
      chunk.items += record.items;
      if (reading.facts.length + reading.acts.length + reading.quarantined.length === 0) return;
      const { orgId, campusId, source } = record.stream;
      const mapping = record.meta['mapping'];
      const origin: Origin = {
        ...{ orgId, campusId, source, day, names: namesOf(orgId, isOwnDelivery(record)) },
        receivedAtMicros: BigInt(record.receivedAt.getTime()) * 1000n,
        edition: typeof mapping === 'string' ? mapping : EDITION,
      };
      const delivery = new Delivery(platform, chunk, record, origin, isReplay);
      const breathe = breather(record.stream.lane === 'bulk');
      let item = 0;
      for (const statement of reading.facts) {
        delivery.fact(statement, item);
        item += 1;
        const pause = breathe();
        if (pause !== undefined) await pause;
      }
      reading.acts.forEach((act, item) => {
        delivery.act(act, item);
      });
      for (const { item, code, reason, reasonZh } of reading.quarantined) pushQuarantine(chunk, record, item, code, reasonZh, reason);
      if (!isReplay) prepareVoiceNews(chunk, record, reading, delivery.answers, platform.clock.now());
    },
  };
}

function quarantine(chunk: Chunk, record: RawRecord, item: number, code: Parameters<typeof refuse>[0], details: ErrorDetails = {}): void {
  const refusal = refuse(code, details);
  pushQuarantine(chunk, record, item, refusal.code, refusal.zh, refusal.message);
}
function pushQuarantine(chunk: Chunk, record: RawRecord, item: number, code: string, reasonZh: string, reasonEn: string): void {
  chunk.quarantine.push({ lane: record.stream.lane, position: record.position, item, code, reasonZh, reasonEn, receivedAt: record.receivedAt });
}

/** A voice row that may be news, with the keys it was filed under. */
export interface Answer {
  readonly statement: Canonical;
  readonly keys: RowKeys;
  readonly invitationKey: string | null;
  readonly departmentCode: string | null;
}

class Delivery {
  readonly #platform: Platform;
  readonly #chunk: Chunk;
  readonly #record: RawRecord;
  readonly #origin: Origin;
  readonly #isReplay: boolean;
  /** In microseconds. */
  readonly #received: number;
  readonly #identifying = new Map<string, ReadonlySet<string>>();
  readonly #notes: DeliveryNotes;
  /** Who and which visit the last statement was about: most that follow are about the same. */
  #named: { readonly of: Canonical['subject']; readonly key: string } = { of: null, key: '' };
  #visit: { readonly localId: string | null; readonly key: string } = { localId: null, key: '' };
  readonly answers: Answer[] = [];

  constructor(platform: Platform, chunk: Chunk, record: RawRecord, origin: Origin, isReplay: boolean) {
    this.#platform = platform;
    this.#chunk = chunk;
    this.#record = record;
    this.#origin = origin;
    this.#isReplay = isReplay;
    this.#received = Number(origin.receivedAtMicros);
    this.#notes = new DeliveryNotes(chunk);
  }

  fact(statement: Canonical, item: number): void {
    const keys = this.#keysOf(statement, item);
    if (keys === null) return;
    const notes = this.#notes;
    notes.identifying = this.#identifyingOf(statement, keys.recordKey);
    if (statement.subject !== null) this.#see(statement, keys.recordKey);
    if (statement.fact === 'person_record') {
      this.#person(statement, keys, item, notes);
      return;
    }
    const row = factRow(statement, keys, this.#origin, notes);
    if (statement.fact === 'event' && rowColumn('event', row, 'name') === null) {
      quarantine(this.#chunk, this.#record, item, 'no-name');
      return;
    }
    this.#text(statement, keys);
    this.#noteDepartment(statement.fact, row, keys);
    if (statement.fact === 'encounter') {
      this.#encounter(statement, keys, row);
      return;
    }
    this.#chunk.addRow(statement.fact, row);
    if (keys.encounterKey !== null) this.#encounterItem(statement, keys, row);
    if (statement.fact === 'survey_answer' || statement.fact === 'complaint') {
      const invitationKey = statement.fact === 'survey_answer' ? rowColumn('survey_answer', row, 'invitation_key') : null;
      const departmentCode = rowColumn(statement.fact, row, 'department_code');
      this.answers.push({ statement, keys, invitationKey: asText(invitationKey), departmentCode: asText(departmentCode) });
    }
  }

  act(act: CanonicalAct, item: number): void {
    const problem = prepareAct(this.#chunk, this.#record, this.#origin, act, item, this.#isReplay, (subject) => {
      const recordKey = this.#origin.names.record(this.#origin.source, subject);
      this.#seeSubject(subject, recordKey);
      return recordKey;
    });
    if (problem !== null) quarantine(this.#chunk, this.#record, item, problem);
  }

  #keysOf(statement: Canonical, item: number): RowKeys | null {
    const { names, source } = this.#origin;
    const occurredAt = microsOf(statement.occurredAt);
    if (occurredAt === null) {
      quarantine(this.#chunk, this.#record, item, 'bad-time', { fact: statement.fact });
      return null;
    }
    if (statement.subject === null && needsSubject(statement.fact)) {
      quarantine(this.#chunk, this.#record, item, 'no-subject', { fact: statement.fact });
      return null;
    }
    const recordKey = statement.subject === null ? null : this.#recordKey(statement.subject);
    // One person per record: the record's own key, however the source numbers the message.
    const factKey = names.fact(source, statement.fact, statement.fact === 'person_record' ? (recordKey ?? '') : statement.localId);
    return {
      factKey,
      version: this.#versionOf(statement, occurredAt),
      position: positionOf(this.#record.position, this.#record.stream.lane, item),
      recordKey,
      encounterKey: this.#encounterKey(statement),
      textId: statement.text === null || statement.text.trim() === '' ? null : names.text(factKey, statement.text),
      occurredAt,
      isDeleted: statement.deleted,
    };
  }

  #encounterKey(statement: Canonical): string | null {
    const localId = statement.encounterLocalId ?? (statement.fact === 'encounter' ? statement.localId : null);
    if (localId === null) return null;
    if (localId !== this.#visit.localId) this.#visit = { localId, key: this.#origin.names.encounter(this.#origin.source, localId) };
    return this.#visit.key;
  }

  #recordKey(subject: NonNullable<Canonical['subject']>): string {
    const { of } = this.#named;
    const isSame = of !== null && of.value === subject.value && of.type === subject.type && of.system === subject.system;
    if (!isSame) this.#named = { of: subject, key: this.#origin.names.record(this.#origin.source, subject) };
    return this.#named.key;
  }

  #versionOf({ versionAt, occurredAt: at }: Canonical, occurredAt: bigint): number {
    if (versionAt === null) return this.#received;
    const given = versionAt === at ? occurredAt : microsOf(versionAt);
    return given === null || Number(given) > this.#received + VERSION_AHEAD_MICROS ? this.#received : Number(given);
  }

  #see(statement: Canonical, recordKey: string | null): void {
    if (statement.subject !== null && recordKey !== null) this.#seeSubject(statement.subject, recordKey);
  }

  #seeSubject(subject: NonNullable<Canonical['subject']>, recordKey: string): void {
    if (subject.system === RECORD_KEY_SYSTEM || this.#chunk.records.has(recordKey)) return;
    this.#chunk.records.set(recordKey, {
      recordKey,
      campusId: this.#origin.campusId,
      source: this.#origin.source,
      idType: subject.type,
      firstSeenAt: this.#record.receivedAt,
      identifiers: ownIdentifiers(this.#platform.keys, subject, this.#record.receivedAt),
    });
  }

  #person(statement: Canonical, keys: RowKeys, item: number, notes: Notes): void {
    if (keys.recordKey === null || (statement.person === null && !statement.deleted)) {
      quarantine(this.#chunk, this.#record, item, 'no-details');
      return;
    }
    const details = statement.person ?? NO_DETAILS;
    for (const note of unfitDetails(details, this.#record.receivedAt)) notes.quality({ fact: 'person_record', ...note });
    this.#chunk.addPerson({
      recordKey: keys.recordKey,
      factKey: keys.factKey,
      origin: this.#origin,
      receivedAt: this.#record.receivedAt,
      statement: {
        stamp: [keys.version, keys.position],
        occurredAt: Number(keys.occurredAt),
        precision: statement.precision,
        isDeleted: statement.deleted,
        details,
        isDeceased: deceasedSaid(statement),
      },
    });
  }

  #text(statement: Canonical, keys: RowKeys): void {
    if (keys.textId === null || statement.text === null) return;
    this.#chunk.textLength += statement.text.length;
    this.#chunk.texts.set(keys.textId, {
      textId: keys.textId,
      recordKey: keys.recordKey,
      text: statement.text,
      occurredAt: new Date(Number(keys.occurredAt / 1000n)),
    });
  }

  #encounter(statement: Canonical, keys: RowKeys, row: FactRow): void {
    if (keys.encounterKey === null) return;
    const columns: Partial<Record<EncounterColumn, FactValue>> = {};
    for (const name of ENCOUNTER_COLUMNS) {
      if (!Object.hasOwn(statement.values, name)) continue;
      const value = rowColumn('encounter', row, name);
      // A value that was refused is not a statement that there is none.
      if (value !== null || statement.values[name] === null) columns[name] = value;
    }
    this.#chunk.encounterKeys.add(keys.encounterKey);
    this.#chunk.encounters.push({
      ...{ factKey: keys.factKey, encounterKey: keys.encounterKey, origin: this.#origin, recordPosition: this.#record.position },
      statement: {
        stamp: [keys.version, keys.position],
        occurredAt: Number(keys.occurredAt),
        precision: statement.precision,
        recordKey: keys.recordKey,
        isDeleted: keys.isDeleted,
        columns,
      },
    });
  }

  /** Surgeries and principal diagnoses of a visit travel with the news of its end. */
  #encounterItem(statement: Canonical, keys: RowKeys, row: FactRow): void {
    const { encounterKey, recordKey } = keys;
    if (encounterKey === null || recordKey === null) return;
    this.#chunk.encounterKeys.add(encounterKey);
    const isSurgery = statement.fact === 'procedure' && rowColumn('procedure', row, 'category') === 'surgery';
    const isPrincipal = statement.fact === 'condition' && rowColumn('condition', row, 'rank') === 1;
    if (!isSurgery && !isPrincipal) return;
    const fact = isSurgery ? 'procedure' : 'condition';
    const started = isSurgery ? rowColumn('procedure', row, 'started_at') : null;
    const at = typeof started === 'bigint' ? started : keys.occurredAt;
    const isCancelled = isSurgery && rowColumn('procedure', row, 'status') === 'cancelled';
    this.#chunk.encounterItems.push({
      ...{ factKey: keys.factKey, encounterKey, recordKey, kind: isSurgery ? ('surgery' as const) : ('diagnosis' as const) },
      ...{ version: keys.version, position: keys.position, isDeleted: keys.isDeleted || isCancelled },
      code: asText(rowColumn(fact, row, 'code')),
      day: this.#origin.day(at),
      occurredAt: new Date(Number(at / 1000n)),
    });
  }

  #noteDepartment(fact: FactName, row: FactRow, keys: RowKeys): void {
    if (fact !== 'encounter' || keys.recordKey === null) return;
    const code = asText(rowColumn(fact, row, 'department_code'));
    if (code === null) return;
    const { source } = this.#origin;
    this.#chunk.departments.set(`${keys.recordKey} ${code}`, { recordKey: keys.recordKey, source, code });
  }

  /** What this delivery says of the person: none of it may stand in a column, wherever a mapping put it. */
  #identifyingOf(statement: Canonical, recordKey: string | null): ReadonlySet<string> {
    const known = recordKey === null ? undefined : this.#identifying.get(recordKey);
    const { person, subject } = statement;
    if (person === null) {
      if (known !== undefined) return known;
      return subject === null ? NOTHING : ownNumbers.of(subject.value);
    }
    const set = wordsOf(person);
    if (recordKey !== null) this.#identifying.set(recordKey, set);
    return set;
  }
}

/** Takes down what the statements of a delivery teach, one after the other. */
class DeliveryNotes implements Notes {
  /** Of the statement at hand. */
  identifying = NOTHING;
  readonly #chunk: Chunk;

  constructor(chunk: Chunk) {
    this.#chunk = chunk;
  }
  quality(note: Parameters<Notes['quality']>[0]): void {
    this.#chunk.note(note);
  }
  learn(code: Parameters<Notes['learn']>[0]): void {
    this.#chunk.learn(code);
  }
  readonly isIdentifying = (value: string): boolean => {
    const { identifying } = this;
    if (identifying.size === 0) return false;
    const { folded, hasHan } = foldedTexts.of(value);
    if (identifying.has(folded)) return true;
    if (!hasHan) return false;
    for (const each of identifying) if (HAN.test(each) && folded.includes(each)) return true;
    return false;
  };
}

interface Unfit {
  readonly column: string;
  readonly rule: 'invalid-id' | 'invalid-phone';
}
/** Numbers that are none, one note for each time one is said. The day counts: a birth date that lies ahead is none yet. */
export function unfitDetails(details: PersonDetails, receivedAt: Date): readonly Unfit[] {
  const day = Math.floor(receivedAt.getTime() / 86_400_000);
  const before = unfit.get(details);
  if (before?.day === day) return before.notes;
  const notes: Unfit[] = [];
  for (const id of details.identifiers) {
    if (id.type === 'resident-id' && readResidentId(id.value, receivedAt) === null) notes.push({ column: 'resident_id', rule: 'invalid-id' });
  }
  for (const phone of details.phones) if (readPhone(phone) === null) notes.push({ column: 'phone', rule: 'invalid-phone' });
  unfit.set(details, { day, notes });
  return notes;
}
/** By the details they are of, as read on one day. */
const unfit = new WeakMap<PersonDetails, { readonly day: number; readonly notes: readonly Unfit[] }>();

/** Null: nothing was said of it. */
export function deceasedSaid({ values, person }: Pick<Canonical, 'values' | 'person'>): boolean | null {
  const said = values['is_deceased'];
  return typeof said === 'boolean' ? said : person?.deceased === true ? true : null;
}

/** By the details they are of: readers give the same ones again for the same lines. */
const words = new WeakMap<PersonDetails, ReadonlySet<string>>();
/** Folded: what of a person may stand in no column. */
export function wordsOf(person: PersonDetails): ReadonlySet<string> {
  let set = words.get(person);
  if (set === undefined) {
    const strings = [...person.names, ...person.phones, ...person.identifiers.map((id) => id.value), ...person.addresses.map((each) => each.text)];
    set = new Set(strings.filter((each) => each.length >= (/^[\x20-\x7e]*$/.test(each) ? LOCAL_ID_LENGTH_MIN : 2)).map(foldName));
    words.set(person, set);
  }
  return set;
}

/** Codes and names of codes come again with every fact. */
const foldedTexts = new Memo(10_000, (value) => {
  const folded = foldName(value);
  return { folded, hasHan: HAN.test(folded) };
});

/** Shorter local ids collide with ordinary codes (`1`, `A12`) by chance. */
export const LOCAL_ID_LENGTH_MIN = 5;
/** A Chinese name or address inside a longer text is still one; Latin names are also parts of words. */
export const HAN = /\p{Script=Han}/u;
const NOTHING: ReadonlySet<string> = new Set();
/** What is identifying of a statement that names its person by a number alone: that number. */
const ownNumbers = new Memo<ReadonlySet<string>>(10_000, (value) => (value.length >= LOCAL_ID_LENGTH_MIN ? new Set([foldName(value)]) : NOTHING));
const NO_DETAILS: PersonDetails = {
  ...{ names: [], identifiers: [], phones: [], addresses: [], birthDate: null, sex: 'unknown', insuranceType: null },
  ...{ deceased: false, guardian: null, nickname: null },
};

/** Facts that mean nothing without a person. Voices and events may be nobody's. */
export const needsSubject = (fact: FactName): boolean => !NOBODYS.has(fact);
const NOBODYS: ReadonlySet<FactName> = new Set(['event', 'review', 'survey_answer', 'complaint', 'case_event', 'charge']);
const asText = (value: unknown): string | null => (typeof value === 'string' ? value : null);
