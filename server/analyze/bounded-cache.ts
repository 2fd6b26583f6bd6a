/**
 * Answers kept while the warehouse stands still: those of an earlier generation go when the first of a new one is asked for. A key names the
 * viewer's row rule and the question, so an answer never reaches another scope. The oldest unused answer goes first; a failed one is not kept.
 */
export class BoundedCache<T> {
  readonly #kept = new Map<string, Promise<T>>();
  readonly #sizeMax: number;
  #generation = '';

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Two callers with the same question share one piece of work. */
  get(generation: string, key: string, make: () => Promise<T>): Promise<T> {
    if (generation !== this.#generation) this.#kept.clear();
    this.#generation = generation;
    const found = this.#kept.get(key);
    if (found !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, found);
      return found;
    }
    const made = make();
    this.#kept.set(key, made);
    made.catch(() => {
      if (this.#kept.get(key) === made) this.#kept.delete(key);
    });
    if (this.#kept.size > this.#sizeMax) {
      const oldest = this.#kept.keys().next();
      if (oldest.done !== true) this.#kept.delete(oldest.value);
    }
    return made;
  }
}
