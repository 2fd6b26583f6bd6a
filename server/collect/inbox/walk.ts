import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refuse } from '../errors.ts';

export interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

/** Files named, and those in folders named, in name order. Hidden files and things that are no files are passed over. Throws when a path is not there. */
export async function walk(paths: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const [at, path] of paths.entries()) {
    const about = await stat(path).catch((cause: unknown) => {
      throw refuse('not-found', { number: at + 1 }, cause);
    });
    if (about.isFile()) found.push({ path, bytes: about.size });
    else if (about.isDirectory()) await walkFolder(path, found);
  }
  return found;
}

async function walkFolder(folder: string, found: FoundFile[]): Promise<void> {
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  for (const name of entries) {
    const path = join(folder, name);
    const about = await stat(path).catch(() => null);
    if (about?.isDirectory()) await walkFolder(path, found);
    else if (about?.isFile()) found.push({ path, bytes: about.size });
  }
}
