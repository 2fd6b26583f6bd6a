import { expect, it } from 'vitest';
import { readCursor, writeCursor } from './cursor.ts';

const ID = '11111111-0000-4000-8000-000000000001';
const made = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

it('a page position comes back as it was given; without one there is none', () => {
  const parts = ['2026-03-02', 2.5, ID, '2026-03-02 09:30:00.123456', '2026-03-02T01:30:00.000Z'] as const;
  expect(readCursor(writeCursor(...parts), ['day', 'number', 'uuid', 'time', 'time'])).toEqual(parts);
  expect(readCursor(undefined, ['uuid'])).toBeNull();
  expect(readCursor('', ['uuid'])).toBeNull();
});

it('a position of another list, a forged one and plain nonsense are refused', () => {
  const refused = { code: 'http.bad-cursor', status: 422 };
  for (const cursor of ['x', made('x'), made({}), made([]), made([1]), made([ID, 1]), made([`${ID}'`])])
    expect(() => readCursor(cursor, ['uuid'])).toThrow(expect.objectContaining(refused));
  for (const day of ['2026-13-02', '2026-3-2', "2026-03-02'", 7]) expect(() => readCursor(made([day]), ['day'])).toThrow(expect.objectContaining(refused));
  for (const time of ['2026-13-02T00:00:00Z', '2026-03-02', 'now', null])
    expect(() => readCursor(made([time]), ['time'])).toThrow(expect.objectContaining(refused));
  for (const number of ['1', null]) expect(() => readCursor(made([number]), ['number'])).toThrow(expect.objectContaining(refused));
});
