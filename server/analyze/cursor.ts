import { refuse } from './errors.ts';

/** An opaque page position: the sort key of the last row given, base64url of JSON. It names keys and times only. */
export const writeCursor = (parts: readonly (string | number)[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Null without a cursor; refuses one we cannot have made. */
export function readCursor(cursor: string | undefined, types: readonly ('string' | 'number')[]): (string | number)[] | null {
  if (cursor === undefined || cursor === '') return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refuse('bad-cursor', {}, cause);
  }
  const fits = Array.isArray(parts) && parts.length === types.length && parts.every((part, at) => typeof part === types[at] && isPlain(part));
  if (!fits) throw refuse('bad-cursor');
  return parts as (string | number)[];
}

const isPlain = (part: unknown): boolean => (typeof part === 'string' ? /^[\w:. -]{1,64}$/.test(part) : Number.isSafeInteger(part));
