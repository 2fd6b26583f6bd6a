import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type Config, invariant, Kept } from '../../kernel/index.ts';
import type { Db, Keys, Queryable, Tx } from '../types.ts';
import { refuse } from './errors.ts';
import { hmacMaker, padsOf, prefixHash } from './hmac.ts';
import { fingerprintOf, type KeyFile, loadKeyFile } from './key-file.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BLIND_BYTES = 16;
/** With a number of up to 39 bytes it fills one block of SHA-256. */
const KIND_SECRET_BYTES = 16;
const SEAL_FORMAT = 1;
/** What a new subject's data key is made from: format byte and salt. Of earlier releases: the key itself, sealed with the master key. */
const SALT_FORMAT = 2;
const SALT_BYTES = 32;
/** Nonces drawn at a time: asking for twelve bytes costs as much as asking for thousands. */
const NONCES_DRAWN = 1_024;
/** Data keys held in memory: a few thousand people being worked on. */
const SUBJECT_CACHE_MAX = 20_000;
const SUBJECTS_PER_QUERY = 5_000;

/** `3:his` – length in bytes, colon, text: no two lists of parts give the same bytes. DuckDB makes the same with `strlen(x) || ':' || x`. */
export const netstrings = (parts: readonly string[]): string => {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return text;
};

/** Loads the instance's keys and checks them against the database; creates both on the very first start. */
export async function openKeys(config: Config, instance: string, db: Db): Promise<Keys> {
  const folder = join(config.keysDir, instance);
  const known = await db.maybe<{ value: string }>(`select value from platform.setting where name = 'keys.fingerprint'`);
  const file = loadKeyFile(folder, known === undefined);
  const fingerprint = fingerprintOf(file);
  if (known === undefined) await db.query(`insert into platform.setting (name, value) values ('keys.fingerprint', $1)`, [fingerprint]);
  else if (known.value !== fingerprint) throw refuse('mismatch', { folder });
  return createKeys(file);
}

export function createKeys(file: KeyFile): Keys {
  const key = (text: string): Buffer => Buffer.from(text, 'base64');
  const pseudonymKey = key(file.pseudonym);
  const blindMakers = new Map<string, ReturnType<typeof hmacMaker>>();
  const master = key(file.master);
  const segments = new Map(file.segments.map(({ id, key: text }) => [id, key(text)]));
  const newest = Math.max(...segments.keys());
  const cache = new Kept<Buffer>(SUBJECT_CACHE_MAX);
  const pseudonym = hmacMaker(pseudonymKey);
  const subjectKeyOf = subjectKeyReader(master);

  const tokenMac = (payload: Buffer, purpose: string): Buffer =>
    createHmac('sha256', key(file.token)).update(purpose).update('\0').update(payload).digest().subarray(0, 16);

  return {
    pseudonym: (...parts) => asUuid(pseudonym(netstrings(parts), 'hex')),
    pseudonymPads: () => padsOf(pseudonymKey),
    numberKeys(...kind) {
      const secret = Buffer.from(hkdfSync('sha256', pseudonymKey, '', `number keys ${netstrings(kind)}`, KIND_SECRET_BYTES));
      const digest = prefixHash(secret);
      return { of: (number) => asUuid(digest(number, 'hex')), secret };
    },
    blindIndex(kind, normalised) {
      let own = blindMakers.get(kind);
      if (own === undefined) {
        own = hmacMaker(Buffer.from(hkdfSync('sha256', key(file.blind), '', `blind index ${kind}`, 32)));
        blindMakers.set(kind, own);
      }
      return Buffer.from(own(normalised, 'binary').slice(0, BLIND_BYTES), 'latin1');
    },
    mac: (kind, data) => createHmac('sha256', key(file.audit)).update(kind).update('\0').update(data).digest(),
    seal,
    open,
    async subjectKeys(q, subjects, create) {
      const found = new Map<string, Buffer>();
      const missing: string[] = [];
      for (const subject of new Set(subjects)) {
        const cached = cache.get(subject);
        if (cached === undefined) missing.push(subject);
        else found.set(subject, cached);
      }
      for (let at = 0; at < missing.length; at += SUBJECTS_PER_QUERY) {
        const part = missing.slice(at, at + SUBJECTS_PER_QUERY);
        await loadSubjectKeys(q, subjectKeyOf, part, create, found);
      }
      for (const subject of missing) {
        const loaded = found.get(subject);
        // A key made in a transaction that may still roll back must not outlive it in the cache.
        if (loaded !== undefined && !create) cache.set(subject, loaded);
      }
      return found;
    },
    async destroySubjectKey(tx: Tx, subject: string) {
      await tx.query('delete from platform.subject_key where subject = $1', [subject]);
      cache.delete(subject);
      tx.afterCommit(() => cache.delete(subject));
    },
    segmentKey(id = newest) {
      const found = segments.get(id);
      invariant(found !== undefined, `segment key ${id} exists`);
      return { id, key: found };
    },
    signToken(purpose, subject, expiresAt) {
      const expires = Buffer.alloc(4);
      expires.writeUInt32BE(Math.floor(expiresAt.getTime() / 1000));
      const payload = Buffer.concat([expires, Buffer.from(subject)]);
      return Buffer.concat([tokenMac(payload, purpose), payload]).toString('base64url');
    },
    readToken(purpose, token, now) {
      if (!/^[\w-]{28,400}$/.test(token)) return null;
      const bytes = Buffer.from(token, 'base64url');
      const payload = bytes.subarray(TAG_BYTES);
      if (payload.length < 5 || !timingSafeEqual(bytes.subarray(0, TAG_BYTES), tokenMac(payload, purpose))) return null;
      if (payload.readUInt32BE(0) * 1000 < now.getTime()) return null;
      return { subject: payload.subarray(4).toString('utf8') };
    },
  };
}

const asUuid = (hex: string): string => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;

/** format · nonce · ciphertext · tag */
function seal(subjectKey: Buffer, plain: Uint8Array): Buffer {
  const nonce = nextNonce();
  const cipher = createCipheriv('aes-256-gcm', subjectKey, nonce);
  const sealed = Buffer.allocUnsafe(1 + NONCE_BYTES + plain.length + TAG_BYTES);
  sealed[0] = SEAL_FORMAT;
  sealed.set(nonce, 1);
  sealed.set(cipher.update(plain), 1 + NONCE_BYTES);
  // Of a stream cipher nothing is left over at the end.
  cipher.final();
  sealed.set(cipher.getAuthTag(), sealed.length - TAG_BYTES);
  return sealed;
}

let nonces = Buffer.alloc(0);
let noncesUsed = 0;
/** Each is handed out once. */
function nextNonce(): Buffer {
  if (noncesUsed === nonces.length) [nonces, noncesUsed] = [randomBytes(NONCES_DRAWN * NONCE_BYTES), 0];
  noncesUsed += NONCE_BYTES;
  return nonces.subarray(noncesUsed - NONCE_BYTES, noncesUsed);
}

function open(subjectKey: Buffer, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length < 1 + NONCE_BYTES + TAG_BYTES || bytes[0] !== SEAL_FORMAT) throw refuse('open-failed');
  const decipher = createDecipheriv('aes-256-gcm', subjectKey, bytes.subarray(1, 1 + NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(1 + NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw refuse('open-failed', {}, cause);
  }
}

/**
 * A subject's data key is the HMAC, under a key derived from the master key, of the salt stored for the subject: neither is of any use without the
 * other, and with the salt the key is gone for good.
 */
function subjectKeyReader(master: Buffer): (wrapped: Buffer) => Buffer {
  const keyOfSalt = hmacMaker(Buffer.from(hkdfSync('sha256', master, '', 'subject keys', 32)));
  return (wrapped) => {
    if (wrapped[0] !== SALT_FORMAT) return open(master, wrapped);
    if (wrapped.length !== 1 + SALT_BYTES) throw refuse('open-failed');
    return Buffer.from(keyOfSalt(wrapped.toString('hex', 1), 'binary'), 'latin1');
  };
}

async function loadSubjectKeys(
  q: Queryable,
  keyOf: (wrapped: Buffer) => Buffer,
  subjects: readonly string[],
  create: boolean,
  into: Map<string, Buffer>,
): Promise<void> {
  const load = async (some: readonly string[]): Promise<void> => {
    const rows = await q.query<{ subject: string; wrapped: Buffer }>('select subject, wrapped from platform.subject_key where subject = any($1::uuid[])', [
      some,
    ]);
    for (const row of rows) into.set(row.subject, keyOf(row.wrapped));
  };
  await load(subjects);
  const absent = create ? subjects.filter((subject) => !into.has(subject)) : [];
  if (absent.length === 0) return;
  const random = randomBytes(absent.length * SALT_BYTES);
  const wrapped = absent.map((_, at) => Buffer.concat([Buffer.of(SALT_FORMAT), random.subarray(at * SALT_BYTES, (at + 1) * SALT_BYTES)]));
  const { made } = await q.one<{ made: number }>(
    `with made as (
       insert into platform.subject_key (subject, wrapped) select * from unnest($1::uuid[], $2::bytea[]) on conflict (subject) do nothing returning 1)
     select count(*)::int as made from made`,
    [absent, wrapped],
  );
  // A transaction beside us may have made the same subject's key first: then all are read back.
  if (made < absent.length) await load(absent);
  else for (const [at, subject] of absent.entries()) into.set(subject, keyOf(wrapped[at] as Buffer));
}
