import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Bundles a script of this folder so that plain Node runs it as a child that may be killed. Returns its path. */
export async function bundleChild(name: string): Promise<{ path: string; remove: () => void }> {
  const folder = join(root, 'dist/test', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.js`);
  await build({
    ...{
      entryPoints: [join(root, 'test/crash', `${name}.ts`)],
      outfile: path,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'warning',
    },
    plugins: [
      {
        name: 'packages-stay-outside',
        setup: (api) => {
          api.onResolve({ filter: /^[^./]/ }, (args) =>
            args.kind === 'entry-point' || args.path.startsWith('@xinglin/') ? undefined : { path: args.path, external: true },
          );
        },
      },
    ],
  });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
