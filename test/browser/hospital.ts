/** The real server with a small demo hospital, for as long as the browser tests run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = new URL('../..', import.meta.url).pathname;
/** Small enough to load in half a minute on two cores, large enough that every page has something to show. */
const SIZE = ['--patients', '300', '--months', '4'];
const START_LIMIT_MS = 180_000;
const LOAD_LIMIT_MS = 240_000;
export const PASSWORD = 'Xinglin-2026';

export interface Hospital {
  readonly url: string;
  stop(): Promise<void>;
}

/** With `XINGLIN_BROWSER_URL` a server that already runs is used: for taking screenshots of a fully loaded demo. */
export async function openHospital(): Promise<Hospital> {
  const given = process.env['XINGLIN_BROWSER_URL'];
  if (given !== undefined) return { url: given, stop: async () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-browser-'));
  const child = spawn(process.execPath, ['bin/xinglin.js', 'start', '--demo', '--data', join(folder, 'data'), '--port', '0', ...SIZE], {
    cwd: ROOT,
    env: { ...process.env, XINGLIN_KEYS: join(folder, 'keys'), XINGLIN_LOG: 'warn', XINGLIN_NO_BUILD: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(child);
    await untilLoaded(url);
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The address the server prints once it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const limit = setTimeout(() => reject(new Error(`the server printed no address:\n${said.slice(-2000)}`)), START_LIMIT_MS);
    const hear = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (url === undefined) return;
      clearTimeout(limit);
      resolve(url);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the server ended with ${String(code)}:\n${said.slice(-2000)}`)));
  });
}

/** Signs in as the president and waits until the overview says that loading is done. */
async function untilLoaded(url: string): Promise<void> {
  const cookie = await signIn(url, 'president');
  const limit = Date.now() + LOAD_LIMIT_MS;
  while (Date.now() < limit) {
    const answer = await fetch(`${url}/api/v1/overview?days=30`, { headers: { cookie } });
    const overview = (await answer.json()) as { loading: { isDone: boolean } | null };
    if (answer.ok && (overview.loading === null || overview.loading.isDone)) return;
    await sleep(1000);
  }
  throw new Error(`the demo hospital was not loaded within ${LOAD_LIMIT_MS / 1000} s`);
}

export async function signIn(url: string, username: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  if (!answer.ok) throw new Error(`signing in as ${username} was answered with ${answer.status}`);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
