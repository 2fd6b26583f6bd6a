/**
 * The linkage model at work on records of the vault: details are opened in memory, described once, and compared. Nothing of it is written
 * but blinded keys, grades and weights. The same functions decide in bulk, on arrival and for `$match`.
 */
import type { PersonDetails } from '@xinglin/contracts';
import { Kept, restSoon } from '../../kernel/index.ts';
import type { Platform, Queryable } from '../../platform/index.ts';
import { PHONE } from '../privacy/blind.ts';
import { unpackDetails } from '../privacy/person-state.ts';
import type { PairScore } from './engine.ts';
import { DOCUMENT_TYPES, type PersonNumbers } from './identifiers.ts';
import { type BlockingKey, blockingKeys, type Comparison, compareRecords, describe, type LinkModel, type LinkRecord } from './linkage/index.ts';
import { type Chinese, loadChinese } from './linkage/normalise.ts';
import { type Kind, makeWord, type Word } from './linkage/word.ts';

/** Raised when `blockingKeys` or the way keys are blinded changes: all keys are then made again. */
export const KEYS_EDITION = 'keys@1';
/** Described records kept in memory, some 2 KB each: while a hospital is loaded, its people come again with every source. */
const DESCRIBED_KEPT_MAX = 30_000;
/** Parts of names kept with their sounds, dates, and folded words; they repeat, addresses mostly do not and stay out. */
const WORDS_KEPT_MAX = 50_000;
const WORD_LENGTH_MAX = 6;
/** Format byte and nonce of a sealed value. */
const NONCE_END = 13;

export interface MatchKey {
  readonly rule: string;
  readonly blind: Buffer;
}
/** Kind under which keys are blinded: each rule its own. Numbers have the index everyone looks them up by (`record_identifier`). */
const kindOf = (rule: string): string => `match.${rule}`;
const NUMBERS: ReadonlySet<string> = new Set([...DOCUMENT_TYPES, 'mrn', 'insurance', PHONE]);
/** Keys that are numbers are found among identifiers and not kept a second time. */
export const isNumber = (rule: string): boolean => NUMBERS.has(rule);

export interface NumberMarks {
  hasNumber(type: string, blind: Buffer): boolean;
  hasPhone(blind: Buffer): boolean;
  /** The record without numbers of a crowd, with phones many share marked. */
  on(record: LinkRecord): LinkRecord;
}

export interface Matcher {
  /** Of the model in force; stored with every pair. */
  readonly edition: string;
  setModel(model: LinkModel): void;
  /** `numbers`: of the details, where they were read already. */
  describe(details: PersonDetails, numbers?: PersonNumbers): LinkRecord;
  /** What was just described of a record, with what was sealed of it: it need not be opened as long as that is what the vault holds. */
  remember(recordKey: string, sealed: Buffer, record: LinkRecord): void;
  keysOf(record: LinkRecord): MatchKey[];
  /** Without its numbers. */
  keptKeysOf(record: LinkRecord): MatchKey[];
  /**
   * Records with details, as they are to be compared: numbers a crowd shares left out, phones many people share marked.
   * `fresh` are details at hand, just written; null: there are none any more.
   */
  open(q: Queryable, recordKeys: readonly string[], fresh?: ReadonlyMap<string, PersonDetails | null>): Promise<Map<string, LinkRecord>>;
  /** What is known of these numbers to be shared by a crowd, or by many; null when nothing is of any. */
  marksOf(q: Queryable, numbers: readonly { readonly type: string; readonly blind: Buffer }[]): Promise<NumberMarks | null>;
  /** Leaves out what a crowd shares from a description that is not of a record on file. */
  mark(q: Queryable, record: LinkRecord): Promise<LinkRecord>;
  compare(a: LinkRecord, b: LinkRecord): Comparison;
}

export async function createMatcher(platform: Platform, model: LinkModel, describedKeptMax = DESCRIBED_KEPT_MAX): Promise<Matcher> {
  const chinese = remembering(await loadChinese());
  const { keys, clock } = platform;
  let current = model;
  const words = new Kept<Word>(WORDS_KEPT_MAX, restSoon);
  const commonWord = (folded: string, kind: Kind): Word => {
    // Dates are digits and names are not; of two kinds nothing is written alike.
    const known = words.get(folded);
    if (known !== undefined && known.kind === kind) return known;
    const word = makeWord(folded, kind, chinese);
    words.set(folded, word);
    return word;
  };
  const described = new Kept<{ readonly seal: string; readonly record: LinkRecord | null }>(describedKeptMax, restSoon);
  const describeNow = (details: PersonDetails, numbers?: PersonNumbers): LinkRecord =>
    describe(details, { chinese, today: clock.now(), commonWord, ...(numbers === undefined ? {} : { numbers }) });
  const keptKeysOf = (record: LinkRecord): MatchKey[] =>
    blockingKeys(record).flatMap(({ rule, key }) => (isKept(rule, key, record) ? [{ rule, blind: keys.blindIndex(kindOf(rule), key) }] : []));
  const withMarks = (record: LinkRecord, marks: Marks): LinkRecord => {
    const isFree = (type: string, value: string): boolean => !marks.numbers.has(`${type}:${keys.blindIndex(type, value).toString('hex')}`);
    return {
      ...record,
      ids: record.ids.filter(([type, value]) => isFree(type, value)),
      mrns: record.mrns.filter((value) => isFree('mrn', value)),
      insurances: record.insurances.filter((value) => isFree('insurance', value)),
      phones: record.phones.map((phone) => (marks.phones.has(keys.blindIndex(PHONE, phone.word.value).toString('hex')) ? { ...phone, isShared: true } : phone)),
    };
  };

  return {
    get edition() {
      return current.edition;
    },
    setModel(next) {
      current = next;
    },
    describe: describeNow,
    keysOf: (record) => [...numbersOf(record).map(([type, value]) => ({ rule: type, blind: keys.blindIndex(type, value) })), ...keptKeysOf(record)],
    keptKeysOf,
    remember: (recordKey, sealed, record) => described.set(recordKey, { seal: sealOf(sealed), record }),
    async open(q, recordKeys, fresh) {
      const asked = fresh === undefined ? recordKeys : recordKeys.filter((key) => !fresh.has(key));
      // Taken before anything is put in: what is kept of this batch may push out what was kept of its later rows.
      const known = new Map(asked.map((key) => [key, described.get(key)]));
      const rows = await selectSealed(q, asked, [...known.values()].flatMap((each) => each?.seal ?? [])); // biome-ignore format: one call
      const stale = rows.flatMap((row) => (row.sealed === null ? [] : [row.record_key]));
      const subjectKeys = stale.length === 0 ? new Map<string, Buffer>() : await keys.subjectKeys(q, stale, false);
      const found = new Map<string, LinkRecord>();
      for (const row of rows) {
        const recordKey = row.record_key;
        let record = known.get(recordKey)?.record ?? null;
        if (row.sealed !== null) {
          const key = subjectKeys.get(recordKey);
          const details = key === undefined ? null : unpackDetails(keys.open(key, row.sealed));
          record = details === null ? null : describeNow(details);
          described.set(recordKey, { seal: sealOf(row.sealed), record });
        }
        const marks = marksOf(row);
        if (record !== null) found.set(recordKey, marks === null ? record : withMarks(record, marks));
      }
      if (fresh === undefined) return found;
      for (const key of recordKeys) {
        const details = fresh.get(key) ?? null;
        if (details !== null) found.set(key, describeNow(details));
      }
      for (const row of await selectMarks(
        q,
        recordKeys.filter((key) => fresh.has(key)),
      )) {
        const marks = marksOf(row);
        const record = found.get(row.record_key);
        if (marks !== null && record !== undefined) found.set(row.record_key, withMarks(record, marks));
      }
      return found;
    },
    async marksOf(q, numbers) {
      const { any } = await q.one<{ any: boolean }>(
        `select exists (select from govern.crowded_identifier) or exists (select from govern.crowded_match_key where rule = 'shared-phone') as any`,
      );
      if (!any || numbers.length === 0) return null;
      const marks = await selectMarksOf(q, numbers);
      if (marks.numbers.size + marks.phones.size === 0) return null;
      return {
        hasNumber: (type, blind) => marks.numbers.has(`${type}:${blind.toString('hex')}`),
        hasPhone: (blind) => marks.phones.has(blind.toString('hex')),
        on: (record) => withMarks(record, marks),
      };
    },
    async mark(q, record) {
      const numbers = numbersOf(record).map(([type, value]) => ({ type, blind: keys.blindIndex(type, value) }));
      return withMarks(record, await selectMarksOf(q, numbers));
    },
    compare: (a, b) => compareRecords(a, b, current),
  };
}

const numbersOf = (record: LinkRecord): (readonly [type: string, value: string])[] => [
  ...record.ids,
  ...record.mrns.map((value) => ['mrn', value] as const),
  ...record.insurances.map((value) => ['insurance', value] as const),
  ...record.phones.map(({ word }) => [PHONE, word.value] as const),
];
/** Of numbers only what is written like a resident id and is none. */
const isKept = (rule: BlockingKey['rule'], key: string, record: LinkRecord): boolean =>
  rule === 'id' ? !record.ids.some((id) => id.join('|') === key) : !isNumber(rule);

/** A sealed value is known by its nonce: what was sealed in a transaction that did not happen is never taken for what was sealed later. */
const sealOf = (sealed: Buffer): string => sealed.toString('latin1', 0, NONCE_END);

/** Reasons for which two records are known to be two people, not merely unlike. */
const VETOES: ReadonlySet<string> = new Set(['different-ids', 'twins', 'unnamed', 'same-id-other-person', 'same-mrn-other-person']);
export const scoreOf = ({ weight, reason }: Comparison): PairScore => ({ weight, isVetoed: VETOES.has(reason) });

function remembering(chinese: Chinese): Chinese {
  const simple = new Kept<string>(WORDS_KEPT_MAX);
  return {
    ...chinese,
    simplify(text) {
      if (text.length > WORD_LENGTH_MAX) return chinese.simplify(text);
      let known = simple.get(text);
      if (known === undefined) {
        known = chinese.simplify(text);
        simple.set(text, known);
      }
      return known;
    },
  };
}

// ── statements ─────────────────────────────────────────────────────────────
interface Marked {
  /** `type:hex` of its numbers that a crowd shares, and hex of its phones that many people share. */
  readonly numbers: readonly string[] | null;
  readonly phones: readonly string[] | null;
}
/** Subqueries and no joins: whatever the planner knows of tables that just grew, they walk an index per record, or nothing while no number is crowded. */
const marksSql = (recordKey: string): string => `
  case when exists (select from govern.crowded_identifier) then
    array(select i.type || ':' || encode(i.blind, 'hex') from govern.record_identifier i
          where i.record_key = ${recordKey} and i.is_evidence
            and exists (select from govern.crowded_identifier c where c.type = i.type and c.blind = i.blind)) end as numbers,
  case when exists (select from govern.crowded_match_key where rule = 'shared-phone') then
    array(select encode(i.blind, 'hex') from govern.record_identifier i
          where i.record_key = ${recordKey} and i.type = 'phone'
            and exists (select from govern.crowded_match_key c where c.rule = 'shared-phone' and c.blind = i.blind)) end as phones`;

/** Where there are details; `sealed` is null where what is stored begins with one of these seals, which no two records share. */
const selectSealed = (
  q: Queryable,
  recordKeys: readonly string[],
  seals: readonly string[],
): Promise<(Marked & { record_key: string; sealed: Buffer | null })[]> =>
  recordKeys.length === 0
    ? Promise.resolve([])
    : q.query(
        `select v.record_key, case when not (substring(v.sealed for ${NONCE_END}) = any($2::bytea[])) then v.sealed end as sealed, ${marksSql('v.record_key')}
         from govern.vault_record v where v.record_key = any($1::uuid[])`,
        [recordKeys, seals.map((seal) => Buffer.from(seal, 'latin1'))],
      );

const selectMarks = (q: Queryable, recordKeys: readonly string[]): Promise<(Marked & { record_key: string })[]> =>
  recordKeys.length === 0
    ? Promise.resolve([])
    : q.query(`select asked.record_key, ${marksSql('asked.record_key')} from unnest($1::uuid[]) as asked(record_key)`, [recordKeys]);

interface Marks {
  readonly numbers: ReadonlySet<string>;
  readonly phones: ReadonlySet<string>;
}
const marksOf = ({ numbers, phones }: Marked): Marks | null =>
  (numbers?.length ?? 0) + (phones?.length ?? 0) === 0 ? null : { numbers: new Set(numbers), phones: new Set(phones) };

async function selectMarksOf(q: Queryable, numbers: readonly { type: string; blind: Buffer }[]): Promise<Marks> {
  const rows = await q.query<{ type: string | null; blind: string }>(
    `select c.type, encode(c.blind, 'hex') as blind
     from unnest($1::text[], $2::bytea[]) as asked(type, blind) join govern.crowded_identifier c on c.type = asked.type and c.blind = asked.blind
     union all
     select null, encode(c.blind, 'hex') from govern.crowded_match_key c where c.rule = 'shared-phone' and c.blind = any($3::bytea[])`,
    [numbers.map((each) => each.type), numbers.map((each) => each.blind), numbers.flatMap((each) => (each.type === PHONE ? [each.blind] : []))],
  );
  return {
    numbers: new Set(rows.flatMap((row) => (row.type === null ? [] : [`${row.type}:${row.blind}`]))),
    phones: new Set(rows.flatMap((row) => (row.type === null ? [row.blind] : []))),
  };
}
