/**
 * A clinic session is a queue before one doctor's door: people arrive around their 15-minute slot, are called in order of slot and arrival, and wait
 * until the doctor is free. In a small cohort most of the people before the door are not in it: they take slots and time, and leave no record.
 */

import { DAY } from '../calendar.ts';
import { departmentIndex } from '../city/departments.ts';
import { EFFECTS } from '../effects.ts';
import type { Visit } from '../health/plan.ts';
import { clamp, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';

/** A clinic or emergency visit with its day worked out; local seconds. */
export interface TimedVisit {
  readonly visit: Visit;
  /** Start of the booked quarter of an hour; the arrival itself when nobody booked. */
  readonly slot: number;
  readonly arrived: number;
  readonly called: number;
  readonly ended: number;
  readonly waitMinutes: number;
  /** People before this one at arrival. */
  readonly ahead: number;
  readonly attendance: 'came' | 'missed' | 'cancelled';
}

const OPENS = [8 * 3600, 13.5 * 3600];
const SLOT = 900;
const SLOTS = 14;
/** Share of a session's capacity that is taken, before the weekday's swing: Mondays are full, Fridays lighter. */
const LOAD = [0.74, 1.08, 1, 0.96, 0.94, 0.9, 0.8];
const IMPROVED = departmentIndex(EFFECTS.improvement.department);

export const improvementDay = (world: World): number => world.startDay + Math.floor((world.spanEnd - world.startDay) * EFFECTS.improvement.at);

const random = new Random();
const visitRandom = new Random();

interface Waiting {
  readonly visit: Visit | null;
  slot: number;
  arrived: number;
  minutes: number;
}

/** Works out one day's clinics. The order of `visits` does not matter. */
export function clinicDay(world: World, day: number, visits: readonly Visit[]): TimedVisit[] {
  const sessions = new Map<number, Visit[]>();
  const timed: TimedVisit[] = [];
  for (const visit of visits) {
    if (visit.class === 'emergency') timed.push(emergencyVisit(world, visit));
    else {
      const key = visit.doctor * 4 + visit.session;
      const list = sessions.get(key);
      if (list === undefined) sessions.set(key, [visit]);
      else list.push(visit);
    }
  }
  for (const [key, list] of sessions) session(world, day, key, list, timed);
  return timed;
}

function session(world: World, day: number, key: number, visits: Visit[], timed: TimedVisit[]): void {
  random.at(world.seed, STREAM.clinic, day, key);
  const first = visits[0] as Visit;
  const department = world.hospital.departments[first.department] as (typeof world.hospital.departments)[number];
  const opens = day * DAY + (OPENS[first.session] as number);
  const isSlow = first.department === IMPROVED;
  const improved = isSlow && day >= improvementDay(world);
  const minutes = department.consultMinutes;
  const capacity = (SLOTS * 15) / minutes;
  const load = (LOAD[(((day + 4) % 7) + 7) % 7] as number) * (isSlow && !improved ? 1.06 : improved ? 0.82 : 1) * random.between(0.9, 1.1);
  const queue: Waiting[] = [];
  for (const visit of visits) {
    visitRandom.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4);
    const attendance = attendanceOf(visit);
    const slot = opens + visitRandom.int(SLOTS) * SLOT;
    const arrived = Math.max(opens - 2400, slot + Math.round((visitRandom.normal() * 14 - 16) * 60));
    if (attendance === 'came') queue.push({ visit, slot, arrived, minutes: minutes * Math.exp(visitRandom.normal() * 0.45 - 0.1) });
    else timed.push({ visit, slot, arrived: slot, called: slot, ended: slot, waitMinutes: 0, ahead: 0, attendance });
  }
  // A doctor with more people before the door than the half-day holds works faster.
  const hurry = Math.min(1, (capacity * 1.08) / Math.max(1, queue.length));
  for (const waiting of queue) waiting.minutes *= hurry;
  const others = Math.max(0, Math.round(capacity * load) - visits.length);
  for (let i = 0; i < others; i++) {
    const slot = opens + random.int(SLOTS) * SLOT;
    queue.push({
      visit: null,
      slot,
      arrived: Math.max(opens - 2400, slot + Math.round((random.normal() * 14 - 16) * 60)),
      minutes: minutes * random.exponential(0.9) + 1,
    });
  }
  callInOrder(opens + random.int(600), queue, timed);
}

function callInOrder(opens: number, queue: Waiting[], timed: TimedVisit[]): void {
  // Called by the later of slot and arrival: coming early does not help, coming late costs the place.
  queue.sort((a, b) => Math.max(a.slot, a.arrived) - Math.max(b.slot, b.arrived));
  let free = opens;
  const calls: number[] = [];
  for (const waiting of queue) {
    const called = Math.max(free, waiting.arrived, opens);
    free = called + Math.round(waiting.minutes * 60);
    if (waiting.visit !== null) {
      let ahead = 0;
      for (let i = calls.length - 1; i >= 0 && (calls[i] as number) > waiting.arrived; i--) ahead++;
      const waitMinutes = Math.max(0, Math.round((called - Math.max(waiting.arrived, waiting.slot)) / 60));
      timed.push({ visit: waiting.visit, slot: waiting.slot, arrived: waiting.arrived, called, ended: free, waitMinutes, ahead, attendance: 'came' });
    }
    calls.push(called);
  }
}

/** Whether a visit comes about; known from the visit alone. */
export function attendanceAt(world: World, visit: Visit): TimedVisit['attendance'] {
  if (visit.class === 'inpatient' || visit.class === 'emergency') return 'came';
  visitRandom.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4);
  return attendanceOf(visit);
}

/** Missed and given-up appointments grow with the time since booking and with distance. */
function attendanceOf(visit: Visit): TimedVisit['attendance'] {
  if (visit.class === 'checkup') return 'came';
  const at = visitRandom.unit();
  const missed = 0.045 + (visit.person.isFar ? 0.02 : 0) + (visit.person.isBound ? 0 : 0.02);
  return at < missed ? 'missed' : at < missed + 0.05 ? 'cancelled' : 'came';
}

function emergencyVisit(world: World, visit: Visit): TimedVisit {
  visitRandom.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4);
  const hour =
    visit.session === 2
      ? visitRandom.chance(0.6)
        ? visitRandom.between(18, 23.9)
        : visitRandom.between(24.1, 31.5)
      : visit.session === 0
        ? visitRandom.between(7.6, 12)
        : visitRandom.between(12, 17.9);
  // A night belongs to the day it begins on: after midnight it is the next.
  const arrived = visit.day * DAY + Math.round(hour * 3600);
  const waitMinutes = Math.round(clamp(visitRandom.exponential(11), 0, 90));
  const called = arrived + waitMinutes * 60;
  return {
    visit,
    slot: arrived,
    arrived,
    called,
    ended: called + Math.round(visitRandom.between(12, 50) * 60),
    waitMinutes,
    ahead: Math.round(waitMinutes / 6),
    attendance: 'came',
  };
}
