import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from './errors.ts';

let found: string | undefined;

/** The folder of the package.json named "xinglin": the same from the sources and from the bundle in `dist/`. */
export function projectRoot(): string {
  if (found !== undefined) return found;
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'xinglin') {
      found = folder;
      return folder;
    }
    invariant(dirname(folder) !== folder, 'the code lies below the package.json named xinglin');
  }
}
