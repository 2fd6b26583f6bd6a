import { expect, test } from 'vitest';
import { holidaysBetween } from './holidays.ts';

test('the holidays of 2026 fall on their published days', () => {
  expect(holidaysBetween('2026-01-01', '2026-12-31')).toEqual([
    { day: '2026-01-01', holiday: 'newYear' },
    { day: '2026-02-17', holiday: 'spring' },
    { day: '2026-04-05', holiday: 'qingming' },
    { day: '2026-05-01', holiday: 'labour' },
    { day: '2026-06-19', holiday: 'dragonBoat' },
    { day: '2026-09-25', holiday: 'midAutumn' },
    { day: '2026-10-01', holiday: 'national' },
  ]);
});

test('a leap month holds no second festival', () => {
  // 2025 has a second sixth month; 2020 a second fourth.
  expect(holidaysBetween('2025-05-25', '2025-10-10').map((each) => each.day)).toEqual(['2025-05-31', '2025-10-01', '2025-10-06']);
});
