import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { bundleChild } from './child.ts';

/** 2,000 records: a round of five steps. */
const PEOPLE = '1000';

let child: { path: string; remove: () => void };
let folder: string;
beforeAll(async () => {
  child = await bundleChild('relink-child');
  folder = mkdtempSync(join(inject('xinglinTestServer').fastFolder, 'xinglin-relink-'));
  mkdirSync(join(folder, 'keys'), { mode: 0o700 });
});
afterAll(() => {
  child.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Told {
  /** Pairs there were when it began. */
  readonly pairs: number;
  /** Where the round was seen, in order. */
  readonly at: readonly string[];
  /** Everything comparing made; null when it was killed. */
  readonly made: { links: { person_id: string }[]; pairs: object[] } | null;
}
/** Killed as soon as the round was seen at so many places, if asked to; one that goes on is seen first where it stood. */
async function run(mode: 'fill' | 'relink' | 'go-on', killedAt: number | null = null): Promise<Told> {
  const running = spawn(process.execPath, [child.path, join(folder, 'data'), join(folder, 'keys'), PEOPLE, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(running, 'close');
  const at: string[] = [];
  let [pairs, made]: [number, Told['made']] = [-1, null];
  for await (const line of createInterface({ input: running.stdout })) {
    const [word, value = ''] = line.split(' ', 2);
    if (word === 'pairs') pairs = Number(value);
    else if (word !== 'at') made = JSON.parse(line) as Told['made'];
    else if (at.push(value) === killedAt) running.kill('SIGKILL');
  }
  const [code] = await closed;
  expect(code).toBe(killedAt === null ? 0 : null);
  return { pairs, at, made };
}

it('a round that compares everyone again goes on where it was killed, and ends with the very links it began with', async () => {
  const { made: before } = await run('fill');
  expect(before?.pairs.length).toBeGreaterThan(300);
  expect(new Set(before?.links.map((link) => link.person_id)).size).toBeLessThan(before?.links.length ?? 0);

  const first = await run('relink', 1);
  const second = await run('go-on', 2);
  const last = await run('go-on');
  // Killed in the middle, twice: part of the pairs were made again, and each start went on behind what was done.
  expect(second.pairs).toBeGreaterThan(0);
  expect(last.pairs).toBeGreaterThan(second.pairs);
  expect(last.pairs).toBeLessThan(before?.pairs.length ?? 0);
  const places = [...first.at, ...second.at, ...last.at];
  expect(places).toEqual([...places].sort());
  expect(last.made).toEqual(before);
});
