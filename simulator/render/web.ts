/** Behaviour on the website, app and mini-program, as Segment-spec events. Anonymous until the person signs in; then one identify ties both ids. */

import { ALL_CHANNELS, CAUSES } from '../behaviour/market.ts';
import { DAY, localText, utcTime } from '../calendar.ts';
import { csvLine } from '../doors/parts.ts';
import { EFFECTS } from '../effects.ts';
import type { TimedVisit } from '../flow/clinic.ts';
import { identityOf } from '../people/identity.ts';
import { ageAt, type Person } from '../people/person.ts';
import { type PersonRecord, recordOf } from '../people/records.ts';
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

/** What somebody did, before it takes the form of a door. */
type Deed =
  | { readonly type: 'page'; readonly name: string; readonly path: string; readonly department: string | null }
  | { readonly type: 'track'; readonly name: string; readonly page?: string; readonly department?: string; readonly value?: number }
  | { readonly type: 'identify'; readonly who: PersonRecord };

/** An event of the Segment specification; in the history a row of what the analytics service exports. */
function sayDeed(context: Context, visitor: Visitor, at: number, serial: number, deed: Deed, campaign: string | null = null): void {
  const id = `sim-${visitor.person.id.toString(36)}-${at.toString(36)}-${serial}`;
  if (context.historyEnd !== null) {
    sayPastDeed(context, visitor, at, id, deed, campaign);
    return;
  }
  const user = visitor.userId === null ? '' : `"userId":"${visitor.userId}",`;
  const utm = campaign === null ? '' : `,"campaign":{"name":"${campaign}","source":"${campaign}"}`;
  context.say(
    'web',
    at,
    `{"type":"${deed.type}","messageId":"${id}",${user}"anonymousId":"${visitor.anonymousId}","timestamp":"${utcTime(at)}","context":{"library":{"name":"xingcheng-${visitor.channel}","version":"2.3.0"},"channel":"${visitor.channel}"${utm}},${bodyOf(deed)}}`,
  );
}

function bodyOf(deed: Deed): string {
  if (deed.type === 'page')
    return `"name":"${deed.name}","properties":{"path":"${deed.path}"${deed.department === null ? '' : `,"department":"${deed.department}"`}}`;
  if (deed.type === 'track') {
    const { page, department, value } = deed;
    const properties = [
      ...(page === undefined ? [] : [`"page":"${page}"`]),
      ...(department === undefined ? [] : [`"department":"${department}"`]),
      ...(value === undefined ? [] : [`"value":${value}`]),
    ];
    return `"event":"${deed.name}","properties":{${properties.join(',')}}`;
  }
  const { who } = deed;
  const mrn = who.mrn === null ? '' : `,"mrn":"${who.mrn}"`;
  const phone = who.phone === null ? '' : `,"phone":"${who.phone}"`;
  const resident = residentIdOf(who);
  return `"traits":{"name":${q(who.name)}${phone}${mrn}${resident === null ? '' : `,"residentId":"${resident}"`}}`;
}
/** Real-name verification, where the person has done it. */
const residentIdOf = (who: PersonRecord): string | null => (who.documentType === 'NI' ? who.documentNumber : null);

const DEEDS = { page: '页面', track: '行为', identify: '登录' } as const;
function sayPastDeed(context: Context, visitor: Visitor, at: number, id: string, deed: Deed, campaign: string | null): void {
  const time = localText(at);
  const name = `${deed.type === 'track' ? deed.name : deed.type}@1`;
  const page = deed.type === 'page' ? deed.path : deed.type === 'track' ? (deed.page ?? '') : '';
  const department = deed.type === 'identify' ? null : (deed.department ?? null);
  const row = [
    id,
    visitor.userId,
    visitor.anonymousId,
    DEEDS[deed.type],
    name,
    visitor.channel,
    campaign,
    page,
    deed.type === 'track' ? (deed.value ?? '') : '',
  ];
  context.say('old-event', at, csvLine([...row, department, time, time]));
  if (deed.type !== 'identify' || context.accounts.has(visitor.person.id)) return;
  context.accounts.add(visitor.person.id);
  const { who } = deed;
  context.say('old-web-register', at, csvLine([visitor.userId, who.mrn, who.name, residentIdOf(who), who.phone, time, time]));
}

/** The way to an online booking, and back for the report. */
export function sayWebVisit(context: Context, scene: Scene, timed: TimedVisit, bookedAt: number, via: string): void {
  const { visit } = scene;
  const { person } = visit;
  random.at(context.world.seed, STREAM.web, person.id, visit.ordinal);
  const channel = via === '微信' ? 'mini-program' : via === 'APP' ? 'app' : 'web';
  const visitor = visitorOf(context, person, channel);
  const campaign = visit.isFirst && person.cause > 0 ? (ALL_CHANNELS[person.cause - 1]?.code ?? null) : null;
  const say = (at: number, serial: number, deed: Deed, from: string | null = null): void => sayDeed(context, visitor, at, serial, deed, from);
  const { department } = scene;
  const begin = bookedAt - 240 - random.int(600);
  if (campaign !== null) say(begin - 60, 0, { type: 'page', name: 'landing', path: `/lp/${campaign}`, department }, campaign);
  say(begin, 1, { type: 'page', name: 'department', path: `/dept/${department}`, department }, campaign);
  say(begin + 50, 2, { type: 'page', name: 'doctor', path: `/doctor/${scene.doctor}`, department });
  if (visit.ordinal === 0 || random.chance(0.15)) {
    const who = recordOf(context.world, person, 'app');
    if (visitor.userId !== null) say(begin + 80, 3, { type: 'identify', who });
  }
  say(bookedAt, 4, { type: 'track', name: 'Appointment Booked', department, value: 1 }, campaign);
  if (timed.attendance === 'cancelled') return;
  if (timed.attendance === 'came' && scene.work.panels.length > 0 && person.hasApp && random.chance(0.7)) {
    const at = timed.ended + 14_400 + random.int(50_000);
    say(at, 5, { type: 'track', name: 'Report Viewed', department, value: scene.work.panels.length });
  }
  if (timed.attendance === 'came' && random.chance(0.5)) {
    const at = timed.ended + 400;
    say(at, 6, { type: 'track', name: 'Bill Paid', department });
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
    const landing: Deed =
      campaign === null
        ? { type: 'page', name: 'home', path: '/', department: null }
        : { type: 'page', name: 'landing', path: `/lp/${campaign}`, department: null };
    sayDeed(context, visitor, at, 0, landing, campaign);
    if (random.chance(0.5)) {
      const topic = hasChild && random.chance(0.6) ? childTopic(world.startDay, world.spanEnd, day) : random.pick(SEARCHES);
      sayDeed(context, visitor, at + 30, 1, { type: 'track', name: 'Search', page: topic });
    }
    if (random.chance(0.3))
      sayDeed(context, visitor, at + 90, 2, { type: 'page', name: 'article', path: `/article/${random.pick(SEARCHES)}`, department: null });
  }
}

function childTopic(from: number, to: number, day: number): string {
  const { topic, searchShareFirst, searchShareLast } = EFFECTS.unmetDemand;
  const share = searchShareFirst + ((searchShareLast - searchShareFirst) * (day - from)) / Math.max(1, to - from);
  return random.chance(share) ? topic : random.pick(CHILD_SEARCHES);
}
