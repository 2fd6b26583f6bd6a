import { describe, expect, test } from 'vitest';
import { localDay } from '../../kernel/index.ts';
import { dayTeller } from './positions.ts';

describe('the local day of an instant', () => {
  for (const zone of ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Australia/Lord_Howe']) {
    test(`is that of the calendar in ${zone}, at every quarter of an hour and just before it`, () => {
      const day = dayTeller((instant) => localDay(instant, zone));
      const wrong: string[] = [];
      // Around the turns of years, summer times then and now, and an ordinary week.
      for (const from of ['1985-12-30', '1986-05-03', '1991-09-14', '2024-02-28', '2026-03-07', '2026-10-31', '2026-12-30']) {
        const start = Date.parse(`${from}T00:00:00Z`);
        for (let at = start; at < start + 3 * 86_400_000; at += 900_000) {
          for (const instant of [at, at + 899_999])
            if (day(BigInt(instant) * 1000n) !== localDay(new Date(instant), zone)) wrong.push(new Date(instant).toISOString());
        }
      }
      expect(wrong).toEqual([]);
    });
  }
});
