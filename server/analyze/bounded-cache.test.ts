import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('a question is worked out once, also by two callers at the same time', async () => {
  const cache = new BoundedCache<number>(10);
  let made = 0;
  const make = async () => ++made;
  expect(await Promise.all([cache.get('a', make), cache.get('a', make)])).toEqual([1, 1]);
  expect(await cache.get('a', make)).toBe(1);
});

test('the answer not used for longest goes first', async () => {
  const cache = new BoundedCache<string>(2);
  await cache.get('a', async () => 'a');
  await cache.get('b', async () => 'b');
  await cache.get('a', async () => 'again');
  await cache.get('c', async () => 'c');
  expect(cache.size).toBe(2);
  expect(await cache.get('a', async () => 'again')).toBe('a');
  expect(await cache.get('b', async () => 'anew')).toBe('anew');
});

test('a failure is not kept', async () => {
  const cache = new BoundedCache<number>(2);
  await expect(cache.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await cache.get('a', async () => 1)).toBe(1);
});
