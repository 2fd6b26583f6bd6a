/** Small numbers for blinded values, so that what a chunk's records share is found without a string or an object for each value. */
import { invariant } from '../../kernel/index.ts';

const BLIND_BYTES = 16;
const WORDS = BLIND_BYTES / 4;

/** Numbers values from 0, in the order in which they first come. */
export class BlindTable {
  #slots: Int32Array;
  #words: Int32Array;
  size = 0;

  /** `expected`: how many values may come; it grows when more do. */
  constructor(expected: number) {
    this.#slots = new Int32Array(slotsFor(expected)).fill(-1);
    this.#words = new Int32Array((this.#slots.length / 2) * WORDS);
  }

  numberOf(blind: Buffer): number {
    invariant(blind.length === BLIND_BYTES, 'a blinded value has 16 bytes');
    const [a, b, c, d] = [blind.readInt32LE(0), blind.readInt32LE(4), blind.readInt32LE(8), blind.readInt32LE(12)];
    const words = this.#words;
    const mask = this.#slots.length - 1;
    let slot = a & mask;
    for (;;) {
      const known = this.#slots[slot] as number;
      if (known < 0) break;
      const at = known * WORDS;
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return known;
      slot = (slot + 1) & mask;
    }
    const number = this.size;
    if ((number + 1) * 2 > this.#slots.length) {
      this.#grow();
      return this.numberOf(blind);
    }
    this.#slots[slot] = number;
    this.size += 1;
    const at = number * WORDS;
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    words[at + 3] = d;
    return number;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    const slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let number = 0; number < this.size; number += 1) {
      let slot = (words[number * WORDS] as number) & (slots.length - 1);
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number;
    }
    this.#slots = slots;
  }
}

const slotsFor = (expected: number): number => 2 ** Math.ceil(Math.log2(Math.max(16, expected) * 2));
