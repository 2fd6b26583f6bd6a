/** Bounds what bulk streams hold in memory together: chunks, not sources. One chunk is read at a time, others may be on their way to being filed. */
import { Pen } from './pen.ts';

/** While one is written others are decided, worked on by DuckDB and read: with two, one core in four waited. */
const CHUNKS_HELD_MAX = 4;

export class BulkRoom {
  readonly #reading = new Pen();
  readonly #waiting: (() => void)[] = [];
  #free = CHUNKS_HELD_MAX;

  /** Resolves when there is room for one more chunk, with the way to give it back; first come, first served. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push(go));
    let isBack = false;
    return () => {
      if (isBack) return;
      isBack = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }

  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#reading.hold('bulk', work);
  }
}
