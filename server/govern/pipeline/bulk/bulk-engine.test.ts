import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type BulkEngine, BulkEngines } from './bulk-engine.ts';
import { feed, makePipe } from './feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinglin-engines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run that lasts until it is told what it comes to. */
function run(engines: BulkEngines) {
  let end: (result: string | null) => void = () => {};
  const ended = new Promise<string | null>((resolve) => {
    end = resolve;
  });
  let begin: (engine: BulkEngine) => void = () => {};
  const engine = new Promise<BulkEngine>((resolve) => {
    begin = resolve;
  });
  const result = engines.use(async (own) => {
    begin(own);
    return await ended;
  });
  return { engine, end, result };
}

test('two engines work at once; the third run waits and gets one that was emptied', async () => {
  const engines = new BulkEngines(folder);
  const [a, b, c] = [run(engines), run(engines), run(engines)];
  const [one, other] = [await a.engine, await b.engine];
  await one.run('create table rows as select 1 as a');
  let third: BulkEngine | null = null;
  const waiting = c.engine.then((engine) => {
    third = engine;
  });
  await pause(50);
  expect(third).toBeNull();
  a.end('filed');
  expect(await a.result).toBe('filed');
  await waiting;
  expect(third).toBe(one);
  expect(await one.rows('select table_name from duckdb_tables()')).toEqual([]);
  // What went wrong in one is not seen by the next.
  b.end(null);
  expect(await b.result).toBeNull();
  const d = run(engines);
  expect(await d.engine).not.toBe(other);
  for (const each of [c, d]) each.end('filed');
  await Promise.all([c.result, d.result]);
  await engines.close();
});

test('pipes are fed although their readers hold every thread', { timeout: 10_000 }, async () => {
  const pipes = await Promise.all(Array.from({ length: 4 }, () => makePipe(folder)));
  const texts = pipes.map((_, at) => String(at).repeat(200_000));
  const readers = pipes.map(({ path }) => readFile(path, 'utf8'));
  const read = await Promise.all(readers.map((reader, at) => feed(pipes[at]?.path ?? '', [Buffer.from(texts[at] ?? '')], () => reader)));
  expect(read).toEqual(texts);
  for (const pipe of pipes) await pipe.remove();
});
