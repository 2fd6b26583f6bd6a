#!/usr/bin/env -S node --max-semi-space-size=48
// The `xinglin` command. In a checkout it first builds what changed; an installed package ships its build.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { V8_FLAGS } from './v8-flags.js';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`xinglin needs Node 20.19 or later; this is ${process.versions.node}. 需要 Node 20.19 或更高版本。`);
  process.exit(1);
}
for (const flag of V8_FLAGS) setFlagsFromString(flag);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (existsSync(join(root, 'scripts/build.js')) && process.env.XINGLIN_NO_BUILD === undefined) {
  const { buildStale } = await import(pathToFileURL(join(root, 'scripts/build.js')).href);
  await buildStale();
}
const { main } = await import(pathToFileURL(join(root, 'dist/xinglin.js')).href);
await main(process.argv);
