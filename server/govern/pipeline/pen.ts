/**
 * Only one chunk at a time is decided and written: decisions read earlier state, and people are joined across streams.
 * Live and loop chunks go before waiting bulk ones, so a withdrawal waits for at most the bulk chunk being written.
 */
import type { Lane } from '@xinglin/contracts';

const FIRST: Readonly<Record<Lane, number>> = { loop: 0, live: 1, bulk: 2 };

export class Pen {
  #isHeld = false;
  #liveAt = Number.NEGATIVE_INFINITY;
  readonly #waiting: { readonly rank: number; readonly go: () => void }[] = [];

  /** Nobody but bulk wrote for so long. */
  isQuiet(ms: number): boolean {
    return performance.now() - this.#liveAt > ms;
  }

  async hold<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    if (lane !== 'bulk') this.#liveAt = performance.now();
    await this.#take(FIRST[lane]);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  #take(rank: number): Promise<void> {
    if (!this.#isHeld) {
      this.#isHeld = true;
      return Promise.resolve();
    }
    return new Promise((go) => {
      const at = this.#waiting.findIndex((each) => each.rank > rank);
      this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { rank, go });
    });
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#isHeld = false;
    else next.go();
  }
}
