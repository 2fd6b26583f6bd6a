import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDataFolder, readDataFolder } from './data-folder.ts';

let parent: string;
let data: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'xinglin-folder-'));
  data = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const code = (expected: string) => expect.objectContaining({ code: `platform.${expected}` });
const write = (version: object | string): void => {
  mkdirSync(data);
  writeFileSync(join(data, 'VERSION'), typeof version === 'string' ? version : JSON.stringify(version));
};

describe('a data folder', () => {
  test('is made for its owner only, and says what it is', () => {
    expect(readDataFolder(data)).toBeNull();
    const made = openDataFolder(data, { isDemo: true });
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, 'VERSION')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(data, 'VERSION'), 'utf8'))).toEqual(made);
    expect(made).toEqual({ format: 1, instance: expect.stringMatching(/^[0-9a-f-]{36}$/), createdAt: expect.stringMatching(/Z$/), isDemo: true });
  });

  test('keeps its identity when opened again', () => {
    expect(openDataFolder(data, { isDemo: false })).toEqual(openDataFolder(data, { isDemo: false }));
  });

  test('of the demo is refused as a real hospital, and the other way round', () => {
    openDataFolder(data, { isDemo: true });
    expect(() => openDataFolder(data, { isDemo: false })).toThrow(code('real-on-demo'));
    rmSync(data, { recursive: true });
    openDataFolder(data, { isDemo: false });
    expect(() => openDataFolder(data, { isDemo: true })).toThrow(code('demo-on-real'));
  });

  test('of a newer format is refused untouched', () => {
    const newer = { format: 2, instance: 'x', createdAt: 'y', isDemo: false, more: 1 };
    write(newer);
    expect(() => openDataFolder(data, { isDemo: false })).toThrow(code('data-newer'));
    expect(JSON.parse(readFileSync(join(data, 'VERSION'), 'utf8'))).toEqual(newer);
  });

  test.each(['', '{', '{"format":"1"}', '[]'])('whose VERSION reads %j is refused', (text) => {
    write(text);
    expect(() => openDataFolder(data, { isDemo: false })).toThrow(code('data-unreadable'));
  });

  test('with settings only becomes one; with other things in it, it does not', () => {
    mkdirSync(data);
    writeFileSync(join(data, 'config.json'), '{}');
    openDataFolder(data, { isDemo: false });
    rmSync(join(data, 'VERSION'));
    writeFileSync(join(data, 'thesis.docx'), '');
    expect(() => openDataFolder(data, { isDemo: false })).toThrow(code('data-foreign'));
  });
});
