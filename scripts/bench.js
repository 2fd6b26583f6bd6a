#!/usr/bin/env node
// `npm run bench [name …]`: runs every bench/<room>/<name>.bench.ts (or those whose path holds a given name), one after another.
// Each prints its figures as lines of JSON with a ratio to its named peer or physical limit.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { START_FLAGS, V8_FLAGS } from '../bin/v8-flags.js';
import { NODE_BUNDLE } from './build.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const files = readdirSync(join(root, 'bench'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.bench.ts') && !path.includes('node_modules') && (wanted.length === 0 || wanted.some((name) => path.includes(name))))
  .sort();
if (files.length === 0) {
  console.error(`no benchmark matches ${wanted.join(' ') || 'bench/**/*.bench.ts'}`);
  process.exit(1);
}
const outdir = join(root, 'bench/dist');
mkdirSync(outdir, { recursive: true });
let failures = 0;
for (const file of files) {
  const outfile = join(outdir, file.replace(/[\\/]/g, '-').replace(/\.ts$/, '.js'));
  await build({ ...NODE_BUNDLE, entryPoints: [join(root, 'bench', file)], outfile, sourcemap: 'inline' });
  console.log(`# ${file}`);
  const { status } = spawnSync(process.execPath, [...START_FLAGS, ...V8_FLAGS, '--enable-source-maps', '--expose-gc', outfile], {
    stdio: 'inherit',
    cwd: root,
  });
  if (status !== 0) failures += 1;
}
if (!existsSync(outdir) || failures > 0) process.exit(1);
