import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

type Module = typeof import('./rest.ts');
const MB = 1024 * 1024;
let module: Module;
let cpuMs = 0;
let rssMb = 0;

beforeEach(async () => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  module = await import('./rest.ts');
  [cpuMs, rssMb] = [0, 400];
  vi.spyOn(process, 'cpuUsage').mockImplementation((before) => ({ user: cpuMs * 1000 - (before?.user ?? 0), system: 0 }));
  vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => rssMb * MB);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A cache and how often it was emptied; a rest takes this much CPU. */
function watched(restMs = 0): { clear(): void; times: number } {
  const cache = {
    times: 0,
    clear() {
      cache.times += 1;
      cpuMs += restMs;
    },
  };
  module.forgetAtRest(cache);
  return cache;
}
/** Seconds pass in which the process uses this share of a core. */
async function pass(seconds: number, share = 0): Promise<void> {
  for (let at = 0; at < seconds; at += 1) {
    cpuMs += share * 1000;
    await vi.advanceTimersByTimeAsync(1000);
  }
}

describe('a process at rest', () => {
  test('has let go of its caches, then trims', async () => {
    const order: string[] = [];
    const cache = { clear: () => void order.push('cache') };
    module.forgetAtRest(cache);
    const end = module.trimAtRest(async () => void order.push('trim'));
    module.trimAtRest(async () => void order.push('other trim'));
    await module.rest();
    end();
    await module.rest();
    expect(order).toEqual(['cache', 'trim', 'other trim', 'cache', 'other trim']);
  });

  test('holds no heap it does not use', async () => {
    let kept = Array.from({ length: 300_000 }, (_, i) => ({ text: `value ${i}` }));
    const grown = process.memoryUsage().heapTotal;
    kept = kept.filter((_, i) => i % 100 === 0);
    await module.rest();
    expect(process.memoryUsage().heapTotal).toBeLessThan(grown - 10 * MB);
    expect(kept.length).toBe(3_000);
  });

  test('rests only when it was asked, and once it is quiet', async () => {
    const cache = watched();
    await pass(60);
    expect(cache.times).toBe(0);
    module.restSoon();
    await pass(60, 0.2);
    expect(cache.times).toBe(0);
    await pass(10);
    expect(cache.times).toBe(1);
    await pass(60);
    expect([cache.times, vi.getTimerCount()]).toEqual([1, 0]);
  });

  test('does not rest again for the little that messages now and then leave', async () => {
    const cache = watched();
    module.restSoon();
    await pass(6);
    rssMb += 20;
    module.restSoon();
    await pass(60);
    expect(cache.times).toBe(1);
    rssMb += 40;
    module.restSoon();
    await pass(6);
    expect(cache.times).toBe(2);
  });

  test('spends a few thousandths of the time on resting, however fast it grows again', async () => {
    const cache = watched(300);
    for (let round = 0; round < 60; round += 1) {
      rssMb += 100;
      module.restSoon();
      await pass(10);
    }
    expect(cache.times).toBeGreaterThan(2);
    expect(cache.times).toBeLessThanOrEqual(7);
  });
});
