import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createWorld } from '../world.ts';
import { writeRecords } from './records-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'xinglin-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
type Row = Readonly<Record<string, string>>;
const read = (file: string): Row[] => {
  const [head = '', ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, i) => [names[i] as string, field])));
};

describe('the records of all people', () => {
  const world = createWorld({ patients: 6000, months: 12, seed: 'records', end: '2026-10-31' });
  const written = writeRecords(world, join(folder, 'people.csv'));
  const [shown, truth] = [read(written.file), read(written.truth)];
  const answer = new Map(truth.map((each) => [each['record_id'], each]));

  test('every record has one answer, and the file itself holds none', () => {
    expect(shown.length).toBe(written.records);
    expect(answer.size).toBe(shown.length);
    expect(shown.map((each) => each['record_id'])).toEqual(truth.map((each) => each['record_id']));
    expect(Object.keys(shown[0] ?? {})).toEqual(expect.not.arrayContaining(['person', 'household', 'dirt', 'twin']));
  });

  test('a system shows the fields it has: imaging letters, the laboratory no phone, surveys no day of birth', () => {
    for (const each of shown) {
      if (each['source'] === 'pacs') expect(each['name']).toMatch(/^[A-Z ^]+$/);
      if (each['source'] === 'lis') expect(each['phone']).toBe('');
      if (each['source'] === 'survey' || each['source'] === 'web') expect(each['birth_date']).toBe('');
    }
  });

  test('newborns entered before they had a name bear their mother’s, and the mother is named in the answer', () => {
    const newborns = shown.filter((each) => answer.get(each['record_id'])?.['dirt']?.includes('newborn-name'));
    expect(newborns.length).toBeGreaterThan(30);
    for (const each of newborns) {
      const { mother } = answer.get(each['record_id']) as Row;
      const names = new Set(shown.filter((other) => answer.get(other['record_id'])?.['person'] === mother).map((other) => other['name']));
      expect(each['name']).toMatch(/之[长次]?[子女]$/);
      expect(names).toContain(each['name']?.replace(/之[长次]?[子女]$/, ''));
    }
  });

  test('twins, families and merged records are marked', () => {
    const twins = truth.filter((each) => each['twin'] === '1');
    expect(twins.length).toBeGreaterThan(20);
    expect(new Set(twins.map((each) => each['person'])).size).toBeGreaterThan(new Set(twins.map((each) => each['household'])).size);
    const second = truth.filter((each) => each['dirt']?.includes('second-record'));
    const merged = second.filter((each) => each['merged'] === '1').length / second.length;
    expect(merged).toBeGreaterThan(0.3);
    expect(merged).toBeLessThan(0.65);
  });

  test('nicknames stand for three in ten accounts', () => {
    const accounts = truth.filter((_, i) => shown[i]?.['source'] === 'web');
    const share = accounts.filter((each) => each['dirt']?.includes('nickname')).length / accounts.length;
    expect(share).toBeGreaterThan(0.27);
    expect(share).toBeLessThan(0.33);
  });
});
