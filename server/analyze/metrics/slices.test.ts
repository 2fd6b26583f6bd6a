import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plant } from '../testing/facts.ts';
import { openHospital, SYSTEM, staff, type TestHospital } from '../testing/open-hospital.ts';
import { FROM, SMALL_HOSPITAL, TO } from '../testing/small-hospital.ts';
import type { MetricDefinition } from './definition.ts';
import { METRICS } from './definitions/index.ts';

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
});
afterAll(() => hospital.close());

type Query = Parameters<TestHospital['analyze']['metrics']['rows']>[2];
const ask = (id: string, query: Query = {}, viewer = SYSTEM) => hospital.analyze.metrics.answer(viewer, id, { from: FROM, to: TO, ...query });
const whole = async (id: string, query: Query = {}, viewer = SYSTEM) => (await ask(id, { ...query, grain: 'total' }, viewer)).rows[0];

/** Every page of the rows behind a figure. */
async function allRows(id: string, query: Query = {}, viewer = SYSTEM, limit = 3) {
  const rows: (string | number | boolean | null)[][] = [];
  let cursor: string | null = null;
  let columns: readonly { name: string }[] = [];
  do {
    const page = await hospital.analyze.metrics.rows(viewer, id, { from: FROM, to: TO, ...query, limit, ...(cursor === null ? {} : { cursor }) });
    rows.push(...page.rows);
    columns = page.columns;
    cursor = page.next;
  } while (cursor !== null);
  return { rows, columns };
}
const sumOf = (drill: Awaited<ReturnType<typeof allRows>>, name: 'numerator' | 'denominator') => {
  const at = drill.columns.findIndex((each) => each.name === name);
  return drill.rows.reduce((sum, row) => sum + Number(row[at]), 0);
};
const each = METRICS.map((definition) => [definition.id, definition] as const);
const byDepartment = each.filter(([, definition]) => definition.dimensions.includes('department'));

describe.each(each)('the rows behind %s', (id, definition: MetricDefinition) => {
  test('add up to the figure, page by page, without a row twice', async () => {
    const figure = await whole(id);
    const drill = await allRows(id);
    expect(sumOf(drill, 'numerator')).toBeCloseTo(figure?.numerator ?? Number.NaN, 9);
    if (definition.sides.some((side) => side.denominator !== undefined)) expect(sumOf(drill, 'denominator')).toBeCloseTo(figure?.denominator ?? Number.NaN, 9);
    expect(drill.rows.length).toBeGreaterThan(0);
    const places = drill.rows.map((row) => JSON.stringify([row[0], row[1], row.at(-1) === 0]));
    expect(new Set(places).size).toBe(places.length);
  });

  test('carry keys and codes only', async () => {
    const { columns } = await allRows(id);
    const names = columns.map((column) => column.name);
    expect(names.slice(0, 5)).toEqual(['fact', 'fact_key', 'day', 'occurred_at', 'record_key']);
    expect(names).not.toContain('text_id');
    expect(names).not.toContain('person_id');
  });
});

describe.each(byDepartment)('%s for a department head', (id) => {
  const head = staff('department-head', ['CARD']);

  test('is what the president sees for that department, and nothing else', async () => {
    const [own, filtered] = await Promise.all([whole(id, {}, head), whole(id, { where: 'department:CARD' }, staff('president'))]);
    expect({ n: own?.n, numerator: own?.numerator, denominator: own?.denominator }).toEqual({
      ...{ n: filtered?.n, numerator: filtered?.numerator, denominator: filtered?.denominator },
    });
    expect(await whole(id, { where: 'department:ORTH' }, head)).toMatchObject({ n: 0, numerator: 0 });
    expect((await ask(id, { by: 'department' }, head)).rows.every((row) => row.group === 'CARD')).toBe(true);
  });

  test('drills to rows of the own department only', async () => {
    const { rows, columns } = await allRows(id, {}, head);
    const at = columns.findIndex((column) => column.name === 'department');
    expect(rows.every((row) => row[at] === 'CARD')).toBe(true);
  });
});

describe('slices', () => {
  test.each(each)('%s answers every dimension and grain', async (id, definition) => {
    await Promise.all(
      definition.dimensions.map(async (by, place) => {
        const grain = definition.neverMix === undefined && place === 0 ? 'week' : 'total';
        const { rows } = await ask(id, { by, grain });
        expect(rows.every((row) => row.groupName !== null)).toBe(true);
      }),
    );
  });

  test('parts of an additive metric add up to the whole', async () => {
    for (const by of ['department', 'sex', 'age_group', 'disease'] as const) {
      const { rows } = await ask('outpatient-visits', { by });
      expect(rows.reduce((sum, row) => sum + (row.value ?? 0), 0)).toBe(3);
    }
    const months = (await ask('outpatient-visits', { grain: 'month' })).rows;
    expect(months.map((row) => [row.period, row.value])).toEqual([
      ['2026-01-01', 1],
      ['2026-02-01', 2],
      ['2026-03-01', 0],
    ]);
  });

  test('days without a row are zero for a count and empty for a share, and weeks begin on Monday', async () => {
    const days = await ask('discharges', { from: '2026-02-10', to: '2026-02-12', grain: 'day' });
    expect(days.rows.map((row) => row.value)).toEqual([0, 1, 0]);
    const empty = await ask('alos', { from: '2026-02-12', to: '2026-02-12' });
    expect(empty.rows).toMatchObject([{ value: null, n: 0 }]);
    const weeks = await ask('discharges', { from: '2026-02-11', to: '2026-02-20', grain: 'week' });
    expect(weeks.rows.map((row) => row.period)).toEqual(['2026-02-09', '2026-02-16']);
  });

  test('a stay counts on the local day it ended, not on the day in UTC', async () => {
    // Ended 1 March 03:00 in Shanghai, still 28 February in UTC.
    expect(await whole('inpatient-mortality', { from: '2026-03-01', to: '2026-03-01' })).toMatchObject({ numerator: 1, n: 1 });
    expect(await whole('inpatient-mortality', { from: '2026-02-28', to: '2026-02-28' })).toMatchObject({ numerator: 0, n: 0 });
  });

  test('filters narrow, alternatives widen, and - stands for what is not mapped', async () => {
    expect((await whole('mentions', { where: 'platform:weibo,platform:haodf' }))?.value).toBe(11);
    expect((await whole('mentions', { where: 'department:-' }))?.value).toBe(3);
    expect((await whole('mentions', { where: 'platform:weibo,department:CARD' }))?.value).toBe(0);
    expect((await ask('mentions', { by: 'department' })).rows.find((row) => row.group === null)?.groupName).toEqual({ zh: '未映射', en: 'unmapped' });
  });

  test('distinct people are counted once in the whole though they appear in several parts', async () => {
    const parts = (await ask('distinct-patients', { by: 'department' })).rows.reduce((sum, row) => sum + (row.value ?? 0), 0);
    expect(parts).toBeGreaterThan((await whole('distinct-patients'))?.value ?? 0);
  });

  test('groups below the least number are not ranked, their n is told, and the whole is', async () => {
    const groups = (await ask('satisfaction-mean', { by: 'department' })).rows;
    expect(groups.length).toBe(2);
    for (const row of groups) expect(row).toMatchObject({ value: null, lower: null, upper: null, numerator: null, denominator: null, n: 2 });
    expect((await whole('satisfaction-mean'))?.value).toBe(3.5);
  });
});

describe('survey modes are never mixed in one trend', () => {
  test('a plain trend is answered one line per mode', async () => {
    const { rows } = await ask('satisfaction-mean', { grain: 'month' });
    expect(rows.map((row) => [row.period, row.group, row.n])).toEqual([
      ['2026-02-01', 'phone', 1],
      ['2026-02-01', 'sms', 1],
      ['2026-02-01', 'wechat', 2],
    ]);
  });
  test('a trend by something else is refused until one mode is chosen', async () => {
    await expect(ask('nps', { grain: 'month', by: 'department' })).rejects.toMatchObject({ code: 'analyze.mixed-modes' });
    await expect(ask('nps', { grain: 'month', by: 'department', where: 'mode:wechat,mode:sms' })).rejects.toMatchObject({ code: 'analyze.mixed-modes' });
    expect((await ask('nps', { grain: 'month', by: 'department', where: 'mode:wechat' })).rows).toHaveLength(2);
    expect((await ask('nps', { by: 'department' })).rows).toHaveLength(2);
  });
});

describe('questions that do not fit', () => {
  test.each<[Query, string]>([
    [{ from: '2026-02-30' }, 'bad-day'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'bad-range'],
    [{ from: '1990-01-01' }, 'bad-range'],
    [{ by: 'platform' }, 'unknown-dimension'],
    [{ where: 'department' }, 'bad-filter'],
    [{ where: `department:x') or 1=1 --` }, 'bad-filter'],
    [{ where: 'shoe_size:9' }, 'unknown-dimension'],
  ])('%j is refused with %s', async (query, code) => {
    await expect(ask('outpatient-visits', query)).rejects.toMatchObject({ code: `analyze.${code}` });
  });
  test('an unknown metric is not found, and a page position we did not give is refused', async () => {
    await expect(ask('shoe-size')).rejects.toMatchObject({ code: 'analyze.unknown-metric', status: 404 });
    for (const cursor of ['x', Buffer.from('[1]').toString('base64url'), Buffer.from(`["a","b'",0]`).toString('base64url')]) {
      await expect(hospital.analyze.metrics.rows(SYSTEM, 'discharges', { from: FROM, to: TO, cursor })).rejects.toMatchObject({ code: 'http.bad-cursor' });
    }
  });
  test('too many cells are refused, not cut', async () => {
    const codes = Array.from({ length: 5001 }, (_, code) =>
      plant('observation', '2026-02-10 10:00', { category: 'laboratory', status: 'final', abnormal_flag: 'N', code: `C${code}` }),
    );
    const large = await openHospital(codes);
    const question = (where?: string) => large.analyze.metrics.answer(SYSTEM, 'abnormal-lab-share', { by: 'code', ...(where === undefined ? {} : { where }) });
    await expect(question()).rejects.toMatchObject({ code: 'analyze.too-many-cells' });
    expect((await question('code:C7')).rows).toHaveLength(1);
    await large.close();
  });
});

describe('who sees what', () => {
  test('the president slices by sex and never reaches a row', async () => {
    expect((await ask('outpatient-visits', { by: 'sex' }, staff('president'))).rows.length).toBeGreaterThan(1);
    await expect(hospital.analyze.metrics.rows(staff('president'), 'outpatient-visits', { from: FROM, to: TO })).rejects.toMatchObject({ status: 403 });
  });
  test('someone without a department sees nothing', async () => {
    expect(await whole('outpatient-visits', {}, staff('department-head', []))).toMatchObject({ value: 0, n: 0 });
  });
  test('another organisation sees nothing', async () => {
    expect(await whole('outpatient-visits', {}, { ...staff('analyst'), orgId: 'elsewhere' } as typeof SYSTEM)).toMatchObject({ value: 0, n: 0 });
  });
});

test('an answer comes from memory while nothing changed, and never from another scope', async () => {
  const query = hospital.lake.warehouse.query.bind(hospital.lake.warehouse);
  let asked = 0;
  hospital.lake.warehouse.query = ((sql: string, params?: readonly unknown[]) => {
    asked += 1;
    return query(sql, params);
  }) as typeof query;
  await whole('praise', { where: 'topic:-' });
  const first = asked;
  await whole('praise', { where: 'topic:-' });
  expect([first, asked]).toEqual([1, 1]);
  await whole('praise', { where: 'topic:-' }, staff('department-head', ['CARD']));
  expect(asked).toBe(2);
  hospital.lake.warehouse.query = query;
});
