import { expect, test } from 'vitest';
import { Memo } from './memo.ts';

test('a text is read once, and again only after the memo was full; what reads as null is remembered too', () => {
  const read: string[] = [];
  const memo = new Memo(2, (text) => {
    read.push(text);
    return text === '' ? null : text.length;
  });
  expect(['', '甲', '', '甲'].map((text) => memo.of(text))).toEqual([null, 1, null, 1]);
  expect(read).toEqual(['', '甲']);
  expect([memo.of('abc'), memo.of('')]).toEqual([3, null]);
  expect(read).toEqual(['', '甲', 'abc', '']);
});

test('long texts are read each time, and read the same', () => {
  let times = 0;
  const memo = new Memo(10, (text) => {
    times += 1;
    return text.length;
  });
  expect([memo.of('x'.repeat(5000)), memo.of('x'.repeat(5000)), times]).toEqual([5000, 5000, 2]);
});
