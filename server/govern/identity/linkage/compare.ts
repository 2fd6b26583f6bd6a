/** Comparisons graded by level. Level 0 is always "one of them is missing" and is no evidence; level 1 is "the same"; the last is "different". */
import { jaroWinkler, mayBeAlike, steps } from './distance.ts';
import type { Field, Records } from './fields.ts';
import { isGlyphAlike } from './glyphs.ts';
import { isNicknameOf } from './nicknames.ts';
import { type Kind, UNREADABLE, type Word } from './word.ts';

export const MISSING = 0;
export const EXACT = 1;
/** Chinese names: one side in letters that are the other's pinyin. */
const NAME_LETTERS = 2;
/** Chinese names: the same pinyin in other characters. Latin names: a typing error. */
const NAME_NEAR = 3;
/** Chinese names: one character was taken for one that looks like it, or cannot be read. */
export const NAME_LOOK = 4;
const NAME_SIMILAR = 5;
export const NAME_SHORT = 6;
export const NAME_EXCHANGED = 7;
const NAME_DIFFERENT = 8;
/** Dates that have less in common than two of their parts. */
export const DATE_OTHER = 5;
const TEXT_EXCHANGED = 4;
const TEXT_DISTRICT = 5;
const TEXT_DIFFERENT = 6;

/** What the levels say, by kind; the words models and explanations are kept in. Their number is the number of levels. */
export const GRADES = {
  name: ['missing', 'same', 'in-letters', 'same-sound', 'look-alike', 'similar', 'short-form', 'exchanged', 'different'],
  date: ['missing', 'same', 'slip', 'two-parts', 'day-and-month', 'year', 'different'],
  code: ['missing', 'same', 'slip', 'two-slips', 'different'],
  number: ['missing', 'same', 'different'],
  text: ['missing', 'same', 'slip', 'similar', 'exchanged', 'district', 'different'],
  category: ['missing', 'same', 'different'],
} as const satisfies Record<Kind, readonly string[]>;
export type Grade = (typeof GRADES)[Kind][number];

/** Level of one field for two records. Symmetric. */
export function levelOf(records: Records, field: Field, a: number, b: number): number {
  const [x, y] = [field.codes[a]!, field.codes[b]!];
  if (x < 0 || y < 0) return MISSING;
  if (x === y) return EXACT;
  const { words } = field.dictionary;
  const level = levelOfWords(field.kind, words[x]!, words[y]!);
  if (field.partner === null) return level;
  if (field.kind === 'name' && level >= NAME_SHORT) return isExchanged(records, field, a, b) ? NAME_EXCHANGED : level;
  return field.kind === 'text' && level >= TEXT_DISTRICT && isExchanged(records, field, a, b) ? TEXT_EXCHANGED : level;
}

/** Level of two values that are written, where nothing is known of the rest of their records. */
export function levelOfWords(kind: Kind, x: Word, y: Word): number {
  if (x.value === y.value) return EXACT;
  switch (kind) {
    case 'name':
      return nameLevel(x, y);
    case 'text':
      return textLevel(x, y);
    case 'date':
      return dateLevel(x.points, y.points);
    case 'code':
      return codeLevel(x.points, y.points);
    case 'number':
    case 'category':
      return 2;
  }
}

function isExchanged(records: Records, field: Field, a: number, b: number): boolean {
  if (field.partner === null) return false;
  const partner = records.fields[field.partner]!;
  const { words } = field.dictionary;
  return isClose(words[field.codes[a]!], words[partner.codes[b]!]) || isClose(words[field.codes[b]!], words[partner.codes[a]!]);
}
/** Also of one name with the other name of another record. */
export const isClose = (x: Word | undefined, y: Word | undefined): boolean =>
  x !== undefined && y !== undefined && (x.value === y.value || likeness(x, y, NEAR) >= NEAR);

/** From here on two words are one word with a slip; from SIMILAR on they may be. */
const NEAR = 0.92;
const SIMILAR = 0.8;
/** Jaro–Winkler of two values, or 0 when it cannot reach `least`. */
function likeness(x: Word, y: Word, least: number): number {
  return mayBeAlike(x.points, y.points, [x.mask, y.mask], least) ? jaroWinkler(x.points, y.points) : 0;
}

function nameLevel(x: Word, y: Word): number {
  if (x.isHan || y.isHan) return hanLevel(x, y);
  const [a, b] = [x.points, y.points];
  const alike = likeness(x, y, SIMILAR);
  if (alike >= NEAR) return NAME_NEAR;
  if (alike >= SIMILAR) return NAME_SIMILAR;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length <= 3 ? short.every((point, at) => long[at] === point) : a[0] === b[0] && a[1] === b[1] && a[2] === b[2]) return NAME_SHORT;
  return (x.parts.length > 1 || y.parts.length > 1) && x.parts.some((word) => y.parts.includes(word)) ? NAME_SHORT : NAME_DIFFERENT;
}

/**
 * One Chinese character is a third of a name and siblings share it, so likeness of characters alone never counts as near: the same sound
 * does; a character that looks like the other or cannot be read is a grade of its own.
 */
function hanLevel(x: Word, y: Word): number {
  if (isSameSound(x, y)) return x.isHan && y.isHan ? NAME_NEAR : NAME_LETTERS;
  const [a, b] = [x.points, y.points];
  if (a.length === b.length) {
    let [alike, apart] = [0, 0];
    for (let at = 0; at < a.length; at++) {
      if (a[at] === b[at]) continue;
      if (a[at] === UNREADABLE || b[at] === UNREADABLE || isGlyphAlike(a[at]!, b[at]!)) alike++;
      else apart++;
    }
    if (apart === 0 && alike === 1) return NAME_LOOK;
  }
  if (x.softSound !== '' && x.softSound === y.softSound) return NAME_SIMILAR;
  return isNicknameOf(x.value, y.value) || isNicknameOf(y.value, x.value) ? NAME_SHORT : NAME_DIFFERENT;
}

/** Names in letters (ZHANG WEI) sound like their characters too. */
function isSameSound(x: Word, y: Word): boolean {
  if (x.sound === y.sound) return true;
  const [a, b] = [x.readings, y.readings];
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((readings, at) => readings.some((each) => b[at]!.includes(each)));
}

function dateLevel(a: Int32Array, b: Int32Array): number {
  let [apart, last] = [0, 0];
  for (let at = 0; at < 8; at++) {
    if (a[at] === b[at]) continue;
    apart++;
    last = at;
  }
  if (apart === 1 || (apart === 2 && a[last] === b[last - 1] && a[last - 1] === b[last])) return 2;
  const isSame = (from: number, to: number, shift = 0): boolean => {
    for (let at = from; at < to; at++) if (a[at] !== b[at + shift]) return false;
    return true;
  };
  const [isYear, isMonth, isDay] = [isSame(0, 4), isSame(4, 6), isSame(6, 8)];
  if (isYear && isSame(4, 6, 2) && isSame(6, 8, -2)) return 2;
  if (isYear && (isMonth || isDay)) return 3;
  if (isMonth && isDay) return 4;
  return isYear ? 5 : 6;
}

function codeLevel(a: Int32Array, b: Int32Array): number {
  const apart = steps(a, b, 2);
  if (apart === 1) return 2;
  if (apart === 2 && Math.min(a.length, b.length) > 3) return 3;
  const half = Math.min(a.length, b.length) >> 1;
  if (half < 2) return 4;
  for (let at = 0; at < half; at++) if (a[at] !== b[at]) return 4;
  return 3;
}

function textLevel(x: Word, y: Word): number {
  const place = placeLevel(x, y);
  if (place !== null) return place;
  const alike = likeness(x, y, SIMILAR);
  if (alike >= NEAR) return 2;
  if (alike >= SIMILAR) return 3;
  const [m, n] = [x.parts, y.parts];
  let shared = 0;
  for (const word of m) if (n.includes(word)) shared++;
  return shared * 2 > Math.max(m.length, n.length) || (shared > 0 && shared === Math.min(m.length, n.length)) ? 3 : TEXT_DIFFERENT;
}

/** Two Chinese addresses part by part. Where their districts or numbers differ they are not one place, however many characters they share. Null: their parts do not say. */
function placeLevel(x: Word, y: Word): number | null {
  const [a, b] = [x.address, y.address];
  if (a === null || b === null) return null;
  const differs = (one: string | null, other: string | null): boolean => one !== null && other !== null && one !== other;
  if (differs(a.province, b.province) || differs(a.city, b.city)) return TEXT_DIFFERENT;
  if (differs(a.district, b.district)) return TEXT_DIFFERENT;
  if (a.rest !== '' && a.rest === b.rest) return 2;
  const numbers = (rest: string): string => rest.match(/\d+/g)?.join(' ') ?? '';
  if (numbers(a.rest) !== '' && numbers(a.rest) === numbers(b.rest)) return 3;
  return a.district !== null && a.district === b.district ? TEXT_DISTRICT : null;
}
