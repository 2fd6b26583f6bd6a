import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHospital, SYSTEM, staff, type TestHospital } from '../testing/open-hospital.ts';
import { SMALL_HOSPITAL } from '../testing/small-hospital.ts';
import { TILES } from './overview.ts';

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
});
afterAll(() => hospital.close());

const tileOf = async (id: string, days = 45, viewer = SYSTEM) => (await hospital.analyze.overview(viewer, days)).tiles.find((each) => each.metric === id);

test('the overview holds three indices and eight tiles, one point a day', async () => {
  const overview = await hospital.analyze.overview(SYSTEM, 90);
  expect(overview.indices.map((each) => each.id)).toEqual(['heat', 'word-of-mouth', 'loyalty']);
  expect(overview.tiles.map((each) => each.metric)).toEqual([...TILES]);
  for (const tile of overview.tiles) expect(tile.series).toHaveLength(90);
  for (const index of overview.indices) expect(index.series).toHaveLength(90);
  expect(overview.scope.en).toBe('whole hospital');
});

test('a tile compares with the same number of days before', async () => {
  // 45 days to 31 March begin on 15 February: e8, e9, e10 against e14 and e7.
  expect(await tileOf('discharges')).toMatchObject({ value: 3, change: 1, n: 3, unit: 'count', direction: 'none' });
  expect(await tileOf('alos')).toMatchObject({ value: (1 + 5 + 4) / 3, n: 3 });
  expect((await tileOf('alos'))?.change).toBeCloseTo(10 / 3 - 6, 9);
});

test('a satisfaction tile is of one survey mode and names it', async () => {
  // In the last 90 days two answers by WeChat, one by telephone, one by SMS.
  expect(await tileOf('satisfaction-mean', 90)).toMatchObject({ value: 3.5, n: 2, name: { zh: '满意度均值（微信）', en: 'Mean satisfaction (WeChat)' } });
});

test('a department head sees tiles and indices of the own department', async () => {
  const head = staff('department-head', ['ORTH']);
  expect(await tileOf('outpatient-visits', 90, head)).toMatchObject({ value: 1 });
  expect((await hospital.analyze.overview(head, 90)).scope.en).toContain('ORTH');
});
