/** What both page builds share: texts are also written compressed, so that the server need not compress on every request. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Below one network packet compression gains nothing. */
const COMPRESS_BYTES_MIN = 1400;
/** Level 11 takes ten times as long for three per cent. */
const BROTLI_QUALITY = 9;

/** Writes `.br` and `.gz` beside every script, style, page and picture in vectors. */
export const compressed = (): Plugin => ({
  name: 'xinglin-compressed',
  apply: 'build',
  writeBundle(options) {
    const root = options.dir;
    if (root === undefined) return;
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const path = join(root, name);
      if (!/\.(js|css|html|svg|json)$/.test(name) || statSync(path).size < COMPRESS_BYTES_MIN) continue;
      const body = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } }));
    }
  },
});
