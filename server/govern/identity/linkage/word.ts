/** One value as comparisons see it: folded, with its characters, sounds and words worked out once. Lives in memory only. */
import { type Address, splitAddress } from './address.ts';
import { maskOf, pointsOf } from './distance.ts';
import { type Chinese, HAN, soften, soundOf } from './normalise.ts';

/** How two values are graded; see `compare.ts`. */
export type Kind = 'name' | 'date' | 'code' | 'number' | 'text' | 'category';

/** Stands for one character a system could not write (生僻字): `□`, `?`, `〓` and `*` are folded to it inside Chinese names. */
export const UNREADABLE = '□'.codePointAt(0);

export interface Word {
  readonly value: string;
  readonly points: Int32Array;
  readonly mask: number;
  readonly isHan: boolean;
  /** Pinyin of Chinese (`wangxiaoming`), sound of Latin names; equal sounds have equal texts. */

  readonly sound: string;
  /** Of Chinese: the sound without what many speakers do not tell apart. */
  readonly softSound: string;
  /** Of Chinese names: every reading of each character (乐 lè or yuè). */
  readonly readings: readonly (readonly string[])[] | null;
  readonly parts: readonly string[];
  /** Of Chinese text. */
  readonly address: Address | null;
}

/** Letters that may be Chinese syllables: a record in letters and one in characters then have the same sound. */
const isPinyin = (value: string): boolean => /^(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcswy])?[aeiouv]{1,3}(?:ng|n|r)?[ ']?)+$/.test(value);

/** `value` is folded already. Chinese text is read as a name (surnames first) or as plain text, by kind. */
export function makeWord(value: string, kind: Kind, chinese: Chinese | null): Word {
  const isHan = (kind === 'name' || kind === 'text') && HAN.test(value);
  const points = pointsOf(value);
  // Pinyin is worth its time for names; addresses are compared by their parts.
  const reader = isHan && kind === 'name' ? chinese : null;
  const syllables = reader?.pinyin(value) ?? [];
  const readings = reader === null ? null : [...value].map((character) => reader.readings(character));
  return {
    value,
    points,
    mask: maskOf(points),
    isHan,
    sound:
      isHan && chinese !== null ? syllables.join('') : kind !== 'name' ? '' : chinese !== null && isPinyin(value) ? value.replaceAll(' ', '') : soundOf(value),
    softSound: syllables.map(soften).join(' '),
    readings,
    parts: kind === 'name' || kind === 'text' ? value.split(' ') : [],
    address: isHan && kind === 'text' ? splitAddress(value) : null,
  };
}
