import { type Interval, meanInterval, npsInterval, poissonInterval, wilson } from '../intervals.ts';
import { hasDenominator, type MetricDefinition } from './definition.ts';

/** The sums of one cell, from which value and interval follow whatever the slice was. */
export interface Sums {
  readonly numerator: number;
  readonly denominator: number;
  readonly n: number;
  readonly squares: number;
}
export const NO_SUMS: Sums = { numerator: 0, denominator: 0, n: 0, squares: 0 };

export interface Figure {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly n: number;
}

/** Value null when there is nothing to divide by. */
export function figureOf(definition: MetricDefinition, sums: Sums): Figure {
  const { numerator, denominator, n } = sums;
  if (!hasDenominator(definition)) return { value: definition.scale * numerator, lower: null, upper: null, numerator, denominator: null, n };
  const value = denominator === 0 ? null : (definition.scale * numerator) / denominator;
  const interval = value === null ? null : intervalOf(definition, sums);
  return {
    value,
    lower: interval === null ? null : definition.scale * interval.lower,
    upper: interval === null ? null : definition.scale * interval.upper,
    numerator,
    denominator,
    n,
  };
}

function intervalOf({ kind }: MetricDefinition, { numerator, denominator, squares }: Sums): Interval | null {
  switch (kind) {
    case 'share':
      return wilson(numerator, denominator);
    case 'mean':
      return meanInterval(denominator, numerator, squares);
    case 'nps':
      return npsInterval(denominator, numerator, squares);
    case 'rate': {
      const { lower, upper } = poissonInterval(numerator);
      return { lower: lower / denominator, upper: upper / denominator };
    }
    case 'count':
    case 'sum':
    case 'ratio':
      return null;
  }
}

/** Below the metric's least number a group is not ranked: nothing from which the value could be worked out is given, n is. */
export const withheld = (figure: Figure): Figure => ({ ...figure, value: null, lower: null, upper: null, numerator: null, denominator: null });

export const addSums = (a: Sums, b: Sums): Sums => ({
  numerator: a.numerator + b.numerator,
  denominator: a.denominator + b.denominator,
  n: a.n + b.n,
  squares: a.squares + b.squares,
});
