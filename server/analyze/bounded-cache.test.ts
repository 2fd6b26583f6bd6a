import { expect, test } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

test('a question is worked out once, also by two callers at the same time', async () => {
  const cache = new BoundedCache<number>(10);
  let made = 0;
  const make = async () => ++made;
  expect(await Promise.all([cache.get('1', 'a', make), cache.get('1', 'a', make)])).toEqual([1, 1]);
  expect(await cache.get('1', 'a', make)).toBe(1);
});

test('the answer not used for longest goes first', async () => {
  const cache = new BoundedCache<string>(2);
  await cache.get('1', 'a', async () => 'a');
  await cache.get('1', 'b', async () => 'b');
  await cache.get('1', 'a', async () => 'again');
  await cache.get('1', 'c', async () => 'c');
  expect(cache.size).toBe(2);
  expect(await cache.get('1', 'a', async () => 'again')).toBe('a');
  expect(await cache.get('1', 'b', async () => 'anew')).toBe('anew');
});

test('a failure is not kept', async () => {
  const cache = new BoundedCache<number>(2);
  await expect(cache.get('1', 'a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await cache.get('1', 'a', async () => 1)).toBe(1);
});

test('answers of an earlier generation are gone, and one still being made is not given to later ones', async () => {
  const cache = new BoundedCache<string>(10);
  let finish = (_: string): void => {};
  const slow = cache.get('1', 'a', () => new Promise((done) => (finish = done)));
  expect(await cache.get('2', 'b', async () => 'new')).toBe('new');
  expect(cache.size).toBe(1);
  finish('old');
  expect(await slow).toBe('old');
  expect(await cache.get('2', 'a', async () => 'new')).toBe('new');
});
