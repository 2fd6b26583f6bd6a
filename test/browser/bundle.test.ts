/** What a first visit downloads, compressed as it is served. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const WEB = new URL('../../web', import.meta.url).pathname;
const KB = 1000;

const served = (path: string): number => statSync(existsSync(`${path}.gz`) ? `${path}.gz` : path).size;
/** The page, and everything its head asks for before anything is drawn. */
function firstLoad(application: 'console' | 'patient'): { bytes: number; names: string[] } {
  const root = join(WEB, application, 'dist');
  const html = readFileSync(join(root, 'index.html'), 'utf8');
  const names = [...html.matchAll(/(?:src|href)="\/(?:p\/)?(assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  return { bytes: served(join(root, 'index.html')) + names.reduce((sum, name) => sum + served(join(root, name)), 0), names };
}

test('the console draws its sign-in after less than 400 kB, and charts and fonts come later', () => {
  const { bytes, names } = firstLoad('console');
  expect(names.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(400 * KB);
  expect(names.filter((name) => /Canvas|fonts|noto|woff/.test(name))).toEqual([]);
});

test('all of the patients’ pages together are under 100 kB, with no font of their own', () => {
  const assets = join(WEB, 'patient/dist/assets');
  const files = readdirSync(assets).filter((name) => !/\.(gz|br)$/.test(name));
  expect(files.filter((name) => /woff|ttf/.test(name))).toEqual([]);
  const bytes = files.reduce((sum, name) => sum + served(join(assets, name)), served(join(WEB, 'patient/dist/index.html')));
  expect(bytes).toBeGreaterThan(10 * KB);
  expect(bytes).toBeLessThan(100 * KB);
});
