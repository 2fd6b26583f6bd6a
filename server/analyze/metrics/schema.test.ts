import { columnsOf } from '@xinglin/contracts';
import { describe, expect, test } from 'vitest';
import { TILES } from '../overview/overview.ts';
import { UNITS } from './definition.ts';
import { METRICS } from './definitions/index.ts';
import { dimensionSql } from './dimensions.ts';

const CHINESE = /[\u4e00-\u9fff]/;

describe.each(METRICS.map((each) => [each.id, each] as const))('the definition of %s', (_, definition) => {
  test('says what it is, in both languages, who answers for it and where it comes from', () => {
    expect(definition.id).toMatch(/^[a-z][a-z0-9-]{1,39}$/);
    expect(definition.edition).toBeGreaterThanOrEqual(1);
    for (const words of [definition.name, definition.formula, definition.owner]) {
      expect(words.zh).toMatch(CHINESE);
      expect(words.en).not.toMatch(CHINESE);
      expect(words.en.length).toBeGreaterThan(2);
    }
    expect(definition.origin.clause.length).toBeGreaterThan(4);
    expect(UNITS).toContain(definition.unit);
  });

  test('has a numerator, and a denominator exactly when its kind divides', () => {
    const divides = !['count', 'sum'].includes(definition.kind);
    expect(definition.sides.some((side) => side.numerator !== undefined)).toBe(true);
    expect(definition.sides.some((side) => side.denominator !== undefined)).toBe(divides);
    expect(definition.nMin > 0).toBe(divides);
    // Units collapse within one side only; two sides add up row by row.
    if (definition.sides.some((side) => side.unit !== undefined)) expect(definition.sides).toHaveLength(1);
    // Interval formulas take one row as one observation.
    if (['share', 'mean', 'nps'].includes(definition.kind)) for (const side of definition.sides) expect(side.denominator).toBe('1');
  });

  test('can be sliced by each of its dimensions on every side', () => {
    expect(definition.dimensions.length).toBeGreaterThan(0);
    expect(new Set(definition.dimensions).size).toBe(definition.dimensions.length);
    for (const side of definition.sides) for (const id of definition.dimensions) expect(dimensionSql(side.fact, id), `${id} of ${side.fact}`).not.toBeNull();
    if (definition.neverMix !== undefined) expect(definition.dimensions).toContain(definition.neverMix);
  });

  test('names only columns its facts have', () => {
    for (const side of definition.sides) {
      const names = new Set([...columnsOf(side.fact).map((each) => each.name), 'person_id', 'department', 'staff', 'ward']);
      const text = [side.at, side.where, side.numerator, side.denominator, side.unit, ...(side.joins ?? []).map((each) => each.on)].join(' ');
      for (const [, column = ''] of text.matchAll(/\bf\.([a-z_]+)/g)) expect(names, `${side.fact}.${column}`).toContain(column);
    }
  });
});

test('there are at least 24 metrics, each with its own id', () => {
  expect(METRICS.length).toBeGreaterThanOrEqual(24);
  expect(new Set(METRICS.map((each) => each.id)).size).toBe(METRICS.length);
});

test('headline tiles add up over days', () => {
  for (const id of TILES) expect(METRICS.find((each) => each.id === id)?.sides.every((side) => side.unit === undefined)).toBe(true);
});
