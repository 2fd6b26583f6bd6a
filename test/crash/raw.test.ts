import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { delivery, ENOUGH, HIS, newFolder, removeFolders, testZone } from '../../server/lake/raw/testing.ts';
import { bundleChild } from './child.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
let child: { path: string; remove: () => void };
beforeAll(async () => {
  child = await bundleChild('raw-appender');
});
afterAll(() => {
  child.remove();
  removeFolders();
});

/** Lines of a child until it ends or is killed. */
async function run(command: string, args: string[], until: (process: ChildProcess) => void): Promise<string[]> {
  const running = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  let isReady = false;
  running.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (!isReady && text.startsWith('ready')) {
      isReady = true;
      until(running);
    }
  });
  await once(running, 'close');
  return text.split('\n').slice(0, -1);
}

async function everything(folder: string): Promise<{ positions: number[]; numbers: number[] }> {
  const { zone } = await testZone({ folder });
  const records = await zone.read(HIS, 0, ENOUGH);
  await zone.close();
  return { positions: records.map((record) => record.position), numbers: records.map((record) => Number(record.meta['n'])) };
}

describe('the raw zone', () => {
  it(`killed at ${ROUNDS} random moments keeps every acknowledged delivery, none twice, positions dense`, async () => {
    const folder = newFolder();
    const acknowledged = new Map<number, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const lines = await run(process.execPath, [child.path, folder, String(round * 1_000_000)], (running) => {
        setTimeout(() => running.kill('SIGKILL'), 20 + Math.random() * 300);
      });
      for (const line of lines.slice(1)) {
        const [number, position] = line.split(' ').map(Number) as [number, number];
        expect(acknowledged.has(position)).toBe(false);
        acknowledged.set(position, number);
      }
      const { positions, numbers } = await everything(folder);
      expect(positions).toEqual(positions.map((_, i) => i + 1));
      expect(new Set(numbers).size).toBe(numbers.length);
      for (const [position, number] of acknowledged) expect(numbers[position - 1]).toBe(number % 10 === 9 ? number - 9 : number);
    }
    expect(acknowledged.size).toBeGreaterThan(ROUNDS);
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(process.platform === 'win32')('at the file size the process may write refuses clearly, and keeps what was acknowledged', async () => {
    const folder = newFolder();
    // One segment of 100 kB would go beyond the 64 kB the shell allows (128 blocks of 512 bytes).
    const lines = await run('sh', ['-c', 'ulimit -f 128; exec "$0" "$@"', process.execPath, child.path, folder, '0', '100000'], () => {});
    expect(lines.at(-1)).toBe('refused lake.disk-full');
    await keeps(folder, lines.slice(1, -1));
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!mayMount())('on a full disk refuses clearly, keeps what was acknowledged, and goes on once there is room', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'xinglin-full-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'xinglin-test', folder]);
    try {
      const lines = await run(process.execPath, [child.path, folder, '0', '50000'], () => {});
      expect(lines.at(-1)).toBe('refused lake.disk-full');
      await keeps(folder, lines.slice(1, -1));
      execFileSync('mount', ['-o', 'remount,size=2m', folder]);
      const { zone } = await testZone({ folder });
      const [outcome] = await zone.append([delivery('there is room again')]);
      expect(outcome?.outcome).toBe('accepted');
      await zone.close();
    } finally {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function keeps(folder: string, lines: readonly string[]): Promise<void> {
  const { positions, numbers } = await everything(folder);
  expect(lines.length).toBeGreaterThan(10);
  expect(positions).toEqual(positions.map((_, i) => i + 1));
  for (const line of lines) {
    const [number = 0, position = 0] = line.split(' ').map(Number);
    expect(numbers[position - 1]).toBe(number % 10 === 9 ? number - 9 : number);
  }
}

/** Mounting asks for rights an ordinary user has not. */
function mayMount(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = mkdtempSync(join(tmpdir(), 'xinglin-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'xinglin-test', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
