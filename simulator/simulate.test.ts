import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runSimulate } from './cli.ts';
import { type Door, FORMS } from './doors/forms.ts';
import { type Part, TAKEN_FOLDERS } from './doors/parts.ts';
import { loadDemo } from './load-demo.ts';
import { monthParts } from './month.ts';
import { simulate } from './simulate.ts';
import { createWorld, SimulatorError } from './world.ts';

const options = { patients: 400, months: 4, seed: 'same', end: '2026-11-20' };
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'xinglin-simulate-'));
  folders.push(made);
  return made;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

async function fingerprint(given: typeof options): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of loadDemo(given)) hash.update(part.fileName).update(part.body);
  return hash.digest('hex');
}

describe('one hospital from a seed', () => {
  test('same seed and end, same bytes; another seed, another hospital', async () => {
    const first = await fingerprint(options);
    expect(await fingerprint({ ...options })).toBe(first);
    expect(await fingerprint({ ...options, seed: 'other' })).not.toBe(first);
  });

  test('a month made alone is the month made in the whole', async () => {
    const whole = new Map<string, string>();
    for await (const part of loadDemo(options)) whole.set(part.fileName, part.body.toString('latin1'));
    const world = createWorld(options);
    for (const part of monthParts(world, 1, { folders: TAKEN_FOLDERS })) expect(part.body.toString('latin1')).toBe(whole.get(part.fileName));
  });

  test('newest months come first, and a seed written as a number is the same seed', async () => {
    const months: string[] = [];
    for await (const part of loadDemo(options)) if (months.at(-1) !== part.month) months.push(part.month);
    expect(months).toEqual(['2026-11', '2026-10', '2026-09', '2026-08']);
    expect(createWorld({ ...options, seed: 5 }).seed).toBe(createWorld({ ...options, seed: '5' }).seed);
  });

  test('nothing has happened at or after the cut, and the last days are alive', async () => {
    const end = '2026-11-18T10:00:00+08:00';
    const cut = '20261118100000';
    let [latest, discharges] = ['', 0];
    for await (const part of loadDemo({ ...options, patients: 1500, months: 1, end })) {
      if (part.kind !== 'hl7') continue;
      for (const [, at, event] of part.body.toString('latin1').matchAll(/MSH\|[^\r]*?\|(\d{14})\+0800\|\|(?:ADT\^(A\d\d))?/g)) {
        expect(String(at) < cut).toBe(true);
        if (String(at) > latest) latest = String(at);
        if (event === 'A03' && String(at) > '20261104') discharges++;
      }
    }
    expect(latest > '20261118080000').toBe(true);
    expect(discharges).toBeGreaterThan(5);
  });

  test('a later cut in the same month changes no message sent before the earlier one', async () => {
    const sent = async (end: string): Promise<Set<string>> => {
      const found = new Set<string>();
      for await (const part of loadDemo({ ...options, months: 2, end }))
        if (part.source === 'his') for (const each of part.body.toString('latin1').split('\rMSH|')) found.add(each.replace(/\r(BTS|FTS)[\s\S]*$/, ''));
      return found;
    };
    const [early, late] = [await sent('2026-11-10'), await sent('2026-11-20')];
    const missing = [...early].filter((each) => !late.has(each) && !each.startsWith('FHS'));
    expect(missing.length / early.size).toBeLessThan(0.02);
  });
});

describe('files', () => {
  test('a run leaves deliveries by month, the dictionary and the answer sheet', async () => {
    const out = folder();
    const result = await simulate({ ...options, out });
    expect(readdirSync(join(out, 'deliver'))).toEqual(['2026-08', '2026-09', '2026-10', '2026-11']);
    expect(readdirSync(join(out, 'truth'))).toEqual(
      expect.arrayContaining(['effects.json', 'person.csv', 'loss.csv', 'knee.csv', 'diabetes.csv', 'arrival.csv']),
    );
    const hospital = JSON.parse(readFileSync(join(out, 'hospital.json'), 'utf8')) as { dimensions: { dimension: string; code: string }[] };
    expect(hospital.dimensions.filter((each) => each.dimension === 'department').length).toBeGreaterThan(23);
    expect(hospital.dimensions.every((each) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(each.code))).toBe(true);
    expect(result.items / (options.patients * options.months)).toBeGreaterThan(4);
  });

  test('the answer sheet names a person for every record and none twice', async () => {
    const out = folder();
    await simulate({ ...options, out });
    const [head, ...rows] = readFileSync(join(out, 'truth', 'person.csv'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(head).toBe('source,local_id,person,household,twin,dirt,linkable,role,mother,merged');
    const keys = rows.map((row) => row.split(',').slice(0, 2).join(','));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a history as tables', () => {
  const given = { ...options, liveMonths: 1 };
  const text = (part: Part): string => new TextDecoder(FORMS[part.door].charset).decode(part.body);
  const rowsOf = (part: Part): string[] => text(part).trimEnd().split('\r\n').slice(1);

  test('same seed and end, same bytes, and nothing is left on the disk', async () => {
    const before = readdirSync(tmpdir()).filter((each) => each.startsWith('xinglin-history-'));
    expect(await fingerprint(given)).toBe(await fingerprint({ ...given }));
    expect(readdirSync(tmpdir()).filter((each) => each.startsWith('xinglin-history-'))).toEqual(before);
  });

  test('the newest month is the very one the interfaces say without a history; then table after table, each over all its months', async () => {
    const live = new Map<string, Buffer>();
    for await (const part of loadDemo(options)) live.set(part.fileName, part.body);
    const doors: Door[] = [];
    for await (const part of loadDemo(given)) {
      if (part.month === '2026-11' && part.folder !== 'history') expect(part.body.equals(live.get(part.fileName) as Buffer)).toBe(true);
      if (part.month !== '2026-11' && doors.at(-1) !== part.door) doors.push(part.door);
    }
    expect(new Set(doors).size).toBe(doors.length);
    expect(doors.slice(0, 2)).toEqual(['old-his-register', 'old-lis-register']);
    expect(doors).not.toContain('his');
    expect(doors).not.toContain('web');
  });

  test('a table in small parts says what it says in one, every part with its header', async () => {
    const rows = async (partBytes: number): Promise<Record<string, string[]>> => {
      const found: Record<string, string[]> = {};
      for await (const part of loadDemo({ ...given, partBytes })) if (part.folder === 'history') (found[part.door] ??= []).push(...rowsOf(part));
      return found;
    };
    expect(await rows(20_000)).toEqual(await rows(4_000_000));
  });

  test('a register has a row for each record, whichever months are made by whom', async () => {
    const numbers: string[] = [];
    for (const only of [[0], [1], [2]])
      for await (const part of loadDemo({ ...given, only }))
        if (part.door === 'old-his-register') numbers.push(...rowsOf(part).map((row) => row.split(',')[0] as string));
    expect(numbers.length).toBeGreaterThan(200);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test('files lie by source, so that in order of name a table comes month after month; the answer sheet does not change', async () => {
    const [out, plain] = [folder(), folder()];
    await simulate({ ...given, out });
    await simulate({ ...options, out: plain });
    expect(readdirSync(join(out, 'deliver'))).toEqual(['2026-08', '2026-09', '2026-10', '2026-11', 'history']);
    expect(readdirSync(join(out, 'deliver', 'history', 'lis'))).toEqual([
      ...['检验患者信息-2026-08-0001.csv', '检验患者信息-2026-09-0001.csv', '检验患者信息-2026-10-0001.csv'],
      ...['检验项目结果-2026-08-0001.csv', '检验项目结果-2026-09-0001.csv', '检验项目结果-2026-10-0001.csv'],
    ]);
    const truth = readdirSync(join(plain, 'truth'));
    expect(readdirSync(join(out, 'truth'))).toEqual(truth);
    for (const name of truth) expect(readFileSync(join(out, 'truth', name), 'utf8'), name).toBe(readFileSync(join(plain, 'truth', name), 'utf8'));
  });

  test('the newest month is never history', async () => {
    await expect(loadDemo({ ...options, liveMonths: 0 }).next()).rejects.toThrow(/^live-months: /);
    await expect(simulate({ ...options, to: 'http://127.0.0.1:1', liveMonths: 1, daysPerSecond: 3 })).rejects.toThrow(/^live-months: /);
  });
});

describe('bad input', () => {
  const refused = (given: Partial<typeof options>): string => {
    try {
      createWorld({ ...options, ...given });
    } catch (error) {
      expect(error).toBeInstanceOf(SimulatorError);
      return (error as Error).message;
    }
    return '';
  };
  test('each option that does not fit is named', () => {
    expect(refused({ patients: 3 })).toMatch(/^patients: /);
    expect(refused({ months: 0 })).toMatch(/^months: /);
    expect(refused({ end: '2026-02-30' })).toMatch(/^end: /);
    expect(refused({ end: '2026-11-20T10:00:00' })).toMatch(/^end: /);
    expect(refused({ end: '1999-05-01' })).toMatch(/^end: /);
  });

  test('the command says one line and fails', async () => {
    const written: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = ((text: string) => written.push(text) > 0) as typeof process.stderr.write;
    try {
      for (const argv of [
        ['--bogus'],
        ['--patients', 'x', '--end', '2026-11-20'],
        ['--patients', '100'],
        ['--end', '2026-11-20'],
        ['--end', '2026-11-20', '--to', 'nowhere'],
        ['--end', '2026-11-20', '--to', 'http://127.0.0.1:1', '--speed', 'fast'],
        ['--end', '2026-11-20', '--out', '/nowhere', '--speed', '3'],
        ['--end', '2026-11-20', '--records', '/dev/null/people.csv'],
      ]) {
        written.length = 0;
        process.exitCode = 0;
        await runSimulate(argv);
        expect(process.exitCode).toBe(1);
        expect(written.join('')).toMatch(/^xinglin: [^\n]+\n$/);
      }
    } finally {
      process.stderr.write = write;
      process.exitCode = 0;
    }
  });
});
