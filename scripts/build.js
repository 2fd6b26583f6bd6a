#!/usr/bin/env node
// Builds what runs: the server as one ESM bundle (npm packages stay outside), the console and the patient pages.
// `--if-stale` builds only what changed since the stamp beside each output.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git']);

const PARTS = [
  {
    name: 'server',
    sources: ['contracts', 'server', 'simulator', 'package.json', 'scripts/build.js'],
    stamp: 'dist/.stamp',
    ignore: /\.test\.ts$|\.md$/,
    build: buildServer,
  },
  {
    name: 'console',
    sources: ['contracts', 'web/shared', 'web/console', 'web/build.ts', 'package.json'],
    stamp: 'web/console/dist/.stamp',
    ignore: /\.test\.tsx?$|\.md$/,
    build: () => buildWeb('console'),
  },
  {
    name: 'patient',
    sources: ['contracts', 'web/shared', 'web/patient', 'web/build.ts', 'package.json'],
    stamp: 'web/patient/dist/.stamp',
    ignore: /\.test\.tsx?$|\.md$/,
    build: () => buildWeb('patient'),
  },
];

/** A digest over path, size and modification time of a part's sources. */
function digestOf(part) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const full = join(root, path);
    if (!existsSync(full)) return;
    const stat = statSync(full);
    if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) if (!SKIPPED.has(name)) visit(join(path, name));
    } else if (!part.ignore.test(path)) hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of part.sources) visit(source);
  return hash.digest('hex');
}

/** How code that Node runs is bundled: npm packages stay outside. */
export const NODE_BUNDLE = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Otherwise /\p{…}/u becomes a `new RegExp` made anew at every use, five times as slow.
  supported: { 'regexp-unicode-property-escapes': true },
  logLevel: 'warning',
  plugins: [
    {
      name: 'packages-stay-outside',
      setup(api) {
        api.onResolve({ filter: /^[^./]/ }, (args) => {
          if (args.kind === 'entry-point' || args.path.startsWith('@xinglin/')) return undefined;
          return { path: args.path, external: true };
        });
      },
    },
  ],
};

async function buildServer() {
  const { build } = await import('esbuild');
  await build({ ...NODE_BUNDLE, entryPoints: { xinglin: join(root, 'server/cli.ts') }, outdir: join(root, 'dist'), splitting: true, sourcemap: true });
}

async function buildWeb(name) {
  const folder = join(root, 'web', name);
  if (!existsSync(join(folder, 'vite.config.ts'))) return;
  const { build } = await import('vite');
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' });
}

/** Two builds at once (two starts, a start beside tests) would write over each other; a lock older than this was left by a killed build. */
const LOCK_STALE_MS = 120_000;
const lock = join(root, 'node_modules/.xinglin-build-lock');

async function withLock(work) {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') return work();
      if (Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0) > LOCK_STALE_MS) rmSync(lock, { recursive: true, force: true });
      else await new Promise((done) => setTimeout(done, 200));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const isCurrent = (part) => existsSync(join(root, part.stamp)) && readFileSync(join(root, part.stamp), 'utf8') === digestOf(part);

/** Builds the parts whose sources changed (all when `force`). Returns the names built. */
export async function buildStale({ force = false } = {}) {
  if (!force && PARTS.every(isCurrent)) return [];
  return withLock(async () => {
    const built = [];
    for (const part of PARTS) {
      if (!force && isCurrent(part)) continue;
      const digest = digestOf(part);
      await part.build();
      mkdirSync(dirname(join(root, part.stamp)), { recursive: true });
      writeFileSync(join(root, part.stamp), digest);
      built.push(part.name);
    }
    return built;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const built = await buildStale({ force: !process.argv.includes('--if-stale') });
  if (built.length > 0) console.log(`built ${built.join(', ')}`);
}
