/** Comparisons graded by level. Level 0 is always "one of them is missing" and is no evidence; level 1 is "the same"; the last is "different". */
import { jaroWinkler, mayBeAlike, steps } from './distance.ts';
import type { Dictionary, Field, Kind, Records } from './fields.ts';

export const MISSING = 0;
export const EXACT = 1;
/** Chinese names: the same pinyin. Latin names: a typing error. */
export const NAME_NEAR = 2;

/** Number of levels per kind, the missing one counted. */
export const LEVELS: Record<Kind, number> = { name: 7, date: 7, code: 5, text: 6, category: 3 };
/** What the levels say, for explanations. */
export const LEVEL_NAMES: Record<Kind, readonly string[]> = {
  name: ['missing', 'same', 'same pinyin or one slip', 'similar', 'same initial or beginning', 'stands in the other name', 'different'],
  date: ['missing', 'same', 'one digit or day and month exchanged', 'same year and one more part', 'same day and month', 'same year', 'different'],
  code: ['missing', 'same', 'one slip', 'two slips or same beginning', 'different'],
  text: ['missing', 'same', 'one slip', 'similar or shares words', 'stands in the other line', 'different'],
  category: ['missing', 'same', 'different'],
};

/** Level of one field for two records. Symmetric. */
export function levelOf(records: Records, field: Field, a: number, b: number): number {
  const [x, y] = [field.codes[a]!, field.codes[b]!];
  if (x < 0 || y < 0) return MISSING;
  if (x === y) return EXACT;
  switch (field.kind) {
    case 'name': {
      const level = nameLevel(field.dictionary, x, y);
      return level >= 4 && isExchanged(records, field, a, b) ? 5 : level;
    }
    case 'text': {
      const level = textLevel(field.dictionary, x, y);
      return level === 5 && isExchanged(records, field, a, b) ? 4 : level;
    }
    case 'date':
      return dateLevel(field.dictionary, x, y);
    case 'code':
      return codeLevel(field.dictionary, x, y);
    case 'category':
      return 2;
  }
}

function isExchanged(records: Records, field: Field, a: number, b: number): boolean {
  if (field.partner === null) return false;
  const partner = records.fields[field.partner]!;
  return isClose(field.dictionary, field.codes[a]!, partner.codes[b]!) || isClose(field.dictionary, field.codes[b]!, partner.codes[a]!);
}
const isClose = (dictionary: Dictionary, x: number, y: number): boolean => x >= 0 && y >= 0 && (x === y || likeness(dictionary, x, y, NEAR) >= NEAR);

/** From here on two words are one word with a slip; from SIMILAR on they may be. */
const NEAR = 0.92;
const SIMILAR = 0.8;
/** Jaro–Winkler of two values, or 0 when it cannot reach `least`. */
function likeness(dictionary: Dictionary, x: number, y: number, least: number): number {
  const [a, b] = [dictionary.points[x]!, dictionary.points[y]!];
  return mayBeAlike(a, b, [dictionary.masks[x]!, dictionary.masks[y]!], least) ? jaroWinkler(a, b) : 0;
}

function nameLevel(dictionary: Dictionary, x: number, y: number): number {
  const [a, b] = [dictionary.points[x]!, dictionary.points[y]!];
  if (dictionary.isHan[x] || dictionary.isHan[y]) return hanLevel(dictionary, x, y);
  const alike = likeness(dictionary, x, y, SIMILAR);
  if (alike >= NEAR) return NAME_NEAR;
  if (alike >= SIMILAR) return 3;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length <= 3 ? short.every((point, at) => long[at] === point) : a[0] === b[0] && a[1] === b[1] && a[2] === b[2]) return 4;
  const [m, n] = [dictionary.words[x]!, dictionary.words[y]!];
  return (m.length > 1 || n.length > 1) && m.some((word) => n.includes(word)) ? 4 : 6;
}

/**
 * One Chinese character is a third of a name and siblings share it, so likeness of characters alone never counts as near:
 * the same pinyin or an unreadable character does; one other character does when the sounds are close.
 */
function hanLevel(dictionary: Dictionary, x: number, y: number): number {
  const [a, b] = [dictionary.points[x]!, dictionary.points[y]!];
  if (dictionary.sounds[x] === dictionary.sounds[y]) return NAME_NEAR;
  if (a.length === b.length && a.every((point, at) => point === b[at] || point === UNREADABLE || b[at] === UNREADABLE)) return NAME_NEAR;
  if (dictionary.softSounds[x] === dictionary.softSounds[y]) return 3;
  return dictionary.initials[x] === dictionary.initials[y] ? 4 : 6;
}
const UNREADABLE = '□'.codePointAt(0);
function dateLevel(dictionary: Dictionary, x: number, y: number): number {
  const [a, b] = [dictionary.points[x]!, dictionary.points[y]!];
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

function codeLevel(dictionary: Dictionary, x: number, y: number): number {
  const [a, b] = [dictionary.points[x]!, dictionary.points[y]!];
  const apart = steps(a, b, 2);
  if (apart === 1) return 2;
  if (apart === 2 && Math.min(a.length, b.length) > 3) return 3;
  const half = Math.min(a.length, b.length) >> 1;
  if (half < 2) return 4;
  for (let at = 0; at < half; at++) if (a[at] !== b[at]) return 4;
  return 3;
}

function textLevel(dictionary: Dictionary, x: number, y: number): number {
  if (dictionary.isHan[x] && dictionary.sounds[x] === dictionary.sounds[y]) return 2;
  const alike = likeness(dictionary, x, y, SIMILAR);
  if (alike >= NEAR) return 2;
  if (alike >= SIMILAR) return 3;
  const [m, n] = [dictionary.words[x]!, dictionary.words[y]!];
  let shared = 0;
  for (const word of m) if (n.includes(word)) shared++;
  return shared * 2 > Math.max(m.length, n.length) || (shared > 0 && shared === Math.min(m.length, n.length)) ? 3 : 5;
}
