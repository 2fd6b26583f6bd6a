import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../server/kernel/index.ts';
import { referencePages } from '../server/reference.ts';

const root = projectRoot();

test.each(Object.entries(referencePages()))('docs/reference/%s is current; `npm run reference` makes it', (name, text) => {
  const path = join(root, 'docs/reference', name);
  expect(existsSync(path) ? readFileSync(path, 'utf8') : '').toBe(text);
});

test('every link between the pages of the documentation leads to a file', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true }).map((name) => join('docs', String(name)))].filter((name) =>
    name.endsWith('.md'),
  );
  const broken = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(root, page, '..', target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});
