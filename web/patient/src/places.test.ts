import { expect, test } from 'vitest';
import { placeOf } from './places.ts';

test('a link leads to its one purpose, anything else to the inbox', () => {
  expect(placeOf('/p/s/abc.def-1')).toEqual({ page: 'survey', token: 'abc.def-1' });
  expect(placeOf('/p/i/abc/')).toEqual({ page: 'link', token: 'abc' });
  expect(placeOf('/p')).toEqual({ page: 'inbox' });
  expect(placeOf('/p/x/abc')).toEqual({ page: 'inbox' });
});
