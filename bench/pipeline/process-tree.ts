/** Where CPU goes: the private PostgreSQL with every process of it, and this process's main thread. Linux only; elsewhere nothing is said. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Clock ticks per second, as Linux has it on every machine this runs on. */
const TICKS = 100;

export function processTree(dataDir: string): { cpuSeconds: () => number } {
  const server = serverOf(dataDir);
  return { cpuSeconds: () => (server === null ? Number.NaN : all(server) / TICKS) };
}

/** Of the thread that runs our own code; DuckDB, zlib and the garbage collector's helpers have others. */
export const mainThreadSeconds = (): number => (statOf(`${process.pid}/task/${process.pid}`)?.own ?? Number.NaN) / TICKS;

function serverOf(dataDir: string): number | null {
  for (const folder of ['pg', 'pg/data', 'postgres']) {
    try {
      return Number(readFileSync(join(dataDir, folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {}
  }
  return null;
}

function all(server: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(name);
    if (stat === null) continue;
    if (Number(name) === server) ticks += stat.own + stat.ended;
    else if (stat.parent === server) ticks += stat.own;
  }
  return ticks;
}

function statOf(pid: string): { parent: number; own: number; ended: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    return { parent: fields[1] ?? 0, own: (fields[11] ?? 0) + (fields[12] ?? 0), ended: (fields[13] ?? 0) + (fields[14] ?? 0) };
  } catch {
    return null;
  }
}
