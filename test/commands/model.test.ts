/** `xinglin model` from a terminal, without a server and beside one. Everyone here is invented. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IdentityReport, ModelList } from '@xinglin/contracts/api.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { population } from '../../server/govern/identity/models/testing/population.ts';
import { type Ran, startServer, workFolder, xinglin } from './xinglin.ts';

const work = workFolder();
const data = join(work.path, 'data');
const LONG_MS = 400_000;
const model = (...args: string[]): Promise<Ran> => xinglin(work.path, 'model', ...args, '--data', data);
const expectOneLine = (ran: Ran, pattern: RegExp): void => {
  expect(ran.code).not.toBe(0);
  expect(ran.err.trim().split('\n')).toHaveLength(1);
  expect(ran.err).toMatch(pattern);
};
afterAll(() => work.remove());

describe('xinglin model', { timeout: LONG_MS }, () => {
  beforeAll(async () => {
    const patients = population(250).map(({ source, id, details }) => ({
      resourceType: 'Patient',
      id,
      identifier: [{ type: { coding: [{ code: 'MR' }] }, system: `urn:${source}`, value: id }],
      name: [{ text: details.names?.[0] }],
      gender: details.sex,
      birthDate: details.birthDate,
      telecom: (details.phones ?? []).map((value) => ({ system: 'phone', value })),
    }));
    const path = join(work.path, 'patients.ndjson');
    writeFileSync(path, patients.map((each) => JSON.stringify(each)).join('\n'));
    expect((await xinglin(work.path, 'ingest', path, '--data', data)).code).toBe(0);
  }, LONG_MS);

  test('reports without a server, in words and as JSON, and measures when asked', async () => {
    const words = await model('report');
    expect([words.code, words.err]).toEqual([0, '']);
    expect(words.out).toMatch(/Not measured yet/);
    const measured = await model('report', '--measure', '--json');
    const report = JSON.parse(measured.out) as IdentityReport;
    expect(report.edition).toBe('general@1');
    expect(report.measuredAt).not.toBeNull();
    expect(report.figures.find((figure) => figure.id === 'unlinkable')?.n).toBeGreaterThan(250);
  });

  test('trains, lists and looks ahead beside a running server, and refuses what nobody approved', async () => {
    const server = await startServer(work.path, '--data', data, '--port', '0');
    try {
      const trained = await model('train');
      expect([trained.code, trained.out]).toEqual([0, expect.stringMatching(/^trained hospital@1: \d+ records/)]);
      const list = JSON.parse((await model('list', '--json')).out) as ModelList;
      expect(list.rows.map((row) => [row.edition, row.state, row.isInUse])).toEqual([
        ['hospital@1', 'waiting', false],
        ['general@1', 'approved', true],
      ]);
      const ahead = await model('use', 'hospital@1');
      expect([ahead.code, ahead.out]).toEqual([0, expect.stringMatching(/general@1 → hospital@1: \d+ pairs would be linked/)]);
      expectOneLine(await model('use', 'hospital@1', '--yes'), /not approved/);
    } finally {
      await server.stop();
    }
  });

  test('bad input is one line', async () => {
    expectOneLine(await model('use', 'hospital@7'), /no model edition hospital@7/);
    expect((await model('train', '--sample', 'many')).code).not.toBe(0);
  });
});
