import { type Clearable, forgetAtRest } from './rest.ts';

/** Time after which what nobody asked for is let go, at the latest twice it. */
const QUIET_MS = 20_000;
/** Fewer make no difference to the memory of the process. */
const MANY = 1_000;

/**
 * What will be asked for again soon: at most `most` values, those used last. All of it is gone when nobody used it for a while, so that a
 * server at rest holds nothing of what a long load made it remember.
 */
export class Kept<V> implements Clearable {
  readonly #most: number;
  readonly #onRest: (() => void) | null;
  // Used since the last turn, and used in the turn before; what is in neither is forgotten.
  #recent = new Map<string, V>();
  #before = new Map<string, V>();
  #timer: NodeJS.Timeout | null = null;

  /** `most` is even. `onRest`: called when many were let go and few are in use. */
  constructor(most: number, onRest: (() => void) | null = null) {
    this.#most = most;
    this.#onRest = onRest;
    forgetAtRest(this);
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

  delete(name: string): void {
    this.#recent.delete(name);
    this.#before.delete(name);
  }

  clear(): void {
    this.#recent = new Map();
    this.#before = new Map();
  }

  #turn(): void {
    this.#before = this.#recent;
    this.#recent = new Map();
  }

  #wait(): NodeJS.Timeout {
    return setTimeout(() => {
      const gone = this.#before.size;
      this.#turn();
      this.#timer = this.size === 0 ? null : this.#wait();
      if (gone >= MANY && this.size < MANY) this.#onRest?.();
    }, QUIET_MS).unref();
  }
}
