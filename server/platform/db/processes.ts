import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Resolves true once the process is gone, false when it still runs after `limitMs`. */
export async function gone(pid: number, limitMs: number): Promise<boolean> {
  for (const end = Date.now() + limitMs; isAlive(pid); await pause(25)) if (Date.now() > end) return false;
  return true;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * The postmaster named by `postmaster.pid` when it is really the one on this folder; null when the file is stale.
 * A process id alone proves nothing after a restart of the machine: the process must be a PostgreSQL whose working directory
 * (where a postmaster always is) is this very folder.
 */
export function postmasterOf(pgDir: string): number | null {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(join(pgDir, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return null;
  }
  return Number.isInteger(pid) && pid > 1 && isAlive(pid) && isPostgresIn(pid, pgDir) ? pid : null;
}

/**
 * Backends in this folder that outlived their postmaster: they hold its memory, and a new one cannot start beside them.
 * Children of a postmaster that lives (one that somebody else is starting this very moment) are none.
 */
export function orphansIn(pgDir: string): number[] {
  if (process.platform !== 'linux') return [];
  const ours = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isPostgresIn(pid, pgDir));
  return ours.filter((pid) => {
    try {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1]);
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('postgres:') && !ours.includes(parent);
    } catch {
      return false;
    }
  });
}

function isPostgresIn(pid: number, pgDir: string): boolean {
  try {
    if (process.platform !== 'linux') {
      const command = spawnSync('ps', ['-o', 'command=', '-p', String(pid)]).stdout?.toString() ?? '';
      return command.includes('postgres') && command.includes(pgDir);
    }
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    if (!/^(?:\S*\/)?postgres(?:[:\0]|$)/.test(command)) return false;
    const [works, ours] = [statSync(`/proc/${pid}/cwd`), statSync(pgDir)];
    return works.dev === ours.dev && works.ino === ours.ino;
  } catch {
    return false;
  }
}
