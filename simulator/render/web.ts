/** Behaviour on the website, app and mini-program, as Segment-spec events. Anonymous until the person signs in; then one identify ties both ids. */

import { ALL_CHANNELS, CAUSES } from '../behaviour/market.ts';
import { DAY, utcTime } from '../calendar.ts';
import { EFFECTS } from '../effects.ts';
import type { TimedVisit } from '../flow/clinic.ts';
import { identityOf } from '../people/identity.ts';
import { ageAt, type Person } from '../people/person.ts';
import { recordOf } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

const q = JSON.stringify;
const random = new Random();

interface Visitor {
  readonly person: Person;
  readonly userId: string | null;
  readonly anonymousId: string;
  readonly channel: 'mini-program' | 'app' | 'web';
}

function visitorOf(context: Context, person: Person, channel: Visitor['channel']): Visitor {
  const { account } = identityOf(context.world, person);
  return { person, userId: person.hasApp ? account : null, anonymousId: `a-${account.slice(1)}-${channel.slice(0, 1)}`, channel };
}

function event(type: string, visitor: Visitor, at: number, serial: number, body: string, campaign: string | null = null): string {
  const user = visitor.userId === null ? '' : `"userId":"${visitor.userId}",`;
  const utm = campaign === null ? '' : `,"campaign":{"name":"${campaign}","source":"${campaign}"}`;
  return `{"type":"${type}","messageId":"sim-${visitor.person.id.toString(36)}-${at.toString(36)}-${serial}",${user}"anonymousId":"${visitor.anonymousId}","timestamp":"${utcTime(at)}","context":{"library":{"name":"xingcheng-${visitor.channel}","version":"2.3.0"},"channel":"${visitor.channel}"${utm}},${body}}`;
}
const page = (name: string, path: string, department: string | null): string =>
  `"name":"${name}","properties":{"path":"${path}"${department === null ? '' : `,"department":"${department}"`}}`;
const track = (name: string, properties: string): string => `"event":"${name}","properties":{${properties}}`;

/** The way to an online booking, and back for the report. */
export function sayWebVisit(context: Context, scene: Scene, timed: TimedVisit, bookedAt: number, via: string): void {
  const { visit } = scene;
  const { person } = visit;
  random.at(context.world.seed, STREAM.web, person.id, visit.ordinal);
  const channel = via === '微信' ? 'mini-program' : via === 'APP' ? 'app' : 'web';
  const visitor = visitorOf(context, person, channel);
  const campaign = visit.isFirst && person.cause > 0 ? (ALL_CHANNELS[person.cause - 1]?.code ?? null) : null;
  const say = (at: number, text: string): void => context.say('web', at, text);
  const begin = bookedAt - 240 - random.int(600);
  if (campaign !== null) say(begin - 60, event('page', visitor, begin - 60, 0, page('landing', `/lp/${campaign}`, scene.department), campaign));
  say(begin, event('page', visitor, begin, 1, page('department', `/dept/${scene.department}`, scene.department), campaign));
  say(begin + 50, event('page', visitor, begin + 50, 2, page('doctor', `/doctor/${scene.doctor}`, scene.department)));
  if (visit.ordinal === 0 || random.chance(0.15)) {
    const record = recordOf(context.world, person, 'app');
    const mrn = record.mrn === null ? '' : `,"mrn":"${record.mrn}"`;
    // Real-name verification, where the person has done it.
    const verified = record.documentNumber === null || record.documentType !== 'NI' ? '' : `,"residentId":"${record.documentNumber}"`;
    const phone = record.phone === null ? '' : `,"phone":"${record.phone}"`;
    if (visitor.userId !== null) say(begin + 80, event('identify', visitor, begin + 80, 3, `"traits":{"name":${q(record.name)}${phone}${mrn}${verified}}`));
  }
  say(bookedAt, event('track', visitor, bookedAt, 4, track('Appointment Booked', `"department":"${scene.department}","value":1`), campaign));
  if (timed.attendance === 'cancelled') return;
  if (timed.attendance === 'came' && scene.work.panels.length > 0 && person.hasApp && random.chance(0.7)) {
    const at = timed.ended + 14_400 + random.int(50_000);
    say(at, event('track', visitor, at, 5, track('Report Viewed', `"department":"${scene.department}","value":${scene.work.panels.length}`)));
  }
  if (timed.attendance === 'came' && random.chance(0.5)) {
    const at = timed.ended + 400;
    say(at, event('track', visitor, at, 6, track('Bill Paid', `"department":"${scene.department}"`)));
  }
}

const SEARCHES = [
  'hypertension-diet',
  'diabetes-blood-sugar',
  'cough-child',
  'fever-child',
  'back-pain',
  'knee-pain',
  'thyroid-nodule',
  'gastroscopy-prep',
  'vaccine',
  'insomnia',
  'pregnancy-check',
  'parking',
  'report-lookup',
  'doctor-schedule',
];
const CHILD_SEARCHES = ['fever-child', 'cough-child', 'hand-foot-mouth', 'child-growth', 'vaccine'];

/** Looking around between visits. Parents look for a paediatric allergy clinic there is none of (effects: `unmetDemand`). */
export function sayBrowsing(context: Context, person: Person, firstDay: number, lastDay: number, lostDay: number): void {
  if (!person.hasApp || firstDay > lostDay + 30) return;
  const { world } = context;
  random.at(world.seed, STREAM.web, person.id, firstDay);
  const sessions = random.poisson(0.8);
  const visitor = visitorOf(context, person, random.chance(0.6) ? 'mini-program' : 'app');
  const hasChild = person.household.members.some((each) => ageAt(each, firstDay) >= 0 && ageAt(each, firstDay) < 14);
  for (let i = 0; i < sessions; i++) {
    random.at(world.seed, STREAM.web, person.id, firstDay * 64 + i + 1);
    const day = firstDay + random.int(lastDay - firstDay + 1);
    const at = day * DAY + Math.round((7 + random.unit() * 15.5) * 3600);
    if (!context.happens(at)) continue;
    // Advertisements are seen by many and followed by few; the campaign with no effect is seen like the others.
    const week = world.market.weeks[Math.floor((day - world.startDay) / 7)];
    const seen = random.int(CAUSES - 1);
    const campaign = week !== undefined && (week.spend[seen] ?? 0) > 0 && random.chance(0.12) ? (ALL_CHANNELS[seen]?.code ?? null) : null;
    context.say(
      'web',
      at,
      event('page', visitor, at, 0, page(campaign === null ? 'home' : 'landing', campaign === null ? '/' : `/lp/${campaign}`, null), campaign),
    );
    if (random.chance(0.5)) {
      const topic = hasChild && random.chance(0.6) ? childTopic(world.startDay, world.spanEnd, day) : random.pick(SEARCHES);
      context.say('web', at + 30, event('track', visitor, at + 30, 1, track('Search', `"page":"${topic}"`)));
    }
    if (random.chance(0.3)) context.say('web', at + 90, event('page', visitor, at + 90, 2, page('article', `/article/${random.pick(SEARCHES)}`, null)));
  }
}

function childTopic(from: number, to: number, day: number): string {
  const { topic, searchShareFirst, searchShareLast } = EFFECTS.unmetDemand;
  const share = searchShareFirst + ((searchShareLast - searchShareFirst) * (day - from)) / Math.max(1, to - from);
  return random.chance(share) ? topic : random.pick(CHILD_SEARCHES);
}
