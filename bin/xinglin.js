#!/usr/bin/env node
// The `xinglin` command. In a checkout it first builds what changed; an installed package ships its build.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`xinglin needs Node 20.19 or later; this is ${process.versions.node}. 需要 Node 20.19 或更高版本。`);
  process.exit(1);
}
// V8's own rounds for quiet processes come an hour later: ours (server/kernel/rest.ts) have been by then. It must hear so before its first collection.
setFlagsFromString('--gc-memory-reducer-start-delay-ms=3600000');
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (existsSync(join(root, 'scripts/build.js')) && process.env.XINGLIN_NO_BUILD === undefined) {
  const { buildStale } = await import(pathToFileURL(join(root, 'scripts/build.js')).href);
  await buildStale();
}
const { main } = await import(pathToFileURL(join(root, 'dist/xinglin.js')).href);
await main(process.argv);
