import { chmodSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uuidv7, wallNow } from '../../kernel/index.ts';
import { refuse } from './errors.ts';

/** Format of the data folder this version reads and writes. */
export const DATA_FORMAT = 1;

/** What `DATA/VERSION` says. */
export interface DataVersion {
  readonly format: number;
  readonly instance: string;
  readonly createdAt: string;
  readonly isDemo: boolean;
}

/** Null when the folder is not there or is not a data folder yet. Lets a command follow the folder's own mode. */
export function readDataFolder(dataDir: string): DataVersion | null {
  const file = join(dataDir, 'VERSION');
  if (!existsSync(file)) return null;
  let read: Partial<DataVersion>;
  try {
    read = JSON.parse(readFileSync(file, 'utf8')) as Partial<DataVersion>;
  } catch (cause) {
    throw refuse('data-unreadable', { folder: dataDir }, cause);
  }
  const { format, instance, createdAt, isDemo } = read;
  if (typeof format !== 'number' || typeof instance !== 'string' || typeof createdAt !== 'string' || typeof isDemo !== 'boolean') {
    throw refuse('data-unreadable', { folder: dataDir });
  }
  if (format > DATA_FORMAT) throw refuse('data-newer', { folder: dataDir, found: format, supported: DATA_FORMAT });
  return { format, instance, createdAt, isDemo };
}

/** Opens the data folder, making it (0700) with its VERSION when it is new. Demo and real hospital never share one. */
export function openDataFolder(dataDir: string, mode: { isDemo: boolean }): DataVersion {
  const found = readDataFolder(dataDir) ?? makeDataFolder(dataDir, mode.isDemo);
  if (found.isDemo && !mode.isDemo) throw refuse('real-on-demo', { folder: dataDir });
  if (!found.isDemo && mode.isDemo) throw refuse('demo-on-real', { folder: dataDir });
  return found;
}

/** What may lie in a folder before we have made it ours. */
const isHarmless = (name: string): boolean => name === 'config.json' || name === 'lost+found' || name.startsWith('.') || name.startsWith('VERSION');

function makeDataFolder(dataDir: string, isDemo: boolean): DataVersion {
  const version: DataVersion = { format: DATA_FORMAT, instance: uuidv7(), createdAt: wallNow().toISOString(), isDemo };
  try {
    const isNew = mkdirSync(dataDir, { recursive: true, mode: 0o700 }) !== undefined;
    if (!isNew && !readdirSync(dataDir).every(isHarmless)) throw refuse('data-foreign', { folder: dataDir });
    if (!isNew && readdirSync(dataDir).length === 0) chmodSync(dataDir, 0o700);
    const fresh = join(dataDir, `VERSION.new-${process.pid}`);
    writeFileSync(fresh, `${JSON.stringify(version, null, 2)}\n`, { mode: 0o600, flush: true });
    try {
      // A link, unlike a rename, fails when another process was first; then its VERSION holds.
      linkSync(fresh, join(dataDir, 'VERSION'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      unlinkSync(fresh);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') throw error;
    throw refuse('data-permission', { folder: dataDir, reason: (error as NodeJS.ErrnoException).code ?? 'unknown' }, error);
  }
  return readDataFolder(dataDir) ?? version;
}
