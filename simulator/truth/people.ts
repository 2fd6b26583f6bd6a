/** The part of the answer sheet that is about people: who is who, who left and why, who fell ill, who was operated by whom. One pass over everybody, streamed. */

import { ALL_CHANNELS } from '../behaviour/market.ts';
import { dayDashed } from '../calendar.ts';
import { csvField } from '../doors/parts.ts';
import { EFFECTS } from '../effects.ts';
import type { PersonPlan } from '../health/plan.ts';
import { peopleOf } from '../month.ts';
import { accountOf, mrnOf } from '../people/identity.ts';
import { ageAt, type Person } from '../people/person.ts';
import { hasSecondRecord, recordOf, type System, secondMrn } from '../people/records.ts';
import type { World } from '../world.ts';

export const TRUTH_HEADS = {
  /** One row per record of a person in a system: who it is, what dirt it carries, whether its fields can identify the person at all. */
  person: 'source,local_id,person,household,twin,dirt,linkable',
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

function recordLines(world: World, person: Person, plan: PersonPlan): string {
  const mrn = mrnOf(person.id);
  const line = (system: System, source: string, localId: string): string => {
    const { dirt, linkable } = recordOf(world, person, system);
    return `${source},${csvField(localId)},${person.id},${person.household.id},${person.member.twin >= 0 ? 1 : 0},${dirt.join(';')},${flag(linkable)}\n`;
  };
  let lines = line('his', 'his', mrn) + line('lis', 'lis', mrn) + line('booking', 'booking', mrn) + line('survey', 'survey', mrn);
  if (person.hasApp) lines += line('app', 'web', accountOf(person.id));
  const second = plan.visits[1];
  if (second !== undefined && second.class !== 'checkup' && hasSecondRecord(world, person) !== 'no') lines += line('his-second', 'his', secondMrn(mrn));
  return lines;
}

function diabetesLine(world: World, person: Person): string | null {
  if (person.diabetesFrom === Number.NEGATIVE_INFINITY || ageAt(person, world.startDay) < EFFECTS.diabetesRisk.ageMin) return null;
  const days = Math.min(world.lastDay + 1, person.diabetesFrom) - world.startDay;
  return `${person.id},${flag(person.atRisk)},${person.fpg.toFixed(2)},${person.bmi.toFixed(1)},${days},${flag(person.diabetesFrom <= world.lastDay)}\n`;
}
