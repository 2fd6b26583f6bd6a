/**
 * People come in blocks of `BLOCK`, a block in households: so person number `p` finds family, address and shared phone from `p` alone.
 *
 * A household's type is drawn by its district's ageing; its members' ages follow from the type. What ties members together is drawn here:
 * surname (children bear the father's), address, who holds which phone, newborns and their day of birth, twins.
 */

import { DISTRICTS } from '../city/districts.ts';
import { cumulate, Random, STREAM } from '../random.ts';
import type { World } from '../world.ts';

export const BLOCK = 8;

export type Role = 'adult' | 'spouse' | 'elder' | 'elder-spouse' | 'child' | 'newborn';
export interface Member {
  readonly person: number;
  readonly role: Role;
  readonly isMale: boolean;
  /** Day of birth. */
  readonly born: number;
  /** A twin's position, 0 for the first born; -1 when not a twin. */
  readonly twin: number;
}
export interface Household {
  /** Number of its first person. */
  readonly id: number;
  readonly district: number;
  readonly members: readonly Member[];
}

interface Kind {
  readonly weight: number;
  /** Exponent of the district's ageing in the weight. */
  readonly ageing: number;
  readonly size: number;
}
const KINDS = {
  single: { weight: 10, ageing: 0, size: 1 },
  couple: { weight: 24, ageing: 0, size: 2 },
  elder: { weight: 10, ageing: 2, size: 1 },
  elders: { weight: 17, ageing: 2, size: 2 },
  one: { weight: 14, ageing: -1, size: 3 },
  two: { weight: 7, ageing: -1, size: 4 },
  newborn: { weight: 5, ageing: -1, size: 3 },
  twins: { weight: 0.5, ageing: -1, size: 4 },
  three: { weight: 9, ageing: 0, size: 5 },
} as const satisfies Record<string, Kind>;
type KindName = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as KindName[];
const byDistrict = DISTRICTS.map((d) => cumulate(NAMES.map((name) => KINDS[name].weight * d.ageing ** KINDS[name].ageing)));
const districtShares = cumulate(DISTRICTS.map((d) => d.share));

const random = new Random();

/** Households of a block, in order of their first person. */
export function householdsOfBlock(world: World, block: number): Household[] {
  const households: Household[] = [];
  let left = BLOCK;
  while (left > 0) {
    const id = block * BLOCK + BLOCK - left;
    random.at(world.seed, STREAM.household, id);
    const district = random.weighted(districtShares);
    let name = NAMES[random.weighted(byDistrict[district] as Float64Array)] as KindName;
    if (KINDS[name].size > left) name = left === 1 ? (random.chance(0.5) ? 'single' : 'elder') : random.chance(0.4) ? 'elders' : 'couple';
    households.push({ id, district, members: membersOf(world, id, name) });
    left -= KINDS[name].size;
  }
  return households;
}

function membersOf(world: World, id: number, name: KindName): Member[] {
  const members: Member[] = [];
  const add = (role: Role, isMale: boolean, age: number, twin = -1): void => {
    members.push({ person: id + members.length, role, isMale, born: world.startDay - Math.floor(age * 365.25) - random.int(365), twin });
  };
  const bornInside = (count: number): void => {
    // Deliveries fall in the months simulated and up to four months on, so that some women are pregnant at the end.
    const day = world.startDay + 5 + random.int(world.spanEnd - world.startDay + 120);
    const isMale = random.chance(0.52);
    const sameSex = random.chance(0.6);
    for (let i = 0; i < count; i++) {
      const male = i === 0 || sameSex ? isMale : !isMale;
      members.push({ person: id + members.length, role: 'newborn', isMale: male, born: day, twin: count > 1 ? i : -1 });
    }
  };
  /** The mother's age. */
  const parents = (young: number, old: number): number => {
    const mother = random.between(young, old);
    add('adult', true, mother + random.between(-2, 6));
    add('spouse', false, mother);
    return mother;
  };
  const child = (mother: number, youngest: number, oldest: number): void =>
    add('child', random.chance(0.53), random.between(youngest, Math.min(oldest, mother - 22)));
  switch (name) {
    case 'single':
      add('adult', random.chance(0.47), 19 + Math.abs(random.normal()) * 19);
      break;
    case 'couple':
      parents(38, 68);
      break;
    case 'elder':
      add('elder', random.chance(0.38), random.between(60, 90));
      break;
    case 'elders': {
      const age = random.between(58, 84);
      add('elder', true, age);
      add('elder-spouse', false, age - random.between(0, 6));
      break;
    }
    case 'one':
      child(parents(26, 50), 0.3, 17);
      break;
    case 'two':
      {
        const mother = parents(29, 46);
        child(mother, 4, 17);
        child(mother, 0.3, 6);
      }
      break;
    case 'newborn':
      parents(23, 38);
      bornInside(1);
      break;
    case 'twins':
      parents(25, 38);
      bornInside(2);
      break;
    case 'three':
      {
        const mother = parents(27, 50);
        child(mother, 0.5, 17);
        add('elder', true, mother + random.between(24, 34));
        add('elder-spouse', false, mother + random.between(21, 31));
      }
      break;
  }
  return members;
}
