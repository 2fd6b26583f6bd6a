/** Gives DuckDB a text that exists only in memory: through a named pipe, so that nothing identified is ever on disk. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
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
 * ends the writing.
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

/** Writing waits in the event loop and takes no thread: those belong to the engine that reads, and to files. */
async function write(path: string, parts: readonly Uint8Array[], isOver: () => boolean): Promise<void> {
  const fd = await openForReader(path, isOver);
  if (fd === null) return;
  const pipe = new Socket({ fd, readable: false, writable: true });
  const closed = new Promise<void>((resolve) => pipe.on('close', () => resolve()));
  let problem: NodeJS.ErrnoException | null = null;
  pipe.on('error', (error) => {
    problem = error;
  });
  // All at once: the rest is written as the pipe empties, without asking for each part here.
  pipe.cork();
  for (const part of parts) pipe.write(part);
  pipe.destroySoon();
  await closed;
  // The reader stopped early: its own error tells why.
  if (problem !== null && (problem as NodeJS.ErrnoException).code !== 'EPIPE') throw problem;
}

/** Does not block, so that a reader that never opens the pipe cannot hold us; nor waits for a thread, which readers may hold that wait for us. */
async function openForReader(path: string, isOver: () => boolean): Promise<number | null> {
  while (!isOver()) {
    try {
      return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await pause(OPEN_RETRY_MS);
    }
  }
  return null;
}
