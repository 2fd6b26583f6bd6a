#!/usr/bin/env node
// `npm run check`: format and lint, types, import rules. Runs all and says which failed.
import { spawnSync } from 'node:child_process';

const FOLDERS = ['contracts', 'server', 'simulator', 'web', 'bench', 'test'];
const CHECKS = [
  ['format and lint', 'npx', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', 'npx', ['tsc', '-p', '.']],
  ['import rules', 'npx', ['depcruise', '--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...FOLDERS]],
];

const failed = [];
for (const [name, command, args] of CHECKS) {
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check failed: ${failed.join(', ')}`);
  process.exit(1);
}
