import { describe, expect, test } from 'vitest';
import { DAY, hl7Time } from './calendar.ts';
import type { Part } from './doors/parts.ts';
import { partsOf, playAtSpeed, playLive, saidBetween } from './live.ts';
import { monthParts } from './month.ts';
import { createWorld } from './world.ts';

const world = createWorld({ patients: 800, months: 2, seed: 'live', end: '2026-11-20' });
const day = world.lastDay;

describe('a hospital kept alive', () => {
  test('a live day says the HL7 messages a delivery has of that day', () => {
    const live = saidBetween(world, day * DAY, (day + 1) * DAY)
      .filter((each) => each.door === 'his')
      .map((each) => each.text);
    const delivered = [...monthParts(world, 1)]
      .filter((each) => each.source === 'his')
      .flatMap((each) => new TextDecoder('gb18030').decode(each.body).split(/(?=MSH\|)/));
    const today = delivered
      .filter((each) => each.startsWith('MSH') && each.split('|')[6]?.startsWith(hl7Time(day * DAY).slice(0, 8)))
      .map((each) => each.replace(/(BTS|FTS)\|[^\r]*\r/g, ''));
    expect(today.length).toBeGreaterThan(20);
    expect(live.sort()).toEqual(today.sort());
  });

  test('stretches meet without gap or repeat', () => {
    const [from, noon, to] = [(day + 1) * DAY, (day + 1) * DAY + 43_200, (day + 2) * DAY];
    const whole = saidBetween(world, from, to)
      .filter((each) => each.door !== 'booking')
      .map((each) => each.text);
    const halves = [...saidBetween(world, from, noon), ...saidBetween(world, noon, to)].filter((each) => each.door !== 'booking').map((each) => each.text);
    const key = (text: string): string => text.replace(/,[^,]*\r\n$/, '');
    expect(halves.map(key).sort()).toEqual(whole.map(key).sort());
  });

  test('what fell due is sent at its pace, and stopping stops', async () => {
    const sent: Part[] = [];
    let clock = Date.UTC(2026, 10, 21, 0, 0, 0);
    let ticks = 0;
    await playLive(world, {
      from: (day + 1) * DAY,
      now: () => clock,
      send: async (part) => void sent.push(part),
      sleep: async () => {
        clock += 3_600_000;
        ticks++;
      },
      isStopped: () => ticks > 40,
    });
    const items = sent.reduce((sum, part) => sum + part.items, 0);
    const latest = sent
      .filter((part) => part.kind === 'hl7')
      .flatMap((part) => [...part.body.toString('latin1').matchAll(/\|(\d{14})\+0800\|/g)].map((found) => found[1] as string));
    expect(items).toBeGreaterThan(50);
    // Forty-one hours after 21 November, 8:00.
    expect(latest.every((at) => at <= '20261123010000')).toBe(true);
  });

  test('parts of a stretch keep every item', () => {
    const said = saidBetween(world, day * DAY, (day + 1) * DAY);
    expect(partsOf(said, 3).reduce((sum, part) => sum + part.items, 0)).toBe(said.reduce((sum, each) => sum + each.items, 0));
    expect(partsOf([], 0)).toEqual([]);
  });

  test('a run at speed hands over every day once, in order, at its pace', async () => {
    const own = createWorld({ patients: 400, months: 2, seed: 'speed', end: '2026-11-10' });
    let clock = 0;
    const [days, months, slept]: [number[], string[], number[]] = [[], [], []];
    const items = new Map<string, number>();
    await playAtSpeed(own, {
      daysPerSecond: 4,
      now: () => clock,
      sleep: async (milliseconds) => {
        slept.push(milliseconds);
        clock += milliseconds;
      },
      isStopped: () => false,
      onDay: (each) => days.push(each),
      send: async (part) => {
        months.push(part.month.slice(0, 7));
        items.set(part.source, (items.get(part.source) ?? 0) + part.items);
      },
    });
    expect(days).toEqual(Array.from({ length: own.lastDay - own.startDay + 1 }, (_, i) => own.startDay + i));
    expect([...months].sort()).toEqual(months);
    expect(slept.reduce((a, b) => a + b, 0)).toBeCloseTo((days.length - 1) * 250, 6);
    // As much as whole months deliver, but for bookings, which a running platform says twice, and what is said once per month or at the end.
    for (const source of ['lis', 'device', 'web', 'complaint']) {
      const delivered = [...monthParts(own, 1), ...monthParts(own, 0)].filter((each) => each.source === source).reduce((sum, each) => sum + each.items, 0);
      expect(Math.abs((items.get(source) ?? 0) - delivered) / delivered, source).toBeLessThan(0.1);
    }
    expect(items.get('emr')).toBeGreaterThan(own.patients);
  });
});
