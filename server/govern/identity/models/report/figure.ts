import type { IdentityFigures, LabelFigures, ReportFigure } from '@xinglin/contracts/api.ts';

/** What the report is made from: counts only. */
export interface ReportInput {
  readonly edition: string;
  readonly measured: { readonly at: Date; readonly figures: IdentityFigures } | null;
  readonly labels: LabelFigures;
  /** Decisions on items of the queue in the last `YIELD_DAYS`. */
  readonly decided: { readonly match: number; readonly noMatch: number };
  readonly queue: readonly QueueCount[];
  /** People by how many records they have. */
  readonly perPerson: readonly { readonly records: number; readonly people: number }[];
  readonly conflicts: readonly { readonly reason: string; readonly count: number }[];
  readonly now: Date;
}
export interface QueueCount {
  readonly state: 'pending' | 'later';
  readonly found_at: Date;
  readonly items: number;
}

/** What a figure is, whatever is known of it. */
export type About = Pick<ReportFigure, 'id' | 'name' | 'unit' | 'method'> & Partial<ReportFigure>;
/** A figure of which nothing is known yet, until `told` says otherwise. */
export const figure = (about: About, told: Pick<ReportFigure, 'sentence'> & Partial<ReportFigure>): ReportFigure => ({
  ...{ value: null, lower: null, upper: null, n: 0, target: null, state: 'unknown', parts: [] },
  ...about,
  ...told,
});

export const NOT_MEASURED = {
  zh: '还没有测量，先点“测量”或运行 xinglin model report --measure。',
  en: 'Not measured yet: press Measure or run xinglin model report --measure.',
};

// ── numbers in sentences ───────────────────────────────────────────────────
export const share = (value: number): string => `${(value * 100).toFixed(1)}%`;
export const shares = (lower: number | null | undefined, upper: number | null | undefined): string => `${share(lower ?? 0)}–${share(upper ?? 1)}`;
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
