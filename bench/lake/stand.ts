/** What the lake's benchmarks share: a platform of its own in a temporary folder, and how figures are said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, silentLogger } from '../../server/kernel/index.ts';
import { createLake, type Lake } from '../../server/lake/index.ts';
import { type OpenPlatform, openPlatform } from '../../server/platform/index.ts';

export interface Stand {
  readonly platform: OpenPlatform;
  readonly lake: Lake;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openStand(): Promise<Stand> {
  const folder = mkdtempSync(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'xinglin-bench-'));
  const config = loadConfig({ dataDir: join(folder, 'data'), keysDir: join(folder, 'keys'), logLevel: 'silent' });
  const platform = await openPlatform(config, { log: silentLogger });
  const lake = await createLake({ platform });
  const close = async (): Promise<void> => {
    await lake.close();
    await platform.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { platform, lake, folder, close };
}

/** Seconds it took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const rounded = (value: number): number => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
export function say(bench: string, figures: Readonly<Record<string, number>>): void {
  console.log(JSON.stringify({ bench, ...Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)])) }));
}
