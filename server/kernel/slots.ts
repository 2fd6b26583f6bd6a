/** A few interchangeable things, each used by one at a time; who asks first is served first. */
export class Slots<T> {
  readonly #free: T[];
  readonly #count: number;
  readonly #waiting: ((slot: T) => void)[] = [];

  constructor(slots: readonly T[]) {
    this.#free = [...slots];
    this.#count = slots.length;
  }

  async use<R>(work: (slot: T) => Promise<R>): Promise<R> {
    const slot = this.#free.pop() ?? (await new Promise<T>((resolve) => this.#waiting.push(resolve)));
    try {
      return await work(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(slot);
      else next(slot);
    }
  }

  /** Takes every slot once its present work is done, and gives none back. */
  async drain(): Promise<T[]> {
    const slots: T[] = [];
    while (slots.length < this.#count) slots.push(this.#free.pop() ?? (await new Promise<T>((resolve) => this.#waiting.push(resolve))));
    return slots;
  }
}
