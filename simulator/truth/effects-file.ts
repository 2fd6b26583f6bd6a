import { ALL_CHANNELS, CHANNELS, ORGANIC, ZERO_CAMPAIGN } from '../behaviour/market.ts';
import { dayDashed } from '../calendar.ts';
import { FAR_KILOMETRES } from '../city/districts.ts';
import { SLOW_WARDS } from '../city/hospital.ts';
import { EFFECTS } from '../effects.ts';
import { improvementDay } from '../flow/clinic.ts';
import { DIRT_RATES } from '../people/records.ts';
import type { World } from '../world.ts';

export interface PlantedEffect {
  readonly id: string;
  readonly what: string;
  /** Truth file and measure that give the naive estimate. */
  readonly measure: string;
  readonly size: number;
  /** An estimate from the truth columns of 20,000 patients and 12 months or more lies inside; smaller runs scatter more. */
  readonly interval: readonly [low: number, high: number];
  readonly detail: Readonly<Record<string, unknown>>;
}

const effect = (
  id: string,
  what: string,
  measure: string,
  size: number,
  low: number,
  high: number,
  detail: Readonly<Record<string, unknown>> = {},
): PlantedEffect => ({
  id,
  what,
  measure,
  size,
  interval: [low, high],
  detail,
});

/** Every planted effect with its size, for truth/effects.json. */
export function plantedEffects(world: World): PlantedEffect[] {
  const { shiftComplaints: shift, labBottleneck: lab, nightNursing: night, loss, improvement, unmetDemand: unmet, diabetesRisk: risk, caseMix } = EFFECTS;
  return [
    effect(
      'shift-complaints',
      'Complaints per emergency visit: nights of Friday to Sunday against the other shifts',
      'visit.csv: rate ratio of complained by is_named_shift, class emergency',
      shift.rateRatio,
      2.4,
      6.6,
      shift,
    ),
    effect(
      'lab-bottleneck',
      'Minutes from specimen to report: immunology against chemistry, medians',
      'lab.csv: ratio of medians',
      lab.minutes.immunology / lab.minutes.chemistry,
      2.4,
      3.1,
      lab,
    ),
    effect(
      'night-nursing',
      'Overall score of inpatients on wards with slow night nursing against the others',
      'visit.csv: difference of mean overall by is_slow_night, class inpatient',
      night.points,
      -1,
      -0.5,
      { ...night, wards: [...SLOW_WARDS] },
    ),
    ...Object.entries(loss.oddsRatios).map(([driver, ratio]) =>
      effect(
        `loss-${driver}`,
        `Odds of leaving for good: ${driver}`,
        'loss.csv: odds ratio, logistic regression on the five drivers',
        ratio,
        ratio / 1.45,
        ratio * 1.45,
        driver === 'far' ? { kilometres: FAR_KILOMETRES } : {},
      ),
    ),
    effect(
      'improvement',
      `Overall score of ${improvement.department} after its new appointment rhythm against before`,
      'visit.csv: difference of mean overall',
      improvement.points,
      0.55,
      1,
      { ...improvement, day: dayDashed(improvementDay(world)) },
    ),
    effect(
      'unmet-demand',
      'Share of parents’ child-related searches that ask for a paediatric allergy clinic: last third of the time against first third',
      'web events Search with page child-allergy; no department and no visit answers it',
      unmet.searchShareLast / unmet.searchShareFirst,
      1.3,
      2.6,
      unmet,
    ),
    effect(
      'diabetes-risk',
      'Hazard of diabetes: fasting glucose ≥ 6.1, BMI ≥ 24 and hypertension together against everyone else of 35 and more',
      'diabetes.csv: rate ratio of began per days by at_risk',
      risk.hazardRatio,
      3,
      8,
      risk,
    ),
    effect(
      'case-mix',
      `Complications of knee replacement by ${caseMix.surgeon} against the others at the same risk`,
      'knee.csv: Mantel–Haenszel risk ratio within is_high_risk; the crude ratio is about 3',
      1,
      0.5,
      2,
      caseMix,
    ),
    ...CHANNELS.map((channel) =>
      effect(
        `channel-${channel.code}`,
        `People ${channel.nameEn} brings per ${ORGANIC} who come unasked, mean of the weeks`,
        'arrival.csv: 100 × cause / organic',
        meanIncremental(world, channel.code),
        meanIncremental(world, channel.code) * 0.7,
        meanIncremental(world, channel.code) * 1.35,
        {
          ceiling: channel.ceiling,
          scale: channel.scale,
          form: 'ceiling × (1 − exp(−spend / scale)) per week',
        },
      ),
    ),
    effect(
      'zero-campaign',
      `${ZERO_CAMPAIGN.nameEn} is seen and clicked and brings nobody`,
      'arrival.csv: organic arrivals in its weeks against the others, ratio',
      1,
      0.85,
      1.18,
      { campaign: ZERO_CAMPAIGN.code },
    ),
  ];
}

function meanIncremental(world: World, code: string): number {
  const at = ALL_CHANNELS.findIndex((each) => each.code === code);
  const { weeks } = world.market;
  return Number((weeks.reduce((sum, week) => sum + (week.incremental[at] ?? 0), 0) / weeks.length).toFixed(2));
}

/** truth/effects.json, with the advertising weeks and the table of dirt. */
export const effectsFile = (world: World): object => ({
  options: world.options,
  effects: plantedEffects(world),
  dirt: DIRT_RATES,
  weeks: world.market.weeks.map(({ day, spend, incremental }) => ({
    day: dayDashed(day),
    channels: Object.fromEntries(
      ALL_CHANNELS.map(({ code, clickYuan }, c) => [
        code,
        { spend: spend[c], clicks: Math.round((spend[c] ?? 0) / clickYuan), incremental: Number((incremental[c] ?? 0).toFixed(2)) },
      ]),
    ),
  })),
});
