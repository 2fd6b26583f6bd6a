import { Pen } from './pen.ts';

/** So many at once; first come, first served. */
export class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves when there is a place, with the way to give it back. */
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
}

/** While one is written others are decided, worked on by DuckDB and read: with two, one core in four waited. */
const CHUNKS_HELD_MAX = 4;

/** Bounds what bulk streams hold in memory together: chunks, not sources. One chunk is read at a time, others may be on their way to being filed. */
export class BulkRoom {
  readonly #reading = new Pen();
  readonly #places = new Places(CHUNKS_HELD_MAX);

  /** A place for one more chunk. */
  take(): Promise<() => void> {
    return this.#places.take();
  }

  read<T>(work: () => Promise<T>): Promise<T> {
    return this.#reading.hold('bulk', work);
  }
}
