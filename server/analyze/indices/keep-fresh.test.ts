import { afterEach, beforeEach, expect, test } from 'vitest';
import { plant } from '../testing/facts.ts';
import { openHospital, type TestHospital } from '../testing/open-hospital.ts';
import { SMALL_HOSPITAL } from '../testing/small-hospital.ts';

let hospital: TestHospital;
beforeEach(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
});
afterEach(() => hospital.close());

const lastDay = async () => (await hospital.platform.db.one<{ day: string | null }>('select max(day) as day from "analyze".index_day')).day;
const complain = (key: string) =>
  hospital.platform.db.tx((tx) =>
    hospital.platform.signals.emit(tx, 'complaint.received', key, {
      ...{ factKey: key, recordKey: null, departmentCode: 'CARD', textId: null, severity: 'low', occurredAt: '2026-03-31T04:00:00Z' },
    }),
  );
const waiting = async () => (await hospital.platform.db.one<{ count: number }>(`select count(*) from platform.due where kind = 'analyze.indices'`)).count;

test('news of one span of business time makes one refresh, at its end', async () => {
  for (const key of ['a', 'b', 'c']) await complain(key);
  await hospital.platform.signals.idle();
  expect(await waiting()).toBe(1);
  expect(await lastDay()).toBeNull();
  await hospital.advance(new Date('2026-04-01T01:00:00Z'));
  expect(await waiting()).toBe(0);
  expect(await lastDay()).toBe('2026-04-01');
});

test('the first night of a month makes every day again, also those no new file tells of', async () => {
  await hospital.analyze.start();
  await hospital.advance(new Date('2026-03-31T16:30:00Z'));
  expect(await lastDay()).toBe('2026-04-01');
  // Pretend a day was worked out when people were linked otherwise.
  await hospital.platform.db.query(`update "analyze".index_day set value = 1 where day = '2026-01-20' and index_id = 'word-of-mouth'`);
  const january = async () =>
    (await hospital.platform.db.one<{ value: number }>(`select value from "analyze".index_day where day = '2026-01-20' and index_id = 'word-of-mouth'`)).value;
  await hospital.add([plant('complaint', '2026-04-01 01:00', { kind: 'complaint' })]);
  await hospital.analyze.indices.refresh();
  expect(await january()).toBe(1);
  await hospital.advance(new Date('2026-04-30T16:30:00Z'));
  expect(await january()).toBeGreaterThan(1);
});
