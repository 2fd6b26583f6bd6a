import { UUID_PATTERN } from '@xinglin/contracts';
import { refuse } from './errors.ts';

/** What stands at one place of a page position: a UUID, a finite number, a day, a moment as ISO or as the warehouse writes it. */
export type CursorPart = 'uuid' | 'number' | 'day' | 'time';
type Parts<Shape extends readonly CursorPart[]> = { -readonly [At in keyof Shape]: Shape[At] extends 'number' ? number : string };

const uuid = new RegExp(UUID_PATTERN);
const isReal = (shape: RegExp) => (part: unknown) => typeof part === 'string' && shape.test(part) && !Number.isNaN(Date.parse(part));
const FITS: Record<CursorPart, (part: unknown) => boolean> = {
  uuid: (part) => typeof part === 'string' && uuid.test(part),
  number: Number.isFinite,
  day: isReal(/^\d{4}-\d{2}-\d{2}$/),
  time: isReal(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z?$/),
};

/** Where a page ended, opaque to callers: the sort key of its last row, as base64url of JSON. It names keys and times only. */
export const writeCursor = (...parts: readonly (string | number)[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Null without a cursor; refuses one we cannot have made. */
export function readCursor<const Shape extends readonly CursorPart[]>(cursor: string | undefined, shape: Shape): Parts<Shape> | null {
  if (cursor === undefined || cursor === '') return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refuse('bad-cursor', {}, cause);
  }
  if (!Array.isArray(parts) || parts.length !== shape.length || !shape.every((kind, at) => FITS[kind](parts[at]))) throw refuse('bad-cursor');
  return parts as Parts<Shape>;
}
