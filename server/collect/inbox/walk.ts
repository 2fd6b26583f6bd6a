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

/** Links to files are followed, links to folders are not: they may lead in circles. */
async function walkFolder(folder: string, found: FoundFile[]): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter((each) => !each.name.startsWith('.'));
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walkFolder(path, found);
    else {
      const about = await stat(path).catch(() => null);
      if (about?.isFile()) found.push({ path, bytes: about.size });
    }
  }
}
