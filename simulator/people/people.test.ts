import { describe, expect, test } from 'vitest';
import { dayDashed } from '../calendar.ts';
import { peopleOf } from '../month.ts';
import { createWorld } from '../world.ts';
import { householdsOfBlock } from './household.ts';
import { identityOf } from './identity.ts';
import { ageAt } from './person.ts';
import { DIRT_RATES, recordOf, SYSTEMS } from './records.ts';

const world = createWorld({ patients: 20_000, months: 12, seed: 'people', end: '2026-11-20' });
const everybody = [...peopleOf(world)].map(({ person, plan }) => ({ person, plan, identity: identityOf(world, person) }));

describe('the people of the city', () => {
  test('there are as many as asked, but for the few not yet born', () => {
    expect(everybody.length).toBeGreaterThan(20_000 * 0.98);
    expect(everybody.length).toBeLessThanOrEqual(20_000);
    expect(new Set(everybody.map(({ person }) => person.id)).size).toBe(everybody.length);
  });

  test('the commonest surnames are those of the country', () => {
    const counts = new Map<string, number>();
    for (const { identity } of everybody) counts.set(identity.name.surname, (counts.get(identity.name.surname) ?? 0) + 1);
    const top = [...counts].sort((a, b) => b[1] - a[1]).map(([surname]) => surname);
    const national = ['王', '李', '张', '刘', '陈', '杨', '黄', '赵', '吴', '周'];
    expect(top.slice(0, 5).sort()).toEqual(national.slice(0, 5).sort());
    expect(top.slice(0, 12).filter((each) => national.includes(each)).length).toBeGreaterThanOrEqual(9);
    expect(new Set(everybody.map(({ identity }) => identity.name.full)).size / everybody.length).toBeGreaterThan(0.5);
  });

  test('names are long and short, compound and dotted', () => {
    const names = everybody.map(({ identity }) => identity.name.full);
    const share = (is: (name: string) => boolean): number => names.filter(is).length / names.length;
    expect(share((name) => /^\p{Script=Han}{2}$/u.test(name))).toBeGreaterThan(0.12);
    expect(share((name) => /^\p{Script=Han}{3}$/u.test(name))).toBeGreaterThan(0.6);
    expect(share((name) => name.includes('·'))).toBeGreaterThan(0.002);
    expect(share((name) => /^(欧阳|上官|司徒|诸葛|司马|皇甫|慕容|尉迟|令狐|夏侯)/.test(name))).toBeGreaterThan(0.0005);
  });

  test('ages make a hospital’s pyramid: children, parents, and many old people', () => {
    const ages = everybody.map(({ person }) => ageAt(person, world.lastDay));
    const share = (low: number, high: number): number => ages.filter((age) => age >= low && age < high).length / ages.length;
    expect(share(0, 15)).toBeGreaterThan(0.1);
    expect(share(0, 15)).toBeLessThan(0.3);
    expect(share(15, 60)).toBeGreaterThan(0.35);
    expect(share(60, 120)).toBeGreaterThan(0.22);
    expect(Math.max(...ages)).toBeLessThan(105);
  });

  test('children bear their father’s surname and share a home; twins a birthday', () => {
    let [children, twins] = [0, 0];
    for (let block = 0; block < 600; block++) {
      for (const household of householdsOfBlock(world, block)) {
        const of = (id: number) => everybody.find((each) => each.person.id === id);
        const father = household.members.find((each) => each.role === 'adult' && each.isMale);
        for (const member of household.members) {
          if (member.role !== 'child' || father === undefined) continue;
          const [child, dad] = [of(member.person), of(father.person)];
          if (
            child === undefined ||
            dad === undefined ||
            child.identity.name.kind !== 'han' ||
            dad.person.document === 'foreign' ||
            child.person.document === 'foreign'
          )
            continue;
          children++;
          expect(child.identity.name.surname).toBe(dad.identity.name.surname);
          expect(child.identity.address).toBe(dad.identity.address);
        }
        const born = household.members.filter((each) => each.twin >= 0).map((each) => dayDashed(each.born));
        if (born.length > 0) {
          twins++;
          expect(new Set(born).size).toBe(1);
        }
      }
    }
    expect(children).toBeGreaterThan(100);
    expect(twins).toBeGreaterThan(1);
  });

  test('nobody is seen before birth, before being known, or after leaving', () => {
    for (const { person, plan } of everybody) {
      for (const visit of plan.visits) {
        expect(visit.day).toBeGreaterThanOrEqual(person.born);
        expect(visit.day).toBeGreaterThanOrEqual(Math.max(world.startDay, person.firstDay));
        expect(visit.day).toBeLessThan(plan.lostDay);
      }
    }
  });
});

test('records carry each kind of dirt at the rate of the table', () => {
  for (const system of SYSTEMS) {
    const counts = new Map<string, number>();
    for (const { person } of everybody) for (const kind of recordOf(world, person, system).dirt) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [kind, rate] of Object.entries(DIRT_RATES[system])) {
      const share = (counts.get(kind) ?? 0) / everybody.length;
      // Names without a counterpart stay clean, and people without a document cannot miss one: shares are at most the rate.
      // Papers of Hong Kong, Macau and Taiwan are in traditional characters on top of the rate.
      expect(share).toBeLessThan(rate * 1.15 + (kind === 'traditional' ? 0.008 : 0.003));
      if (rate > 0.1 && kind !== 'homophone') expect(share).toBeGreaterThan(rate * 0.75);
    }
  }
});
