import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHospital, SYSTEM, type TestHospital } from '../testing/open-hospital.ts';
import { FROM, SMALL_HOSPITAL, TO } from '../testing/small-hospital.ts';
import { METRICS } from './definitions/index.ts';

/** Worked out by hand from the small hospital: value, numerator, denominator, n. */
const EXPECTED: Readonly<Record<string, readonly [value: number | null, numerator: number, denominator: number | null, n: number]>> = {
  // e1, e2, e3; e13 was last year, e4 cancelled, e12 planned.
  'outpatient-visits': [3, 3, null, 3],
  'emergency-visits': [1, 1, null, 1],
  'checkup-visits': [1, 1, null, 1],
  admissions: [6, 6, null, 6],
  // e7, e8, e9, e10, e14; e11 is still in.
  discharges: [5, 5, null, 5],
  // 10 + 1 (same day) + 5 + 4 + 2 days.
  alos: [22 / 5, 22, 5, 5],
  'discharged-bed-days': [22, 22, null, 5],
  'distinct-patients': [6, 6, null, 6],
  // All but E, who first came last year.
  'new-patient-share': [(100 * 5) / 6, 5, 6, 6],
  'outpatient-per-discharge': [3 / 5, 3, 5, 5],
  // 90 + 40 + 60 minutes.
  'visit-duration': [190 / 3, 190, 3, 3],
  // 150 + 60 + 40 + 8500 + 60 + 40 yuan.
  revenue: [8850, 885_000, null, 12],
  'outpatient-charge-average': [250 / 3, 25_000, 3, 3],
  // e7 8500 yuan, e8 60 yuan, the others nothing billed.
  'inpatient-charge-average': [1712, 856_000, 5, 5],
  'drug-share': [(100 * 116) / 885, 116_000, 885_000, 12],
  'consumable-share': [(100 * 203) / 885, 203_000, 885_000, 12],
  'service-income-share': [(100 * 555) / 885, 555_000, 885_000, 12],
  // e7 by its code, e9 by two procedures that count once; the one on e10 was only planned.
  'surgery-share': [40, 2, 5, 5],
  // e7 not back, e8 back as e9 after 18 days; e9 too young, e10 died, e14 transferred.
  'readmission-30d': [50, 1, 2, 2],
  'inpatient-mortality': [20, 1, 5, 5],
  // H and HH of H, HH, N.
  'abnormal-lab-share': [(100 * 2) / 3, 2, 3, 3],
  'critical-results': [1, 1, null, 1],
  // e2 and e3; e1 was registered at the window that morning and its web booking cancelled.
  'booking-rate': [(100 * 2) / 3, 2, 3, 3],
  // 08:40 → 09:10 and 14:10 → 14:25; the window registration is no booking.
  'booking-wait': [22.5, 45, 2, 2],
  // 09:00 → 09:10 and 14:10 → 14:25.
  'booking-wait-in-slot': [12.5, 25, 2, 2],
  // 2, 1, 2, 2 and 0 days.
  'booking-lead-time': [7 / 5, 7, 5, 5],
  'no-show-rate': [25, 1, 4, 4],
  'booking-cancel-share': [20, 1, 5, 5],
  'survey-responses': [4, 4, null, 4],
  // 5, 2, 4, 3; the re-rating is left out.
  'satisfaction-mean': [3.5, 14, 4, 4],
  'satisfaction-percent': [70, 2.8, 4, 4],
  'satisfaction-top-two': [50, 2, 4, 4],
  // 10 and 9 promote, 3 detracts, 8 does neither.
  nps: [25, 1, 4, 4],
  complaints: [2, 2, null, 2],
  // 3 outpatient and 1 emergency visits and 5 discharges.
  'complaint-rate': [(1000 * 2) / 9, 2, 9, 9],
  praise: [1, 1, null, 1],
  'cases-opened': [4, 4, null, 4],
  // Case 1 in 10 hours, case 2 after 45, case 4 never; case 3 is an hour old.
  'case-contact-24h': [(100 * 1) / 3, 1, 3, 3],
  'case-on-time-close': [(100 * 1) / 3, 1, 3, 3],
  'case-rerating-improved': [50, 1, 2, 2],
  // D was followed up, A after e8 was not; e9 is too young, F died, B was transferred.
  'follow-up-coverage': [50, 1, 2, 2],
  // In time, four days late, overdue, a day early; one still open, one cancelled.
  'follow-up-on-time': [50, 2, 4, 4],
  'follow-up-abnormal-share': [(100 * 1) / 3, 1, 3, 3],
  'message-read-share': [(100 * 1) / 3, 1, 3, 3],
  // 10 + 1 + 1 + 3; the paid post is left out.
  mentions: [15, 15, null, 4],
  'review-positive-share': [(100 * 2) / 3, 2, 3, 3],
  // Visitors 1 and 2 on the first of March, visitor 1 on the second.
  'web-visits': [3, 3, null, 3],
  'booking-conversion': [(100 * 1) / 3, 1, 3, 3],
};

let hospital: TestHospital;
beforeAll(async () => {
  hospital = await openHospital(SMALL_HOSPITAL);
});
afterAll(() => hospital.close());

const total = async (id: string, query: { by?: string; where?: string } = {}, viewer = SYSTEM) =>
  (await hospital.analyze.metrics.answer(viewer, id, { from: FROM, to: TO, ...query })).rows;

describe('every metric gives the figure worked out by hand', () => {
  test('and none is without an example', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(METRICS.map((each) => each.id).sort());
  });
  test.each(Object.entries(EXPECTED))('%s', async (id, [value, numerator, denominator, n]) => {
    const [row, ...others] = await total(id);
    expect(others).toEqual([]);
    expect({ numerator: row?.numerator, denominator: row?.denominator, n: row?.n }).toEqual({ numerator: expect.closeTo(numerator, 9), denominator, n });
    if (value === null) expect(row?.value).toBeNull();
    else expect(row?.value).toBeCloseTo(value, 9);
  });
});
