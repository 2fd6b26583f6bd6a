import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Refusal } from '../../kernel/index.ts';
import type { Account } from './account.ts';
import { refuse } from './errors.ts';

const LOG_READ_MAX = 64 * 1024;

/** What PostgreSQL wrote since `from`. */
export function logSince(file: string, from: number): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const length = Math.min(LOG_READ_MAX, Math.max(0, fstatSync(fd).size - from));
      const buffer = Buffer.alloc(length);
      readSync(fd, buffer, 0, length, from);
      return buffer.toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

/** Another start won the race, or old backends still hold the memory: look again instead of refusing. */
export const isPassing = (text: string): boolean =>
  /lock file "[^"]*postmaster\.pid" (?:already exists|is empty)|pre-existing shared memory block|is still in use/.test(text);

/** The one line that says why it did not start, from its own words (English: it runs with lc_messages C). */
export function explainFailure(text: string, place: { pgDir: string; log: string; account: Account | null; major: number }): Refusal {
  const { pgDir: folder, log } = place;
  const uid = place.account?.uid ?? process.getuid?.() ?? 0;
  if (/No space left on device|could not write.*disk quota/i.test(text)) return refuse('pg-disk-full', { folder });
  if (/could not look up effective user ID/.test(text)) return refuse('pg-user', { uid });
  if (/database files are incompatible|was initialized by PostgreSQL version/.test(text)) {
    return refuse('pg-version', { folder, found: /version (\d+)/.exec(text)?.[1] ?? '?', expected: place.major });
  }
  if (/could not create (?:any )?Unix[- ](?:domain )?socket|could not bind Unix|Unix-domain socket path/.test(text)) return refuse('pg-socket', { folder });
  if (/Permission denied|wrong ownership|invalid permissions|Operation not permitted/.test(text))
    return refuse('pg-permission', { folder, owner: ownerOf(folder), uid });
  if (/Cannot allocate memory|could not (?:create|map).*shared memory|out of memory/.test(text)) return refuse('pg-memory', { log });
  if (/error while loading shared libraries|GLIBC/.test(text)) return refuse('pg-binaries', { folder, reason: 'shared-libraries' });
  if (
    /checkpoint record|invalid data in file|PANIC|invalid page|could not (?:open|read) (?:file|directory)|is not a valid data directory|missing .*control|bogus data/.test(
      text,
    )
  ) {
    return refuse('pg-corrupt', { folder, log });
  }
  return refuse('pg-failed', { log });
}

const ownerOf = (folder: string): number | string => {
  try {
    return statSync(folder).uid;
  } catch {
    return '?';
  }
};
