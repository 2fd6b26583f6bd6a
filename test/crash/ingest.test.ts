import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { projectRoot } from '../../server/kernel/index.ts';
import { bundleChild } from './child.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
const PATIENTS = '60';
const SEED = '7';
/** Few rounds kill more often in each, many rounds more evenly. */
const KILLS_PER_ROUND = ROUNDS > 10 ? 1 : 3;
const ROUND_MS_MAX = 240_000;
/** Public messages, through the real doors, where they are present. */
const FOLDERS = [join(projectRoot(), '../shared/data/hl7v2/fhir-converter')].filter((path) => existsSync(path));

let child: { path: string; remove: () => void };
let folder: string;
let undisturbed: Record<string, unknown>;
let durationMs = 0;

interface Run {
  readonly process: ChildProcess;
  /** `ready`, `filed`, and the report. */
  readonly lines: string[];
  readonly isReady: Promise<void>;
  readonly isOver: Promise<number | null>;
}
function run(data: string): Run {
  const running = spawn(process.execPath, [child.path, data, join(folder, 'keys'), SEED, PATIENTS, ...FOLDERS], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  let rest = '';
  const isReady = new Promise<void>((resolve) => {
    running.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines[0] === 'ready') resolve();
    });
    running.once('close', () => resolve());
  });
  const isOver = once(running, 'close').then(([code]) => code as number | null);
  return { process: running, lines, isReady, isOver };
}
async function finish(data: string): Promise<Record<string, unknown>> {
  const { lines, isOver } = run(data);
  expect(await isOver).toBe(0);
  return JSON.parse(lines[2] ?? '{}') as Record<string, unknown>;
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The same instance, keys included, before anything was taken in: what is made of it can be compared to the letter. */
function freshCopy(name: string): string {
  const data = join(folder, name);
  cpSync(join(folder, 'empty'), data, { recursive: true, preserveTimestamps: true });
  for (const part of ['', 'pg']) if (existsSync(join(data, part))) chmodSync(join(data, part), 0o700);
  return data;
}

beforeAll(async () => {
  child = await bundleChild('ingest-child');
  folder = mkdtempSync(join(inject('xinglinTestServer').fastFolder, 'xinglin-ingest-'));
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
  const first = spawn(process.execPath, [child.path, join(folder, 'empty'), join(folder, 'keys'), SEED, '0'], { stdio: ['ignore', 'ignore', 'inherit'] });
  expect((await once(first, 'close'))[0]).toBe(0);
  const started = performance.now();
  undisturbed = await finish(freshCopy('undisturbed'));
  durationMs = performance.now() - started;
  rmSync(join(folder, 'undisturbed'), { recursive: true, force: true });
}, 120_000);
afterAll(() => {
  child.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe('everything filed is as if nothing had happened', () => {
  it('for an undisturbed run twice', async () => {
    expect(await finish(freshCopy('again'))).toEqual(undisturbed);
    expect(JSON.stringify(undisturbed)).toContain('encounter.discharged');
  });

  it(
    `when the server is killed at random moments (${ROUNDS} rounds)`,
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const data = freshCopy(`node-${round}`);
        for (let kill = 0; kill < KILLS_PER_ROUND; kill += 1) {
          const running = run(data);
          await running.isReady;
          await pause(Math.random() * durationMs * 0.4);
          running.process.kill('SIGKILL');
          await running.isOver;
        }
        expect(await finish(data)).toEqual(undisturbed);
        rmSync(data, { recursive: true, force: true });
      }
    },
    ROUNDS * ROUND_MS_MAX,
  );

  it(
    `when its PostgreSQL is killed at random moments (${ROUNDS} rounds)`,
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const data = freshCopy(`postgres-${round}`);
        const running = run(data);
        await running.isReady;
        for (let kill = 0; kill < KILLS_PER_ROUND; kill += 1) {
          await pause(Math.random() * durationMs * 0.2);
          const file = join(data, 'pg/postmaster.pid');
          const pid = existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
          if (pid > 0 && running.process.exitCode === null) killQuietly(pid);
        }
        expect(await running.isOver).toBe(0);
        expect(JSON.parse(running.lines[2] ?? '{}')).toEqual(undisturbed);
        rmSync(data, { recursive: true, force: true });
      }
    },
    ROUNDS * ROUND_MS_MAX,
  );
});

/** The pid comes from the data folder we made; it may have ended since. */
function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {}
}
