import { UUID_PATTERN } from '@xinglin/contracts';
import { refuse } from '../../errors.ts';
import type { QueuePlace } from './queue.sql.ts';

const uuid = new RegExp(UUID_PATTERN);

/** Where a page ended, opaque: base64url of JSON. It names keys only. */
export const writePlace = ({ rank, personA, personB }: QueuePlace): string => Buffer.from(JSON.stringify([rank, personA, personB])).toString('base64url');

/** Null without a cursor; refuses one we cannot have made. */
export function readPlace(cursor: string | undefined): QueuePlace | null {
  if (cursor === undefined || cursor === '') return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch (cause) {
    throw refuse('bad-cursor', {}, cause);
  }
  const [rank, personA, personB] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (typeof rank !== 'number' || typeof personA !== 'string' || typeof personB !== 'string' || !uuid.test(personA) || !uuid.test(personB))
    throw refuse('bad-cursor');
  return { rank, personA, personB };
}
