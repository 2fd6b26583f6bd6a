import type { FactName } from '@xinglin/contracts';
import type { Bilingual } from '@xinglin/contracts/api.ts';
import type { DimensionId } from './dimensions.ts';

/**
 * How value and interval come from the sums of numerator and denominator.
 * - `count`, `sum`: the numerator itself; complete counts have no interval.
 * - `share`: rows that hit ÷ rows, Wilson.
 * - `mean`: sum of a number ÷ rows, t interval.
 * - `nps`: mean of −1, 0, 1, multinomial normal interval.
 * - `rate`: events ÷ exposure, Poisson (Byar).
 * - `ratio`: sum ÷ sum of amounts or of two activities; a complete account, no interval.
 */
export type MetricKind = 'count' | 'sum' | 'share' | 'mean' | 'nps' | 'rate' | 'ratio';

/** What the figure is counted in. Pages give each its word: `count` plain number, `score` 1–5, `percent-score` 0–100, `nps` −100…100. */
export const UNITS = ['count', '%', 'days', 'minutes', 'yuan', 'score', 'percent-score', 'nps', 'per-1000', 'ratio'] as const;
export type Unit = (typeof UNITS)[number];

/**
 * Where the definition comes from. `read`: the clause was read in a public source; `general`: general knowledge of the field, to be
 * checked against the official text before it is quoted as compliance; `own`: this product's own proposal.
 */
export interface Origin {
  readonly clause: string;
  readonly standing: 'read' | 'general' | 'own';
}

/**
 * Rows of one fact view, each with what it adds to numerator and denominator. Expressions are over the alias `f` and the joins.
 * Placeholders: `{day X}` local day of the instant X, `{today}` the local day, `{now}` the full hour of business time.
 */
export interface Side {
  readonly fact: FactName;
  /** The instant that decides the day a row counts on; without it the fact's own `day`. */
  readonly at?: string;
  readonly where?: string;
  readonly numerator?: string;
  readonly denominator?: string;
  /** Rows with the same key in one cell count once, with the greatest numerator and denominator (distinct patients, one answered survey). */
  readonly unit?: string;
  readonly joins?: readonly Lookup[];
}

/**
 * Attributes lent to rows in view (the class of a charge's visit, whether the patient came back). `{encounter}` reads the fact in the
 * viewer's organisation: a lookup never adds rows to the answer, so its figure for one department is the same for whoever asks.
 * At most one row may match, else rows would count twice.
 */
export interface Lookup {
  readonly name: string;
  readonly sql: string;
  readonly on: string;
}

export interface MetricDefinition {
  readonly id: string;
  readonly edition: number;
  readonly name: Bilingual;
  readonly kind: MetricKind;
  readonly unit: Unit;
  /** Which way is better. */
  readonly direction: 'up' | 'down' | 'none';
  /** value = scale × numerator ÷ denominator. */
  readonly scale: number;
  readonly formula: Bilingual;
  readonly origin: Origin;
  /** The department that answers for the definition. */
  readonly owner: Bilingual;
  readonly dimensions: readonly DimensionId[];
  /** Groups with fewer observations are not ranked: their value is withheld, n still shown. 0 for complete counts. */
  readonly nMin: number;
  /** A trend never mixes values of this dimension. */
  readonly neverMix?: DimensionId;
  /** One side, or numerator and denominator from two facts. */
  readonly sides: readonly Side[];
}

/** What most definitions share; a definition says only what is its own. */
type Given = Omit<MetricDefinition, 'scale' | 'nMin' | 'edition'> & Partial<Pick<MetricDefinition, 'scale' | 'nMin' | 'edition'>>;

/** Thirty is the customary least number before ranking (DOMAIN C4). */
export const N_MIN_RANKING = 30;

export const metric = (given: Given): MetricDefinition => ({
  edition: 1,
  scale: given.unit === '%' || given.unit === 'nps' ? 100 : 1,
  nMin: given.kind === 'count' || given.kind === 'sum' ? 0 : N_MIN_RANKING,
  ...given,
});

export const editionOf = (definition: MetricDefinition): string => `${definition.id}@${definition.edition}`;
export const hasDenominator = (definition: MetricDefinition): boolean => definition.sides.some((side) => side.denominator !== undefined);
