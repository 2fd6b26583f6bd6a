import { createCipheriv, createDecipheriv, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type Config, invariant } from '../../kernel/index.ts';
import type { Db, Keys, Queryable, Tx } from '../types.ts';
import { refuse } from './errors.ts';
import { fingerprintOf, type KeyFile, loadKeyFile } from './key-file.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_FORMAT = 1;
/** Data keys held in memory: a few thousand people being worked on. */
const SUBJECT_CACHE_MAX = 20_000;
const SUBJECTS_PER_QUERY = 5_000;
const HMAC_BLOCK_BYTES = 64;
/** Room for the longest message that is common. */
const MESSAGE_BYTES = 4096;

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
  const blindKeys = new Map<string, Buffer>();
  const master = key(file.master);
  const segments = new Map(file.segments.map(({ id, key: text }) => [id, key(text)]));
  const newest = Math.max(...segments.keys());
  const cache = new Map<string, Buffer>();
  const pseudonym = pseudonymMaker(pseudonymKey);

  const tokenMac = (payload: Buffer, purpose: string): Buffer =>
    createHmac('sha256', key(file.token)).update(purpose).update('\0').update(payload).digest().subarray(0, 16);

  return {
    pseudonym: (...parts) => pseudonym(netstrings(parts)),
    pseudonymPads: () => padsOf(pseudonymKey),
    blindIndex(kind, normalised) {
      let own = blindKeys.get(kind);
      if (own === undefined) {
        own = Buffer.from(hkdfSync('sha256', key(file.blind), '', `blind index ${kind}`, 32));
        blindKeys.set(kind, own);
      }
      return createHmac('sha256', own).update(normalised).digest().subarray(0, 16);
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
        await loadSubjectKeys(q, master, part, create, found);
      }
      for (const subject of missing) {
        const loaded = found.get(subject);
        // A key made in a transaction that may still roll back must not outlive it in the cache.
        if (loaded !== undefined && !create) remember(cache, subject, loaded);
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

const padsOf = (key: Buffer): { inner: Buffer; outer: Buffer } => {
  const pad = (byte: number) => Buffer.alloc(HMAC_BLOCK_BYTES, byte).map((each, i) => each ^ (key[i] ?? 0));
  return { inner: Buffer.from(pad(0x36)), outer: Buffer.from(pad(0x5c)) };
};

/** HMAC-SHA-256 as its two hashes, cut to 128 bits and written as a UUID: half the time of `createHmac`, and several are made for every fact. */
function pseudonymMaker(key: Buffer): (message: string) => string {
  const { inner, outer } = padsOf(key);
  let message = Buffer.alloc(HMAC_BLOCK_BYTES + MESSAGE_BYTES);
  inner.copy(message);
  const last = Buffer.concat([outer, Buffer.alloc(32)]);
  return (text) => {
    // UTF-8 takes at most three bytes for each unit of a string.
    if (text.length * 3 > message.length - HMAC_BLOCK_BYTES) {
      message = Buffer.concat([inner, Buffer.alloc(text.length * 3)]);
    }
    const length = HMAC_BLOCK_BYTES + message.write(text, HMAC_BLOCK_BYTES, 'utf8');
    last.write(hash('sha256', message.subarray(0, length), 'hex'), HMAC_BLOCK_BYTES, 'hex');
    const hex = hash('sha256', last, 'hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
  };
}

/** format · nonce · ciphertext · tag */
function seal(subjectKey: Buffer, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', subjectKey, nonce);
  return Buffer.concat([Buffer.of(SEAL_FORMAT), nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
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

async function loadSubjectKeys(q: Queryable, master: Buffer, subjects: readonly string[], create: boolean, into: Map<string, Buffer>): Promise<void> {
  const select = 'select subject, wrapped from platform.subject_key where subject = any($1::uuid[])';
  const take = (rows: { subject: string; wrapped: Buffer }[]) => {
    for (const row of rows) into.set(row.subject, open(master, row.wrapped));
  };
  take(await q.query<{ subject: string; wrapped: Buffer }>(select, [subjects]));
  const absent = create ? subjects.filter((subject) => !into.has(subject)) : [];
  if (absent.length === 0) return;
  const wrapped = absent.map(() => seal(master, randomBytes(32)));
  await q.query('insert into platform.subject_key (subject, wrapped) select * from unnest($1::uuid[], $2::bytea[]) on conflict (subject) do nothing', [
    absent,
    wrapped,
  ]);
  // Read back: a transaction beside us may have made the same subject's key first.
  take(await q.query<{ subject: string; wrapped: Buffer }>(select, [absent]));
}

function remember(cache: Map<string, Buffer>, subject: string, subjectKey: Buffer): void {
  if (cache.size >= SUBJECT_CACHE_MAX) {
    const oldest = cache.keys().next().value;
    if (oldest !== undefined) cache.delete(oldest);
  }
  cache.set(subject, subjectKey);
}
