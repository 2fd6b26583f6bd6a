/** What a run of deliveries comes to, held in memory between reading and filing. Plain data; filled by prepare.ts, filed by file-chunk.ts. */
import type { FactName, FactRow, PersonDetails, SignalPayloads, SourceId, StreamName, Topic } from '@xinglin/contracts';
import type { FactFile } from '../../lake/index.ts';
import type { Origin } from '../privacy/fact-row.ts';
import { isNewer, type PersonStatement } from '../privacy/person-state.ts';
import type { LearnedCode } from '../terminology/learned-code.ts';
import type { EncounterStatement } from './encounter-state.ts';
import type { RowSpool } from './row-spool.ts';

export interface SeenRecord {
  readonly recordKey: string;
  readonly campusId: string;
  readonly source: string;
  readonly idType: string;
  readonly firstSeenAt: Date;
  /** What the record's own number proves, blinded; made when asked for, which is once in the life of a record. */
  readonly identifiers: (said?: readonly SourceId[]) => readonly BlindIdentifier[];
}
export interface BlindIdentifier {
  readonly type: string;
  readonly blind: Buffer;
  readonly isEvidence: boolean;
  readonly isSuspect: boolean;
}
/** What a source said of a record, once or several times in a row in the same words. */
export interface PersonWork {
  readonly recordKey: string;
  readonly factKey: string;
  origin: Origin;
  /** Of the first and the last delivery that said it. */
  readonly firstReceivedAt: Date;
  receivedAt: Date;
  /** With the greatest stamp of those. */
  statement: PersonStatement;
  times: number;
}
export interface EncounterWork {
  readonly factKey: string;
  readonly encounterKey: string;
  readonly origin: Origin;
  readonly statement: EncounterStatement;
  /** Of its delivery, for the rule that a rebuild makes no news. */
  readonly recordPosition: number;
}
export interface EncounterItemWork {
  readonly factKey: string;
  readonly encounterKey: string;
  readonly recordKey: string;
  readonly kind: 'surgery' | 'diagnosis';
  readonly version: number;
  readonly position: number;
  readonly isDeleted: boolean;
  readonly code: string | null;
  readonly day: string | null;
  readonly occurredAt: Date;
}
export interface TextWork {
  readonly textId: string;
  readonly recordKey: string | null;
  readonly text: string;
  readonly occurredAt: Date;
}
export interface ConsentWork {
  readonly consentId: string;
  readonly recordKey: string;
  readonly purpose: string;
  readonly channel: string | null;
  readonly isGranted: boolean;
  readonly textEdition: string;
  readonly givenBy: 'patient' | 'guardian' | 'staff' | 'import';
  readonly occurredAt: Date;
  readonly position: number;
  readonly isNews: boolean;
}
export interface MergeWork {
  readonly actKey: string;
  readonly kind: 'merge' | 'link' | 'unlink';
  readonly source: string;
  readonly survivorKey: string;
  readonly retiredKey: string;
  readonly occurredAt: Date;
}
export interface MoveWork {
  readonly encounterKey: string;
  readonly recordKey: string;
  readonly version: number;
  readonly origin: Origin;
}
export interface QuarantineWork {
  readonly lane: string;
  readonly position: number;
  readonly item: number;
  readonly code: string;
  readonly reasonZh: string;
  readonly reasonEn: string;
  readonly receivedAt: Date;
}
export interface LearnedWork extends LearnedCode {
  display: string | null;
  seen: number;
}
/** News whose payload is known already; department codes are mapped when it goes out. */
export type ReadyNews = {
  [T in Topic]: { readonly topic: T; readonly key: string; readonly payload: SignalPayloads[T]; readonly departmentOf: string | null };
}[Topic];

/** So that a chunk of registrations holds the pen for about as long as one of charges. */
const PERSON_WEIGHT = 5;
const ENCOUNTER_WEIGHT = 2;

export class Chunk {
  readonly stream: StreamName;
  readonly from: number;
  to: number;
  /** It reached a limit: there may be more. */
  isFull = false;
  items = 0;
  rowCount = 0;
  /** Statements about persons, repetitions counted. */
  personCount = 0;
  /** Characters of free text held. */
  textLength = 0;
  readonly rows = new Map<FactName, FactRow[]>();
  /** Rows of `rows`; the others went ahead to the spool. */
  rowsHeld = 0;
  /** Takes rows while the chunk is still being read, when there are many. */
  spool: RowSpool | null = null;
  /** Written already, by the fast lane. */
  files: readonly FactFile[] = [];
  fileRows = 0;
  /** Removes those, as long as nobody tried to file them. */
  dropFiles: () => Promise<void> = async () => {};
  readonly records = new Map<string, SeenRecord>();
  readonly persons: PersonWork[] = [];
  readonly encounters: EncounterWork[] = [];
  readonly encounterItems: EncounterItemWork[] = [];
  readonly texts = new Map<string, TextWork>();
  readonly consents: ConsentWork[] = [];
  readonly merges: MergeWork[] = [];
  readonly moves: MoveWork[] = [];
  readonly departments = new Map<string, { recordKey: string; source: string; code: string }>();
  readonly learned: LearnedWork[] = [];
  /** The same by dimension, source and code: looked up twice for every fact. */
  readonly #learnedOf = new Map<string, Map<string, Map<string, LearnedWork>>>();
  readonly quality = new Map<string, { fact: string; column: string; rule: string; count: number }>();
  readonly quarantine: QuarantineWork[] = [];
  readonly news: ReadyNews[] = [];
  /** Visits spoken of here: a moved one takes its statements along. */
  readonly encounterKeys = new Set<string>();
  readonly #lastSaid = new Map<string, PersonWork>();

  constructor(stream: StreamName, from: number) {
    this.stream = stream;
    this.from = from;
    this.to = from;
  }

  learn(code: LearnedCode, times = 1): void {
    const { dimension, source, sourceCode } = code;
    const entry = this.#learnedOf.get(dimension)?.get(source)?.get(sourceCode);
    if (entry !== undefined) {
      entry.seen += times;
      entry.display ??= code.display;
      return;
    }
    const work = { ...code, seen: times };
    this.learned.push(work);
    const sources = this.#learnedOf.get(dimension) ?? new Map<string, Map<string, LearnedWork>>();
    const codes = sources.get(source) ?? new Map<string, LearnedWork>();
    this.#learnedOf.set(dimension, sources.set(source, codes.set(sourceCode, work)));
  }

  /** How much work it is, in rows: a person is a dozen rows in PostgreSQL, a visit a few. */
  get weight(): number {
    return this.rowCount + this.persons.length * PERSON_WEIGHT + this.encounters.length * ENCOUNTER_WEIGHT;
  }

  /** Statements that become facts, however many rows they come to: this does not depend on how deliveries were gathered. */
  get statements(): number {
    return this.rowCount + this.fileRows + this.personCount + this.encounters.length;
  }

  addRow(fact: FactName, row: FactRow): void {
    const rows = this.rows.get(fact);
    if (rows === undefined) this.rows.set(fact, [row]);
    else rows.push(row);
    this.rowCount += 1;
    this.rowsHeld += 1;
  }

  /** Hands over the rows held. */
  takeRows(): Map<FactName, FactRow[]> {
    const taken = new Map(this.rows);
    this.rows.clear();
    this.rowsHeld = 0;
    return taken;
  }

  /** Most messages of a patient repeat who it is: said again in the same words it costs a comparison. */
  addPerson(said: Pick<PersonWork, 'recordKey' | 'factKey' | 'origin' | 'receivedAt' | 'statement'>): void {
    this.addRun({ ...said, firstReceivedAt: said.receivedAt, times: 1 });
  }

  /** The same for statements in the same words that were counted elsewhere; `said` is kept. */
  addRun(said: PersonWork): void {
    this.personCount += said.times;
    const work = this.#lastSaid.get(said.recordKey);
    if (work === undefined || !isSame(work, said.statement)) {
      this.persons.push(said);
      this.#lastSaid.set(said.recordKey, said);
      return;
    }
    work.times += said.times;
    work.receivedAt = said.receivedAt;
    work.origin = said.origin;
    if (isNewer(said.statement.stamp, work.statement.stamp)) work.statement = said.statement;
  }

  /** Takes over a run of rows that follows and was filed by the fast lane on its own. */
  absorb(next: Chunk): void {
    const [first, second] = [this.dropFiles, next.dropFiles];
    this.dropFiles = async () => {
      await first();
      await second();
    };
    this.to = next.to;
    this.files = [...this.files, ...next.files];
    this.fileRows += next.fileRows;
    this.items += next.items;
    this.textLength += next.textLength;
    for (const [recordKey, record] of next.records) if (!this.records.has(recordKey)) this.records.set(recordKey, record);
    for (const run of next.persons) this.addRun(run);
    for (const code of next.learned) this.learn(code, code.seen);
    for (const each of next.quality.values()) this.note(each, each.count);
    for (const [textId, text] of next.texts) this.texts.set(textId, text);
    this.encounterItems.push(...next.encounterItems);
  }

  /** A value refused by rule. */
  note({ fact, column, rule }: { fact: string; column: string; rule: string }, times = 1): void {
    const name = `${fact} ${column} ${rule}`;
    const entry = this.quality.get(name);
    if (entry === undefined) this.quality.set(name, { fact, column, rule, count: times });
    else entry.count += times;
  }
}

/** Readers give the very same details for the same lines, so they are seldom compared word by word. */
const isSame = ({ statement: a }: PersonWork, b: PersonStatement): boolean =>
  a.isDeleted === b.isDeleted && a.isDeceased === b.isDeceased && (a.details === b.details || wordsOf(a.details) === wordsOf(b.details));

/** By the details they are of. */
const words = new WeakMap<PersonDetails, string>();
function wordsOf(details: PersonDetails): string {
  let text = words.get(details);
  if (text === undefined) {
    text = JSON.stringify(details);
    words.set(details, text);
  }
  return text;
}
