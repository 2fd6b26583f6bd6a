import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from './errors.ts';

/** One 256-bit key per use, so that a leak of one use says nothing about another. Segment keys are numbered for rotation. */
export interface KeyFile {
  readonly format: 1;
  readonly pseudonym: string;
  readonly blind: string;
  readonly master: string;
  readonly token: string;
  readonly audit: string;
  readonly segments: readonly { readonly id: number; readonly key: string }[];
}

const randomKey = (): string => randomBytes(32).toString('base64');
/** `keyFor` gives 256 bits in base64 for a use. */
export const newKeyFile = (keyFor: (use: string) => string): KeyFile => ({
  format: 1,
  pseudonym: keyFor('pseudonym'),
  blind: keyFor('blind'),
  master: keyFor('master'),
  token: keyFor('token'),
  audit: keyFor('audit'),
  segments: [{ id: 1, key: keyFor('segment 1') }],
});

/** Says whether a key file belongs to a database, without revealing anything of the keys. */
export const fingerprintOf = (file: KeyFile): string => createHash('sha256').update(`xinglin keys ${file.pseudonym}${file.master}`).digest('hex');

/**
 * Reads `<folder>/keys.json`, or makes it (mode 0600, synced before it is used) when `mayCreate`.
 * @param folder `<keysDir>/<instance>`, outside the data folder.
 */
export function loadKeyFile(folder: string, mayCreate: boolean): KeyFile {
  const path = join(folder, 'keys.json');
  if (existsSync(path)) {
    try {
      const file = JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
      if (file.format === 1 && Buffer.from(file.master, 'base64').length === 32 && file.segments.length > 0) return file;
    } catch (cause) {
      throw refuse('unreadable', { file: path }, cause);
    }
    throw refuse('unreadable', { file: path });
  }
  if (!mayCreate) throw refuse('missing', { folder });
  const file = newKeyFile(randomKey);
  writeKeyFile(folder, file);
  return file;
}

/** Durable before anything is sealed with it. */
export function writeKeyFile(folder: string, file: KeyFile): void {
  const path = join(folder, 'keys.json');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = `${path}.${process.pid}`;
  const fd = openSync(temporary, 'w', 0o600);
  writeSync(fd, JSON.stringify(file, null, 2));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(temporary, path);
  const folderFd = openSync(folder, 'r');
  fsyncSync(folderFd);
  closeSync(folderFd);
}
