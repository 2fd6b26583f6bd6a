/**
 * Which registers of the history name a record with a visit. A register is a list with one row a record; months are made alone, in any order, so
 * the row goes with the last visit of the history by which the system knows the record, found from the person's plan alone.
 */
import { attendanceAt } from '../flow/clinic.ts';
import { COURSE } from '../health/paths.ts';
import type { PersonPlan, Visit } from '../health/plan.ts';
import { workOf } from '../health/work.ts';
import { DIABETES } from '../people/person.ts';
import { hasSecondRecord, secondOrdinal } from '../people/records.ts';
import type { World } from '../world.ts';

export interface Closing {
  readonly his: boolean;
  readonly lis: boolean;
  readonly ris: boolean;
  readonly doc: boolean;
  readonly emr: boolean;
  /** Diabetes that began under our eyes, on the problem list. */
  readonly problem: boolean;
  /** The HIS knows who brings the child: it was admitted once. */
  readonly isAdmitted: boolean;
}
export const NOTHING_CLOSED: Closing = { his: false, lis: false, ris: false, doc: false, emr: false, problem: false, isAdmitted: false };

/** The desk works with a second record it made by mistake. In the history a merged one is shown under the number that stayed. */
export function isUnderSecond(world: World, visit: Visit, isHistory: boolean): boolean {
  if (visit.ordinal !== secondOrdinal(visit.person) || visit.class === 'checkup') return false;
  const second = hasSecondRecord(world, visit.person);
  return second === 'open' || (second === 'merged' && !isHistory);
}

const NAMED: Readonly<Record<'his' | 'lis' | 'ris' | 'doc' | 'emr' | 'problem', (world: World, visit: Visit) => boolean>> = {
  // Whoever books is registered, whether they come or not.
  his: () => true,
  lis: (world, visit) => workOf(world, visit).panels.length > 0 && came(world, visit),
  ris: (world, visit) => workOf(world, visit).exams.length > 0 && came(world, visit),
  doc: (_, visit) => visit.class === 'inpatient',
  emr: (world, visit) => came(world, visit),
  problem: (world, visit) => isDiabetesFound(world, visit) && came(world, visit),
};
const came = (world: World, visit: Visit): boolean => attendanceAt(world, visit) === 'came';
export const isDiabetesFound = (world: World, { day, path, person }: Visit): boolean =>
  day >= person.diabetesFrom && path === COURSE.diabetes && person.diabetesFrom > world.startDay && !(person.conditions & DIABETES);

/** `isIn`: the visit belongs to the history. */
export function closingOf(world: World, plan: PersonPlan, at: number, isIn: (visit: Visit) => boolean): Closing {
  const visit = plan.visits[at] as Visit;
  const isSecond = isUnderSecond(world, visit, true);
  const later = plan.visits.slice(at + 1).filter(isIn);
  const sameRecord = later.filter((each) => isUnderSecond(world, each, true) === isSecond);
  const closes = (system: keyof typeof NAMED, rest: readonly Visit[]): boolean =>
    NAMED[system](world, visit) && !rest.some((each) => NAMED[system](world, each));
  return {
    his: closes('his', sameRecord),
    lis: closes('lis', sameRecord),
    ris: closes('ris', sameRecord),
    doc: closes('doc', sameRecord),
    // The medical record and its problem list know the person by the number that is right.
    emr: closes('emr', later),
    problem: closes('problem', later),
    isAdmitted: plan.visits.some((each) => each.class === 'inpatient' && isIn(each)),
  };
}
