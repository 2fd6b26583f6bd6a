import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../server/kernel/index.ts';

test('every way to start the product gives V8 the same flags', async () => {
  const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
  const { START_FLAGS } = (await import(join(projectRoot(), 'bin/v8-flags.js'))) as { START_FLAGS: readonly string[] };
  const flags = START_FLAGS.join(' ');
  expect(read('bin/xinglin.js').split('\n')[0]).toBe(`#!/usr/bin/env -S node ${flags}`);
  expect((JSON.parse(read('package.json')) as { scripts: { start: string } }).scripts.start).toBe(`node ${flags} bin/xinglin.js start --demo`);
  for (const path of ['docs/operations/running.md', 'bench/server/idle.bench.ts']) expect(read(path)).toContain(flags);
});
