import { refuse } from './errors.ts';

export const PAGE_ROWS = 50;

/** An opaque marker of the last row shown: its sort value and its id. */
export const cursorOf = (time: Date, id: string): string => Buffer.from(JSON.stringify([time.toISOString(), id])).toString('base64url');

export function readCursor(cursor: string | undefined): { time: Date; id: string } | null {
  if (cursor === undefined) return null;
  try {
    const [time, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, string];
    if (!/^[0-9a-f-]{36}$/.test(id) || Number.isNaN(Date.parse(time))) throw new RangeError('not a cursor');
    return { time: new Date(time), id };
  } catch (cause) {
    throw refuse('bad-cursor', {}, cause);
  }
}
