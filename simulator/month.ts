/**
 * One month of the hospital. Planning runs over everybody and keeps only the visits of this month, day by day; then each day is played out and said.
 * So memory holds one month's visits and one open part per door, and any month can be made alone, in any order, by any process.
 *
 * A visit belongs to the month in which it ends (a stay that has not ended, to the month of the cut); what follows from it – an answer, a complaint –
 * goes with it although it may be some days later.
 */

import { sayAdvertising } from './behaviour/advertising.ts';
import { sayMentions } from './behaviour/mentions.ts';
import { firstDayOfMonth, monthText } from './calendar.ts';
import { type Due, gatherDue, renderDay } from './day.ts';
import { type Folder, type Part, Parts } from './doors/parts.ts';
import { Census } from './flow/census.ts';
import { type PersonPlan, planOf } from './health/plan.ts';
import { BLOCK, householdsOfBlock } from './people/household.ts';
import { type Person, personOf } from './people/person.ts';
import { sayConsults } from './render/consult.ts';
import { Context } from './render/context.ts';
import { sayWearables } from './render/devices.ts';
import { sayHomeReadings } from './render/person.ts';
import { sayBeds, sayDoctorRoster, sayNurseRoster } from './render/wards.ts';
import { sayBrowsing } from './render/web.ts';
import type { World } from './world.ts';

/** Everybody, block by block, with their plans. Newborns not yet born at the cut are not people yet. */
export function* peopleOf(world: World): Generator<{ person: Person; plan: PersonPlan }> {
  const blocks = Math.ceil(world.patients / BLOCK);
  for (let block = 0; block < blocks; block++) {
    for (const household of householdsOfBlock(world, block)) {
      for (const member of household.members) {
        if (member.person >= world.patients || member.born >= world.lastDay + 1) continue;
        const person = personOf(world, household, member);
        yield { person, plan: planOf(world, person) };
      }
    }
  }
}

/** Bookings reach this far ahead of the cut. */
export const AHEAD_DAYS = 14;

export interface MonthOptions {
  readonly partBytes?: number;
  readonly folders?: ReadonlySet<Folder>;
  /** The newest so many months leave by the interfaces, the older ones as table exports; all by the interfaces when absent. */
  readonly liveMonths?: number;
}

/** Whether month `index` is one of those handed over as table exports. */
export const isHistory = (world: World, index: number, liveMonths: number | undefined): boolean =>
  liveMonths !== undefined && index < world.months - liveMonths;

/** Parts of month `index` (0 the first of the run) as they fill; of all folders unless some are named. */
export function* monthParts(world: World, index: number, options: MonthOptions = {}): Generator<Part> {
  const month = world.firstMonth + index;
  const isNewest = index === world.months - 1;
  const firstDay = firstDayOfMonth(month);
  const monthEnd = firstDayOfMonth(month + 1) - 1;
  const lastDay = isNewest ? world.lastDay + AHEAD_DAYS : monthEnd;
  const parts = new Parts(monthText(month), options.partBytes, options.folders ?? null);
  const historyEnd = isHistory(world, index, options.liveMonths) ? firstDayOfMonth(world.firstMonth + world.months - (options.liveMonths ?? 0)) - 1 : null;
  const context = new Context(world, parts, null, false, historyEnd);
  const days: Due[][] = Array.from({ length: lastDay - firstDay + 1 }, () => []);
  const census = context.wants('bed') ? new Census(world, firstDay, monthEnd) : null;
  for (const { person, plan } of peopleOf(world)) {
    gatherDue(world, plan, firstDay, days, historyEnd);
    census?.add(plan.visits);
    sayHomeReadings(context, person, firstDay, monthEnd, plan.lostDay);
    sayWearables(context, person, firstDay, monthEnd, plan.lostDay);
    sayBrowsing(context, person, firstDay, monthEnd, plan.lostDay);
    sayConsults(context, person, plan, firstDay, monthEnd);
    yield* parts.take();
  }
  if (context.wants('roster-nurse')) sayNurseRoster(context, firstDay);
  for (let d = 0; d < days.length; d++) {
    sayMentions(context, firstDay + d);
    if (firstDay + d <= monthEnd) {
      sayAdvertising(context, firstDay + d);
      if (census !== null) sayBeds(context, firstDay + d, census);
      if (context.wants('roster-doctor')) sayDoctorRoster(context, firstDay + d);
    }
    renderDay(context, firstDay + d, days[d] as Due[]);
    days[d] = [];
    yield* parts.take();
  }
  yield* parts.close();
}
