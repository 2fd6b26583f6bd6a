/** What is known while one patient's part of a message is read. */
import type { SourceCode, SourceId } from '@xinglin/contracts';
import { Memo } from '../../kernel/index.ts';
import { coding, type Draft, said, sourceCode } from '../statement.ts';
import type { ReadTime } from '../time.ts';
import { systemOf } from './codes.ts';
import type { Dialect, Segment } from './message.ts';
import { readHl7Time } from './time.ts';

/** The message itself. */
export interface Envelope {
  readonly type: string;
  readonly trigger: string;
  readonly controlId: string;
  readonly source: string;
  readonly zone: string;
  /** MSH-7, else EVN-2; null: the receiving order decides. */
  readonly versionAt: string | null;
  /** When what the message reports happened, as far as the message as a whole says. */
  readonly at: ReadTime;
}

/** One patient in it. */
export interface Patient {
  readonly subject: SourceId;
  readonly encounterLocalId: string | null;
  readonly department: SourceCode | null;
  readonly staff: SourceCode | null;
  readonly payer: string | null;
}

export interface Context {
  readonly envelope: Envelope;
  readonly patient: Patient;
  readonly draft: Draft;
}

export const timeOf = (segment: Segment, field: number, zone: string, component = 1): ReadTime | null => readHl7Time(segment.get(field, component), zone);

/** CE, CWE, CNE: code, name and system; without a code the alternate one. */
export const codedOf = (segment: Segment, field: number): SourceCode | null => remembered(coded, segment.dialect, readCoded).of(segment.raw(field));

function readCoded(dialect: Dialect, field: string): SourceCode | null {
  const [coded] = dialect.repetitions(field);
  if (coded === undefined) return null;
  const [code, name, system] = [coded.at(1), coded.at(2), coded.at(3)];
  if (code === '' && coded.at(4) !== '') return sourceCode(coded.at(4), coded.at(5), systemOf(coded.at(6)));
  return sourceCode(code, name, systemOf(system));
}

/** XCN: id and name of a member of staff. */
export const staffOf = (segment: Segment, field: number): SourceCode | null => remembered(staff, segment.dialect, readStaff).of(segment.raw(field));

function readStaff(dialect: Dialect, field: string): SourceCode | null {
  const [person] = dialect.repetitions(field);
  if (person === undefined) return null;
  const [family, given] = [person.at(2), person.at(3)];
  const name = /\p{Script=Han}/u.test(family + given) ? `${family}${given}` : [given, family].filter((each) => each !== '').join(' ');
  return sourceCode(person.at(1), name);
}

/** PL: the point of care, with its description when there is one. */
export const placeOf = (segment: Segment, field: number): SourceCode | null => remembered(places, segment.dialect, readPlace).of(segment.raw(field));

const readPlace = (dialect: Dialect, field: string): SourceCode | null => sourceCode(dialect.first(field, 1, 1), dialect.first(field, 9, 1));

/** Codes, staff and places of a hospital are some thousands; the same ones are given again for the same fields. */
const REMEMBERED_MAX = 5_000;
type Memos<T> = WeakMap<Dialect, Memo<T>>;
const coded: Memos<SourceCode | null> = new WeakMap();
const staff: Memos<SourceCode | null> = new WeakMap();
const places: Memos<SourceCode | null> = new WeakMap();

function remembered<T>(memos: Memos<T>, dialect: Dialect, read: (dialect: Dialect, field: string) => T): Memo<T> {
  let memo = memos.get(dialect);
  if (memo === undefined) {
    memo = new Memo(REMEMBERED_MAX, (field) => read(dialect, field));
    memos.set(dialect, memo);
  }
  return memo;
}

/** Parts of a natural key; absent ones keep their place. */
export const keyOf = (...parts: readonly (string | null | undefined)[]): string => parts.map((each) => each ?? '').join('|');

export { coding, said };
