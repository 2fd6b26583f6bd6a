import type { FastifyRequest } from 'fastify';
import type { Platform, Tx } from '../platform/index.ts';
import { refuse } from './errors.ts';

const KEY_SHAPE = /^[\w-]{8,100}$/;

/** The caller's `Idempotency-Key`, or null when none was given. */
export function requestKeyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !KEY_SHAPE.test(key)) throw refuse('bad-request-key');
  return key;
}

/**
 * True the first time a user's key is seen, false when the same thing was already done; throws when the key is used for something else.
 * Two at the same moment: the second waits for the first one's transaction.
 */
export async function isFirstTime(
  tx: Tx,
  platform: Platform,
  { userId, key, action, body }: { userId: string; key: string | null; action: string; body: unknown },
): Promise<boolean> {
  if (key === null) return true;
  const hash = platform.keys.mac('request', JSON.stringify([action, body]));
  const made = await tx.query(
    `insert into engage.request (user_id, request_key, action, body_hash, at) values ($1, $2, $3, $4, $5)
     on conflict (user_id, request_key) do nothing returning user_id`,
    [userId, key, action, hash, platform.clock.now()],
  );
  if (made.length === 1) return true;
  const earlier = await tx.one<{ body_hash: Buffer }>('select body_hash from engage.request where user_id = $1 and request_key = $2', [userId, key]);
  if (!earlier.body_hash.equals(hash)) throw refuse('request-reused');
  return false;
}
