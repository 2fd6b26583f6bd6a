/** Tables of the engine that queries stand on: dropped once replaced and no query reads them any more. */
import { type Engine, identifier } from '../engine/duckdb.ts';

/** Something queries hold while they run. */
export class Held {
  #users = 0;
  #isRetired = false;
  readonly #drop: () => void;

  constructor(drop: () => void) {
    this.#drop = drop;
  }
  take(): void {
    this.#users += 1;
  }
  giveBack(): void {
    this.#users -= 1;
    this.#dropIfDone();
  }
  /** No new query will take it. */
  retire(): void {
    this.#isRetired = true;
    this.#dropIfDone();
  }
  #dropIfDone(): void {
    if (this.#isRetired && this.#users === 0) this.#drop();
  }
}

export const dropTables = (engine: Engine, names: readonly (string | null)[]): void => {
  const present = names.filter((name) => name !== null);
  if (present.length === 0) return;
  engine
    .prepare(async (run) => {
      for (const name of present) await run(`drop table if exists ${identifier(name)}`);
    })
    .catch(() => {});
};
