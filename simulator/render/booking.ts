/** A booking leaves by the platform's export when it was made online, by HIS messages when it was made at a desk. */
import { hourAt, localText } from '../calendar.ts';
import { ais, controlOf, msh, type Slot, sch } from '../doors/hl7.ts';
import { csvLine } from '../doors/parts.ts';
import type { TimedVisit } from '../flow/clinic.ts';
import type { Visit } from '../health/plan.ts';
import { ageAt } from '../people/person.ts';
import { recordOf } from '../people/records.ts';
import { clamp, Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import { sayPastDeskBooking } from './history.ts';
import { sayReferral } from './referral.ts';
import type { Scene } from './scene.ts';
import { sayWebVisit } from './web.ts';

const random = new Random();

const ONLINE = ['微信', 'APP', '网站', '转诊'] as const;
type Desk = Slot['channel'];

/** Where people book: the young on their phones, the old at the window; people from afar through a clinic that refers. */
function channelOf(visit: Visit): { online: (typeof ONLINE)[number] | null; desk: Desk } {
  const age = ageAt(visit.person, visit.day);
  const at = random.unit();
  const online = clamp((visit.person.hasApp ? 0.86 : 0.35) - Math.max(0, age - 55) * 0.008, 0.15, 0.95);
  if (at < online)
    return { online: visit.person.isFar && random.chance(0.3) ? '转诊' : visit.person.hasApp ? (random.chance(0.7) ? '微信' : 'APP') : '网站', desk: '窗口' };
  return { online: null, desk: random.chance(0.45) ? '电话' : random.chance(0.6) ? '窗口' : '自助机' };
}

function outcomeOf(timed: TimedVisit, cancelledAt: number): readonly [status: string, at: number] {
  if (timed.attendance === 'cancelled') return ['已取消', cancelledAt];
  return timed.attendance === 'missed' ? ['爽约', timed.slot + 10_800] : ['已就诊', timed.called];
}

export function renderBooking(context: Context, scene: Scene, timed: TimedVisit): void {
  const { world } = context;
  const { visit, number } = scene;
  random.at(world.seed, STREAM.visit, visit.person.id, visit.ordinal * 4 + 1);
  const { online, desk } = channelOf(visit);
  const lead = desk === '自助机' && online === null ? random.between(600, 5400) : random.exponential(2.4 * 86_400) + 1800;
  const thought = Math.floor(Math.min(timed.slot - 600, timed.slot - lead));
  // Nobody books in the small hours: it was the evening before.
  const bookedAt = hourAt(thought) < 6 ? thought - 7 * 3600 : thought;
  const cancelledAt = Math.floor(random.between(bookedAt, timed.slot - 300));
  if (online !== null) {
    const record = recordOf(world, visit.person, 'booking');
    const row = (status: string): string => {
      const came = status === '已就诊';
      const times = [localText(bookedAt), localText(timed.slot), came ? localText(timed.arrived) : '', came ? localText(timed.called) : '', came ? number : ''];
      const who = [`B${number.slice(1)}`, record.mrn, record.name, record.documentNumber, record.phone];
      return csvLine([...who, scene.department, scene.departmentName, scene.doctor, online, status, ...times]);
    };
    const [outcome, outcomeAt] = outcomeOf(timed, cancelledAt);
    // An export made at the cut shows how each booking stands; a live platform says it when it is made and when it is over.
    if (context.isLive) {
      context.say('booking', bookedAt, row('已预约'));
      context.say('booking', outcomeAt, row(outcome));
    } else context.say('booking', bookedAt, row(outcomeAt < world.cut ? outcome : '已预约'));
    if (online === '转诊') sayReferral(context, scene, 'up', bookedAt, timed.attendance === 'came' ? timed.called : null);
    sayWebVisit(context, scene, timed, bookedAt, online);
    return;
  }
  const slot: Slot = {
    id: `B${number.slice(1)}`,
    at: timed.slot,
    department: scene.department,
    doctor: scene.doctor,
    doctorName: scene.doctorName,
    channel: desk,
    status: 'Booked',
  };
  const siu = (event: string, at: number, serial: number, status: Slot['status']): void => {
    const said = { ...slot, status };
    context.say(
      'his',
      at,
      msh('HIS', 'SIU', `${event}^SIU_S12`, at, controlOf(world, at, visit.person.id, visit.ordinal * 32 + serial)) + sch(said) + scene.pid + ais(said),
    );
  };
  if (context.historyEnd !== null) {
    const [outcome, outcomeAt] = outcomeOf(timed, cancelledAt);
    sayPastDeskBooking(context, scene, slot, outcome, outcomeAt);
    return;
  }
  siu('S12', bookedAt, 1, 'Booked');
  if (timed.attendance === 'cancelled') siu('S15', cancelledAt, 2, 'Cancelled');
  else if (timed.attendance === 'missed') siu('S26', timed.slot + 10_800, 3, 'Noshow');
  else siu('S14', timed.called, 4, 'Complete');
}
