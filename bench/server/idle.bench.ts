/**
 * A minute after the demo hospital is loaded: CPU of the server over the next minute (limit: one idle core) and the memory of its Node process,
 * PostgreSQL counted apart. Starts the product as a person would, on a fresh data folder.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TICKS_PER_SECOND = 100;
const SETTLE_MS = 60_000;
const WATCH_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'xinglin-idle-'));
const started = Date.now();
const server = spawn(process.execPath, ['bin/xinglin.js', 'start', '--demo', '--data', join(folder, 'data'), '--port', '0'], {
  env: { ...process.env, XINGLIN_KEYS: join(folder, 'keys') },
  stdio: ['ignore', 'pipe', 'inherit'],
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
const url = await new Promise<string>((done, failed) => {
  let text = '';
  server.stdout.on('data', (chunk) => {
    text += String(chunk);
    const found = /http:\/\/[\d.]+:\d+/.exec(text);
    if (found !== null) done(found[0]);
  });
  server.on('exit', (code) => failed(new Error(`the server ended with ${code}`)));
});

/** CPU seconds and resident megabytes of a process; PostgreSQL's backends are children of its postmaster. */
function usage(pid: number): { cpu: number; mb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const rss = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND, mb: Number(rss) / 1024 };
}
function postgresUsage(): { cpu: number; mb: number } {
  const postmaster = Number(readFileSync(join(folder, 'data/pg/postmaster.pid'), 'utf8').split('\n')[0]);
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const own = all.filter((pid) => {
    try {
      return pid === postmaster || Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === postmaster;
    } catch {
      return false;
    }
  });
  return own.map(usage).reduce((sum, each) => ({ cpu: sum.cpu + each.cpu, mb: sum.mb + each.mb }), { cpu: 0, mb: 0 });
}

try {
  const signInSeconds = (Date.now() - started) / 1000;
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'analyst', password: 'Xinglin-2026' }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  let threeMonths: number | null = null;
  for (;;) {
    const overview = (await (await fetch(`${url}/api/v1/overview?days=90`, { headers: { cookie } })).json()) as {
      loading: { loaded: number; expected: number; months?: number } | null;
    };
    if (threeMonths === null && (overview.loading === null || overview.loading.loaded >= overview.loading.expected / 4))
      threeMonths = (Date.now() - started) / 1000;
    if (overview.loading === null) break;
    await pause(1000);
  }
  const loadedSeconds = (Date.now() - started) / 1000;
  await pause(SETTLE_MS);
  const [before, pgBefore] = [usage(server.pid ?? 0), postgresUsage()];
  await pause(WATCH_MS);
  const [after, pgAfter] = [usage(server.pid ?? 0), postgresUsage()];
  const share = (from: number, to: number) => ((to - from) / (WATCH_MS / 1000)) * 100;
  console.log(
    JSON.stringify({
      name: 'idle',
      peer: 'one idle core',
      nodeCpuPercent: share(before.cpu, after.cpu),
      postgresCpuPercent: share(pgBefore.cpu, pgAfter.cpu),
      nodeMb: Math.round(after.mb),
      postgresMb: Math.round(pgAfter.mb),
      signInSeconds,
      quarterLoadedSeconds: threeMonths,
      loadedSeconds,
    }),
  );
} finally {
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  rmSync(folder, { recursive: true, force: true });
}
