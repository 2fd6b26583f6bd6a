import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { BulkEngines } from './bulk-engine.ts';
import { feed, makePipe } from './feed.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinglin-engines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('two engines work at once; the third run waits and gets one that was emptied', async () => {
  const engines = new BulkEngines(folder);
  const [one, other] = [await engines.take(), await engines.take()];
  await one?.run('create table rows as select 1 as a');
  let third: Awaited<ReturnType<typeof engines.take>> = null;
  const waiting = engines.take().then((engine) => {
    third = engine;
  });
  await pause(50);
  expect(third).toBeNull();
  if (one !== null) await engines.giveBack(one, true);
  await waiting;
  expect(third).toBe(one);
  expect(await one?.rows('select table_name from duckdb_tables()')).toEqual([]);
  // What went wrong in one is not seen by the next.
  if (other !== null) await engines.giveBack(other, false);
  const fresh = await engines.take();
  expect(fresh).not.toBe(other);
  for (const engine of [one, fresh]) if (engine !== null) await engines.giveBack(engine, true);
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
