import { describe, expect, test } from 'vitest';
import { cumulate, Random, STREAM, seedOf } from './random.ts';

describe('randomness by address', () => {
  test('the same address gives the same numbers whatever was drawn before', () => {
    const one = new Random().at(7, STREAM.plan, 12, 3);
    const first = [one.next(), one.next(), one.unit()];
    for (let i = 0; i < 100; i++) one.normal();
    one.at(7, STREAM.plan, 12, 3);
    expect([one.next(), one.next(), one.unit()]).toEqual(first);
  });

  test('neighbouring addresses, streams and seeds do not resemble one another', () => {
    const seen = new Set<number>();
    const random = new Random();
    for (let seed = 0; seed < 4; seed++)
      for (let stream = 1; stream < 12; stream++) for (let i = 0; i < 60; i++) for (let j = 0; j < 8; j++) seen.add(random.at(seed, stream, i, j).next());
    // 21,120 draws of 32 bits collide 0.05 times on average.
    expect(seen.size).toBeGreaterThan(4 * 11 * 60 * 8 - 3);
  });

  test('first draws at consecutive addresses are uniform and uncorrelated', () => {
    const random = new Random();
    const draws = Array.from({ length: 50_000 }, (_, i) => random.at(1, STREAM.visit, i).unit());
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const lagged = draws.slice(1).reduce((sum, x, i) => sum + (x - 0.5) * ((draws[i] as number) - 0.5), 0) / draws.length;
    expect(mean).toBeCloseTo(0.5, 2);
    expect(Math.abs(lagged * 12)).toBeLessThan(0.02);
  });

  test('weights, normals and counts have the moments they promise', () => {
    const random = new Random().at(seedOf('moments'), 1);
    const sums = cumulate([1, 0, 3]);
    const counts = [0, 0, 0];
    let [normal, square, poisson] = [0, 0, 0];
    for (let i = 0; i < 40_000; i++) {
      counts[random.weighted(sums)] = (counts[random.weighted(sums)] ?? 0) + 1;
      const n = random.normal();
      normal += n;
      square += n * n;
      poisson += random.poisson(0.4);
    }
    expect(counts[1]).toBe(0);
    expect(normal / 40_000).toBeCloseTo(0, 1);
    expect(square / 40_000).toBeCloseTo(1, 1);
    expect(poisson / 40_000).toBeCloseTo(0.4, 1);
  });
});
