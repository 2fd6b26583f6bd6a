/** Runs the `xinglin` command as a person would: a process of its own, on a folder of its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../server/kernel/index.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function workFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'xinglin-command-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  XINGLIN_KEYS: join(folder, 'keys'),
  XINGLIN_NO_BUILD: '1',
  XINGLIN_LOG: 'silent',
  LANG: 'C',
  LC_ALL: 'C',
});

/** Never rejects; a command that fails is what many tests are about. */
export const xinglin = (folder: string, ...args: string[]): Promise<Ran> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [join(projectRoot(), 'bin/xinglin.js'), ...args],
      { env: environment(folder), maxBuffer: 64 * 1024 * 1024 },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        done({ code, out, err });
      },
    );
  });

export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<number | null>;
}

export async function startServer(folder: string, ...args: string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, [join(projectRoot(), 'bin/xinglin.js'), 'start', ...args], {
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const url = await new Promise<string>((done, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
      const found = /http:\/\/[\d.]+:\d+/.exec(text);
      if (found !== null) done(found[0]);
    });
    child.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${err}`)));
  });
  return {
    url,
    process: child,
    stop: () =>
      new Promise((done) => {
        if (child.exitCode !== null) return done(child.exitCode);
        child.once('exit', (code) => done(code));
        child.kill('SIGTERM');
      }),
  };
}
