import { ageAt, COPD, DIABETES, HYPERTENSION, type Person } from '../people/person.ts';
import { clamp, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';
import { LABS, type LabItem, type LabName, VITALS, type VitalName } from './items.ts';
import type { Path } from './paths.ts';

export interface Result {
  readonly item: LabItem;
  readonly value: number;
  readonly flag: 'LL' | 'L' | 'N' | 'H' | 'HH';
  readonly at: number;
}

const own = new Random();
const NAMES = Object.keys(LABS) as LabName[];
const places = new Map(NAMES.map((name, i) => [name, i]));

export function flagOf(item: LabItem, value: number): Result['flag'] {
  if (value <= item.panicLow) return 'LL';
  if (value >= item.panicHigh) return 'HH';
  return value < item.low ? 'L' : value > item.high ? 'H' : 'N';
}
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** How well a diabetic is controlled, HbA1c in %, drifting down for those in care. */
export function hba1cOf(world: World, person: Person, day: number): number {
  own.at(world.seed, STREAM.course, person.id, 1);
  const level = 7.7 + own.normal() * 1.25;
  const pull = own.between(0, 0.9);
  const months = Math.max(0, day - Math.max(world.startDay, person.diabetesFrom)) / 30;
  return clamp(level - pull * (1 - Math.exp(-months / 5)) + Math.sin(months / 1.9 + level) * 0.15, 5.6, 14);
}

/** A laboratory value: the person's own level, the illness's shift, and the day's noise drawn from `random`. `recovery` 1 is full illness, 0 is over. */
export function labResult(world: World, random: Random, person: Person, path: Path, name: LabName, day: number, at: number, recovery = 1): Result {
  const item: LabItem = LABS[name];
  const noise = random.normal();
  const diabetic = day >= person.diabetesFrom;
  if (name === 'fpg' || name === 'hba1c') {
    const a1c = diabetic ? hba1cOf(world, person, day) : (person.fpg + 2.59) / 1.59 + 0.55;
    const value = name === 'hba1c' ? a1c + noise * 0.1 : diabetic ? clamp(1.35 * a1c - 2.2 + noise * 0.7, 3.2, 28) : Math.max(3.4, person.fpg + noise * 0.12);
    return make(item, value, at);
  }
  own.at(world.seed, STREAM.course, person.id, 8 + (places.get(name) as number));
  const width = item.high - item.low;
  const middle = item.low + width * (name === 'hgb' ? (person.isMale ? 0.55 : 0.3) : item.low === 0 ? 0.35 : 0.5);
  let value = middle + width * (own.normal() * 0.17 + noise * 0.09);
  const shift = path.shifts[name];
  if (shift !== undefined) value += width * shift * recovery * Math.exp(random.normal() * 0.35);
  if (name === 'ldl' || name === 'tg' || name === 'ua') value += width * clamp((person.bmi - 23) * 0.03, -0.1, 0.4);
  if (name === 'crea') value += width * clamp((ageAt(person, day) - 50) * 0.006, 0, 0.3);
  return make(item, Math.max(item.low === 0 ? width * 0.02 : item.low * 0.35, value), at);
}
function make(item: LabItem, value: number, at: number): Result {
  const exact = rounded(value, item.digits);
  return { item, value: exact, flag: flagOf(item, exact), at };
}

export function vitalResult(world: World, random: Random, person: Person, name: VitalName, day: number, at: number): Result {
  const item: LabItem = VITALS[name];
  const noise = random.normal();
  const age = ageAt(person, day);
  const tense = (person.conditions & HYPERTENSION) !== 0;
  own.at(world.seed, STREAM.course, person.id, 64);
  const level = own.normal();
  const months = Math.max(0, day - world.startDay) / 30;
  switch (name) {
    case 'sbp':
      return make(
        item,
        clamp((tense ? 139 + level * 9 - 6 * (1 - Math.exp(-months / 6)) : 104 + Math.min(22, age * 0.3) + level * 7) + noise * 6, 70, 230),
        at,
      );
    case 'dbp':
      return make(item, clamp((tense ? 85 + level * 6 : 64 + Math.min(12, age * 0.18) + level * 5) + noise * 4, 40, 140), at);
    case 'hr':
      return make(item, clamp((age < 6 ? 108 : 76) + level * 6 + noise * 6, 40, 190), at);
    case 'temp':
      return make(item, clamp(36.6 + noise * 0.25, 35, 41), at);
    case 'spo2':
      return make(item, clamp(((person.conditions & COPD) !== 0 ? 94.5 : 98) + noise * 0.9, 70, 100), at);
    case 'weight':
      return make(
        item,
        age < 18 ? clamp(3.4 + age * 3.1 + level * (1 + age * 0.3), 2.4, 110) : clamp(person.bmi * (person.isMale ? 2.89 : 2.53) + noise * 0.5, 33, 180),
        at,
      );
    case 'bmi':
      return make(item, person.bmi + noise * 0.15, at);
    case 'glucose':
      return make(
        item,
        (person.conditions & DIABETES) !== 0 || day >= person.diabetesFrom
          ? clamp(1.45 * hba1cOf(world, person, day) - 2.4 + noise * 1.6, 2.4, 26)
          : 5.2 + noise * 0.5,
        at,
      );
  }
}
