import { refuse } from './errors.ts';

/** Cursors are opaque to callers: where a list stands, as base64url of JSON. */
export const cursorText = (mark: object): string => Buffer.from(JSON.stringify(mark)).toString('base64url');

/** Null for the first page. Throws when it is none of ours. */
export function readCursor<T extends object>(cursor: string | undefined): T | null {
  if (cursor === undefined) return null;
  try {
    const mark: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (typeof mark === 'object' && mark !== null && isMark(mark as Record<string, unknown>)) return mark as T;
  } catch {
    // Refused below: the text is the caller's and says nothing worth keeping.
  }
  throw refuse('bad-cursor');
}

/** Times, ids and marks within: nothing else is ever handed out. */
const isMark = (mark: Record<string, unknown>): boolean =>
  Object.entries(mark).every(([name, value]) =>
    value === null
      ? true
      : typeof value === 'object'
        ? isMark(value as Record<string, unknown>)
        : typeof value === 'string' && (name === 'at' ? !Number.isNaN(Date.parse(value)) : /^[\w:.-]{1,100}$/.test(value)),
  );
