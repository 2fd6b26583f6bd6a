/** The part of the answer sheet that is about people: who is who, who left and why, who fell ill, who was operated by whom. One pass over everybody, streamed. */

import { ALL_CHANNELS } from '../behaviour/market.ts';
import { dayDashed } from '../calendar.ts';
import { csvField } from '../doors/parts.ts';
import { EFFECTS } from '../effects.ts';
import type { PersonPlan } from '../health/plan.ts';
import { peopleOf } from '../month.ts';
import { accountOf, mrnOf } from '../people/identity.ts';
import { ageAt, type Person } from '../people/person.ts';
import { hasSecondRecord, type PersonRecord, recordOf, type System, secondMrn, secondOrdinal } from '../people/records.ts';
import type { World } from '../world.ts';

export const TRUTH_HEADS = {
  /**
   * One row per record of a person in a system: who it is, what dirt it carries, whether its fields can identify the person at all,
   * the person's place in the household and mother (of newborns), and `merged`: a second record the desk merges into the first (A40).
   */
  person: 'source,local_id,person,household,twin,dirt,linkable,role,mother,merged',
  /** Chronic patients: the drivers of loss and whether they left. */
  loss: 'person,far,self_pay,not_bound,doctor_left,complaint_unanswered,is_lost,lost_day',
  /** People of 35 and more without diabetes at the start: the rule, days watched and whether diabetes began. */
  diabetes: 'person,at_risk,fpg,bmi,days,began',
  /** Knee replacements: surgeon, risk, complication. */
  knee: 'person,surgeon,is_high_risk,is_complicated',
  /** People new to the hospital: the week and the cause that brought them. */
  arrival: 'person,week,cause',
} as const;
export type TruthName = keyof typeof TRUTH_HEADS;

const flag = (is: boolean): number => (is ? 1 : 0);

/** Lines by file, person after person. */
export function* truthOfPeople(world: World): Generator<[TruthName, string]> {
  for (const { person, plan } of peopleOf(world)) {
    yield ['person', recordLines(world, person, plan)];
    if (plan.loss !== null) {
      const { far, selfPay, notBound, doctorLeft, complaintUnanswered, isLost } = plan.loss;
      const day = isLost ? dayDashed(plan.lostDay) : '';
      yield ['loss', `${person.id},${flag(far)},${flag(selfPay)},${flag(notBound)},${flag(doctorLeft)},${flag(complaintUnanswered)},${flag(isLost)},${day}\n`];
    }
    const watched = diabetesLine(world, person);
    if (watched !== null) yield ['diabetes', watched];
    if (plan.knee !== null) {
      const surgeon = world.hospital.doctors[plan.knee.surgeon]?.code ?? '';
      yield ['knee', `${person.id},${surgeon},${flag(plan.knee.isHighRisk)},${flag(plan.knee.isComplicated)}\n`];
    }
    if (person.week >= 0) yield ['arrival', `${person.id},${person.week},${person.cause === 0 ? 'organic' : (ALL_CHANNELS[person.cause - 1]?.code ?? '')}\n`];
  }
}

/** A record of a person as one system holds it. */
export interface HeldRecord {
  readonly system: System;
  /** The source as the product knows it. */
  readonly source: string;
  readonly localId: string;
  readonly record: PersonRecord;
}

/** Every record the systems hold of a person by the cut, told without playing a visit. */
export function recordsOf(world: World, person: Person, plan: PersonPlan): HeldRecord[] {
  const mrn = mrnOf(person.id);
  const held = (system: System, source: string, localId: string): HeldRecord => ({ system, source, localId, record: recordOf(world, person, system) });
  const records = [held('his', 'his', mrn), held('lis', 'lis', mrn), held('pacs', 'pacs', mrn), held('booking', 'booking', mrn), held('survey', 'survey', mrn)];
  if (person.hasApp) records.push(held('app', 'web', accountOf(person.id)));
  if (isTwiceEntered(world, person, plan)) records.push(held('his-second', 'his', secondMrn(mrn)));
  return records;
}

function isTwiceEntered(world: World, person: Person, plan: PersonPlan): boolean {
  const second = plan.visits[secondOrdinal(person)];
  return second !== undefined && second.day <= world.lastDay && second.class !== 'checkup' && hasSecondRecord(world, person) !== 'no';
}

/** Columns `person` to `merged` of a record's line. */
export function truthOfRecord(world: World, person: Person, { system, record }: HeldRecord): string {
  const { household, member } = person;
  const mother = member.role === 'newborn' ? household.members.find((each) => each.role === 'spouse') : undefined;
  const isMerged = system === 'his-second' && hasSecondRecord(world, person) === 'merged';
  return `${person.id},${household.id},${flag(member.twin >= 0)},${record.dirt.join(';')},${flag(record.linkable)},${member.role},${mother?.person ?? ''},${flag(isMerged)}`;
}

const recordLines = (world: World, person: Person, plan: PersonPlan): string =>
  recordsOf(world, person, plan)
    .map((held) => `${held.source},${csvField(held.localId)},${truthOfRecord(world, person, held)}\n`)
    .join('');

function diabetesLine(world: World, person: Person): string | null {
  if (person.diabetesFrom === Number.NEGATIVE_INFINITY || ageAt(person, world.startDay) < EFFECTS.diabetesRisk.ageMin) return null;
  const days = Math.min(world.lastDay + 1, person.diabetesFrom) - world.startDay;
  return `${person.id},${flag(person.atRisk)},${person.fpg.toFixed(2)},${person.bmi.toFixed(1)},${days},${flag(person.diabetesFrom <= world.lastDay)}\n`;
}
