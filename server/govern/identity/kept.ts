/** Time after which what nobody asked for is let go, at the latest twice it. */
const QUIET_MS = 20_000;

/**
 * What will be asked for again soon: at most `most` values, those used last. All of it is gone when nobody used it for a while, so that a
 * server at rest holds nothing of what a long load made it remember.
 */
export class Kept<V> {
  readonly #most: number;
  readonly #onEmpty: (() => void) | null;
  // Used since the last turn, and used in the turn before; what is in neither is forgotten.
  #recent = new Map<string, V>();
  #before = new Map<string, V>();
  #timer: NodeJS.Timeout | null = null;

  /** `most` is even. `onEmpty`: called when the last of it was let go. */
  constructor(most: number, onEmpty: (() => void) | null = null) {
    this.#most = most;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#recent.size + this.#before.size;
  }

  get(name: string): V | undefined {
    const value = this.#recent.get(name);
    if (value !== undefined) return value;
    const old = this.#before.get(name);
    if (old === undefined) return undefined;
    this.set(name, old);
    return old;
  }

  set(name: string, value: V): void {
    if (this.#recent.size >= this.#most / 2 && !this.#recent.has(name)) this.#turn();
    this.#recent.set(name, value);
    this.#before.delete(name);
    this.#timer ??= this.#wait();
  }

  #turn(): void {
    this.#before = this.#recent;
    this.#recent = new Map();
  }

  #wait(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#turn();
      this.#timer = this.size === 0 ? null : this.#wait();
      if (this.size === 0) this.#onEmpty?.();
    }, QUIET_MS).unref();
  }
}
