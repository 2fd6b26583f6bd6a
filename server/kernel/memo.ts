import { type Clearable, forgetAtRest } from './rest.ts';

/**
 * What was read out of a text, kept by the text. Sources write the same few codes, units and times again and again; finding what one means costs a
 * tenth of reading it anew. Bounded: a full memo is emptied, and so is any at rest.
 */
export class Memo<T> implements Clearable {
  readonly #known = new Map<string, T>();
  readonly #max: number;
  readonly #read: (text: string) => T;

  /** `read` depends on the text alone, and what it gives is never changed. */
  constructor(max: number, read: (text: string) => T) {
    this.#max = max;
    this.#read = read;
    forgetAtRest(this);
  }

  of(text: string): T {
    const found = this.#known.get(text);
    if (found !== undefined) return found;
    if (text.length > TEXT_LENGTH_MAX) return this.#read(text);
    if (this.#known.size >= this.#max) this.#known.clear();
    const own = detached(text);
    const made = this.#read(own);
    this.#known.set(own, made);
    return made;
  }

  clear(): void {
    this.#known.clear();
  }
}

/** Longer texts seldom come twice. */
const TEXT_LENGTH_MAX = 300;

/** A copy: a part of a text otherwise keeps the whole of it in memory, in the engine we run on. */
export const detached = (text: string): string => ` ${text}`.slice(1);
