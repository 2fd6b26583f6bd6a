import { CAUSES } from '../behaviour/market.ts';
import { DISTRICTS, FAR_KILOMETRES } from '../city/districts.ts';
import { EFFECTS } from '../effects.ts';
import { clamp, cumulate, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import type { Household, Member } from './household.ts';

export const INSURANCE = [
  { code: '1', nameZh: '职工医保' },
  { code: '2', nameZh: '居民医保' },
  { code: '5', nameZh: '商业保险' },
  { code: '7', nameZh: '全自费' },
] as const;
export const SELF_PAY = 3;

export type Document = 'resident' | 'hk-macau' | 'taiwan' | 'foreign' | 'none';
export const HYPERTENSION = 1;
export const DIABETES = 2;
export const COPD = 4;
export const ASTHMA = 8;

/** What planning needs to know of a person; names and numbers come later (people/identity.ts). */
export interface Person {
  readonly id: number;
  readonly household: Household;
  readonly member: Member;
  readonly isMale: boolean;
  readonly born: number;
  readonly district: number;
  readonly document: Document;
  /** Index of `INSURANCE`. */
  readonly insurance: number;
  /** First day the hospital sees the person; before `startDay` for those it knew already. */
  readonly firstDay: number;
  /** Week of the market and cause (0 organic, then `ALL_CHANNELS`) for those who are new; -1 for those known before. */
  readonly week: number;
  readonly cause: number;
  readonly conditions: number;
  readonly isFar: boolean;
  readonly isBound: boolean;
  readonly hasApp: boolean;
  readonly bmi: number;
  /** Fasting glucose when well, mmol/L. */
  readonly fpg: number;
  /** The diabetes rule of the effects holds. */
  readonly atRisk: boolean;
  /** Day diabetes begins; `Infinity`: never, `-Infinity`: had it before. */
  readonly diabetesFrom: number;
}

export const ageAt = (person: { readonly born: number }, day: number): number => (day - person.born) / 365.25;
const insuranceOld = cumulate([62, 30, 3, 5]);
const insuranceYoung = cumulate([6, 78, 6, 10]);
const insuranceRural = cumulate([22, 68, 1, 9]);
const NEW_SHARE = 0.3;

const random = new Random();

export function personOf(world: World, household: Household, member: Member): Person {
  random.at(world.seed, STREAM.person, member.person);
  const { born, isMale } = member;
  const district = DISTRICTS[household.district] as (typeof DISTRICTS)[number];
  const age = (world.startDay - born) / 365.25;
  const at = random.unit();
  const document: Document =
    member.role === 'newborn' ? 'none' : at < 0.006 && age > 18 ? 'foreign' : at < 0.01 ? 'hk-macau' : at < 0.013 ? 'taiwan' : 'resident';
  const shares = district.kilometres >= FAR_KILOMETRES ? insuranceRural : age < 22 ? insuranceYoung : insuranceOld;
  const insurance = document === 'foreign' ? random.weighted([0, 0, 0.6, 1]) : random.weighted(shares);

  const isNew = random.chance(NEW_SHARE);
  const arrival = random.weighted(world.market.arrivals);
  const week = isNew ? Math.floor(arrival / CAUSES) : -1;
  const arrivalDay = random.int(7);
  let firstDay = isNew ? Math.min(world.spanEnd, world.startDay + week * 7 + arrivalDay) : world.startDay - 30 - random.int(1500);
  if (born > firstDay) firstDay = born;

  const bmi = clamp(age < 18 ? 17 + random.normal() * 2 : 23.6 + random.normal() * 3.3 + (age > 40 ? 0.8 : 0), 14, 42);
  const fpg = clamp(4.9 + random.normal() * 0.5 + (bmi - 23) * 0.05 + Math.max(0, age - 40) * 0.012, 3.6, 6.9);
  let conditions = 0;
  if (random.chance(age < 30 ? 0.008 : age < 40 ? 0.04 : age < 60 ? 0.2 : 0.46)) conditions |= HYPERTENSION;
  const hadDiabetes = random.chance(age < 30 ? 0.004 : age < 40 ? 0.02 : age < 60 ? 0.085 : 0.18);
  if (random.chance(age < 50 ? 0.002 : age < 65 ? 0.035 : 0.075)) conditions |= COPD;
  if (random.chance(age < 15 ? 0.06 : 0.022)) conditions |= ASTHMA;

  const rule = EFFECTS.diabetesRisk;
  const atRisk = !hadDiabetes && age >= rule.ageMin && fpg >= rule.fpg && bmi >= rule.bmi && (conditions & HYPERTENSION) !== 0;
  const yearly = age >= rule.ageMin ? rule.yearlyHazard * (atRisk ? rule.hazardRatio : 1) : 0.0005;
  const onset = random.exponential(365.25 / yearly);
  const diabetesFrom = hadDiabetes
    ? Number.NEGATIVE_INFINITY
    : world.startDay + Math.floor(onset) <= world.horizon
      ? world.startDay + Math.floor(onset)
      : Number.POSITIVE_INFINITY;
  if (hadDiabetes) conditions |= DIABETES;

  const hasApp = age > 14 && random.chance(age < 45 ? 0.78 : age < 65 ? 0.5 : 0.2);
  return {
    id: member.person,
    household,
    member,
    isMale,
    born,
    district: household.district,
    document,
    insurance,
    firstDay,
    week,
    cause: isNew ? arrival % CAUSES : -1,
    conditions,
    isFar: district.kilometres >= FAR_KILOMETRES,
    isBound: hasApp && random.chance(0.72),
    hasApp,
    bmi,
    fpg,
    atRisk,
    diabetesFrom,
  };
}
