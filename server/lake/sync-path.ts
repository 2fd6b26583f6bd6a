import { closeSync, fsync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const fsyncOf = promisify(fsync);

/** A file's content, or the names in a folder, then survive a power cut. Only the sync itself waits for the thread pool. */
export async function syncPath(path: string): Promise<void> {
  const fd = openSync(path, 'r');
  try {
    await fsyncOf(fd);
  } finally {
    closeSync(fd);
  }
}
