import { array, assert, constantFrom, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { jaroWinkler, maskOf, mayBeAlike, pointsOf, steps } from './distance.ts';

const apart = (a: string, b: string): number => steps(pointsOf(a), pointsOf(b), 10);
const alike = (a: string, b: string): number => jaroWinkler(pointsOf(a), pointsOf(b));
const word = array(constantFrom('a', 'b', 'c', '张', '三', '𠮷'), { maxLength: 7 }).map((letters) => letters.join(''));

test('steps and likeness count characters, not bytes', () => {
  expect(apart('上海市', '上海')).toBe(1);
  expect(apart('张三丰', '张三封')).toBe(1);
  expect(apart('𠮷田', '吉田')).toBe(1);
  expect(alike('张三丰', '张三封')).toBeCloseTo(0.8222, 4);
});

test('published values of Jaro–Winkler hold', () => {
  expect(alike('martha', 'marhta')).toBeCloseTo(0.9611, 4);
  expect(alike('dwayne', 'duane')).toBeCloseTo(0.84, 4);
  expect(alike('dixon', 'dicksonx')).toBeCloseTo(0.8133, 4);
});

test('steps equal the plain textbook recursion', () => {
  const plain = (a: readonly string[], b: readonly string[]): number => {
    if (a.length === 0 || b.length === 0) return a.length + b.length;
    const rest = [plain(a.slice(1), b) + 1, plain(a, b.slice(1)) + 1, plain(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1)];
    if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0]) rest.push(plain(a.slice(2), b.slice(2)) + 1);
    return Math.min(...rest);
  };
  const short = array(constantFrom('a', 'b', '张'), { maxLength: 5 });
  assert(
    property(short, short, integer({ min: 1, max: 4 }), (a, b, limit) => {
      expect(steps(pointsOf(a.join('')), pointsOf(b.join('')), limit)).toBe(Math.min(plain(a, b), limit + 1));
    }),
  );
});

test('the quick look never hides two words that are alike', () => {
  assert(
    property(word, word, (a, b) => {
      const [x, y] = [pointsOf(a), pointsOf(b)];
      if (jaroWinkler(x, y) >= 0.8) expect(mayBeAlike(x, y, [maskOf(x), maskOf(y)], 0.8)).toBe(true);
    }),
  );
});
