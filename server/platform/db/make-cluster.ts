import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refuse } from './errors.ts';
import type { ClusterPlace } from './place.ts';
import { isAlive } from './processes.ts';
import { logSince } from './start-failure.ts';

export const SUPERUSER = 'xinglin';

/** Makes the cluster when there is none; refuses one of another major version, and a folder that is no cluster. */
export function makeWhenNew(place: ClusterPlace, isThrowAway: boolean): void {
  checkVersion(place);
  if (!existsSync(join(place.pgDir, 'PG_VERSION'))) make(place, isThrowAway);
}

/** Runs initdb in a folder beside and renames it: a half-made cluster is never taken for one. */
function make(place: ClusterPlace, isThrowAway: boolean): void {
  for (const name of readdirSync(place.dataDir)) {
    const maker = /^pg\.new-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker))) rmSync(join(place.dataDir, name), { recursive: true, force: true });
  }
  const fresh = `${place.pgDir}.new-${process.pid}`;
  const from = place.openLog();
  try {
    mkdirSync(fresh, { mode: 0o700 });
    if (place.account !== null) chownSync(fresh, place.account.uid, place.account.gid);
    const args = ['-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    if (isThrowAway) args.push('--no-sync');
    const made = place.withFolder(fresh, (folder, stdio) =>
      spawnSync(place.binaries.initdb, ['-D', folder, ...args], { ...place.spawnOptions(), stdio: stdio as [] }),
    );
    if (made.status !== 0) throw place.explain(`${logSince(place.logFile, from)} ${(made.error as NodeJS.ErrnoException | undefined)?.code ?? ''}`);
    renameSync(fresh, place.pgDir);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    // Another process made it meanwhile: use that one.
    if (existsSync(join(place.pgDir, 'PG_VERSION'))) return;
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw refuse('pg-disk-full', { folder: place.pgDir }, error);
    if (['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw place.explain('Permission denied');
    throw error;
  }
}

function checkVersion(place: ClusterPlace): void {
  const file = join(place.pgDir, 'PG_VERSION');
  try {
    const found = readFileSync(file, 'utf8').trim();
    if (found !== String(place.binaries.major)) throw refuse('pg-version', { folder: place.pgDir, found, expected: place.binaries.major });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES') throw place.explain('Permission denied');
    if (code !== 'ENOENT') throw error;
    // A folder with things in it but without its version is no cluster, and not ours to overwrite.
    if (existsSync(place.pgDir) && readdirSync(place.pgDir).length > 0) throw refuse('pg-corrupt', { folder: place.pgDir, log: place.logFile });
  }
}

/** As root, a cluster made under another account, or copied by root, is handed to the one that will run it. */
export function takeOwnership(place: ClusterPlace): void {
  const { account } = place;
  if (account === null || ['.', 'PG_VERSION', 'global'].every((name) => statSync(join(place.pgDir, name)).uid === account.uid)) return;
  const hand = (path: string): void => {
    lchownSync(path, account.uid, account.gid);
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
    for (const name of readdirSync(path)) hand(join(path, name));
  };
  hand(place.pgDir);
  chmodSync(place.pgDir, 0o700);
}
