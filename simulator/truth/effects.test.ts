import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Due, renderDay } from '../day.ts';
import { type Door, FORMS } from '../doors/forms.ts';
import { EFFECTS } from '../effects.ts';
import { monthParts, peopleOf } from '../month.ts';
import { NOTHING_CLOSED } from '../render/closing.ts';
import { Context } from '../render/context.ts';
import { createWorld, type World } from '../world.ts';
import { type PlantedEffect, plantedEffects } from './effects-file.ts';
import { logisticOdds } from './logistic.ts';
import { TRUTH_HEADS, type TruthName, truthOfPeople } from './people.ts';

type Row = Readonly<Record<string, string>>;
const rowsOf = (head: string, lines: readonly string[]): Row[] => {
  const names = head.split(',');
  return lines.map((line) =>
    Object.fromEntries(
      line
        .trimEnd()
        .split(',')
        .map((field, i) => [names[i] as string, field]),
    ),
  );
};
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Ten seconds alone; beside other work on two cores several times that. */
vi.setConfig({ hookTimeout: 300_000, testTimeout: 120_000 });

/** People are cheap, so there are many; visits are dear, so there are a few months of fewer. */
const people = createWorld({ patients: 60_000, months: 12, seed: 'effects', end: '2026-11-30' });
const visits = createWorld({ patients: 9_000, months: 6, seed: 'effects', end: '2026-11-30' });
const truth = Object.fromEntries(Object.keys(TRUTH_HEADS).map((name) => [name, [] as Row[]])) as Record<TruthName, Row[]>;
/** Complaints are rare: the emergency visits of all the people, played alone. */
let nights: Row[] = [];
const [visit, lab, searches] = [[] as Row[], [] as Row[], [] as { early: boolean; topic: string }[]];

const effectOf = (world: World, id: string): PlantedEffect => {
  const found = plantedEffects(world).find((each) => each.id === id);
  if (found === undefined) throw new Error(`no effect ${id}`);
  return found;
};
function isInside(world: World, id: string, estimate: number): void {
  const { interval } = effectOf(world, id);
  expect(estimate, id).toBeGreaterThan(interval[0]);
  expect(estimate, id).toBeLessThan(interval[1]);
}

/** Lines of visit.csv for the emergency visits, the way a month says them. */
function emergencies(world: World): Row[] {
  const lines: string[] = [];
  const sink = {
    add: (door: Door, text: string): void => void (door === 'truth-visit' && lines.push(text)),
    wants: (door: Door): boolean => door === 'truth-visit',
  };
  const days: Due[][] = Array.from({ length: world.lastDay - world.startDay + 1 }, () => []);
  for (const { plan } of peopleOf(world)) {
    const own = plan.visits.filter((each) => each.class === 'emergency' && each.day <= world.lastDay);
    for (const each of own) days[each.day - world.startDay]?.push({ visit: each, isLast: false, mustComplain: false, closing: NOTHING_CLOSED });
  }
  const context = new Context(world, sink);
  days.forEach((due, d) => {
    renderDay(context, world.startDay + d, due);
  });
  return rowsOf(FORMS['truth-visit'].head.trim(), lines);
}

beforeAll(() => {
  const lines = Object.fromEntries(Object.keys(TRUTH_HEADS).map((name) => [name, [] as string[]])) as Record<TruthName, string[]>;
  for (const [name, line] of truthOfPeople(people)) if (name !== 'person') lines[name].push(line);
  for (const name of Object.keys(TRUTH_HEADS) as TruthName[]) truth[name] = rowsOf(TRUTH_HEADS[name], lines[name]);
  nights = emergencies(people);
  for (let month = 0; month < visits.months; month++) {
    for (const part of monthParts(visits, month, { folders: new Set(['truth', 'events'] as const) })) {
      if (part.source === 'truth-visit' || part.source === 'truth-lab') {
        const [head, ...body] = part.body.toString('utf8').trimEnd().split('\n');
        (part.source === 'truth-visit' ? visit : lab).push(...rowsOf(head as string, body));
      }
      if (part.source === 'web' && (month < 2 || month > 3)) {
        const { batch } = JSON.parse(part.body.toString('utf8')) as { batch: { event?: string; properties?: { page?: string } }[] };
        for (const { event, properties } of batch) if (event === 'Search') searches.push({ early: month < 2, topic: properties?.page ?? '' });
      }
    }
  }
});

describe('each planted effect is in the data', () => {
  test('complaints rise on the named shifts', () => {
    const rate = (named: string): number => mean(nights.filter((each) => each['is_named_shift'] === named).map((each) => Number(each['complained'])));
    expect(nights.length).toBeGreaterThan(12_000);
    isInside(people, 'shift-complaints', rate('1') / rate('0'));
  });

  test('the immunology bench is the bottleneck', () => {
    const of = (bench: string): number => median(lab.filter((each) => each['bench'] === bench).map((each) => Number(each['minutes'])));
    isInside(visits, 'lab-bottleneck', of('immunology') / of('chemistry'));
  });

  test('inpatients are less content where nights are slow', () => {
    const stays = visit.filter((each) => each['class'] === 'inpatient' && each['overall'] !== '');
    const score = (slow: string): number => mean(stays.filter((each) => each['is_slow_night'] === slow).map((each) => Number(each['overall'])));
    isInside(visits, 'night-nursing', score('1') - score('0'));
  });

  test('one department improves after its day', () => {
    const effect = effectOf(visits, 'improvement');
    const own = visit.filter((each) => each['department'] === EFFECTS.improvement.department && each['overall'] !== '');
    const day = String(effect.detail['day']);
    const score = (after: boolean): number => mean(own.filter((each) => String(each['day']) >= day === after).map((each) => Number(each['overall'])));
    isInside(visits, 'improvement', score(true) - score(false));
  });

  test('five drivers of loss have the odds they were given', () => {
    const columns = { far: 'far', selfPay: 'self_pay', notBound: 'not_bound', doctorLeft: 'doctor_left', complaintUnanswered: 'complaint_unanswered' } as const;
    const names = Object.keys(columns) as (keyof typeof columns)[];
    const odds = logisticOdds(
      truth.loss.map((each) => names.map((name) => Number(each[columns[name]]))),
      truth.loss.map((each) => Number(each['is_lost'])),
    );
    names.forEach((name, i) => {
      isInside(people, `loss-${name}`, odds[i] as number);
    });
  });

  test('diabetes begins five times as often under the rule', () => {
    const rate = (risk: string): number => {
      const own = truth.diabetes.filter((each) => each['at_risk'] === risk);
      return own.reduce((sum, each) => sum + Number(each['began']), 0) / own.reduce((sum, each) => sum + Number(each['days']), 0);
    };
    isInside(people, 'diabetes-risk', rate('1') / rate('0'));
  });

  test('the surgeon with the hardest knees looks worse and is not', () => {
    const { surgeon } = EFFECTS.caseMix;
    const of = (own: boolean, risk?: string): Row[] =>
      truth.knee.filter((each) => (each['surgeon'] === surgeon) === own && (risk === undefined || each['is_high_risk'] === risk));
    const share = (rows: readonly Row[]): number => mean(rows.map((each) => Number(each['is_complicated'])));
    expect(share(of(true)) / share(of(false))).toBeGreaterThan(1.6);
    // Mantel–Haenszel over the two strata of risk.
    let [numerator, denominator] = [0, 0];
    for (const risk of ['0', '1']) {
      const [own, others] = [of(true, risk), of(false, risk)];
      const total = own.length + others.length;
      numerator += (share(own) * own.length * others.length) / total;
      denominator += (share(others) * others.length * own.length) / total;
    }
    isInside(people, 'case-mix', numerator / denominator);
  });

  test('four channels bring the people they were given, the fifth nobody', () => {
    const count = (cause: string): number => truth.arrival.filter((each) => each['cause'] === cause).length;
    const organic = count('organic');
    for (const { id } of plantedEffects(people).filter((each) => each.id.startsWith('channel-')))
      isInside(people, id, (100 * count(id.replace('channel-', ''))) / organic);
    expect(count('lift-ads')).toBe(0);
    const runs = people.market.weeks.map((week) => (week.spend[4] ?? 0) > 0);
    const perWeek = (during: boolean): number =>
      truth.arrival.filter((each) => each['cause'] === 'organic' && runs[Number(each['week'])] === during).length /
      runs.filter((each) => each === during).length;
    isInside(people, 'zero-campaign', perWeek(true) / perWeek(false));
  });

  test('parents search more and more for what nobody serves', () => {
    const child = new Set(['child-allergy', 'fever-child', 'cough-child', 'hand-foot-mouth', 'child-growth', 'vaccine']);
    const share = (early: boolean): number => {
      const own = searches.filter((each) => each.early === early && child.has(each.topic));
      return own.filter((each) => each.topic === 'child-allergy').length / own.length;
    };
    isInside(visits, 'unmet-demand', share(false) / share(true));
  });
});

describe('distributions are plausible', () => {
  test('influenza comes in winter, hand-foot-and-mouth disease in early summer', () => {
    const months = new Map<string, number[]>();
    for (const { plan } of peopleOf(people)) {
      for (const each of plan.visits) {
        const counts = months.get(each.path.code) ?? Array.from({ length: 12 }, () => 0);
        const month = new Date(each.day * 86_400_000).getUTCMonth();
        if (each.day <= people.spanEnd) counts[month] = (counts[month] ?? 0) + 1;
        months.set(each.path.code, counts);
      }
    }
    const at = (code: string, month: number): number => months.get(code)?.[month - 1] ?? 0;
    expect(at('J11.100', 1)).toBeGreaterThan(at('J11.100', 9) * 3);
    expect(at('B08.400', 6)).toBeGreaterThan(at('B08.400', 12) * 3);
  });

  test('people wait, some long, nobody all day; few miss their slot', () => {
    const clinic = visit.filter((each) => each['class'] === 'outpatient');
    const waits = clinic.filter((each) => each['attendance'] === 'came').map((each) => Number(each['wait_minutes']));
    expect(mean(waits)).toBeGreaterThan(6);
    expect(mean(waits)).toBeLessThan(45);
    expect(Math.max(...waits)).toBeLessThan(300);
    const missed = clinic.filter((each) => each['attendance'] === 'missed').length / clinic.length;
    expect(missed).toBeGreaterThan(0.03);
    expect(missed).toBeLessThan(0.12);
  });

  test('most are content, few are not', () => {
    const scores = visit.filter((each) => each['overall'] !== '').map((each) => Number(each['overall']));
    expect(mean(scores)).toBeGreaterThan(4);
    expect(mean(scores)).toBeLessThan(4.7);
    expect(scores.filter((each) => each < 4).length / scores.length).toBeGreaterThan(0.05);
    const complaints = (1000 * visit.filter((each) => each['complained'] === '1').length) / visit.length;
    expect(complaints).toBeGreaterThan(1);
    expect(complaints).toBeLessThan(6);
  });
});
