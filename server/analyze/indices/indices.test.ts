import type { Viewer } from '@xinglin/contracts';
import type { BrandIndex } from '@xinglin/contracts/api.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '../business-days.ts';
import { at, key, type Planted, plant } from '../testing/facts.ts';
import { openHospital, SYSTEM, staff, type TestHospital } from '../testing/open-hospital.ts';
import { NOW, record, SMALL_HOSPITAL, TO } from '../testing/small-hospital.ts';

let hospital: TestHospital;
beforeEach(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
});
afterEach(() => hospital.close());

const FROM = addDays(TO, -89);
const brand = async (viewer: Viewer = SYSTEM) =>
  Object.fromEntries((await hospital.analyze.indices.brand(viewer, FROM, TO)).map((each) => [each.id, each])) as Record<BrandIndex['id'], BrandIndex>;
const stored = () =>
  hospital.platform.db.query<{ index_id: string; day: string; value: number | null; parts: unknown }>(
    'select index_id, day, value, parts from "analyze".index_day order by index_id, day',
  );
const part = (index: BrandIndex, id: string) => index.parts.find((each) => each.id === id);

describe('from facts to indices', () => {
  test('word of mouth rests on one voice per person, earned reviews and complaints per visit', async () => {
    const { 'word-of-mouth': index } = await brand();
    // A 5 (wechat), B 2 then re-rated 5, D 4 (phone), C 3 (sms): n 4 voices.
    expect(part(index, 'satisfaction')).toMatchObject({ n: 4 });
    expect(part(index, 'nps')).toMatchObject({ n: 4 });
    expect(part(index, 'positive')).toMatchObject({ n: 3 });
    expect(part(index, 'complaints')).toMatchObject({ n: 9, value: expect.any(Number) });
    expect(index?.edition).toBe('word-of-mouth@1');
    expect(index?.value).toBeGreaterThan(0);
    expect(index?.lower ?? 100).toBeLessThanOrEqual(index?.value ?? 0);
  });

  test('loyalty counts the long-term patient due since ninety days, who came back, and the follow-ups due', async () => {
    const { loyalty } = await brand();
    // Only A's visit of 5 January for hypertension is 85 days old; nobody is due for 90 days yet.
    expect(part(loyalty, 'return')).toMatchObject({ value: null, n: 0 });
    // Done, done late, overdue, done early; the open and the cancelled one are left out.
    expect(part(loyalty, 'adherence')).toMatchObject({ n: 4, value: expect.closeTo((100 * (3 + 30 * 0.5)) / 34, 9) });
    expect(loyalty?.method.en).toContain('Without data at present: return among patients due, came by referral, uses this hospital only');
    hospital.clock.advanceTo(new Date('2026-04-10T04:00:00Z'));
    const [, , later] = await hospital.analyze.indices.brand(SYSTEM, FROM, '2026-04-10');
    // A is due since 5 April and was seen again on 10 February.
    expect(later?.parts[0]).toMatchObject({ n: 1, value: expect.closeTo((100 * (1 + 15)) / 31, 9) });
  });

  test('the deceased are not due for care', async () => {
    await hospital.add([
      plant('encounter', '2025-11-01 09:00', {
        record_key: record('F'),
        encounter_key: key('encounter', 90),
        class: 'outpatient',
        status: 'finished',
        disease_code: 'I10.x00',
      }),
    ]);
    const { loyalty } = await brand();
    expect(part(loyalty, 'return')).toMatchObject({ n: 0 });
  });

  test('paid posts and copies of a text do not heat', async () => {
    const mention = (day: number, more: object) => plant('review', addDays('2026-01-01', day), { platform: 'douyin', kind: 'mention', mentions: 5, ...more });
    await hospital.add(Array.from({ length: 60 }, (_, day) => mention(day, {})));
    const before = (await brand()).heat;
    await hospital.add([mention(80, { is_paid: true, mentions: 5000 })]);
    expect((await brand()).heat?.value).toBe(before?.value);
    const copies = [1, 2, 3].map(() => mention(80, { text_id: key('text', 1) }));
    await hospital.add(copies.slice(0, 1));
    const once = (await brand()).heat;
    expect(part(once, 'video')?.n).toBe((part(before, 'video')?.n ?? 0) + 5);
    await hospital.add(copies.slice(1));
    expect((await brand()).heat?.value).toBe(once?.value);
  });
});

const answer = (day: string, survey: string, score: number): Planted =>
  plant('survey_answer', `${day} 09:00`, {
    ...{
      source: 'loop',
      record_key: record('F'),
      encounter_key: key('encounter', 10),
      survey,
      invitation_key: key('invitation', 50 + score),
      mode: 'wechat',
    },
    ...{ question: 'overall', score, score_max: 5, is_overall: true, department_code: 'CARD' },
  });

describe('an answer moves the index', () => {
  test('a 2 of 5 lowers word of mouth at once, the re-rating of 5 lifts it above where it was', async () => {
    const before = (await brand())['word-of-mouth']?.value ?? 0;
    await hospital.add([answer('2026-03-30', 'inpatient@1', 2)]);
    const fallen = (await brand())['word-of-mouth'];
    expect(fallen?.value).toBeLessThan(before);
    await hospital.add([answer('2026-03-31', 'rerating@1', 5)]);
    const lifted = (await brand())['word-of-mouth'];
    expect(lifted?.value).toBeGreaterThan(fallen?.value ?? 100);
    expect(lifted?.value).toBeGreaterThan(before);
    // Yesterday keeps what was said yesterday.
    expect(lifted?.series.at(-2)?.value).toBe(fallen?.series.at(-2)?.value);
  });
});

describe('what is stored', () => {
  test('covers every day from the first fact to today, with edition and interval', async () => {
    expect(await hospital.analyze.indices.refresh()).toBe(91);
    const rows = await stored();
    expect(rows).toHaveLength(3 * 91);
    expect(rows[0]?.day).toBe('2025-12-31');
    expect(rows.at(-1)?.day).toBe(TO);
    expect(await hospital.analyze.indices.refresh()).toBe(0);
  });

  test('is made again only from the month late data touched, and equals making all of it again', async () => {
    await hospital.analyze.indices.refresh();
    await hospital.add([plant('complaint', '2026-02-20 09:00', { kind: 'complaint', department_code: 'CARD' })]);
    expect(await hospital.analyze.indices.refresh()).toBe(28 + 31);
    const partial = await stored();
    expect(await hospital.analyze.indices.refresh({ isFull: true })).toBe(91);
    expect(partial).toEqual(await stored());
  });

  test('reaches further back when older history arrives', async () => {
    await hospital.analyze.indices.refresh();
    await hospital.add([plant('complaint', '2025-10-05 09:00', { kind: 'complaint', department_code: 'CARD' })]);
    await hospital.analyze.indices.refresh();
    expect((await stored())[0]?.day).toBe('2025-10-05');
  });

  test('gains the new day when midnight has passed though nothing arrived', async () => {
    await hospital.analyze.indices.refresh();
    hospital.clock.advanceTo(new Date(NOW.getTime() + 2 * 86_400_000));
    expect(await hospital.analyze.indices.refresh()).toBe(2);
  });

  test('is shown to readers as it is while a large hospital is worked out behind the page', async () => {
    await hospital.analyze.indices.refresh();
    const before = await brand();
    await hospital.platform.db.query('update lake.fact_file set row_count = 5000000');
    await hospital.add([answer('2026-03-30', 'inpatient@1', 1)]);
    expect((await brand())['word-of-mouth'].value).toBe(before['word-of-mouth'].value);
    await hospital.analyze.indices.refresh();
    expect((await brand())['word-of-mouth'].value).toBeLessThan(before['word-of-mouth'].value ?? 0);
  });

  test('is empty without facts', async () => {
    const empty = await openHospital([]);
    expect(await empty.analyze.indices.refresh()).toBe(0);
    expect((await empty.analyze.indices.brand(SYSTEM, FROM, TO)).every((each) => each.value === null && each.n === 0 && each.series.length === 0)).toBe(true);
    await empty.close();
  });
});

test('a department head gets indices of the own department, never the stored hospital-wide ones', async () => {
  const own = await brand(staff('department-head', ['ORTH']));
  expect(part(own['word-of-mouth'], 'satisfaction')).toMatchObject({ n: 2 });
  expect(part(own['word-of-mouth'], 'complaints')).toMatchObject({ n: 3 });
  expect(own['loyalty']?.parts.find((each) => each.id === 'adherence')).toMatchObject({ n: 2 });
  const nobody = await brand(staff('department-head', []));
  expect(Object.values(nobody).every((each) => each?.value === null)).toBe(true);
});

test('change compares with four weeks earlier', async () => {
  const { 'word-of-mouth': index } = await brand();
  const earlier = index?.series.find((each) => each.day === addDays(TO, -28))?.value ?? 0;
  expect(index?.change).toBeCloseTo((index?.value ?? 0) - earlier, 9);
  expect(at('2026-03-31 12:00')).toBe(BigInt(NOW.getTime()) * 1000n);
});
