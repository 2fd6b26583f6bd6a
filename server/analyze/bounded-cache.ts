/**
 * Answers kept while the warehouse stands still. A key names the generation, the viewer's row rule and the question, so an answer can
 * never outlive its data or reach another scope. The oldest unused answer goes first; a failed one is not kept.
 */
export class BoundedCache<T> {
  readonly #kept = new Map<string, Promise<T>>();
  readonly #sizeMax: number;

  constructor(sizeMax: number) {
    this.#sizeMax = sizeMax;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** Two callers with the same question share one piece of work. */
  get(key: string, make: () => Promise<T>): Promise<T> {
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
