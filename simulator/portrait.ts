/** Counts of a generated hospital for pictures and for looking: ages, names, seasons, waits, loss. */

import { ALL_CHANNELS } from './behaviour/market.ts';
import { civil } from './calendar.ts';
import { Census } from './flow/census.ts';
import { clinicDay } from './flow/clinic.ts';
import type { Visit } from './health/plan.ts';
import { peopleOf } from './month.ts';
import { identityOf } from './people/identity.ts';
import { ageAt } from './people/person.ts';
import { createWorld, type SimulateOptions } from './world.ts';

export interface Chart {
  readonly title: string;
  readonly unit: string;
  readonly bars: { readonly label: string; readonly value: number; readonly second?: number }[];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function portrait(options: SimulateOptions): Readonly<Record<string, Chart>> {
  const world = createWorld(options);
  const ages = Array.from({ length: 10 }, () => [0, 0]);
  const surnames = new Map<string, number>();
  const season = { flu: new Array<number>(12).fill(0), hand: new Array<number>(12).fill(0) };
  const clinics = new Map<number, Visit[]>();
  const census = new Census(world, world.lastDay - 29, world.lastDay);
  const sample = [10, 11, 12, 13, 14].map((day) => world.lastDay - 30 + day);
  for (const { person, plan } of peopleOf(world)) {
    const band = ages[Math.min(9, Math.max(0, Math.floor(ageAt(person, world.lastDay) / 10)))] as number[];
    band[person.isMale ? 0 : 1] = (band[person.isMale ? 0 : 1] ?? 0) + 1;
    const { surname } = identityOf(world, person).name;
    surnames.set(surname, (surnames.get(surname) ?? 0) + 1);
    census.add(plan.visits);
    for (const visit of plan.visits) {
      const month = civil(visit.day).month - 1;
      if (visit.day > world.lastDay) continue;
      if (visit.path.code === 'J11.100') season.flu[month] = (season.flu[month] ?? 0) + 1;
      if (visit.path.code === 'B08.400') season.hand[month] = (season.hand[month] ?? 0) + 1;
      if (sample.includes(visit.day) && visit.class === 'outpatient') clinics.set(visit.day, [...(clinics.get(visit.day) ?? []), visit]);
    }
  }
  const waits = [...clinics].flatMap(([day, visits]) => clinicDay(world, day, visits).filter((each) => each.attendance === 'came'));
  const share = (low: number, high: number): number =>
    Number(((100 * waits.filter((each) => each.waitMinutes >= low && each.waitMinutes < high).length) / Math.max(1, waits.length)).toFixed(1));
  const weeks = world.market.weeks;
  return {
    ages: {
      title: 'People by age: men and women',
      unit: 'people',
      bars: ages.map(([men, women], i) => ({ label: i === 9 ? '90+' : `${i * 10}–`, value: men ?? 0, second: women ?? 0 })),
    },
    surnames: {
      title: 'The twelve commonest surnames',
      unit: 'people',
      bars: [...surnames]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 12)
        .map(([label, value]) => ({ label, value })),
    },
    seasons: {
      title: 'Influenza, and hand-foot-and-mouth disease',
      unit: 'visits',
      bars: MONTHS.map((label, i) => ({ label, value: season.flu[i] ?? 0, second: season.hand[i] ?? 0 })),
    },
    waits: {
      title: 'Wait after the booked time',
      unit: '% of visits',
      bars: [0, 5, 10, 15, 20, 30, 40, 60, 90].map((low, i, all) => ({ label: `${low}′`, value: share(low, all[i + 1] ?? 10_000) })),
    },
    beds: {
      title: 'Beds filled at midnight, by ward, mean and greatest of thirty days',
      unit: '% of beds',
      bars: world.hospital.wards.map((ward, w) => {
        const rates = Array.from({ length: 30 }, (_, d) => (100 * census.of(w, world.lastDay - 29 + d).present) / ward.beds);
        return {
          label: ward.code.slice(2, 4) + ward.code.slice(-1),
          value: Math.round(rates.reduce((a, b) => a + b, 0) / 30),
          second: Math.round(Math.max(...rates)),
        };
      }),
    },
    channels: {
      title: 'People brought per 100 who come unasked, mean of the weeks',
      unit: '',
      bars: ALL_CHANNELS.map(({ code }, c) => ({
        label: code,
        value: Number((weeks.reduce((sum, week) => sum + (week.incremental[c] ?? 0), 0) / weeks.length).toFixed(2)),
      })),
    },
  };
}
