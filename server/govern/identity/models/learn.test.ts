import { expect, test } from 'vitest';
import type { Comparison, LinkField, LinkModel } from '../linkage/index.ts';
import { generalModel } from '../linkage/index.ts';
import { randomFrom } from '../linkage/model.ts';
import { learnRates, Patterns } from './learn.ts';
import type { Rule } from './sample.ts';

const FIELDS = ['surname', 'given-name', 'birth-date', 'sex', 'phone', 'address'] as const satisfies readonly LinkField[];
/** Share of exact agreement of one person's records and of strangers; what does not agree differs. */
const TRUE_M: Readonly<Record<string, number>> = { surname: 0.96, 'given-name': 0.9, 'birth-date': 0.95, sex: 0.99, phone: 0.6, address: 0.5 };
const TRUE_U: Readonly<Record<string, number>> = { surname: 0.04, 'given-name': 0.004, 'birth-date': 0.001, sex: 0.5, phone: 0.001, address: 0.01 };

type Drawn = readonly (readonly [Comparison, ReadonlySet<Rule> | null])[];
function draw(pairs: number, rates: typeof TRUE_M, rules: ReadonlySet<Rule> | null, agreed: readonly LinkField[], seed: number): Drawn {
  const random = randomFrom(seed);
  return Array.from({ length: pairs }, () => {
    const fields = FIELDS.map((field) => {
      const isSame = agreed.includes(field) || random() < (rates[field] ?? 0);
      return { field, grade: isSame ? ('same' as const) : ('different' as const), weight: 1 };
    });
    return [{ weight: 0, probability: 0, fields, verdict: 'no', reason: 'unlikely' }, rules] as const;
  });
}
/** Pairs that share a phone, and pairs that share birth date and surname: of each most are strangers, or most are not. */
const blocked: Drawn = [
  ...draw(3_000, TRUE_M, new Set<Rule>(['phone']), ['phone'], 1),
  ...draw(2_000, TRUE_U, new Set<Rule>(['phone']), ['phone'], 2),
  ...draw(3_000, TRUE_M, new Set<Rule>(['birth-surname']), ['birth-date', 'surname'], 3),
  ...draw(6_000, TRUE_U, new Set<Rule>(['birth-surname']), ['birth-date', 'surname'], 4),
];
const strangers = draw(100_000, TRUE_U, null, [], 5);
const counted = (drawn: Drawn): Patterns => {
  const patterns = new Patterns();
  for (const [comparison, rules] of drawn) patterns.add(comparison, rules, 1);
  return patterns;
};
const learn = (pairs: Drawn, others: Drawn, base: LinkModel = generalModel) => learnRates(counted(pairs).list(), counted(others).list(), base, 20_000);

test('finds the rates that were planted, though nobody says which pairs are one person', () => {
  const { fields, matches } = learn(blocked, strangers);
  for (const field of FIELDS) {
    expect(Math.abs((fields[field]?.same?.m ?? 0) - (TRUE_M[field] ?? 0)), `m of ${field}`).toBeLessThan(0.03);
    const u = fields[field]?.same?.u ?? 0;
    expect(u / (TRUE_U[field] ?? 1), `u of ${field}`).toBeGreaterThan(0.6);
    expect(u / (TRUE_U[field] ?? 1), `u of ${field}`).toBeLessThan(1.6);
  }
  expect(Math.abs(matches - 6_000)).toBeLessThan(300);
});

test('the order of the pairs changes nothing', () => {
  const turned = learn([...blocked].reverse(), [...strangers].reverse());
  expect(turned).toEqual(learn(blocked, strangers));
});

test('where nothing was seen the base stays', () => {
  const { fields } = learn(blocked, strangers);
  for (const grade of ['same', 'different'] as const) {
    expect(fields['id-number']?.[grade]?.m).toBeCloseTo(generalModel.fields['id-number']?.[grade]?.m ?? 0, 4);
    expect(fields['id-number']?.[grade]?.u).toBeCloseTo(generalModel.fields['id-number']?.[grade]?.u ?? 0, 4);
  }
});

test('a field learns nothing from pairs that were found by it', () => {
  const { fields } = learn(draw(3_000, TRUE_M, new Set<Rule>(['phone']), ['phone'], 6), strangers);
  expect(fields.phone?.same?.m).toBeCloseTo(generalModel.fields.phone?.same?.m ?? 0, 4);
  expect(Math.abs((fields.address?.same?.m ?? 0) - 0.5)).toBeLessThan(0.03);
});

test('data without slips does not teach that slips speak against one person', () => {
  const { fields } = learn(blocked, strangers);
  const learned = fields['birth-date']?.slip?.m ?? 0;
  expect(learned).toBeGreaterThan(0.05 * (generalModel.fields['birth-date']?.slip?.m ?? 1));
});
