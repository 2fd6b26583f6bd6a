import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { breather, goFirst } from './breathe.ts';

/** Work that goes first until told to end. */
function someoneFirst(): { end: () => Promise<void> } {
  let end: () => void = () => {};
  const done = goFirst(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  return {
    end: () => {
      end();
      return done;
    },
  };
}

describe('long work', () => {
  it('has nothing to wait for at the beginning of its turn', () => {
    expect(breather()()).toBeUndefined();
    expect(breather(true)()).toBeUndefined();
  });

  it('stands aside, when it is polite, until the last of those who go first is done', async () => {
    const [one, other] = [someoneFirst(), someoneFirst()];
    let isOn = false;
    const waiting = breather(true)()?.then(() => {
      isOn = true;
    });
    expect(breather()()).toBeUndefined();
    await one.end();
    await turn();
    expect(isOn).toBe(false);
    await other.end();
    await waiting;
    expect(isOn).toBe(true);
    expect(breather(true)()).toBeUndefined();
  });

  it('goes on when the one who went first fails', async () => {
    const failed = goFirst(() => Promise.reject(new Error('away')));
    const waiting = breather(true)();
    await expect(failed).rejects.toThrow('away');
    await waiting;
  });

  describe('beside a stream of live messages that does not end', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('takes a turn now and then', async () => {
      const first = someoneFirst();
      let turns = 0;
      const breathe = breather(true);
      const work = (async () => {
        for (; turns < 3; turns += 1) await breathe();
      })();
      await vi.advanceTimersByTimeAsync(700);
      expect(turns).toBe(3);
      await first.end();
      await work;
    });
  });
});
