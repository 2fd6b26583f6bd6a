/** One day of the hospital: whose visits end on it, and how it plays out. */
import { clinicDay } from './flow/clinic.ts';
import type { PersonPlan, Visit } from './health/plan.ts';
import { type Closing, closingOf, NOTHING_CLOSED } from './render/closing.ts';
import type { Context } from './render/context.ts';
import { renderMerge, renderStay, stayTimes } from './render/stay.ts';
import { renderVisit } from './render/visit.ts';
import type { World } from './world.ts';

export interface Due {
  readonly visit: Visit;
  /** Last visit before the cut: what is said once per person is said with it. */
  readonly isLast: boolean;
  readonly mustComplain: boolean;
  /** In the history: which systems name the record for the last time with this visit. */
  readonly closing: Closing;
}

/** Puts a person's visits on the days they belong to, `days[0]` being `firstDay`. */
export function gatherDue(world: World, plan: PersonPlan, firstDay: number, days: readonly Due[][], historyEnd: number | null = null): void {
  const { visits } = plan;
  let last = visits.length - 1;
  while (last > 0 && (visits[last] as Visit).day > world.lastDay) last--;
  const complaining = plan.loss?.complaintUnanswered === true ? visits.findIndex((each) => each.class !== 'emergency') : -1;
  for (let v = 0; v < visits.length; v++) {
    const visit = visits[v] as Visit;
    if (visit.day >= firstDay + days.length) break;
    const list = days[anchorDay(world, visit) - firstDay];
    if (list === undefined) continue;
    const closing = historyEnd === null ? NOTHING_CLOSED : closingOf(world, plan, v, (each) => anchorDay(world, each) <= historyEnd);
    list.push({ visit, isLast: v === last, mustComplain: v === complaining, closing });
  }
}

/** The day a visit ends; a stay that is not over, the day of the cut. */
function anchorDay(world: World, visit: Visit): number {
  if (visit.nights === 0) return visit.day;
  const end = visit.day + visit.nights;
  return visit.day <= world.lastDay && end > world.lastDay ? world.lastDay : end;
}

export function renderDay(context: Context, day: number, due: Due[]): void {
  const { world } = context;
  const clinic = new Map<Visit, Due>();
  for (const each of due) {
    if (each.visit.class !== 'inpatient') clinic.set(each.visit, each);
    else {
      renderStay(context, each);
      renderMerge(context, each.visit, stayTimes(world, each.visit).discharged);
    }
  }
  const timed = clinicDay(world, day, [...clinic.keys()]);
  timed.sort((a, b) => a.arrived - b.arrived || a.visit.person.id - b.visit.person.id);
  for (const each of timed) {
    renderVisit(context, each, clinic.get(each.visit) as Due);
    if (each.attendance === 'came') renderMerge(context, each.visit, each.ended);
  }
}
