import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { patient as patientEn, staff as staffEn } from './en.ts';
import { patient, staff } from './zh-CN.ts';

type Tree = { readonly [key: string]: string | Tree };
const leaves = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[prefix + key, value]] : leaves(value, `${prefix}${key}.`)));
/** English has a singular where Chinese has one form for all. */
const plain = (key: string): string => key.replace(/_(one|other)$/, '');
const words = (tree: Tree) => new Map(leaves(tree).map(([key, value]) => [key, value]));

const WORDS = { staff: { zh: staff, en: staffEn }, patient: { zh: patient, en: patientEn } };

describe.each(['staff', 'patient'] as const)('the words of the %s pages', (application) => {
  const [chinese, english] = [words(WORDS[application].zh), words(WORDS[application].en as Tree)];

  test('have the same keys in both languages', () => {
    const keys = (map: Map<string, string>): string[] => [...new Set([...map.keys()].map(plain))].sort();
    expect(keys(english)).toEqual(keys(chinese));
  });

  test('fill the same gaps in both languages', () => {
    const gaps = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
    const differing = [...chinese].filter(([key, text]) => String(gaps(text)) !== String(gaps(english.get(key) ?? '')));
    expect(differing.map(([key]) => key)).toEqual([]);
  });

  test('are Chinese in Chinese and English in English', () => {
    const han = /\p{Script=Han}/u;
    // Each language is named in itself, and a few values are only signs.
    const named = /^language/;
    expect([...english].filter(([key, text]) => han.test(text) && !named.test(key)).map(([key]) => key)).toEqual([]);
    const signs = /^[\s{}\w→./%-]*$/;
    expect([...chinese].filter(([key, text]) => !han.test(text) && !signs.test(text) && !named.test(key)).map(([key]) => key)).toEqual([]);
  });

  test('set a half-width space between Chinese and Latin letters, digits and gaps', () => {
    const touching = /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9%]\p{Script=Han}/u;
    expect([...chinese].filter(([, text]) => touching.test(text.replaceAll(/\{\{\w+\}\}/g, '…'))).map(([key, text]) => `${key}: ${text}`)).toEqual([]);
  });

  test('use full-width punctuation in Chinese', () => {
    const half = /\p{Script=Han}[,;:?!()]/u;
    expect([...chinese].filter(([, text]) => half.test(text)).map(([key]) => key)).toEqual([]);
  });
});

test('no component holds a Chinese word of its own', () => {
  const root = new URL('../../', import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$|(^|\/)(dist|node_modules)\/|shared\/i18n\//.test(name),
  );
  expect(files.length).toBeGreaterThan(30);
  const withChinese = files.filter((name) =>
    readFileSync(new URL(name, root), 'utf8')
      .split('\n')
      .some((line) => /\p{Script=Han}/u.test(line.replace(/(^|\s)(\/\/|\/?\*).*$/, ''))),
  );
  expect(withChinese).toEqual([]);
});
