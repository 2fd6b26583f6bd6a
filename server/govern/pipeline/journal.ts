/**
 * Which records and visits each of the last turns changed. A bulk chunk is decided before it takes the pen, from what was known then; under
 * the pen it still holds when nobody changed anything it rests on. A turn not found here (a rebuild, another process, long ago) may have
 * changed everything.
 */
import { type Clearable, forgetAtRest } from '../../kernel/index.ts';
import type { Turn } from './load-state.ts';

/** Live messages filed while a large chunk is decided; each entry is a few keys. */
const TURNS_MAX = 512;

export class Journal implements Clearable {
  readonly #turns = new Map<number, ReadonlySet<string>>();

  constructor() {
    forgetAtRest(this);
  }

  /** `turn` is the number the change was made under. */
  record(turn: number, keys: ReadonlySet<string>): void {
    this.#turns.set(turn, keys);
    const oldest = this.#turns.keys().next().value;
    if (this.#turns.size > TURNS_MAX && oldest !== undefined) this.#turns.delete(oldest);
  }

  /** What is being decided meanwhile is then decided again. */
  clear(): void {
    this.#turns.clear();
  }

  /** Whether what was decided at `then` about these keys would be decided the same `now`. */
  holds(then: Turn, now: Turn, keys: ReadonlySet<string>): boolean {
    if (then.generation !== now.generation) return false;
    for (let turn = then.number + 1; turn <= now.number; turn += 1) {
      const changed = this.#turns.get(turn);
      if (changed === undefined || meet(changed, keys)) return false;
    }
    return true;
  }
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const key of small) if (large.has(key)) return true;
  return false;
}
