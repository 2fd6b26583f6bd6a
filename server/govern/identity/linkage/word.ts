/** One value as comparisons see it: folded, with its characters, sounds and words worked out once. Lives in memory only. */
import { type Address, splitAddress } from './address.ts';
import { maskOf, pointsOf } from './distance.ts';
import { type Chinese, HAN, soften, soundOf } from './normalise.ts';

/** How two values are graded; see `compare.ts`. */
export type Kind = 'name' | 'date' | 'code' | 'number' | 'text' | 'category';

/** Stands for one character a system could not write (生僻字): `□`, `?`, `〓` and `*` are folded to it inside Chinese names. */
export const UNREADABLE = '□'.codePointAt(0);

/** Sounds, characters and parts are worked out when first asked for: most values are never compared with an unequal one. */
export class Word {
  /** Folded. */
  readonly value: string;
  readonly kind: Kind;
  readonly isHan: boolean;
  readonly #chinese: Chinese | null;
  #points: Int32Array | null = null;
  #mask = 0;
  #syllables: readonly string[] | null = null;
  #sound: string | null = null;
  #softSound: string | null = null;
  #parts: readonly string[] | null = null;
  #address: Address | null = null;

  constructor(value: string, kind: Kind, chinese: Chinese | null) {
    this.value = value;
    this.kind = kind;
    this.isHan = (kind === 'name' || kind === 'text') && HAN.test(value);
    this.#chinese = chinese;
  }

  get points(): Int32Array {
    if (this.#points === null) {
      this.#points = pointsOf(this.value);
      this.#mask = maskOf(this.#points);
    }
    return this.#points;
  }

  get mask(): number {
    return this.points.length === 0 ? 0 : this.#mask;
  }

  /** Pinyin of Chinese names (`wangxiaoming`), sound of Latin names; equal sounds have equal texts. Empty for all but names. */
  get sound(): string {
    this.#sound ??= this.kind !== 'name' ? '' : this.isHan ? this.#read().join('') : this.#letters();
    return this.#sound;
  }

  /** Of Chinese names: the sound without what many speakers do not tell apart. */
  get softSound(): string {
    this.#softSound ??= this.#read().map(soften).join(' ');
    return this.#softSound;
  }

  /** Of Chinese names: every reading of each character (乐 lè or yuè). */
  get readings(): readonly (readonly string[])[] | null {
    const chinese = this.#chinese;
    return chinese === null || !this.isHan || this.kind !== 'name' ? null : [...this.value].map((character) => chinese.readings(character));
  }

  get parts(): readonly string[] {
    this.#parts ??= this.kind === 'name' || this.kind === 'text' ? this.value.split(' ') : [];
    return this.#parts;
  }

  /** Of Chinese text. */
  get address(): Address | null {
    if (this.#address === null && this.isHan && this.kind === 'text') this.#address = splitAddress(this.value);
    return this.#address;
  }

  #read(): readonly string[] {
    this.#syllables ??= this.isHan && this.kind === 'name' ? (this.#chinese?.pinyin(this.value) ?? []) : [];
    return this.#syllables;
  }

  #letters(): string {
    return this.#chinese !== null && isPinyin(this.value) ? this.value.replaceAll(' ', '') : soundOf(this.value);
  }
}

/** Letters that may be Chinese syllables: a record in letters and one in characters then have the same sound. */
const isPinyin = (value: string): boolean => /^(?:(?:[zcs]h|[bpmfdtnlgkhjqxrzcswy])?[aeiouv]{1,3}(?:ng|n|r)?[ ']?)+$/.test(value);

/** `value` is folded already. Chinese names are read surname first. */
export const makeWord = (value: string, kind: Kind, chinese: Chinese | null): Word => new Word(value, kind, chinese);
