/**
 * Keeps a hospital alive after it was delivered: what the plan holds for the coming days is said at its own pace, a few messages a minute.
 * A day is rendered once, kept in order of time, and sent as it falls due; what fell due while nobody played is caught up first.
 */

import { sayMentions } from './behaviour/mentions.ts';
import { DAY, dayAt, firstDayOfMonth, monthIndexOf, monthText, timeOfInstant } from './calendar.ts';
import { type Due, gatherDue, renderDay } from './day.ts';
import { type Door, isTaken, type Part, Parts } from './doors/parts.ts';
import { AHEAD_DAYS, peopleOf } from './month.ts';
import { Context } from './render/context.ts';
import { sayHomeReadings } from './render/person.ts';
import { sayBrowsing } from './render/web.ts';
import type { World } from './world.ts';

export interface Said {
  readonly at: number;
  readonly door: Door;
  readonly text: string;
  readonly items: number;
}

/** What follows from a visit – an answer, a bill paid back, a merge – comes at most this many days later. */
const AFTER_DAYS = 21;

/**
 * Everything said from one local second (inclusive) to another (exclusive), in order of time. The stretch should be a day to a week: each is worked out
 * from the weeks around it. `isFromStart`: nothing was delivered before, so what was long known of a person is said with the first visit.
 */
export function saidBetween(world: World, from: number, to: number, isFromStart = false): Said[] {
  const said: Said[] = [];
  const live: World = { ...world, cut: to, lastDay: dayAt(to - 1) };
  const sink = {
    add: (door: Door, text: string, items: number, at: number): void => void (isTaken(door) && said.push({ at, door, text, items })),
    wants: isTaken,
  };
  const context = new Context(live, sink, [from, to], isFromStart);
  const firstDay = dayAt(from) - AFTER_DAYS;
  const days: Due[][] = Array.from({ length: dayAt(to) + AHEAD_DAYS - firstDay + 1 }, () => []);
  const monthStart = firstDayOfMonth(monthIndexOf(dayAt(from)));
  const monthEnd = firstDayOfMonth(monthIndexOf(dayAt(from)) + 1) - 1;
  for (const { person, plan } of peopleOf(live)) {
    gatherDue(live, plan, firstDay, days);
    sayHomeReadings(context, person, monthStart, monthEnd, plan.lostDay);
    sayBrowsing(context, person, monthStart, monthEnd, plan.lostDay);
  }
  days.forEach((due, d) => {
    sayMentions(context, firstDay + d);
    renderDay(context, firstDay + d, due);
  });
  return said.sort((a, b) => a.at - b.at);
}

/** Gathers sayings into parts, one or more per door. */
export function partsOf(said: readonly Said[], number: number): Part[] {
  const first = said[0];
  if (first === undefined) return [];
  const parts = new Parts(`${monthText(monthIndexOf(dayAt(first.at)))}-live${number}`);
  for (const { door, text, items } of said) parts.add(door, text, items);
  return parts.close();
}

export interface LiveOptions {
  /** Local second to go on from: the cut of what was delivered, or later. */
  readonly from: number;
  readonly send: (part: Part) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly isStopped: () => boolean;
}
/** How often what fell due is sent. */
export const TICK_MS = 30_000;

/** Plays until stopped or until the plan ends (`HORIZON_DAYS` after the last month). */
export async function playLive(world: World, { from, send, now, sleep, isStopped }: LiveOptions): Promise<void> {
  const end = (world.horizon - AHEAD_DAYS) * DAY;
  let [number, begin] = [0, from];
  while (begin < end && !isStopped()) {
    const stretchEnd = (dayAt(begin) + 1) * DAY;
    const waiting = saidBetween(world, begin, stretchEnd);
    let next = 0;
    while (!isStopped() && (next < waiting.length || timeOfInstant(now()) < stretchEnd)) {
      const local = timeOfInstant(now());
      const start = next;
      while (next < waiting.length && (waiting[next] as Said).at <= local) next++;
      for (const part of partsOf(waiting.slice(start, next), number)) await send(part);
      if (next > start) number++;
      if (next >= waiting.length && timeOfInstant(now()) >= stretchEnd) break;
      await sleep(TICK_MS);
    }
    begin = stretchEnd;
  }
}

export interface SpeedOptions {
  readonly daysPerSecond: number;
  readonly send: (part: Part) => Promise<unknown>;
  /** Milliseconds from any zero; does not go back. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly isStopped: () => boolean;
  readonly onDay?: (day: number) => void;
}
/** Days worked out at a time. */
const STRETCH_DAYS = 7;

/** The months of the run from their first day to the cut, a day's deliveries together, so many days a second; slower when the server takes longer. */
export async function playAtSpeed(world: World, { daysPerSecond, send, now, sleep, isStopped, onDay }: SpeedOptions): Promise<void> {
  const start = now();
  let number = 0;
  let until = world.startDay;
  for (let day = until; day <= world.lastDay && !isStopped(); day = until) {
    // What people do outside visits is drawn month by month: a stretch lies within one.
    until = Math.min(day + STRETCH_DAYS, firstDayOfMonth(monthIndexOf(day) + 1), world.lastDay + 1);
    const said = saidBetween(world, day * DAY, Math.min(until * DAY, world.cut), true);
    let next = 0;
    for (let each = day; each < until && !isStopped(); each++) {
      const due = start + ((each - world.startDay) * 1000) / daysPerSecond;
      if (due > now()) await sleep(due - now());
      const first = next;
      while (next < said.length && (said[next] as Said).at < (each + 1) * DAY) next++;
      for (const part of partsOf(said.slice(first, next), number)) await send(part);
      number++;
      onDay?.(each);
    }
  }
}
