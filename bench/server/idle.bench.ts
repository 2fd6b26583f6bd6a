/**
 * A minute after the demo hospital is loaded: CPU of the server over the next minute (limit: one idle core) and the memory of its Node process,
 * PostgreSQL counted apart, and how soon the first page after it answers. Starts the product as a person would, on a fresh data folder.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TICKS_PER_SECOND = 100;
const SETTLE_MS = 60_000;
const WATCH_MS = 60_000;
/** As in the simulator: calendar months the server files before the older ones follow. */
const NEWEST_MONTHS = 4;

const folder = mkdtempSync(join(tmpdir(), 'xinglin-idle-'));
const started = Date.now();
const server = spawn(process.execPath, ['--max-semi-space-size=48', 'bin/xinglin.js', 'start', '--demo', '--data', join(folder, 'data'), '--port', '0'], {
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

interface Usage {
  readonly cpu: number;
  readonly mb: number;
  readonly peakMb: number;
}
/** CPU seconds and resident megabytes of a process; with those of its ended children when asked. Null when it has just ended. */
function usage(pid: number, withEnded = false): Usage | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    const ticks = fields.slice(11, withEnded ? 15 : 13).reduce((sum, each) => sum + Number(each), 0);
    return { cpu: ticks / TICKS_PER_SECOND, mb: kilobytes('VmRSS') / 1024, peakMb: kilobytes('VmHWM') / 1024 };
  } catch {
    return null;
  }
}
/** PostgreSQL's backends are children of its postmaster, and come and go while it is watched. */
function postgresUsage(): Usage {
  const postmaster = Number(readFileSync(join(folder, 'data/pg/postmaster.pid'), 'utf8').split('\n')[0]);
  const backends = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
  return [usage(postmaster, true), ...backends.map((pid) => usage(Number(pid)))].reduce<Usage>(
    (sum, each) => (each === null ? sum : { cpu: sum.cpu + each.cpu, mb: sum.mb + each.mb, peakMb: sum.peakMb + each.peakMb }),
    { cpu: 0, mb: 0, peakMb: 0 },
  );
}
function parentOf(pid: string): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
  } catch {
    return null;
  }
}

try {
  const signInSeconds = (Date.now() - started) / 1000;
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'analyst', password: 'Xinglin-2026' }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  // The loader goes on to older months once the newest, of more than three months together, are filed.
  const sent = new Set<string>();
  let newestFiledSeconds: number | null = null;
  for (;;) {
    const overview = (await (await fetch(`${url}/api/v1/overview?days=90`, { headers: { cookie } })).json()) as {
      loading: { phase: { en: string } } | null;
    };
    const month = /\d{4}-\d{2}/.exec(overview.loading?.phase.en ?? '')?.[0];
    if (month !== undefined) sent.add(month);
    if (newestFiledSeconds === null && (overview.loading === null || sent.size > NEWEST_MONTHS)) newestFiledSeconds = (Date.now() - started) / 1000;
    if (overview.loading === null) break;
    await pause(1000);
  }
  const loadedSeconds = (Date.now() - started) / 1000;
  await pause(SETTLE_MS);
  const serverUsage = (): Usage => usage(server.pid ?? 0) ?? { cpu: 0, mb: 0, peakMb: 0 };
  const [before, pgBefore] = [serverUsage(), postgresUsage()];
  await pause(WATCH_MS);
  const [after, pgAfter] = [serverUsage(), postgresUsage()];
  const asked = Date.now();
  await (await fetch(`${url}/api/v1/overview?days=90`, { headers: { cookie } })).arrayBuffer();
  const firstPageSeconds = (Date.now() - asked) / 1000;
  const share = (from: number, to: number) => ((to - from) / (WATCH_MS / 1000)) * 100;
  console.log(
    JSON.stringify({
      name: 'idle',
      peer: 'one idle core',
      nodeCpuPercent: share(before.cpu, after.cpu),
      postgresCpuPercent: share(pgBefore.cpu, pgAfter.cpu),
      nodeMb: Math.round(after.mb),
      nodePeakMb: Math.round(after.peakMb),
      postgresMb: Math.round(pgAfter.mb),
      firstPageSeconds,
      signInSeconds,
      newestFiledSeconds,
      loadedSeconds,
    }),
  );
} finally {
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  rmSync(folder, { recursive: true, force: true });
}
