/** Gives DuckDB a text that exists only in memory: through a named pipe, so that nothing identified is ever on disk. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const OPEN_RETRY_MS = 1;

/** A pipe only we may read and write. Rejects where the system has no `mkfifo` (Windows): callers then read row by row. */
export async function makePipe(folder: string): Promise<{ path: string; remove: () => Promise<void> }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `feed-${randomBytes(8).toString('hex')}`);
  await run('mkfifo', ['-m', '600', path]);
  return { path, remove: () => rm(path, { force: true }) };
}

/**
 * Runs `reading`, which opens the pipe, and writes the parts into it. Resolves with the reader's result; a reader that fails at any moment
 * ends the writing. The first opening does not block, so a reader that never opens the pipe cannot hold us.
 */
export async function feed<T>(path: string, parts: readonly Uint8Array[], reading: () => Promise<T>): Promise<T> {
  let isOver = false;
  const result = reading().finally(() => {
    isOver = true;
  });
  const written = write(path, parts, () => isOver);
  const [outcome] = await Promise.allSettled([result, written]);
  if (outcome.status === 'rejected') throw outcome.reason;
  await written;
  return outcome.value;
}

async function write(path: string, parts: readonly Uint8Array[], isOver: () => boolean): Promise<void> {
  const first = await openForReader(path, isOver);
  if (first === null) return;
  // There is a reader now, so this opening returns at once; its writes block in the thread pool until they are read.
  const pipe = await open(path, constants.O_WRONLY);
  await first.close();
  try {
    for (const part of parts) await pipe.writeFile(part);
  } catch (error) {
    // The reader stopped early: its own error tells why.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    await pipe.close();
  }
}

async function openForReader(path: string, isOver: () => boolean) {
  while (!isOver()) {
    try {
      return await open(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await pause(OPEN_RETRY_MS);
    }
  }
  return null;
}
